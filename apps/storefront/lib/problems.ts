import type { Refusal } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyReply } from 'fastify'
import { drawing } from '../features/departments/drawings.ts'
import { cameFrom } from './forms.ts'
import { sendPage } from './layout.ts'
import { paths } from './paths.ts'
import type { Visit } from './shop.ts'

/** A page for a refusal of the API that leaves nothing to show. */
export async function sendProblem(
  visit: Visit,
  reply: FastifyReply,
  problem: Refusal,
): Promise<FastifyReply> {
  if (problem.status === 404 || problem.code === 'validation_failed') {
    return sendNotFound(visit, reply)
  }
  visit.shop.log.error(
    { code: problem.code, requestId: problem.requestId },
    'A page cannot be shown',
  )
  return sendError(visit, reply, { status: problem.status, reference: problem.requestId })
}

/** 404: says so, and helps to go on. */
export async function sendNotFound(
  visit: Visit,
  reply: FastifyReply,
  help?: string,
): Promise<FastifyReply> {
  const { t } = visit
  const departments = await visit.shop.departments.list()
  const main = message(
    t.notFoundTitle,
    html`<p>${help ?? t.notFoundHelp}</p>
<form class="plain-search" action="${paths.search()}" role="search" aria-label="${t.notFoundTitle}"><label class="sr" for="again">${t.search}</label><input id="again" type="search" name="q"><button class="button">${t.search}</button></form>
<ul class="chips">${departments.slice(0, 8).map(({ slug, name }) => html`<li><a class="chip" href="${paths.category(slug)}">${name}</a></li>`)}</ul>`,
  )
  await sendPage(visit, reply, {
    title: `${t.notFoundTitle} · ${t.shopName}`,
    kind: 'message-page',
    status: 404,
    main,
  })
  return reply
}

/** 500 and its like: says that it is our fault, and which number to name. */
export async function sendError(
  visit: Visit,
  reply: FastifyReply,
  error: Readonly<{ status: number; reference?: string | undefined }>,
): Promise<FastifyReply> {
  const { t, url } = visit
  const { request } = reply
  // What could not be sent is sent again from the page that it came from.
  const again = request.method === 'GET' ? url : cameFrom(request)
  const isBusy = error.status === 429 || error.status === 503
  const title = isBusy ? t.unavailableTitle : t.errorTitle
  if (isBusy) reply.header('retry-after', '30')
  await sendPage(visit, reply, {
    title: `${title} · ${t.shopName}`,
    kind: 'message-page',
    status: error.status >= 400 && error.status < 600 ? error.status : 502,
    main: message(
      title,
      html`<p>${t.errorHelp}</p>
<p><a class="button" href="${again}">${t.tryAgain}</a></p>
${error.reference && html`<p class="quiet">${t.errorReference} <code>${error.reference}</code></p>`}`,
    ),
  })
  return reply
}

export function message(title: string, body: Html): Html {
  return html`<div class="empty">${drawing('amphora')}<h1>${title}</h1>${body}</div>`
}

import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

type Asked = { Querystring: { token?: string } }

/**
 * The way out that stands in every mail with offers. Opening it changes nothing, since programs open links to look at
 * them; its form does, and so does a mail reader's own button (RFC 8058), which has no page of the shop to come from.
 */
export function unsubscribeRoute(app: FastifyInstance, shop: Shop): void {
  app.get<Asked>(paths.unsubscribe(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const token = tokenOf(request.query.token)
    const { mails } = v.t.wishes
    await send(v, reply, {
      status: 200,
      main: html`<p>${mails.help}</p><form method="post" action="${paths.unsubscribe(token)}"><button class="button">${mails.end}</button></form>`,
    })
    return reply
  })

  app.post<Asked>(paths.unsubscribe(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const { t } = v
    const token = tokenOf(request.query.token)
    const ended = await shop.api.endOfferMails({ body: { token: token || '-' } })
    if (ended.ok) await send(v, reply, { status: 200, main: html`<p>${t.wishes.mails.ended}</p>` })
    else {
      const isWrong = ended.problem.status === 404 || ended.problem.code === 'validation_failed'
      const text = isWrong ? t.wishes.mails.wrong : t.tryLater
      await send(v, reply, { status: isWrong ? 404 : 503, main: html`<p>${text}</p>` })
    }
    return reply
  })
}

const LONGEST_TOKEN = 200

/** An address may say it twice, or not at all. */
function tokenOf(said: unknown): string {
  return typeof said === 'string' ? said.slice(0, LONGEST_TOKEN) : ''
}

function send(
  v: Visit,
  reply: Parameters<typeof sendPage>[1],
  { status, main }: Readonly<{ status: number; main: Html }>,
): Promise<unknown> {
  const { mails } = v.t.wishes
  return sendPage(v, reply, {
    title: `${mails.title} · ${v.t.shopName}`,
    kind: 'prose',
    isPrivate: true,
    status,
    main: html`<h1>${mails.title}</h1>${main}<p><a href="${paths.account('privacy')}">${v.t.account.privacy}</a></p>`,
  })
}

import { html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { message } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { type Exchange, explain, onGet, onPost, sendNarrow } from './forms.ts'

const HERE = paths.yourData()

/** What guests have left with the shop: a copy or an end of it, for who reads the address's mail. */
export function yourDataRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, HERE, async (exchange) => {
    const { token } = exchange.request.query as { token?: unknown }
    return typeof token === 'string' ? showChoice(exchange, token) : showRequest(exchange)
  })

  onPost(app, shop, HERE, async ({ form, ...exchange }) => {
    const { v } = exchange
    const { account: a } = v.t
    const body = { email: form.text('email'), language: v.choice.language }
    const asked = await shop.api.requestGuestPrivacy({ body })
    if (!asked.ok) return showRequest(exchange, explain(v, asked.problem))
    const main = message(a.checkMailTitle, html`<p>${a.yourDataSent}</p>`)
    return sendNarrow(exchange, { title: a.checkMailTitle, main })
  })

  onPost(app, shop, paths.yourDataAction('export'), async ({ form, ...exchange }) => {
    const copy = await shop.api.exportGuest({ body: { token: form.text('token') } })
    if (!copy.ok) return showRequest(exchange, explain(exchange.v, copy.problem))
    return exchange.reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="my-data.json"')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(copy.data, null, 2))
  })

  onPost(app, shop, paths.yourDataAction('erase'), async ({ form, ...exchange }) => {
    const { v, reply } = exchange
    const erased = await shop.api.eraseGuest({ body: { token: form.text('token') } })
    if (!erased.ok) return showRequest(exchange, explain(v, erased.problem))
    say(shop, reply, { tone: 'good', text: v.t.account.yourDataErased })
    return seeOther(reply, paths.home())
  })
}

async function showRequest(exchange: Exchange, wrong?: string): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const main = html`<h1>${a.privacy}</h1>${notice(wrong)}<p>${a.yourDataHelp}</p>
<form method="post" action="${HERE}">${formToken(shop, request, reply)}
${field({ name: 'email', label: a.email, type: 'email', autocomplete: 'email' })}
<button class="button button-large">${a.sendLink}</button></form>`
  return sendNarrow(exchange, { title: a.privacy, main, status: wrong ? 422 : 200 })
}

/** The link alone does nothing: mail programs follow links. */
async function showChoice(exchange: Exchange, token: string): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const hidden = html`${formToken(shop, request, reply)}<input type="hidden" name="token" value="${token.slice(0, 200)}">`
  const main = html`<h1>${a.privacy}</h1>
<section><h2>${a.exportTitle}</h2><p class="quiet">${a.exportHelp}</p><form method="post" action="${paths.yourDataAction('export')}">${hidden}<button class="button button-quiet">${a.exportButton}</button></form></section>
<section><h2>${a.yourDataErase}</h2><p class="quiet">${a.eraseHelp}</p><form method="post" action="${paths.yourDataAction('erase')}">${hidden}<button class="button button-quiet">${a.yourDataEraseButton}</button></form></section>`
  return sendNarrow(exchange, { title: a.privacy, main })
}

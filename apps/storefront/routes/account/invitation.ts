import { html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { type Exchange, explain, onGet, onPost, sendNarrow } from './forms.ts'
import { optional, rawText } from './sign-in.ts'

/** An invitation to work with the shop, as it comes by mail. */
export function invitationRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, paths.invitation(), async (exchange) => {
    const { token } = exchange.request.query as { token?: unknown }
    return showInvitation(exchange, typeof token === 'string' ? token.slice(0, 200) : '')
  })
  onPost(app, shop, paths.invitation(), async ({ form, ...exchange }) => {
    const { v, request, reply } = exchange
    const token = form.text('token')
    const accepted = await shop.api.acceptInvitation({
      body: {
        token,
        ...optional('password', rawText(request, 'password')),
        ...optional('name', form.text('name')),
      },
    })
    if (!accepted.ok) return showInvitation(exchange, token, explain(v, accepted.problem))
    say(shop, reply, { tone: 'good', text: v.t.account.access.invitationAccepted })
    return seeOther(reply, v.account ? paths.account() : paths.signIn())
  })
}

async function showInvitation(
  exchange: Exchange,
  token: string,
  wrong?: string,
): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const asks = !v.account || wrong !== undefined
  const main = html`<h1>${a.access.invitationTitle}</h1><p>${asks ? a.access.invitationHelp : a.access.invitationOwn(v.account?.email ?? '')}</p>${notice(wrong)}
<form method="post" action="${paths.invitation()}">${formToken(shop, request, reply)}<input type="hidden" name="token" value="${token}">
${asks && html`${field({ name: 'name', label: a.name, autocomplete: 'name', isOptional: true })}${field({ name: 'password', label: a.password, type: 'password', autocomplete: 'new-password', hint: a.passwordHint })}`}
<button class="button button-large">${a.access.invitationAccept}</button></form>`
  const title = a.access.invitationTitle
  return sendNarrow(exchange, { title, main, status: wrong ? 422 : 200 })
}

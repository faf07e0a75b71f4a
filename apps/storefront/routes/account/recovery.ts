import { type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { message } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { dropSignIn, type Exchange, explain, onGet, onPost, sendNarrow } from './forms.ts'
import { rawText } from './sign-in.ts'

type Named = Readonly<{ token: string; wrong?: string | undefined }>

/** Mailed links: a new password, and the proof of an address. A link alone changes nothing. */
export function recoveryRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, '/forgot', async (exchange) => showForgot(exchange))
  onPost(app, shop, '/forgot', async ({ form, ...exchange }) => {
    const { v } = exchange
    const email = form.text('email')
    const asked = await shop.api.requestPasswordReset({
      body: { email, language: v.choice.language },
    })
    if (!asked.ok) return showForgot(exchange, explain(v, asked.problem))
    const { account: a } = v.t
    const main = message(a.checkMailTitle, html`<p>${a.resetSent(email)}</p>`)
    return sendNarrow(exchange, { title: a.checkMailTitle, main })
  })

  onGet(app, shop, '/reset', async (exchange) => showReset(exchange, { token: tokenOf(exchange) }))
  onPost(app, shop, '/reset', async ({ form, ...exchange }) => {
    const { v, request, reply } = exchange
    const token = form.text('token')
    const password = rawText(request, 'password')
    const done = await shop.api.resetPassword({ body: { token, password } })
    if (!done.ok) return showReset(exchange, { token, wrong: explain(v, done.problem) })
    dropSignIn(exchange)
    say(shop, reply, { tone: 'good', text: v.t.account.resetDone })
    return seeOther(reply, paths.signIn())
  })

  onGet(app, shop, '/verify', async (exchange) =>
    showVerify(exchange, { token: tokenOf(exchange) }),
  )
  onPost(app, shop, '/verify', async ({ form, ...exchange }) => {
    const { v, request, reply } = exchange
    const token = form.text('token')
    const password = rawText(request, 'password')
    const body = password ? { token, password } : { token }
    const done = await shop.api.proveEmail({ body })
    if (!done.ok) return showVerify(exchange, { token, wrong: explain(v, done.problem) })
    say(shop, reply, { tone: 'good', text: v.t.account.verified })
    return seeOther(reply, v.account ? paths.account() : paths.signIn())
  })
}

function tokenOf({ request }: Exchange): string {
  const { token } = request.query as { token?: unknown }
  return typeof token === 'string' ? token.slice(0, 200) : ''
}

async function showForgot(exchange: Exchange, wrong?: string): Promise<FastifyReply> {
  const { account: a } = exchange.v.t
  const main = html`<h1>${a.forgot}</h1>${notice(wrong)}
<form method="post" action="${paths.forgot()}">${hidden(exchange)}
${field({ name: 'email', label: a.email, type: 'email', autocomplete: 'username' })}
<button class="button button-large">${a.sendLink}</button></form>`
  return sendNarrow(exchange, { title: a.forgot, main, status: wrong ? 422 : 200 })
}

async function showReset(exchange: Exchange, { token, wrong }: Named): Promise<FastifyReply> {
  const { account: a } = exchange.v.t
  const main = html`<h1>${a.resetTitle}</h1>${notice(wrong)}
<form method="post" action="${paths.reset()}">${hidden(exchange, token)}
${field({ name: 'password', label: a.newPassword, type: 'password', autocomplete: 'new-password', hint: a.passwordHint })}
<button class="button button-large">${a.resetTitle}</button></form>`
  return sendNarrow(exchange, { title: a.resetTitle, main, status: wrong ? 422 : 200 })
}

/** Signed in, one click is enough; else the password tells that it is the account's owner. */
async function showVerify(exchange: Exchange, { token, wrong }: Named): Promise<FastifyReply> {
  const { v } = exchange
  const { account: a } = v.t
  const asksPassword = !v.account || wrong !== undefined
  const main = html`<h1>${a.verifyTitle}</h1><p>${asksPassword ? a.verifyHelp : a.verifyOwn}</p>${notice(wrong)}
<form method="post" action="${paths.verify()}">${hidden(exchange, token)}
${asksPassword && field({ name: 'password', label: a.password, type: 'password', autocomplete: 'current-password' })}
<button class="button button-large">${a.confirm}</button></form>`
  return sendNarrow(exchange, { title: a.verifyTitle, main, status: wrong ? 422 : 200 })
}

function hidden({ shop, request, reply }: Exchange, token?: string): Html {
  return html`${formToken(shop, request, reply)}${token !== undefined && html`<input type="hidden" name="token" value="${token}">`}`
}

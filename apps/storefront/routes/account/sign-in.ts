import { html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { passkeyForm, providerForms } from '../../features/account/other-ways.ts'
import { field, notice } from '../../features/account/parts.ts'
import { readCart, say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { localPath, paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { dropSignIn, type Exchange, enter, explain, onGet, onPost, sendNarrow } from './forms.ts'

type Showing = Readonly<{ back: string; email?: string; wrong?: string; status?: number }>

/** Signing in by password, then by code where one is asked for; signing out. */
export function signInRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, '/sign-in', async (exchange) => {
    const { back } = exchange.request.query as { back?: string }
    const goal = localPath(typeof back === 'string' ? back : paths.account())
    if (exchange.v.account) return seeOther(exchange.reply, goal)
    return showSignIn(exchange, { back: goal })
  })

  onPost(app, shop, '/sign-in', async ({ form, ...exchange }) => {
    const { v, request } = exchange
    const back = localPath(form.text('back') || paths.account())
    const email = form.text('email')
    const result = await shop.api.login({
      body: {
        email,
        password: rawText(request, 'password'),
        ...optional('deviceToken', request.cookies['device']),
        ...optional('cartId', readCart(request)?.id),
      },
    })
    if (!result.ok) {
      const wait = Number(result.problem['retryAfterSeconds'])
      const wrong = wait > 0 ? v.t.account.wait(wait) : explain(v, result.problem)
      const status = result.problem.status === 429 ? 429 : 422
      return showSignIn(exchange, { back, email, wrong, status })
    }
    if (result.data.status === 'second_factor_needed')
      return showCode(exchange, { back, challenge: result.data.challenge })
    return enter(exchange, result.data, back)
  })

  onPost(app, shop, '/sign-in/code', async ({ form, ...exchange }) => {
    const { v, request } = exchange
    const back = localPath(form.text('back') || paths.account())
    const challenge = form.text('challenge')
    const cartId = optional('cartId', readCart(request)?.id)
    const body = { challenge, code: form.text('code').padEnd(6), ...cartId }
    const result = await shop.api.loginSecondFactor({ body })
    if (result.ok) return enter(exchange, result.data, back)
    const wrong = explain(v, result.problem)
    if (result.problem.code === 'identity.second_factor_wrong')
      return showCode(exchange, { back, challenge, wrong })
    return showSignIn(exchange, { back, wrong, status: 422 })
  })

  onPost(app, shop, '/sign-out', async (exchange) => {
    const { v, reply } = exchange
    await shop.api.logout({})
    dropSignIn(exchange)
    say(shop, reply, { tone: 'good', text: v.t.account.signedOut })
    return seeOther(reply, paths.home())
  })
}

/** A field as it was typed: passwords may begin and end with spaces. */
export function rawText(request: Exchange['request'], name: string, most = 1_024): string {
  const value = (request.body as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'string' ? value.slice(0, most) : ''
}

export function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { [K in Name]?: string } {
  return (value ? { [name]: value } : {}) as { [K in Name]?: string }
}

/** The page to sign in by password, passkey or provider. */
export async function showSignIn(exchange: Exchange, showing: Showing): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const { back, email, wrong, status = 200 } = showing
  const hidden = html`${formToken(shop, request, reply)}<input type="hidden" name="back" value="${back}">`
  const main = html`<h1>${a.signIn}</h1>${notice(wrong)}
<form method="post" action="${paths.signIn()}">${hidden}
${field({ name: 'email', label: a.email, type: 'email', autocomplete: 'username webauthn', value: email })}
${field({ name: 'password', label: a.password, type: 'password', autocomplete: 'current-password' })}
<button class="button button-large">${a.signIn}</button>
<p><a href="${paths.forgot()}">${a.forgot}</a></p></form>
<div class="other-ways">${passkeyForm(v, hidden)}${await providerForms(v, hidden)}</div>
<div class="aside"><p>${a.newHere} <a href="${paths.register()}">${a.register}</a></p></div>`
  const scripts = ['islands/passkeys.ts'] as const
  return sendNarrow(exchange, { title: a.signIn, main, status, scripts })
}

/** Asks for the authenticator app's code. */
export async function showCode(
  exchange: Exchange,
  { back, challenge, wrong }: Readonly<{ back: string; challenge: string; wrong?: string }>,
): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const main = html`<h1>${a.codeTitle}</h1><p>${a.codeHelp}</p>${notice(wrong)}
<form method="post" action="${paths.signInCode()}">${formToken(shop, request, reply)}
<input type="hidden" name="back" value="${back}"><input type="hidden" name="challenge" value="${challenge}">
${field({ name: 'code', label: a.code, autocomplete: 'one-time-code' })}
<button class="button button-large">${a.signIn}</button></form>`
  return sendNarrow(exchange, { title: a.codeTitle, main, status: wrong ? 422 : 200 })
}

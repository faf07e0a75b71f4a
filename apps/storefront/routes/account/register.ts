import { html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { readCart } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { message } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { type Exchange, explain, keepSignIn, onGet, onPost, sendNarrow } from './forms.ts'
import { optional, rawText } from './sign-in.ts'

type Showing = Readonly<{ name?: string; email?: string; wrong?: string }>

/** Opening an account: it is signed in at once, and the address is confirmed by mail. */
export function registerRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(app, shop, '/register', async (exchange) => {
    if (exchange.v.account) return seeOther(exchange.reply, paths.account())
    return showRegister(exchange, {})
  })

  onPost(app, shop, '/register', async ({ form, ...exchange }) => {
    const { v, request } = exchange
    const { account: a } = v.t
    const [name, email] = [form.text('name'), form.text('email')]
    const password = rawText(request, 'password')
    const language = v.choice.language
    const made = await shop.api.register({ body: { name, email, password, language } })
    if (!made.ok) return showRegister(exchange, { name, email, wrong: explain(v, made.problem) })
    const cartId = optional('cartId', readCart(request)?.id)
    const signedIn = await shop.api.login({ body: { email, password, ...cartId } })
    if (signedIn.ok && signedIn.data.status === 'signed_in')
      await keepSignIn(exchange, signedIn.data)
    const main = message(
      a.checkMailTitle,
      html`<p>${a.checkMail(email)}</p><p><a class="button" href="${paths.account()}">${a.yourAccount}</a></p>`,
    )
    return sendNarrow(exchange, { title: a.checkMailTitle, main })
  })
}

async function showRegister(exchange: Exchange, showing: Showing): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const { name, email, wrong } = showing
  const main = html`<h1>${a.register}</h1>${notice(wrong)}
<form method="post" action="${paths.register()}">${formToken(shop, request, reply)}
${field({ name: 'name', label: a.name, autocomplete: 'name', value: name })}
${field({ name: 'email', label: a.email, type: 'email', autocomplete: 'username', value: email })}
${field({ name: 'password', label: a.password, type: 'password', autocomplete: 'new-password', hint: a.passwordHint })}
<button class="button button-large">${a.register}</button></form>
<div class="aside"><p>${a.haveAccount} <a href="${paths.signIn()}">${a.signIn}</a></p></div>`
  return sendNarrow(exchange, { title: a.register, main, status: wrong ? 422 : 200 })
}

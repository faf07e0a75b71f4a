import { type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import { marketFields } from '../../features/markets/options.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { type Exchange, explain, onGet, onPost, sendAccountPage, signedIn } from './forms.ts'
import { rawText } from './sign-in.ts'

/** Name, address, market. */
export function detailsRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(
    app,
    shop,
    '/account/details',
    signedIn((exchange) => showDetails(exchange)),
  )

  onPost(
    app,
    shop,
    '/account/details/name',
    signedIn(async ({ form, ...exchange }) => {
      const { v, reply } = exchange
      const { country, currency, language } = v.choice
      const preferences = { country, currency, language }
      const saved = await shop.api.updateMe({ body: { name: form.text('name'), preferences } })
      if (!saved.ok) return showDetails(exchange, explain(v, saved.problem))
      say(shop, reply, { tone: 'good', text: v.t.account.saved })
      return seeOther(reply, paths.account('details'))
    }),
  )

  onPost(
    app,
    shop,
    '/account/details/email',
    signedIn(async ({ form, ...exchange }) => {
      const { v, reply, request } = exchange
      const email = form.text('email')
      const password = rawText(request, 'password')
      const asked = await shop.api.changeEmail({ body: { email, password } })
      if (!asked.ok) return showDetails(exchange, explain(v, asked.problem))
      say(shop, reply, { tone: 'note', text: v.t.account.emailChangeSent(email) })
      return seeOther(reply, paths.account('details'))
    }),
  )
}

async function showDetails(exchange: Exchange, wrong?: string): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const token = formToken(shop, request, reply)
  const market: Html = html`<form method="post" action="${paths.preferences()}"><input type="hidden" name="back" value="${paths.account('details')}">${marketFields(v, await shop.markets.list(), 'mine')}<button class="button">${v.t.save}</button></form>`
  const main = html`<h1>${a.details}</h1>${notice(wrong)}
<section><form method="post" action="${paths.accountAction('details', 'name')}">${token}
${field({ name: 'name', label: a.name, autocomplete: 'name', value: v.account?.name })}
<button class="button">${v.t.save}</button></form></section>
<section><h2>${v.t.preferences}</h2>${market}</section>
<section><h2>${a.changeEmail}</h2><p class="quiet">${v.account?.email ?? ''}</p>
<form method="post" action="${paths.accountAction('details', 'email')}">${token}
${field({ name: 'email', label: a.newEmail, type: 'email', autocomplete: 'email' })}
${field({ name: 'password', label: a.currentPassword, type: 'password', autocomplete: 'current-password' })}
<button class="button">${a.sendLink}</button></form></section>`
  const status = wrong ? 422 : 200
  return sendAccountPage(exchange, { here: 'details', title: a.details, main, status })
}

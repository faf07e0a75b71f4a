import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { type AccountPage, paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { onGet, onPost, sendAccountPage, signedIn } from './forms.ts'

/** The account at a glance. */
export function overviewRoute(app: FastifyInstance, shop: Shop): void {
  onGet(
    app,
    shop,
    '/account',
    signedIn(async ({ account, ...exchange }) => {
      const { v, request, reply } = exchange
      const { account: a } = v.t
      const token = formToken(shop, request, reply)
      const tile = (href: string, label: string, help: string) =>
        html`<li><a href="${href}"><strong>${label}</strong><span class="quiet">${help}</span></a></li>`
      const page = (name: AccountPage, label: string, help: string) =>
        tile(paths.account(name), label, help)
      const main = html`<h1>${a.welcome(account.name)}</h1><p class="quiet">${account.email}</p>
${
  !account.isEmailProven &&
  html`<form class="notice" method="post" action="/account/proof">${token}<p>${a.unproven}</p><button class="button button-quiet">${a.sendAgain}</button></form>`
}
<ul class="account-tiles">
${tile(paths.orders(), v.t.orders, a.ordersHelp)}
${page('details', a.details, a.detailsHelp)}
${page('addresses', a.addresses, a.addressesHelp)}
${page('security', a.security, a.securityHelp)}
${page('privacy', a.privacy, a.privacyHelp)}
</ul>
<form method="post" action="${paths.signOut()}">${token}<p><button class="button button-quiet">${a.signOut}</button></p></form>`
      return sendAccountPage(exchange, { title: a.yourAccount, main })
    }),
  )

  onPost(
    app,
    shop,
    '/account/proof',
    signedIn(async ({ v, reply }) => {
      await shop.api.requestEmailProof({})
      say(shop, reply, { tone: 'good', text: v.t.account.sentAgain })
      return seeOther(reply, paths.account())
    }),
  )
}

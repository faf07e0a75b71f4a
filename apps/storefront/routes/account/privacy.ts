import { attrs, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import type { Shop } from '../../lib/shop.ts'
import { onGet, onPost, sendAccountPage, signedIn } from './forms.ts'

const HERE = paths.account('privacy')

/** What may be done with a person's data. */
export function privacyRoutes(app: FastifyInstance, shop: Shop): void {
  onGet(
    app,
    shop,
    HERE,
    signedIn(async ({ account, ...exchange }) => {
      const { v, request, reply } = exchange
      const { account: a } = v.t
      const token = formToken(shop, request, reply)
      const box = (name: 'personalisation' | 'marketing', label: string) =>
        html`<label class="check"><input type="checkbox" name="${name}" value="1"${attrs({ checked: account.preferences[name] })}> ${label}</label>`
      const main = html`<h1>${a.privacy}</h1>
<section><h2>${a.consentTitle}</h2><form method="post" action="${HERE}/consent">${token}
${box('personalisation', a.personalisation)}${box('marketing', a.marketing)}
<p><button class="button">${v.t.save}</button></p></form></section>`
      return sendAccountPage(exchange, { here: 'privacy', title: a.privacy, main })
    }),
  )

  onPost(
    app,
    shop,
    `${HERE}/consent`,
    signedIn(async ({ v, form, reply }) => {
      const preferences = {
        personalisation: form.text('personalisation') === '1',
        marketing: form.text('marketing') === '1',
      }
      await shop.api.updateMe({ body: { preferences } })
      say(shop, reply, { tone: 'good', text: v.t.account.saved })
      return seeOther(reply, HERE)
    }),
  )
}

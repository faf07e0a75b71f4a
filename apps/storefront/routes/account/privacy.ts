import { attrs, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { sendProblem } from '../../lib/problems.ts'
import type { Shop } from '../../lib/shop.ts'
import { askSelf, confirmSelf } from './confirm-self.ts'
import { dropSignIn, onGet, onPost, sendAccountPage, signedIn } from './forms.ts'

const HERE = paths.account('privacy')
/** The API's own address: bytes go to the browser as they are. */
const EXPORT = '/api/v1/me/export'

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
<p><button class="button">${v.t.save}</button></p></form></section>
<section><h2>${a.exportTitle}</h2><p class="quiet">${a.exportHelp}</p><form method="post" action="${HERE}/export">${token}<button class="button button-quiet">${a.exportButton}</button></form></section>
<section><h2>${a.eraseTitle}</h2><p class="quiet">${a.eraseHelp}</p><form method="post" action="${HERE}/erase">${token}<button class="button button-quiet">${a.eraseButton}</button></form></section>`
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

  onPost(
    app,
    shop,
    `${HERE}/export`,
    signedIn(async (exchange) => {
      const { reply } = exchange
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'export')
      return seeOther(reply, EXPORT)
    }),
  )

  onPost(
    app,
    shop,
    `${HERE}/erase`,
    signedIn(async (exchange) => {
      const { v, reply } = exchange
      if (!(await confirmSelf(exchange))) return askSelf(exchange, 'erase')
      const erased = await shop.api.eraseMe({})
      if (!erased.ok) return sendProblem(v, reply, erased.problem)
      dropSignIn(exchange)
      say(shop, reply, { tone: 'good', text: v.t.account.erased })
      return seeOther(reply, paths.home())
    }),
  )
}

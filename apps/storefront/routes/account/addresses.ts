import type { BookedAddress } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { field, notice } from '../../features/account/parts.ts'
import {
  type PostalTexts,
  postalFacts,
  toAddress,
  typedAddress,
} from '../../features/addresses/fields.ts'
import { cityLine } from '../../features/addresses/lines.ts'
import { countryOptions } from '../../features/markets/options.ts'
import { say } from '../../lib/cookies.ts'
import { formToken } from '../../lib/form-token.ts'
import { seeOther } from '../../lib/forms.ts'
import { paths } from '../../lib/paths.ts'
import { sendProblem } from '../../lib/problems.ts'
import type { Shop, Visit } from '../../lib/shop.ts'
import { type Exchange, explain, onGet, onPost, sendAccountPage, signedIn } from './forms.ts'

/** The address book: one default, more by name. */
export function addressesRoutes(app: FastifyInstance, shop: Shop): void {
  const here = paths.account('addresses')
  onGet(
    app,
    shop,
    here,
    signedIn((exchange) => showAddresses(exchange)),
  )

  onPost(
    app,
    shop,
    `${here}/add`,
    signedIn(async ({ form, ...exchange }) => {
      const { v, reply } = exchange
      const typed = typedAddress(form)
      const added = await shop.api.addAddress({ body: { address: toAddress(typed) } })
      if (!added.ok) {
        const details = added.problem.errors?.map(({ path }) => path.split('.').at(-1) ?? '')
        return showAddresses(exchange, { typed, wrong: explain(v, added.problem), fields: details })
      }
      say(shop, reply, { tone: 'good', text: v.t.account.saved })
      return seeOther(reply, here)
    }),
  )

  onPost(
    app,
    shop,
    `${here}/change`,
    signedIn(async ({ form, reply }) => {
      const params = { addressId: form.text('addressId') }
      if (form.text('action') === 'remove') await shop.api.removeAddress({ params })
      else await shop.api.changeAddress({ params, body: { isDefault: true } })
      return seeOther(reply, here)
    }),
  )
}

type Failed = Readonly<{ typed: PostalTexts; wrong: string; fields: readonly string[] | undefined }>

async function showAddresses(exchange: Exchange, failed?: Failed): Promise<FastifyReply> {
  const { v, shop, request, reply } = exchange
  const { account: a } = v.t
  const found = await shop.api.listAddresses({})
  if (!found.ok) return sendProblem(v, reply, found.problem)
  const token = formToken(shop, request, reply)
  const { items } = found.data
  const main = html`<h1>${a.addresses}</h1>
<section>${items.length === 0 ? html`<p class="quiet">${a.noAddresses}</p>` : html`<ul class="rows">${items.map((item) => row(v, item, token))}</ul>`}</section>
<section><h2>${a.addAddress}</h2>${notice(failed?.wrong)}${await addForm(exchange, token, failed)}</section>`
  const status = failed ? 422 : 200
  return sendAccountPage(exchange, { here: 'addresses', title: a.addresses, main, status })
}

function row({ t, format }: Visit, { id, address, isDefault }: BookedAddress, token: Html): Html {
  const { account: a } = t
  return html`<li><address><strong>${address.name}</strong>${isDefault && html` <span class="quiet">· ${a.isDefault}</span>`}<br>
${[address.line1, address.line2].filter(Boolean).join(', ')}<br><bdi>${cityLine(address)}</bdi> · <bdi>${format.country(address.country)}</bdi></address>
<form class="row-actions" method="post" action="${paths.accountAction('addresses', 'change')}">${token}<input type="hidden" name="addressId" value="${id}">
${!isDefault && html`<button class="button button-quiet" name="action" value="default">${a.makeDefault}</button>`}
<button class="quiet-link" name="action" value="remove" aria-label="${`${a.remove}: ${address.name}, ${address.line1}`}">${a.remove}</button></form></li>`
}

async function addForm({ v, shop }: Exchange, token: Html, failed?: Failed): Promise<Html> {
  const { t } = v
  const facts = postalFacts(t)
  const put = (name: keyof typeof facts) =>
    field({
      name,
      ...facts[name],
      value: failed?.typed[name],
      isWrong: failed?.fields?.includes(name) === true,
    })
  const country = failed?.typed.country || v.choice.country
  return html`<form method="post" action="${paths.accountAction('addresses', 'add')}">${token}
<div class="field"><label for="country">${t.country}</label><select id="country" name="country" autocomplete="country">${countryOptions(v, await shop.markets.list(), country)}</select></div>
${put('name')}
${put('line1')}
${put('line2')}
<div class="field-pair">${put('postalCode')}${put('city')}</div>
${put('region')}
${put('phone')}
<button class="button">${t.account.saveAddress}</button></form>`
}

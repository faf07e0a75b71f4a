import { attrs, type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { moveCart } from '../features/cart/session.ts'
import { isLanguage } from '../features/markets/choice.ts'
import { setCookie } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { localPath, paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { type Visit, visit } from '../lib/visit.ts'
import { LANGUAGES, messagesFor } from '../messages/index.ts'

/** Country, currency and language: chosen once, remembered by a cookie. */
export function preferencesRoutes(app: FastifyInstance, shop: Shop): void {
  app.get('/preferences', async (request, reply) => {
    const v = await visit(shop, request, reply)
    await sendPage(v, reply, {
      title: `${v.t.preferences} · ${v.t.shopName}`,
      kind: 'prose',
      main: await preferencesBody(v),
    })
    return reply
  })

  app.post('/preferences', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const form = readForm(request)
    const { items, currencies } = await shop.markets.list()
    const wished = items.find((item) => item.country === form.text('country'))
    const country = wished?.country ?? v.choice.country
    const moved = country !== v.choice.country && form.text('currency') === v.choice.currency
    // Whoever goes to another country and leaves the currency alone gets that country's.
    const named = moved ? (wished?.currency ?? '') : form.text('currency')
    const currency = currencies.includes(named) ? named : v.choice.currency
    const language = isLanguage(form.text('language')) ? form.text('language') : v.choice.language
    setCookie(shop, reply, { name: 'market', value: `${country}.${currency}.${language}` })
    await moveCart({ visit: v, request, reply }, { country, currency })
    return seeOther(reply, localPath(form.text('back')))
  })
}

async function preferencesBody({ t, shop, choice, format }: Visit): Promise<Html> {
  const { items, currencies } = await shop.markets.list()
  const field = (
    facts: Readonly<{ name: string; label: string; chosen: string }>,
    options: readonly Readonly<{ value: string; label: string }>[],
  ) =>
    html`<div class="field"><label for="choose-${facts.name}">${facts.label}</label><select id="choose-${facts.name}" name="${facts.name}">${options.map(
      ({ value, label }) =>
        html`<option value="${value}"${attrs({ selected: value === facts.chosen })}>${label}</option>`,
    )}</select></div>`
  const countries = items.map(({ country }) => ({ value: country, label: format.country(country) }))
  return html`<h1>${t.preferences}</h1><form class="narrow-form" method="post" action="${paths.preferences()}">
${field(
  { name: 'country', label: t.country, chosen: choice.country },
  countries.toSorted((a, b) => a.label.localeCompare(b.label, choice.language)),
)}
${field(
  { name: 'currency', label: t.currency, chosen: choice.currency },
  currencies.map((code) => ({ value: code, label: `${code} · ${format.currency(code)}` })),
)}
${field(
  { name: 'language', label: t.languageLabel, chosen: choice.language },
  LANGUAGES.map((code) => ({ value: code, label: messagesFor(code).language })),
)}
<button class="button">${t.save}</button></form>`
}

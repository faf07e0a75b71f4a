import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { moveCart } from '../features/cart/session.ts'
import { writeChoice } from '../features/markets/choice.ts'
import { marketFields } from '../features/markets/options.ts'
import { newsEnd } from '../features/news/button.ts'
import { setCookie } from '../lib/cookies.ts'
import { readForm, seeOther } from '../lib/forms.ts'
import { sendPage } from '../lib/layout.ts'
import { localPath, paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'
import { isLanguage } from '../messages/index.ts'

/** Country, currency and language: chosen once, remembered by a cookie. */
export function preferencesRoutes(app: FastifyInstance, shop: Shop): void {
  app.get('/preferences', async (request, reply) => {
    const v = await visit(shop, request, reply)
    await sendPage(v, reply, {
      title: `${v.t.preferences} · ${v.t.shopName}`,
      kind: 'prose',
      scripts: ['islands/news.ts'],
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
    const asked = form.text('language')
    const language = isLanguage(asked) ? asked : v.choice.language
    setCookie(shop, reply, { name: 'market', value: writeChoice({ country, currency, language }) })
    await moveCart({ visit: v, request, reply }, { country, currency })
    return seeOther(reply, localPath(form.text('back')))
  })
}

async function preferencesBody(v: Visit): Promise<Html> {
  const fields = marketFields(v, await v.shop.markets.list(), 'choose')
  return html`<h1>${v.t.preferences}</h1><form class="narrow-form" method="post" action="${paths.preferences()}">${fields}<button class="button">${v.t.save}</button></form>${newsEnd(v)}`
}

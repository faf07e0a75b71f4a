import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { DRAWING_NAMES, drawing } from '../features/departments/drawings.ts'
import { stockLine } from '../features/products/buy-box.ts'
import { priceTag } from '../features/products/price.ts'
import { stars } from '../features/products/stars.ts'
import { tiles } from '../features/products/tile.ts'
import { ICON_NAMES, icon } from '../lib/icons.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

const SHOWN_PRODUCTS = 5

const COLOURS = [
  'page',
  'panel',
  'panel-deep',
  'ink',
  'quiet',
  'line',
  'line-strong',
  'action',
  'action-hover',
  'action-soft',
  'cut',
  'good',
  'star',
]
const TYPE = ['small', 'base', 'large', 'title', 'display']

/** GET /styleguide: every component in its states, in the look and language of whoever asks; of a demo only. */
export function styleguideRoute(app: FastifyInstance, shop: Shop): void {
  app.get(paths.styleguide(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const found = await shop.api.search({ query: { ...v.market, limit: SHOWN_PRODUCTS } })
    await sendPage(v, reply, {
      title: `Components · ${v.t.shopName}`,
      kind: 'guide',
      head: html`<link rel="stylesheet" href="${shop.assets.url('styles/styleguide.css')}">`,
      main: html`<h1>Components</h1>
${part('Colours', html`<div class="guide-row">${COLOURS.map((name) => html`<span class="swatch swatch-${name}">--${name}</span>`)}</div>`)}
${part('Type', html`${TYPE.map((name) => html`<p class="type-${name}">--size-${name}: ${v.t.tagline}</p>`)}`)}
${part('Buttons', buttons(v))}
${part('Fields', fields(v))}
${part('Messages', messages(v))}
${part('Prices, stock and stars', facts(v))}
${part('Tiles', found.ok ? tiles(v, found.data.items) : html``)}
${part('Icons', html`<div class="guide-row guide-drawn">${ICON_NAMES.map(icon)}</div>`)}
${part('Drawings', html`<div class="guide-row guide-drawn">${DRAWING_NAMES.map(drawing)}</div>`)}`,
    })
    return reply
  })
}

function part(title: string, body: Html): Html {
  return html`<section><h2>${title}</h2>${body}</section>`
}

function buttons({ t }: Visit): Html {
  return html`<div class="guide-row"><button class="button" type="button">${t.addToCart}</button>
<button class="button button-large" type="button">${t.checkout}</button>
<button class="button button-quiet" type="button">${t.update}</button>
<button class="button" type="button" disabled>${t.outOfStock}</button>
<button class="quiet-link" type="button">${t.remove}</button>
<button class="round-button" type="button" aria-label="${t.addToCart}">${icon('plus')}</button>
<button class="chip" type="button">${t.inStock}${icon('close')}</button></div>`
}

function fields({ t }: Visit): Html {
  return html`<div class="narrow-form"><label class="field"><span>${t.search}</span><input name="guide-text" placeholder="${t.searchPlaceholder}"></label>
<label class="field"><span>${t.sortBy}</span><select name="guide-choice">${Object.values(t.sorts).map((text) => html`<option>${text}</option>`)}</select></label>
<label class="field"><span>${t.couponCode}</span><input name="guide-wrong" value="?" aria-invalid="true" aria-describedby="guide-error"></label><p class="field-error" id="guide-error">${t.couponUnknown}</p></div>`
}

function messages({ t }: Visit): Html {
  return html`<div class="guide-messages"><p class="flash flash-good">${t.added('…')}</p><p class="flash flash-bad">${t.tryLater}</p>
<p class="notice-block">${icon('alert')} ${t.outOfStockCheckout}</p><p class="notice">${icon('alert')} ${t.cartFull}</p></div>`
}

function facts(v: Visit): Html {
  const { currency } = v.market
  const price = { amount: 12_900, currency }
  const salePrice = { amount: 9_900, currency }
  const stock = (quantity: number) => stockLine(v, { inStock: quantity > 0, quantity })
  return html`<div class="guide-row">${priceTag(v, { price })}${priceTag(v, { price, salePrice })}
${stars(v, 4.4, 128)}${stock(50)}${stock(3)}${stock(0)}</div>`
}

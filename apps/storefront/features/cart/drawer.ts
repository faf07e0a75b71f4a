import type { Cart, CartLine } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { symbolSheet, symbolsOf } from '../../lib/symbols.ts'
import { picture } from '../products/picture.ts'

/** The cart in short, to be shown beside a page; with the drawings that it refers to. */
export function cartDrawer(visit: Visit, cart: Cart | undefined): Html {
  const { t, format } = visit
  const lines = cart?.lines ?? []
  const inside = html`<div class="drawer-head"><h2>${t.cartTitle} <span class="choice-count">${t.itemsCount(cart?.itemCount ?? 0)}</span></h2><button class="round-button" type="button" data-close aria-label="${t.wishes.closePicture}">${icon('close')}</button></div>
${
  cart && lines.length > 0
    ? html`<ul class="drawer-lines">${lines.map((line) => drawerLine(visit, line))}</ul>
<div class="drawer-foot"><p class="drawer-sum"><span>${t.subtotal}</span><strong>${format.price(cart.subtotal)}</strong></p><p class="quiet">${t.totalsNext}</p>
<a class="button button-large" href="${paths.checkout()}">${t.checkout}</a><a class="button button-quiet" href="${paths.cart()}">${t.viewCart}</a></div>`
    : html`<p class="drawer-foot">${t.cartEmpty}</p>`
}`
  return html`${symbolSheet(symbolsOf(inside.text))}${inside}`
}

function drawerLine(visit: Visit, line: CartLine): Html {
  const { format } = visit
  const { name, slug, sku, image, quantity, total } = line
  return html`<li>${picture(visit, { name, image, categorySlug: slug }, 'small')}<a class="drawer-name" href="${paths.product(slug, { variant: sku })}"><bdi>${name}</bdi></a><span>${quantity} ×</span><strong>${format.price(total)}</strong></li>`
}

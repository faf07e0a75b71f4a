import type { Cart, CartLine } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { MAX_QUANTITY } from '../../../../contracts/cart/schemas.ts'
import { shortened } from '../../lib/format.ts'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { drawing } from '../departments/drawings.ts'
import { FEW, following } from '../products/buy-box.ts'
import { picture } from '../products/picture.ts'

/** The cart page's inside: a part for each seller, then the sum and the way on. */
export function cartBody(visit: Visit, cart: Cart | undefined): Html {
  const { t } = visit
  if (!cart || cart.lines.length === 0) return emptyCart(visit)
  const sellers = Map.groupBy(cart.lines, (line) => line.seller.id)
  return html`<h1>${t.cartTitle} <span class="choice-count">${t.itemsCount(cart.itemCount)}</span></h1>
${quickWay(visit, cart)}
<div class="cart-body"${following(
    visit,
    cart.lines.map((line) => line.productId),
  )}>
<div>${[...sellers.values()].map((lines) => sellerPart(visit, lines))}</div>
${cartSum(visit, cart)}
</div>`
}

function emptyCart({ t }: Visit): Html {
  return html`<div class="empty">${drawing('amphora')}<h1>${t.cartEmpty}</h1><p>${t.cartEmptyHelp}</p><p><a class="button" href="${paths.home()}">${t.startShopping}</a></p></div>`
}

function sellerPart(visit: Visit, lines: readonly CartLine[]): Html {
  const seller = lines[0]?.seller.name ?? ''
  return html`<section class="cart-seller"><h2>${icon('store')} ${visit.t.shipsFrom(seller)}</h2>
<ul class="cart-lines">${lines.map((line) => cartLine(visit, line))}</ul></section>`
}

function cartLine(visit: Visit, line: CartLine): Html {
  const { t, format } = visit
  const { id, name, slug, sku, image, options, quantity, unitPrice, listPrice, total } = line
  const chosen = Object.entries(options)
  return html`<li class="cart-line">
<a class="cart-picture" href="${paths.product(slug, { variant: sku })}" tabindex="-1" aria-hidden="true">${picture(visit, { name, image, categorySlug: slug }, 'small')}</a>
<div class="cart-what"><a class="cart-name" dir="auto" href="${paths.product(slug, { variant: sku })}">${name}</a>
${chosen.length > 0 && html`<p class="quiet">${chosen.map(([option, value]) => `${option}: ${value}`).join(' · ')}</p>`}
<p class="quiet"><span${attrs({ 'data-price-of': line.offerId, 'data-amount': String(unitPrice.amount), 'data-says': t.priceChangedNow })}>${format.money(unitPrice)}</span> ${t.each}${listPrice && html` <s>${format.money(listPrice)}</s>`}</p>
<p${attrs({ class: 'stock', 'aria-live': 'polite', hidden: true, 'data-stock-of': line.offerId, 'data-level': String(Math.min(line.availability.quantity, FEW + 1)) })}></p>
${line.notices.map((notice) => html`<p class="notice">${icon('alert')} ${t.notices[notice]}</p>`)}
</div>
<form class="cart-change" method="post" action="${paths.cartLine()}" data-autosubmit>
<input type="hidden" name="lineId" value="${id}"><input type="hidden" name="name" value="${shortened(name)}">
<label><span class="sr">${t.quantityOf(name)}</span><input name="quantity" type="number" inputmode="numeric" min="0" max="${MAX_QUANTITY}" value="${quantity}"></label>
<button class="button button-quiet">${t.update}</button>
<button class="quiet-link" formaction="${paths.cartLater()}" aria-label="${t.wishes.saveNamed(name)}">${t.wishes.save}</button>
<button class="quiet-link" name="remove" value="1" aria-label="${t.removeNamed(name)}">${t.remove}</button>
</form>
<p class="cart-total">${format.price(total)}</p>
</li>`
}

/** Whether something in it cannot be bought. */
function isBlocked({ lines }: Cart): boolean {
  return lines.some(({ notices }) =>
    notices.some((notice) => notice === 'out_of_stock' || notice === 'not_sold'),
  )
}

/** The sum and the way on above a cart that is longer than a phone's screen. */
function quickWay({ t, format }: Visit, cart: Cart): Html | false {
  if (cart.lines.length < 2 || isBlocked(cart)) return false
  return html`<p class="cart-quick"><span>${format.price(cart.subtotal)}</span><a class="button" href="${paths.checkout()}">${t.checkout}</a></p>`
}

function cartSum(visit: Visit, cart: Cart): Html {
  const { t, format } = visit
  return html`<aside class="cart-sum" aria-label="${t.summary}">
<dl class="totals"><div class="totals-total"><dt>${t.subtotal}</dt><dd>${format.price(cart.subtotal)}</dd></div></dl>
<p class="quiet">${t.totalsNext}</p>
${
  isBlocked(cart)
    ? html`<p class="notice">${icon('alert')} ${t.outOfStockCheckout}</p>`
    : html`<a class="button button-large"${attrs({ href: paths.checkout() })}>${t.checkout}</a>`
}
${couponForm(visit, cart)}
</aside>`
}

function couponForm({ t }: Visit, { coupons }: Cart): Html {
  return html`<form class="coupon" method="post" action="${paths.cartCoupon()}">
<label class="field"><span>${t.couponCode}</span><span class="field-row"><input name="code" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64"><button class="button button-quiet">${t.couponUse}</button></span></label>
${coupons.length > 0 && html`<ul class="chips">${coupons.map((code) => html`<li><button class="chip" name="remove" value="${code}" aria-label="${t.couponRemove(code)}">${code}${icon('close')}</button></li>`)}</ul>`}
</form>`
}

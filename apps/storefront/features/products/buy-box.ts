import type { Availability, Product, Variant } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/visit.ts'
import { currentPrice, priceTag } from './price.ts'

const FEW = 10
const MAX_CHOICE = 10

/** Price, stock, seller, quantity, and the button. */
export function buyBox(visit: Visit, product: Product, variant: Variant): Html {
  const { t } = visit
  const { availability, offerId, id, seller } = variant
  return html`<section class="buy-box" aria-label="${t.addToCart}">
<p class="buy-price">${priceTag(visit, variant)}</p>
<p class="tax-note">${taxNote(visit)}</p>
${stockLine(visit, availability)}
<p class="sold-by">${icon('store')} ${t.soldBy} <strong>${seller.name}</strong></p>
<form id="buy" class="buy-form" method="post" action="${paths.cartAdd()}" data-add>
<input type="hidden" name="variantId" value="${id}"><input type="hidden" name="offerId" value="${offerId}"><input type="hidden" name="name" value="${product.name}"><input type="hidden" name="back" value="${visit.url}">
<label class="quantity"><span>${t.quantity}</span>${quantitySelect(availability)}</label>
<button class="button button-large"${attrs({ disabled: !availability.inStock })}>${t.addToCart}</button>
</form></section>`
}

/** The same at the foot of a phone's screen. */
export function buyBar({ t, format }: Visit, variant: Variant): Html {
  return html`<div class="buy-bar"><span class="buy-bar-price">${format.price(currentPrice(variant))}</span>
<button class="button" form="buy"${attrs({ disabled: !variant.availability.inStock })}>${variant.availability.inStock ? t.addToCart : t.outOfStock}</button></div>`
}

function quantitySelect({ quantity }: Availability): Html {
  const most = Math.max(1, Math.min(quantity, MAX_CHOICE))
  return html`<select name="quantity">${Array.from({ length: most }, (_, place) => html`<option>${place + 1}</option>`)}</select>`
}

export function stockLine({ t }: Visit, { inStock, quantity }: Availability): Html {
  if (!inStock) return html`<p class="stock stock-none">${icon('close')} ${t.outOfStock}</p>`
  if (quantity <= FEW)
    return html`<p class="stock stock-few">${icon('check')} ${t.onlyLeft(quantity)}</p>`
  return html`<p class="stock stock-good">${icon('check')} ${t.inStock}</p>`
}

/** Most of the world shows prices with tax; the United States and Canada do not. */
function taxNote({ t, choice }: Visit): string {
  return ['US', 'CA'].includes(choice.country) ? t.taxAtCheckout : t.taxIncluded
}

const SHOWN_OFFERS = 6

/** Every seller's offer of the variant, the featured one first. */
export function offerTable(visit: Visit, product: Product, variant: Variant): Html | false {
  const { t } = visit
  const { offers } = variant
  if (offers.length < 2) return false
  const row = (offer: Variant['offers'][number]) => html`<tr>
<td>${priceTag(visit, offer)}</td><td>${t.conditions[offer.condition]}</td>
<td><span class="offer-seller">${offer.seller.name}</span>${stockLine(visit, offer.availability)}</td>
<td class="offer-action"><form method="post" action="${paths.cartAdd()}" data-add><input type="hidden" name="variantId" value="${variant.id}"><input type="hidden" name="offerId" value="${offer.offerId}"><input type="hidden" name="name" value="${product.name}"><input type="hidden" name="back" value="${visit.url}"><button class="button button-quiet"${attrs({ disabled: !offer.availability.inStock, 'aria-label': `${t.addToCart}: ${offer.seller.name}` })}>${t.addToCart}</button></form></td></tr>`
  const head = html`<thead class="sr"><tr><th scope="col">${t.price}</th><th scope="col">${t.condition}</th><th scope="col">${t.seller}</th><th scope="col">${t.addToCart}</th></tr></thead>`
  const rest = offers.slice(SHOWN_OFFERS)
  return html`<section class="product-section" id="offers"><h2>${t.otherOffersCount(offers.length)}</h2>
<table class="offers">${head}<tbody>${offers.slice(0, SHOWN_OFFERS).map(row)}</tbody></table>
${rest.length > 0 && html`<details class="more"><summary>${t.showMore} (${rest.length})</summary><table class="offers">${head}<tbody>${rest.map(row)}</tbody></table></details>`}
</section>`
}

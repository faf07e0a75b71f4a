import type { Availability, Product, Variant } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { localeOf } from '../../lib/format.ts'
import { icon } from '../../lib/icons.ts'
import { place } from '../../lib/own-parts.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { newsButton } from '../news/button.ts'
import { heart } from '../wishlists/heart.ts'
import { currentPrice, type Priced, priceTag } from './price.ts'

/** So many or fewer are told by number. */
export const FEW = 5
const MAX_CHOICE = 10

/** Price, stock, seller, quantity, and the button. */
export function buyBox(visit: Visit, product: Product, variant: Variant): Html {
  const { t } = visit
  const { availability, offerId, id, seller } = variant
  return html`<section class="buy-box" aria-label="${t.addToCart}"${following(visit, [product.id])}>
<p class="buy-price" aria-live="polite"${priceOf(variant)}>${priceTag(visit, variant)}</p>
<p class="tax-note">${taxNote(visit)}</p>
${stockLine(visit, availability, offerId)}
${availability.inStock && !availability.later && place('delivery')}
<p class="sold-by">${icon('store')} ${t.soldBy} <strong>${seller.name}</strong></p>
<form id="buy" class="buy-form" method="post" action="${paths.cartAdd()}" data-add>
<input type="hidden" name="variantId" value="${id}"><input type="hidden" name="offerId" value="${offerId}">
<label class="quantity"><span>${t.quantity}</span>${quantitySelect(availability)}</label>
<button class="button button-large"${attrs({ disabled: !availability.inStock, 'data-buy-of': offerId })}>${t.addToCart}</button>
</form>${heart(visit, { variantId: id, name: product.name }, t.wishes.standard)}
${newsButton(visit, { kind: 'price', productId: product.id, ...visit.market })}</section>`
}

/** The same at the foot of a phone's screen. */
export function buyBar({ t, format }: Visit, variant: Variant): Html {
  return html`<div class="buy-bar"><span class="buy-bar-price"${priceOf(variant)}>${format.price(currentPrice(variant))}</span>
<button class="button" form="buy"${attrs({ disabled: !variant.availability.inStock, 'data-buy-of': variant.offerId })}>${variant.availability.inStock ? t.addToCart : t.outOfStock}</button></div>`
}

function quantitySelect({ quantity }: Availability): Html {
  const most = Math.max(1, Math.min(quantity, MAX_CHOICE))
  return html`<select name="quantity">${Array.from({ length: most }, (_, place) => html`<option>${place + 1}</option>`)}</select>`
}

/** @param offerId whose stock it is, to be kept current. */
export function stockLine(visit: Visit, availability: Availability, offerId?: string): Html {
  const { t } = visit
  const { inStock, quantity, later } = availability
  const kind = !inStock ? 'none' : later || quantity <= FEW ? 'few' : 'good'
  const picture = ({ none: 'close', few: 'orders', good: 'check' } as const)[kind]
  const level = later ? 'later' : Math.min(quantity, FEW + 1)
  const live = offerId
    ? { 'aria-live': 'polite', 'data-stock-of': offerId, 'data-level': String(level) }
    : {}
  const text = later ? laterText(visit, later) : stockText(t, quantity)
  return html`<p${attrs({ class: `stock stock-${kind}`, ...live })}>${icon(picture)} ${text}</p>`
}

function stockText(t: Visit['t'], quantity: number): string {
  if (quantity === 0) return t.outOfStock
  return quantity <= FEW ? t.onlyLeft(quantity) : t.inStock
}

function laterText({ t, format }: Visit, later: NonNullable<Availability['later']>): string {
  const day = later.availableOn && format.day(`${later.availableOn}T00:00:00Z`)
  return later.kind === 'preorder' ? t.preorder(day) : t.backorder(day)
}

/** Where the price of an offer is shown, to be kept current. */
function priceOf(offer: Priced & Readonly<{ offerId: string }>): Html {
  return attrs({
    'data-price-of': offer.offerId,
    'data-amount': String(currentPrice(offer).amount),
  })
}

/** What the page shows of these products is kept current: in which words, and for which market. */
export function following({ t, market, choice }: Visit, productIds: readonly string[]): Html {
  return attrs({
    'data-follow': [...new Set(productIds)].slice(0, 100).join(','),
    'data-market': `currency=${market.currency}&country=${market.country}`,
    'data-locale': localeOf(choice),
    'data-words': JSON.stringify(Array.from({ length: FEW + 2 }, (_, n) => stockText(t, n))),
  })
}

/** Most of the world shows prices with tax; the United States and Canada do not. */
function taxNote({ t, choice }: Visit): string {
  return ['US', 'CA'].includes(choice.country) ? t.taxAtCheckout : t.taxIncluded
}

const SHOWN_OFFERS = 6

/** Every seller's offer of the variant, the featured one first. */
export function offerTable(visit: Visit, variant: Variant): Html | false {
  const { t } = visit
  const { offers } = variant
  if (offers.length < 2) return false
  const row = (offer: Variant['offers'][number]) => html`<tr>
<td${priceOf(offer)}>${priceTag(visit, offer)}</td><td>${t.conditions[offer.condition]}</td>
<td><span class="offer-seller">${offer.seller.name}</span>${stockLine(visit, offer.availability, offer.offerId)}</td>
<td class="offer-action"><form method="post" action="${paths.cartAdd()}" data-add><input type="hidden" name="variantId" value="${variant.id}"><input type="hidden" name="offerId" value="${offer.offerId}"><button class="button button-quiet"${attrs({ disabled: !offer.availability.inStock, 'data-buy-of': offer.offerId, 'aria-label': `${t.addToCart}: ${offer.seller.name}` })}>${t.addToCart}</button></form></td></tr>`
  const head = html`<thead class="sr"><tr><th scope="col">${t.price}</th><th scope="col">${t.condition}</th><th scope="col">${t.seller}</th><th scope="col">${t.addToCart}</th></tr></thead>`
  const rest = offers.slice(SHOWN_OFFERS)
  return html`<section class="product-section" id="offers"><h2>${t.otherOffersCount(offers.length)}</h2>
<table class="offers">${head}<tbody>${offers.slice(0, SHOWN_OFFERS).map(row)}</tbody></table>
${rest.length > 0 && html`<details class="more"><summary>${t.showMore} (${rest.length})</summary><table class="offers">${head}<tbody>${rest.map(row)}</tbody></table></details>`}
</section>`
}

import type { ProductSummary } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { ORIGIN, type Origin, writeOrigin } from '../search/origin.ts'
import { heart } from '../wishlists/heart.ts'
import { FEW } from './buy-box.ts'
import { picture } from './picture.ts'
import { priceTag } from './price.ts'
import { stars } from './stars.ts'

/** A product in a list: one link to it, and a button of its own that puts it into the cart. */
export function productTile(
  visit: Visit,
  product: ProductSummary,
  origin?: Origin,
  isFirst = false,
): Html {
  const { t, shop } = visit
  const { name, brand, image, slug, sellerCount } = product
  const categorySlug = shop.departments.slugOf(product.categoryId)
  return html`<li class="tile">
<a class="tile-link" href="${paths.product(slug, origin && { [ORIGIN]: writeOrigin(origin) })}">${picture(visit, { name, brand, image, categorySlug }, 'tile', isFirst)}
<span class="tile-name" dir="auto">${name}</span></a>
<div class="tile-facts">${stars(visit, product.rating, product.reviewCount)}
${priceTag(visit, product)}
<p class="tile-notes">${stockHint(visit, product)}${sellerCount > 1 && html`<span>${t.sellers(sellerCount)}</span>`}</p></div>
${heart(visit, product)}${product.availability.inStock && quickAdd(visit, product, origin)}
</li>`
}

/** @param first of results of a search: that search, and the place of the first of them */
export function tiles(visit: Visit, products: readonly ProductSummary[], first?: Origin): Html {
  const { shop } = visit
  return html`<ul class="tiles">${products.map((product, place) =>
    first
      ? shop.components.tile(
          visit,
          product,
          { ...first, position: first.position + place },
          place === 0,
        )
      : shop.components.tile(visit, product),
  )}</ul>`
}

function stockHint({ t }: Visit, { availability }: ProductSummary): Html | false {
  if (!availability.inStock) return html`<span class="stock-none">${t.outOfStock}</span>`
  if (availability.quantity > FEW) return false
  return html`<span class="stock-few">${t.onlyLeft(availability.quantity)}</span>`
}

function quickAdd(
  { t }: Visit,
  { variantId, name }: ProductSummary,
  origin: Origin | undefined,
): Html {
  return html`<form class="quick-add" method="post" action="${paths.cartAdd()}" data-add>
<input type="hidden" name="variantId" value="${variantId}">${origin && html`<input type="hidden" name="${ORIGIN}" value="${writeOrigin(origin)}">`}
<button class="round-button" aria-label="${t.addNamed(name)}" title="${t.addToCart}">${icon('plus')}</button></form>`
}

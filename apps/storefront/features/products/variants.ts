import type { Product, Variant } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

/** The variant of the address, else the first in stock, else the first. */
export function chooseVariant(product: Product, sku: string | undefined): Variant | undefined {
  const { variants } = product
  return (
    variants.find((variant) => variant.sku === sku || variant.id === sku) ??
    variants.find(({ availability }) => availability.inStock) ??
    variants[0]
  )
}

/** Up to this many values stand as chips; more of them as a list to choose from. */
const MAX_CHIPS = 24

/** One row of chips per option. Each is a link to the variant nearest to what is chosen now. */
export function optionChips(visit: Visit, product: Product, current: Variant): Html | false {
  const options = product.options.filter(({ values }) => values.length > 1)
  if (options.length === 0) return false
  return html`<div class="options">${options.map(
    ({ name, values }) => html`<div class="option" role="group" aria-label="${name}">
<p class="option-name">${name}: <strong>${current.options[name]}</strong></p>
<ul class="option-values">${values.slice(0, MAX_CHIPS).map((value) => chip(visit, product, current, { name, value }))}</ul>
${values.length > MAX_CHIPS && html`<details class="more"><summary>${visit.t.showMore}</summary><ul class="option-values">${values.slice(MAX_CHIPS).map((value) => chip(visit, product, current, { name, value }))}</ul></details>`}
</div>`,
  )}</div>`
}

type OptionValue = Readonly<{ name: string; value: string }>

function chip(
  { t }: Visit,
  product: Product,
  current: Variant,
  { name, value }: OptionValue,
): Html {
  const isHere = current.options[name] === value
  const nearest = nearestVariant(product, current, { name, value })
  if (!nearest) {
    return html`<li><span class="option-chip is-missing"><bdi>${value}</bdi><span class="sr"> ${t.combinationMissing}</span></span></li>`
  }
  const isSold = nearest.availability.inStock
  return html`<li><a class="option-chip${isSold ? '' : ' is-missing'}" href="${paths.product(product.slug, { variant: nearest.sku })}" rel="nofollow"${attrs({ 'aria-current': isHere ? 'true' : undefined })}><bdi>${value}</bdi>${!isSold && html`<span class="sr"> ${t.outOfStock}</span>`}</a></li>`
}

/** With this value, and as many of the other choices of now as there are. */
function nearestVariant(
  product: Product,
  current: Variant,
  { name, value }: OptionValue,
): Variant | undefined {
  let best: Variant | undefined
  let bestScore = -1
  for (const variant of product.variants) {
    if (variant.options[name] !== value) continue
    const same = Object.entries(current.options).filter(
      ([other, chosen]) => other !== name && variant.options[other] === chosen,
    ).length
    const score = same * 2 + (variant.availability.inStock ? 1 : 0)
    if (score > bestScore) {
      best = variant
      bestScore = score
    }
  }
  return best
}

import type { Facet, FacetValue, SearchResult } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import type { Visit } from '../../lib/shop.ts'
import { type Filters, filtersQuery, type ListFilter, toggle } from './filters.ts'

/** A page of results, and how its links are made: a category page keeps its own path. */
export type Listing = Readonly<{
  filters: Filters
  result: SearchResult
  /** The address of this page with other filters. */
  link(filters: Partial<Filters>): string
  /** Where forms of this page go, and whether the category is part of that path. */
  action: string
  categoryInPath: boolean
}>

const SHOWN_VALUES = 7
const SHOWN_ATTRIBUTES = 7
const RATINGS = ['4', '3', '2']

/** All filters: beside the results on wide screens, a sheet on phones. */
export function facetPanel(visit: Visit, listing: Listing, categories: Html | false): Html {
  const { result, filters } = listing
  const { facets } = result
  const short: Listing = { ...listing, link: (other) => fromHere(listing, other) }
  const attributes = facets.attributes.filter((facet) => facet.values.length > 1 || isChosen(facet))
  return html`${categories}
${toggles(visit, short)}
${(facets.brand.values.length > 1 || isChosen(facets.brand)) && listFacet(visit, short, facets.brand, { kind: 'brand' })}
${priceFacet(visit, listing)}
${ratingFacet(visit, short)}
${attributes.slice(0, SHOWN_ATTRIBUTES).map((facet) => {
  const name = facet.name.replace(/^attr\./, '')
  const isOpen = filters.attributes[name] !== undefined
  return listFacet(visit, short, facet, { kind: 'attribute', name }, isOpen)
})}`
}

/** There are hundreds of these links: they say only what differs from the page's own address. */
function fromHere({ link, action }: Listing, other: Partial<Filters>): string {
  const address = link(other)
  return address.startsWith(`${action}?`) ? address.slice(action.length) : address
}

function isChosen(facet: Facet): boolean {
  return facet.values.some((value) => value.selected)
}

function group(title: string, body: Html, isOpen = true): Html {
  return html`<details class="facet"${attrs({ open: isOpen })}><summary><h3>${title}</h3>${icon('next')}</summary>${body}</details>`
}

function listFacet(
  visit: Visit,
  listing: Listing,
  facet: Facet,
  filter: ListFilter,
  isOpen = true,
): Html {
  const entry = (value: FacetValue) =>
    choice(visit, {
      label: value.label,
      count: value.count,
      isOn: value.selected,
      href: listing.link(toggle(listing.filters, filter, value.value)),
    })
  const first = facet.values.slice(0, SHOWN_VALUES)
  const rest = facet.values.slice(SHOWN_VALUES)
  const title = filter.kind === 'brand' ? visit.t.brand : facet.label
  return group(
    title,
    html`<ul class="choices">${first.map(entry)}</ul>
${rest.length > 0 && html`<details class="more"${attrs({ open: rest.some((value) => value.selected) })}><summary>${visit.t.showMore}</summary><ul class="choices">${rest.map(entry)}</ul></details>`}`,
    isOpen,
  )
}

type Choice = Readonly<{ label: string; count?: number; isOn: boolean; href: string }>

/** A filter as a link, so that it works at once and everywhere, with the look of a check box. */
function choice({ format }: Visit, { label, count, isOn, href }: Choice): Html {
  return html`<li><a href="${href}" rel="nofollow"${attrs({ 'aria-current': isOn ? 'true' : undefined })}>${isOn && icon('check')}<span>${label}</span>${count !== undefined && html`<small>${format.number(count)}</small>`}</a></li>`
}

function toggles(visit: Visit, { filters, link }: Listing): Html {
  const { t } = visit
  const { inStock, onSale } = filters
  return html`<ul class="choices facet">
${choice(visit, { label: t.inStockOnly, isOn: inStock, href: link({ ...filters, inStock: !inStock, page: 1 }) })}
${choice(visit, { label: t.onSaleOnly, isOn: onSale, href: link({ ...filters, onSale: !onSale, page: 1 }) })}
</ul>`
}

function ratingFacet(visit: Visit, { filters, link, result }: Listing): Html | false {
  const { t } = visit
  const values = result.facets.rating.values.filter(({ value }) => RATINGS.includes(value))
  if (values.length === 0) return false
  return group(
    t.rating,
    html`<ul class="choices">${values.map(({ value, count }) => {
      const isOn = filters.rating === value
      const href = link({ ...filters, rating: isOn ? '' : value, page: 1 })
      return choice(visit, { label: t.ratingUp(value), count, isOn, href })
    })}</ul>`,
  )
}

function priceFacet({ t, format }: Visit, listing: Listing): Html | false {
  const { filters, result, action, categoryInPath } = listing
  const { price } = result.facets
  if (price.min === null && !filters.from && !filters.to) return false
  const end = (amount: number | null) =>
    amount === null ? '' : format.whole({ amount, currency: result.currency })
  const kept = [...new URLSearchParams(filtersQuery({ ...filters, from: '', to: '', page: 1 }))]
  return group(
    t.price,
    html`<form class="price-form" action="${action}">
${kept
  .filter(([name]) => !(categoryInPath && name === 'category'))
  .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${histogram(listing)}
<div class="price-ends">
<label><span>${t.from}</span><input name="from" inputmode="decimal" autocomplete="off" size="6" value="${filters.from}" placeholder="${end(price.min)}"></label>
<label><span>${t.to}</span><input name="to" inputmode="decimal" autocomplete="off" size="6" value="${filters.to}" placeholder="${end(price.max)}"></label>
<button class="button button-quiet">${t.apply}</button>
</div></form>`,
  )
}

const BAR_HEIGHT = 32

/** Bars of how many products cost how much: for the eye only, the form says it too. */
function histogram({ result }: Listing): Html | false {
  const { buckets } = result.facets.price
  const most = Math.max(...buckets.map(({ count }) => count), 0)
  if (buckets.length < 3 || most === 0) return false
  const width = 200 / buckets.length
  return html`<svg class="histogram" viewBox="0 0 200 ${BAR_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${buckets.map(
    ({ count }, place) => {
      const height = count === 0 ? 0 : Math.max(2, Math.round((count / most) * BAR_HEIGHT))
      return html`<rect x="${place * width + 1}" y="${BAR_HEIGHT - height}" width="${Math.max(width - 2, 1)}" height="${height}"/>`
    },
  )}</svg>`
}

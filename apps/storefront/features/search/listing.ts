import { attrs, type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import type { Visit } from '../../lib/shop.ts'
import { tiles } from '../products/tile.ts'
import { facetPanel, type Listing } from './facets.ts'
import { countFilters, filtersQuery, LAST_PAGE, SORTS, toggle, withoutFilters } from './filters.ts'
import type { Origin } from './origin.ts'

/** Results with everything around them: head, chips, facets, tiles, pages. */
export function listingBody(
  visit: Visit,
  listing: Listing,
  parts: Readonly<{ heading: Html; categories: Html | false; empty: Html }>,
): Html {
  const { t, format } = visit
  const { filters, result } = listing
  const on = countFilters(filters)
  const total = format.number(result.total)
  // Nothing there to be filtered or sorted: what else to do is all there is to say.
  if (result.total === 0 && on === 0 && !filters.category)
    return html`<div class="results-head">${parts.heading}</div>${parts.empty}`
  return html`<div class="results-head">${parts.heading}
<p class="results-count">${t.results(result.total, total)}</p></div>
<div class="results-body">
<details class="sheet facets"><summary>${icon('filter')}<span>${on > 0 ? t.filtersOn(on) : t.filters}</span>${icon('close')}</summary>
<div class="facet-list"><h2 class="sr">${t.filters}</h2>${facetPanel(visit, listing, parts.categories)}</div>
<p class="sheet-foot"><a class="button" href="${listing.link(filters)}">${t.showResults(result.total, total)}</a></p>
</details>
<section class="results" aria-labelledby="title">
${toolbar(visit, listing)}
${result.items.length > 0 ? tiles(visit, result.items, originOf(listing)) : parts.empty}
${pager(visit, listing)}
</section>
</div>`
}

/** Browsing a category is no search: its links stay those that search engines know. */
function originOf({ filters, result: { queryId, page, limit } }: Listing): Origin | undefined {
  return filters.q ? { queryId, position: (page - 1) * limit + 1 } : undefined
}

function toolbar(visit: Visit, listing: Listing): Html {
  const { t } = visit
  const { filters, action, categoryInPath } = listing
  const kept = [...new URLSearchParams(filtersQuery({ ...filters, sort: 'relevance', page: 1 }))]
  const sorts = filters.q ? SORTS : SORTS.filter((sort) => sort !== 'relevance')
  const current = filters.sort === 'relevance' && !filters.q ? 'popular' : filters.sort
  return html`<div class="toolbar">
${chips(visit, listing)}
<form class="sort" action="${action}" data-autosubmit>
${kept
  .filter(([name]) => !(categoryInPath && name === 'category'))
  .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="sort">${t.sortBy}</label>
<select id="sort" name="sort">${sorts.map(
    (sort) =>
      html`<option value="${sort}"${attrs({ selected: sort === current })}>${t.sorts[sort]}</option>`,
  )}</select>
<button class="button button-quiet">${t.apply}</button>
</form></div>`
}

/** What is filtered, each to be taken away by a click. */
function chips({ t }: Visit, { filters, link, result }: Listing): Html | false {
  if (countFilters(filters) === 0) return false
  const range = [filters.from, filters.to].map((end) => end || '…').join(' – ')
  const labelOf = (name: string) =>
    result.facets.attributes.find((facet) => facet.name === name)?.label ?? name
  const entries = [
    ...filters.brand.map((value) => ({
      label: value,
      without: toggle(filters, { kind: 'brand' }, value),
    })),
    ...filters.seller.map((value) => ({
      label: `${t.seller}: ${value}`,
      without: toggle(filters, { kind: 'seller' }, value),
    })),
    ...Object.entries(filters.attributes).flatMap(([name, values]) =>
      values.map((value) => ({
        label: `${labelOf(name)}: ${value}`,
        without: toggle(filters, { kind: 'attribute', name }, value),
      })),
    ),
    ...(filters.from || filters.to
      ? [{ label: `${t.price}: ${range}`, without: { ...filters, from: '', to: '', page: 1 } }]
      : []),
    ...(filters.rating
      ? [{ label: t.ratingUp(filters.rating), without: { ...filters, rating: '', page: 1 } }]
      : []),
    ...(filters.inStock
      ? [{ label: t.inStockOnly, without: { ...filters, inStock: false, page: 1 } }]
      : []),
    ...(filters.onSale
      ? [{ label: t.onSaleOnly, without: { ...filters, onSale: false, page: 1 } }]
      : []),
  ]
  return html`<ul class="chips">${entries.map(
    ({ label, without }) =>
      html`<li><a class="chip" href="${link(without)}" rel="nofollow" aria-label="${t.removeFilter(label)}">${label}${icon('close')}</a></li>`,
  )}
<li><a class="quiet-link" href="${link(withoutFilters(filters))}" rel="nofollow">${t.clearAll}</a></li></ul>`
}

/** Whether there is a page before and after this one. */
function neighbours({ filters, result, link }: Listing) {
  const last = Math.min(Math.max(1, Math.ceil(result.total / result.limit)), LAST_PAGE)
  const { page } = filters
  return {
    last,
    previous: page > 1 ? link({ ...filters, page: Math.min(page - 1, last) }) : undefined,
    next: page < last ? link({ ...filters, page: page + 1 }) : undefined,
  }
}

function pager({ t, format }: Visit, listing: Listing): Html | false {
  const { last, previous, next } = neighbours(listing)
  const { filters, link } = listing
  if (last === 1) return false
  const shown = [...new Set([1, filters.page - 1, filters.page, filters.page + 1, last])]
    .filter((page) => page >= 1 && page <= last)
    .toSorted((a, b) => a - b)
  return html`<nav class="pager" aria-label="${t.pageOf(format.number(filters.page), format.number(last))}">
${previous ? html`<a class="pager-step" href="${previous}" rel="prev">${t.previous}</a>` : html`<span></span>`}
<ol>${shown.map((page, place) => {
    const gap = place > 0 && page - (shown[place - 1] ?? 0) > 1
    const current = page === filters.page
    return html`${gap && html`<li aria-hidden="true">…</li>`}<li><a href="${link({ ...filters, page })}"${attrs({ 'aria-current': current ? 'page' : undefined, 'aria-label': t.page(page) })}>${format.number(page)}</a></li>`
  })}</ol>
${next ? html`<a class="pager-step" href="${next}" rel="next">${t.next}</a>` : html`<span></span>`}
</nav>`
}

/** `rel` links for search engines and for browsers that fetch ahead. */
export function pagingLinks(listing: Listing): Html {
  const { previous, next } = neighbours(listing)
  return html`${previous && html`<link rel="prev" href="${previous}">`}${next && html`<link rel="next" href="${next}">`}`
}

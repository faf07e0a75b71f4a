import { type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { drawing } from '../departments/drawings.ts'
import { shelf } from '../products/shelf.ts'
import type { Listing } from './facets.ts'
import { countFilters, filtersQuery, withoutFilters } from './filters.ts'

/** What the search did with the words: corrected them, left some out, or ran without its index. */
export function said({ t, format }: Visit, { filters, result }: Listing): Html | false {
  const { correctedQuery, relaxed, degraded } = result
  if (!correctedQuery && !relaxed?.length && !degraded) return false
  return html`<div class="said">
${
  correctedQuery &&
  html`<p>${t.correctedFrom(filters.q)} ${t.correctedTo} <a href="${paths.search(filtersQuery({ q: correctedQuery }))}"><strong>${correctedQuery}</strong></a></p>`
}
${relaxed && relaxed.length > 0 && html`<p>${t.relaxed(format.list(relaxed))}</p>`}
${degraded && html`<p>${icon('alert')} ${t.degraded}</p>`}
</div>`
}

/** Nothing was found: what to do about it, and what there is instead. */
export function noResults(v: Visit, listing: Listing): Html {
  const { t } = v
  const { filters, link } = listing
  const isFiltered = countFilters(filters) > 0
  return html`<div class="empty">${drawing('amphora')}
<h2>${t.nothingFound}</h2>
<p>${isFiltered ? t.nothingWithFilters : t.nothingFoundHelp}</p>
<p><a class="button button-quiet" href="${isFiltered ? link(withoutFilters(filters)) : paths.departments()}">${isFiltered ? t.clearAll : t.allDepartments}</a></p>
</div>${insteadOfResults(v, listing)}`
}

/** As many departments are linked to. */
const DEPARTMENTS = 8

function insteadOfResults(v: Visit, { filters, link, result: { instead } }: Listing): Html | false {
  if (!instead) return false
  const { t } = v
  const { reason, items, categories } = instead
  if (reason === 'without_filters') {
    const title = filters.q ? t.resultsFor(filters.q) : t.allProducts
    return shelf(v, title, items, link(withoutFilters(filters)))
  }
  const links = categories
    .slice(0, DEPARTMENTS)
    .map(
      ({ value, label }) =>
        html`<li><a class="chip" href="${paths.category(value)}">${label}</a></li>`,
    )
  return html`<nav aria-label="${t.allDepartments}"><ul class="chips">${links}</ul></nav>${shelf(v, t.bestSellers, items)}`
}

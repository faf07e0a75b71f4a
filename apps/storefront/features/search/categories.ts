import { attrs, type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import type { Listing } from './facets.ts'

const SHOWN = 10

export type CategoryLink = Readonly<{
  href: string
  name: string
  count?: number | undefined
  isHere?: boolean
}>

/** A list of categories to go to. */
export function categoryLinks({ t, format }: Visit, links: readonly CategoryLink[]): Html | false {
  if (links.length === 0) return false
  return html`<nav class="facet category-links" aria-label="${t.category}"><h3>${t.category}</h3><ul>${links.map(
    ({ href, name, count, isHere }) =>
      html`<li><a href="${href}"${attrs({ 'aria-current': isHere ? 'true' : undefined })}>${name}</a>${count !== undefined && html` <span class="choice-count">${format.number(count)}</span>`}</li>`,
  )}</ul></nav>`
}

/** The categories that the results lie in: one level below where we are. */
export function facetCategories(visit: Visit, { filters, result, link }: Listing): Html | false {
  const chosen = filters.category
  const depth = chosen ? chosen.split('/').length + 1 : 1
  const level = result.facets.category.values.filter(
    ({ value }) => value.split('/').length === depth && value.startsWith(chosen),
  )
  return categoryLinks(visit, [
    ...(chosen
      ? [{ href: link({ ...filters, category: '', page: 1 }), name: `‹ ${visit.t.allDepartments}` }]
      : []),
    ...level.slice(0, SHOWN).map(({ value, label, count, selected }) => ({
      href: link({ ...filters, category: value, page: 1 }),
      name: label,
      count,
      isHere: selected,
    })),
  ])
}

/** A trail from the top down to here. */
export function breadcrumbs(
  { t }: Visit,
  trail: readonly Readonly<{ slug: string; name: string }>[],
  here?: string,
): Html {
  return html`<nav class="crumbs" aria-label="${t.category}"><ol><li><a href="${paths.home()}">${t.home}</a></li>${trail.map(
    ({ slug, name }) => html`<li><a href="${paths.category(slug)}">${name}</a></li>`,
  )}${here !== undefined && html`<li aria-current="page">${here}</li>`}</ol></nav>`
}

import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { facetCategories } from '../features/search/categories.ts'
import type { Listing } from '../features/search/facets.ts'
import {
  countFilters,
  type Filters,
  filtersQuery,
  readFilters,
  searchQuery,
} from '../features/search/filters.ts'
import { listingBody, pagingLinks } from '../features/search/listing.ts'
import { noResults, said } from '../features/search/said.ts'
import { type Shareable, sendShared } from '../lib/layout.ts'
import { localPath, paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Instead, Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** GET /search: what was searched for, or everything. */
export function searchRoute(app: FastifyInstance, shop: Shop): void {
  app.get('/search', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const asked = readFilters(request.url)
    await sendShared(v, reply, {
      url: paths.search(filtersQuery(asked)),
      lifetime: shop.lifetimes.list,
      make: (anyone) => makeResults(anyone, asked),
    })
    return reply
  })
}

async function makeResults(v: Visit, asked: Filters): Promise<Shareable | Instead> {
  const found = await v.shop.api.search({
    query: { ...searchQuery(asked, v.market), locale: v.choice.language },
    headers: v.visitor,
  })
  if (!found.ok) return (visitor, reply) => sendProblem(visitor, reply, found.problem)
  const { redirect, queryId, items, instead } = found.data
  if (redirect && isPlain(asked)) return (_, reply) => reply.redirect(localPath(redirect), 302)
  const filters = { ...asked, queryId: asked.q ? queryId : '' }
  const listing: Listing = {
    filters,
    result: found.data,
    link: (other: Partial<Filters>) => paths.search(filtersQuery(other)),
    action: paths.search(),
    categoryInPath: false,
  }
  const words = found.data.correctedQuery ?? filters.q
  const title = words ? v.t.resultsFor(words) : v.t.allProducts
  return {
    shows: [...items, ...(instead?.items ?? [])].map(({ id }) => id),
    page: {
      title: `${title} · ${v.t.shopName}`,
      description: `${title}: ${v.t.results(found.data.total, v.format.number(found.data.total))}`,
      kind: 'listing',
      query: filters.q,
      head: pagingLinks(listing),
      main: listingBody(v, listing, {
        heading: heading(v, listing, title),
        categories: facetCategories(v, listing),
        empty: noResults(v, listing),
      }),
    },
  }
}

/** Only words: who chooses filters or turns pages wants the results themselves. */
function isPlain(filters: Filters): boolean {
  return filters.page === 1 && filters.category === '' && countFilters(filters) === 0
}

function heading(v: Visit, listing: Listing, title: string): Html {
  return html`<h1 id="title">${title}</h1>${said(v, listing)}`
}

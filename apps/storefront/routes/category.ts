import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { sketchOfCategory, socialAddress } from '../features/products/social.ts'
import { breadcrumbs, categoryLinks } from '../features/search/categories.ts'
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
import { paths } from '../lib/paths.ts'
import { sendNotFound, sendProblem } from '../lib/problems.ts'
import type { Instead, Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** GET /c/:slug, where a slug is a path: /c/electronics/audio. */
export function categoryRoute(app: FastifyInstance, shop: Shop): void {
  app.get<{ Params: { '*': string } }>('/c/*', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const slug = request.params['*'].replace(/\/$/, '')
    if (slug === '' || slug.length > 200) return sendNotFound(v, reply)
    const filters: Filters = { ...readFilters(request.url), category: slug, queryId: '' }
    await sendShared(v, reply, {
      url: paths.category(slug, filtersQuery({ ...filters, category: '' })),
      lifetime: shop.lifetimes.list,
      make: (anyone) => makeCategory(anyone, slug, filters),
    })
    return reply
  })
}

async function makeCategory(
  v: Visit,
  slug: string,
  filters: Filters,
): Promise<Shareable | Instead> {
  const { shop } = v
  const [category, found] = await Promise.all([
    shop.api.getCategory({ params: { idOrSlug: slug } }),
    shop.api.search({
      query: { ...searchQuery(filters, v.market), locale: v.choice.language },
      headers: v.visitor,
    }),
  ])
  if (!category.ok) return (visitor, reply) => sendProblem(visitor, reply, category.problem)
  if (category.data.slug !== slug)
    return (_, reply) => reply.redirect(paths.category(category.data.slug), 301)
  if (!found.ok) return (visitor, reply) => sendProblem(visitor, reply, found.problem)
  const { name, breadcrumbs: trail, children } = category.data
  const listing: Listing = {
    filters,
    result: found.data,
    link: (other) => paths.category(slug, filtersQuery({ ...other, category: '' })),
    action: paths.category(slug),
    categoryInPath: true,
  }
  const above = trail.filter((step) => step.id !== category.data.id)
  const links = children
    .filter((child) => child.productCount > 0)
    .map((child) => ({
      href: paths.category(child.slug),
      name: child.name,
      count: child.productCount,
    }))
  const parent = above.at(-1)
  return {
    shows: found.data.items.map(({ id }) => id),
    page: {
      title: `${name} · ${v.t.shopName}`,
      description: `${name}: ${v.t.results(found.data.total, v.format.number(found.data.total))}`,
      canonical: isWhole(filters)
        ? paths.category(slug, filtersQuery({ page: filters.page }))
        : undefined,
      picture: socialAddress(v, { kind: 'c', slug, sketch: sketchOfCategory(v, category.data) }),
      kind: 'listing',
      head: pagingLinks(listing),
      main: listingBody(v, listing, {
        heading: html`${breadcrumbs(v, above)}<h1 id="title">${name}</h1>${said(v, listing)}`,
        categories: categoryLinks(v, [
          ...(parent ? [{ href: paths.category(parent.slug), name: `‹ ${parent.name}` }] : []),
          ...links,
        ]),
        empty: noResults(v, listing),
      }),
    },
  }
}

/** Search engines list a category as it is, not every choice that can be made in it. */
function isWhole(filters: Filters): boolean {
  return filters.q === '' && filters.sort === 'relevance' && countFilters(filters) === 0
}

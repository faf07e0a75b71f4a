import type { CategoryNode } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { drawing, drawingFor } from '../features/departments/drawings.ts'
import { percentOff } from '../features/products/price.ts'
import { lookedAt, shelf } from '../features/products/shelf.ts'
import { filtersQuery } from '../features/search/filters.ts'
import { readIds } from '../lib/cookies.ts'
import { icon } from '../lib/icons.ts'
import { type Shareable, sendShared } from '../lib/layout.ts'
import { place } from '../lib/own-parts.ts'
import { paths } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

const SHELF = 10
const SEEN = 5
/** Rows of four, six or twelve bays, the last of them for all departments. */
const BAYS = [12, 8, 4]

/** GET / */
export function homeRoute(app: FastifyInstance, shop: Shop): void {
  app.get('/', async (request, reply) => {
    const v = await visit(shop, request, reply)
    await sendShared(v, reply, {
      url: paths.home(),
      lifetime: shop.lifetimes.list,
      make: makeHome,
      own: async () => {
        const seen = await lookedAt(v, readIds(request, 'seen').slice(0, SEEN))
        return { seen: shelf(v, v.t.continueWhere, seen) }
      },
    })
    return reply
  })
}

async function makeHome(v: Visit): Promise<Shareable> {
  const { shop } = v
  const list = (query: { onSale?: boolean; sort: 'popular'; limit?: number }) =>
    shop.api
      .search({ query: { limit: SHELF, ...v.market, locale: v.choice.language, ...query } })
      .then((result) => (result.ok ? result.data.items : []))
  const [departments, popular, deals] = await Promise.all([
    shop.departments.list(),
    list({ sort: 'popular' }),
    list({ sort: 'popular', onSale: true, limit: SHELF * 2 }),
  ])
  return {
    shows: [...popular, ...deals].map(({ id }) => id),
    page: {
      title: `${v.t.shopName} · ${v.t.tagline}`,
      description: v.t.shopDescription,
      canonical: paths.home(),
      kind: 'home',
      main: html`<h1 class="sr">${v.t.shopName}: ${v.t.tagline}</h1>
${stalls(v, departments)}
${place('seen')}
${shelf(v, v.t.deals, deals.filter((product) => percentOff(product) > 0).slice(0, SHELF), paths.search(filtersQuery({ onSale: true, sort: 'popular' })))}
${shelf(v, v.t.bestSellers, popular, paths.search(filtersQuery({ sort: 'popular' })))}`,
    },
  }
}

/** The departments as bays of a colonnade. */
function stalls({ t, format }: Visit, departments: readonly CategoryNode[]): Html {
  const bays = BAYS.find((count) => count - 1 <= departments.length) ?? 4
  return html`<section class="stoa" aria-labelledby="departments"><h2 id="departments" class="sr">${t.departments}</h2>
<ul class="bays">${departments
    .slice(0, bays - 1)
    .map(
      ({ slug, name, productCount }) =>
        html`<li class="bay"><a href="${paths.category(slug)}">${drawing(drawingFor(slug))}<span class="bay-name">${name}</span><span class="bay-count">${format.number(productCount)}</span></a></li>`,
    )}<li class="bay"><a href="${paths.departments()}">${icon('departments')}<span class="bay-name">${t.allDepartments}</span><span class="bay-count">${departments.length}</span></a></li></ul></section>`
}

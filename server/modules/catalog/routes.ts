import {
  changeOffer,
  getCategory,
  getProduct,
  listCategories,
  listProducts,
} from '#contracts/catalog/routes.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Binding, bind, type CallContext } from '../../platform/http/binding.ts'
import type { Market, PricingApi } from '../pricing/index.ts'
import type { CatalogApi } from './api.ts'
import { type CategoryTree, toCategoryNodes } from './category-tree.ts'
import type { DocumentCache } from './document-cache.ts'
import type { OfferChange } from './flows/change-offer.ts'
import { LIFETIMES_MS } from './lifetimes.ts'

type Deps = Readonly<{
  api: CatalogApi
  documents: DocumentCache
  categories: CategoryTree
  pricing: PricingApi
  clock: Clock
  change(change: OfferChange): Promise<{ offerId: string; version: number }>
}>

const DEEPEST = 8

export function createRoutes(deps: Deps): Binding[] {
  const { api, documents, categories } = deps
  const marketOf = rememberMarkets(deps)
  return [
    bind(getProduct, async ({ params, query }, context) => {
      const { currency, country } = await marketOf(query)
      const document = await documents.get({ reference: params.id, currency, country })
      if (!document) throw generalProblem('not_found')
      const headers = { etag: document.etag }
      if (namesEtag(context, document.etag)) return { status: 304, body: undefined, headers }
      return { status: 200, body: { rawJson: document.body }, headers }
    }),
    bind(listProducts, async ({ query }) => {
      const { currency, country } = await marketOf(query)
      const items = await api.listProducts({ ids: query.ids, currency, country })
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(listCategories, async ({ query }) => {
      const depth = Number(query.depth ?? DEEPEST)
      const items = toCategoryNodes(await categories.roots(), depth)
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(getCategory, async ({ params }) => {
      const node = await categories.find(params.idOrSlug)
      if (!node) throw generalProblem('not_found')
      const children = node.children.map(({ ref, productCount }) => ({ ...ref, productCount }))
      const { ref, productCount, path } = node
      return { status: 200, body: { ...ref, productCount, breadcrumbs: [...path], children } }
    }),
    bind(changeOffer, async ({ params, body }, context) => {
      const expectedVersion = readIfMatch(context)
      return { status: 200, body: await deps.change({ ...params, ...body, expectedVersion }) }
    }),
  ]
}

/** Asked by every page, answered the same for minutes. */
function rememberMarkets({ pricing, clock }: Pick<Deps, 'pricing' | 'clock'>) {
  const known = new Map<string, Readonly<{ market: Market; until: number }>>()
  type Asked = Readonly<{ currency?: string | undefined; country?: string | undefined }>
  return async ({ currency, country }: Asked): Promise<Market> => {
    const name = `${currency ?? ''} ${country ?? ''}`
    const kept = known.get(name)
    if (kept && kept.until > clock.monotonicMs()) return kept.market
    const market = await pricing.market({ currency, country })
    if (known.size > 10_000) known.clear()
    known.set(name, { market, until: clock.monotonicMs() + LIFETIMES_MS.market })
    return market
  }
}

/** Whether the caller has this version already (RFC 9110, 13.1.2). */
function namesEtag({ headers }: CallContext, etag: string): boolean {
  const given = headers['if-none-match']
  if (typeof given !== 'string') return false
  return given === etag || given.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
}

/** The version in `If-Match: "7"`. @throws validation_failed if it is no version. */
function readIfMatch({ headers }: CallContext): number | undefined {
  const given = headers['if-match']
  if (given === undefined || given === '*') return undefined
  const match = /^"?(\d{1,9})"?$/.exec(String(given))
  if (match) return Number(match[1])
  throw generalProblem('validation_failed', {
    errors: [{ path: 'headers.If-Match', message: 'is not a version, such as "7"' }],
  })
}

import {
  changeOffer,
  followProducts,
  getCategory,
  getProduct,
  listCategories,
  listProducts,
} from '#contracts/catalog/routes.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Binding, bind, type CallContext } from '../../platform/http/binding.ts'
import { changeBy, namesEtag } from '../../platform/http/etag.ts'
import type { Market, PricingApi } from '../pricing/index.ts'
import type { CatalogApi } from './api.ts'
import { type CategoryTree, toCategoryNodes } from './category-tree.ts'
import type { DocumentCache, DocumentKey, ProductDocument } from './documents/document-cache.ts'
import type { OfferChange } from './flows/change-offer.ts'
import { LIFETIMES_MS } from './lifetimes.ts'
import type { LiveHub } from './live/hub.ts'
import { chooseLocale } from './localization.ts'

/** A product's page was served to this caller. */
export type OnView = (view: Readonly<{ productId: string; context: CallContext }>) => void

type Deps = Readonly<{
  api: CatalogApi
  documents: DocumentCache
  live: Pick<LiveHub, 'watch'>
  categories: CategoryTree
  pricing: PricingApi
  clock: Clock
  change(change: OfferChange): Promise<{ offerId: string; version: number }>
  /** Told of each product page that is served; must not throw. */
  onView?: OnView | undefined
}>

const DEEPEST = 8

export function createRoutes(deps: Deps): Binding[] {
  const { api, documents, categories } = deps
  const { marketOf, marketNow } = rememberMarkets(deps)

  /** The document in the reader's language, if the product is translated at all. */
  async function inLanguage(
    found: ProductDocument,
    market: Omit<DocumentKey, 'reference'>,
    wanted: string | undefined,
    { headers }: CallContext,
  ): Promise<ProductDocument> {
    const locale = localeFor(found, wanted, headers)
    if (locale === undefined) return found
    const reference = found.productId
    return (await documents.get({ ...market, reference, locale })) ?? found
  }

  const view = ({ productId }: ProductDocument, context: CallContext) =>
    deps.onView?.({ productId, context })

  return [
    bind(
      getProduct,
      async ({ params, query }, context) => {
        const { currency, country } = await marketOf(query)
        const found = await documents.get({ reference: params.id, currency, country })
        if (!found) throw generalProblem('not_found')
        const document = await inLanguage(found, { currency, country }, query.locale, context)
        view(document, context)
        return show(document, context.headers)
      },
      ({ params, query }, headers) => {
        const market = marketNow(query)
        if (!market) return undefined
        const { currency, country } = market
        const key = { reference: params.id, currency, country }
        const found = documents.peek(key)
        const locale = found && localeFor(found, query.locale, headers)
        const document = locale === undefined ? found : documents.peek({ ...key, locale })
        if (!document) return undefined
        return { ...show(document, headers), given: (context) => view(document, context) }
      },
    ),
    bind(listProducts, async ({ query }) => {
      const { currency, country } = await marketOf(query)
      const { ids, locale } = query
      const items = await api.listProducts({ ids, currency, country, locale })
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(followProducts, async ({ query }, { headers, remoteAddress: address }) => {
      const { currency, country } = await marketOf(query)
      const lastPosition = readPosition(headers['last-event-id'])
      const productIds = query.products
      const watch = { productIds, currency, country, lastPosition, address }
      return { status: 200, body: deps.live.watch(watch), headers: EVENT_STREAM }
    }),
    bind(listCategories, async ({ query }) => {
      const depth = Number(query.depth ?? DEEPEST)
      const items = toCategoryNodes(await categories.roots(), depth)
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(getCategory, async ({ params }) => {
      const node = await categories.find(params.idOrSlug)
      if (!node?.isActive) throw generalProblem('not_found')
      const children = node.children.map(({ ref, productCount }) => ({ ...ref, productCount }))
      const { ref, productCount, path } = node
      return { status: 200, body: { ...ref, productCount, breadcrumbs: [...path], children } }
    }),
    bind(changeOffer, async ({ params, body }, context) => {
      const by = changeBy(context)
      return { status: 200, body: await deps.change({ ...params, ...body, ...by }) }
    }),
  ]
}

function localeFor(
  { locales }: ProductDocument,
  wanted: string | undefined,
  headers: CallContext['headers'],
): string | undefined {
  return chooseLocale(locales, wanted, headers['accept-language']?.toString())
}

/** The page's data, or that the caller has it. */
function show({ etag, body, locales }: ProductDocument, headers: CallContext['headers']) {
  // Whoever keeps a translated page must not give it to readers of another language.
  const told = locales.length > 0 ? { etag, vary: 'accept-language' } : { etag }
  if (namesEtag({ headers }, etag)) return { status: 304, body: undefined, headers: told } as const
  return { status: 200, body: { rawJson: body }, headers: told } as const
}

const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
}

/** What a browser says when it comes back; anything else is as if it came for the first time. */
function readPosition(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
}

/** Asked by every page, answered the same for minutes. */
function rememberMarkets({ pricing, clock }: Pick<Deps, 'pricing' | 'clock'>) {
  const known = new Map<string, Readonly<{ market: Market; until: number }>>()
  type Asked = Readonly<{ currency?: string | undefined; country?: string | undefined }>
  const nameOf = ({ currency, country }: Asked) => `${currency ?? ''} ${country ?? ''}`

  /** The market if it is known already. */
  function marketNow(asked: Asked): Market | undefined {
    const kept = known.get(nameOf(asked))
    return kept && kept.until > clock.monotonicMs() ? kept.market : undefined
  }

  async function marketOf(asked: Asked): Promise<Market> {
    const kept = marketNow(asked)
    if (kept) return kept
    const market = await pricing.market({ currency: asked.currency, country: asked.country })
    if (known.size > 10_000) known.clear()
    known.set(nameOf(asked), { market, until: clock.monotonicMs() + LIFETIMES_MS.market })
    return market
  }
  return { marketOf, marketNow }
}

import type { CategoryRef, ProductSummary } from '#contracts/catalog/schemas.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Log } from '../../platform/log.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { amountsOf, type Labels, NO_LABELS, shownBy, toFacets } from './answer.ts'
import type { SearchApi, SearchInput, SearchStats } from './api.ts'
import type { Facets, SearchResult as Found, SearchQuery } from './engine/index.ts'
import { type Bounds, boundsInBase } from './exchange.ts'
import type { Keeper } from './keeper.ts'
import { assertAnswerable, toSearchQuery } from './query.ts'
import type { QueryLog } from './query-log.ts'
import type { ResultCache } from './result-cache.ts'
import type { Source } from './source.ts'
import type { Titles } from './titles.ts'

type Deps = Readonly<{
  catalog: CatalogApi
  pricing: PricingApi
  keeper: Keeper
  source: Source
  titles: Titles
  cache: ResultCache<Found>
  queryLog: QueryLog
  attributeLabels(): Promise<ReadonlyMap<string, string>>
  outbox: Outbox
  clock: Clock
  log: Log
}>

type Category = Awaited<ReturnType<CatalogApi['getCategory']>>

const SUGGESTED_PRODUCTS = 5

/** Searches and suggestions over the index; over names in the database while there is none. */
export function createService(deps: Deps): SearchApi {
  const { catalog, pricing, keeper, source, titles, cache, queryLog, clock, log } = deps
  const counts = { searches: 0, degraded: 0 }

  async function boundsOf(input: SearchInput, base: string): Promise<Bounds> {
    const { minPrice: min, maxPrice: max, currency } = input
    if (min === undefined && max === undefined) return {}
    const { rate } = await pricing.rate({ from: base, to: currency })
    return boundsInBase({ min, max }, { rate, base, currency })
  }

  async function ask(query: SearchQuery): Promise<Found | null> {
    const index = keeper.index()
    if (!index) return null
    const key = JSON.stringify(query)
    return orNull(cache.get(key, keeper.version(), () => index.search(query)))
  }

  /** What the index answers; null if it cannot. */
  async function orNull<Answer>(answer: Promise<Answer>): Promise<Answer | null> {
    try {
      return await answer
    } catch (error) {
      if (error instanceof Problem) throw error
      log.error({ error: String(error) }, 'the search index did not answer')
      return null
    }
  }

  const itemsOf = (
    ids: readonly string[],
    { currency, country }: SearchInput,
  ): Promise<ProductSummary[]> =>
    ids.length === 0 ? Promise.resolve([]) : catalog.listProducts({ ids, currency, country })

  async function labelsOf(
    facets: Facets | null,
    input: SearchInput,
    chosen: Category | undefined,
    base: string,
  ): Promise<Labels> {
    const amounts = amountsOf(facets)
    const prices = amounts.map((amount) => ({ amount, currency: base }))
    const [categories, attributes, shown] = await Promise.all([
      Promise.all((facets?.categories ?? []).map(({ value }) => findCategory(catalog, value))),
      deps.attributeLabels(),
      prices.length > 0 ? pricing.display({ prices, currency: input.currency }) : [],
    ])
    const known = categories.filter((category) => category !== undefined)
    const near = known.filter(({ path }) => chosen && path.at(-2)?.id === chosen.id)
    return {
      categories: new Map(known.map((category): [string, CategoryRef] => [category.id, category])),
      branch: new Set([...(chosen?.path ?? []), ...near].map(({ id }) => id)),
      attributes,
      shown: shownBy(amounts, shown),
    }
  }

  async function search(input: SearchInput): Promise<SearchResult> {
    assertAnswerable(input)
    counts.searches += 1
    const startedAt = clock.monotonicMs()
    const chosen = input.category
      ? await catalog.getCategory({ idOrSlug: input.category })
      : undefined
    const base = await source.baseCurrency()
    const bounds = await boundsOf(input, base)
    const query = toSearchQuery(input, { categoryId: chosen?.id, bounds, baseCurrency: base })
    const found = await ask(query)
    const note = (total: number, correctedQuery: string | null) => {
      const tookMs = clock.monotonicMs() - startedAt
      queryLog.note({ query, total, tookMs, correctedQuery, degraded: !found })
    }
    if (!found) {
      const result = await searchTitles(input, query, chosen)
      note(result.total, null)
      return result
    }
    note(found.total, found.correctedQuery)
    const [items, labels] = await Promise.all([
      itemsOf(
        found.hits.map(({ id }) => id),
        input,
      ),
      labelsOf(found.facets, input, chosen, base),
    ])
    return {
      ...pageOf(input, found.total),
      items,
      facets: toFacets(found.facets, input, labels),
      ...(found.correctedQuery !== null && { correctedQuery: found.correctedQuery }),
      ...(found.droppedWords.length > 0 && { relaxed: [...found.droppedWords] }),
    }
  }

  async function searchTitles(
    input: SearchInput,
    query: SearchQuery,
    chosen: Category | undefined,
  ): Promise<SearchResult> {
    counts.degraded += 1
    const brands = query.filters?.brands
    const ids = await titles.find({ text: query.text ?? '', categoryId: chosen?.id, brands })
    const from = (input.page - 1) * input.limit
    return {
      ...pageOf(input, ids.length),
      items: await itemsOf(ids.slice(from, from + input.limit), input),
      facets: toFacets(null, input, NO_LABELS),
      degraded: true,
    }
  }

  async function suggest({ q, limit }: Readonly<{ q: string; limit: number }>) {
    const text = q.trimStart()
    const index = keeper.index()
    const found = index && text ? await orNull(index.suggest({ text, limit })) : null
    const ids = found?.productIds ?? (text ? await titles.find({ text }) : [])
    const market = await pricing.market({})
    const [products, categories] = await Promise.all([
      catalog.listProducts({ ids: ids.slice(0, SUGGESTED_PRODUCTS), ...market }),
      Promise.all(
        (found?.categories ?? []).map(async ({ id, count }) => {
          const category = await findCategory(catalog, id)
          return category ? [{ id, slug: category.slug, name: category.name, count }] : []
        }),
      ),
    ])
    return {
      completions: [...(found?.completions ?? [])],
      categories: categories.flat(),
      products: products.map(({ id, slug, name, image }) => ({
        id,
        slug,
        name,
        ...(image === undefined ? {} : { image }),
      })),
    }
  }

  async function stats(): Promise<SearchStats> {
    const index = keeper.index()
    const figures = index && (await index.figures())
    const head = await deps.outbox.head()
    return {
      documents: figures?.documents ?? 0,
      segments: figures?.segments ?? 0,
      deleted: figures?.deleted ?? 0,
      bytes: figures?.bytes ?? 0,
      eventsBehind: head - (index?.cursor()?.position ?? 0),
      mended: keeper.mended(),
      building: keeper.building(),
      serving: index !== null,
      searches: counts.searches,
      degradedSearches: counts.degraded,
      cacheHits: cache.hits(),
      forgottenQueries: queryLog.forgotten(),
    }
  }

  return {
    search,
    suggest,
    stats,
    rebuild: async ({ onProgress }) => ({ documents: await keeper.rebuild(onProgress) }),
    verify: keeper.verify,
  }
}

/** A category that is gone since is undefined. */
function findCategory(catalog: CatalogApi, id: string): Promise<Category | undefined> {
  return catalog.getCategory({ idOrSlug: id }).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  })
}

/** The last position that can be asked for; further pages are refused. */
const MOST_LISTED = 10_000

function pageOf({ page, limit, currency }: SearchInput, total: number) {
  const more = page * limit < total && (page + 1) * limit <= MOST_LISTED
  return { total, page, limit, currency, nextCursor: more ? String(page + 1) : null }
}

import type { CategoryRef, ProductSummary } from '#contracts/catalog/schemas.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { amountsOf, type Labels, NO_LABELS, shownBy, toFacets } from './answer.ts'
import type { SearchInput } from './api.ts'
import { type Category, findCategory, orNull } from './asking.ts'
import { chooseCategories } from './category-tree.ts'
import {
  type CategoryFacetValue,
  type Facets,
  type SearchResult as Found,
  MAX_POSITION,
  type SearchQuery,
} from './engine/index.ts'
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
  clock: Clock
  log: Log
}>

/** Searches the index; names in the database while there is none. */
export function createSearcher(deps: Deps): (input: SearchInput) => Promise<SearchResult> {
  const { catalog, keeper, source, cache, queryLog, clock } = deps

  async function ask(query: SearchQuery): Promise<Found | null> {
    const index = keeper.index()
    if (!index) return null
    const key = JSON.stringify(query)
    return orNull(
      cache.get(key, keeper.version(), () => index.search(query)),
      deps.log,
    )
  }

  return async (input: SearchInput) => {
    assertAnswerable(input)
    const startedAt = clock.monotonicMs()
    const chosen = input.category
      ? await catalog.getCategory({ idOrSlug: input.category })
      : undefined
    const base = await source.baseCurrency()
    const bounds = await boundsOf(deps, input, base)
    const query = toSearchQuery(input, { categoryId: chosen?.id, bounds, baseCurrency: base })
    const found = await ask(query)
    const note = (total: number, correctedQuery: string | null) => {
      if (input.explain) return
      const tookMs = clock.monotonicMs() - startedAt
      queryLog.note({ query, total, tookMs, correctedQuery, degraded: !found })
    }
    if (!found) {
      const result = await searchTitles(deps, input, query, chosen)
      note(result.total, null)
      return result
    }
    note(found.total, found.correctedQuery)
    const tree = chooseCategories(found.facets?.categories ?? [], chosen?.id)
    const [items, labels] = await Promise.all([
      itemsOf(
        deps,
        found.hits.map(({ id }) => id),
        input,
      ).then((items) => explained(items, found)),
      labelsOf(deps, found.facets, tree, { currency: input.currency, base }),
    ])
    return {
      ...pageOf(input, found.total),
      items,
      facets: toFacets(found.facets, input, labels, tree),
      ...(found.correctedQuery !== null && { correctedQuery: found.correctedQuery }),
      ...(found.droppedWords.length > 0 && { relaxed: [...found.droppedWords] }),
    }
  }
}

async function boundsOf({ pricing }: Deps, input: SearchInput, base: string): Promise<Bounds> {
  const { minPrice: min, maxPrice: max, currency } = input
  if (min === undefined && max === undefined) return {}
  const { rate } = await pricing.rate({ from: base, to: currency })
  return boundsInBase({ min, max }, { rate, base, currency })
}

function itemsOf(
  { catalog }: Deps,
  ids: readonly string[],
  { currency, country }: SearchInput,
): Promise<ProductSummary[]> {
  if (ids.length === 0) return Promise.resolve([])
  return catalog.listProducts({ ids: [...ids], currency, country })
}

/** With the index's explanations, if it was asked for them. */
function explained(items: readonly ProductSummary[], { hits }: Found): SearchResult['items'] {
  const explanations = new Map(hits.map(({ id, explanation }) => [id, explanation]))
  return items.map((item) => {
    const explanation = explanations.get(item.id)
    if (!explanation) return item
    const { words, boosts, ...rest } = explanation
    return { ...item, explain: { ...rest, words: [...words], boosts: { ...boosts } } }
  })
}

/** The names that people read, and the amounts that this shopper is shown. */
async function labelsOf(
  { catalog, pricing, attributeLabels }: Deps,
  facets: Facets | null,
  tree: readonly CategoryFacetValue[],
  { currency, base }: Readonly<{ currency: string; base: string }>,
): Promise<Labels> {
  const amounts = amountsOf(facets)
  const prices = amounts.map((amount) => ({ amount, currency: base }))
  const [categories, attributes, shown] = await Promise.all([
    Promise.all(tree.map(({ value }) => findCategory(catalog, value))),
    attributeLabels(),
    prices.length > 0 ? pricing.display({ prices, currency }) : [],
  ])
  const known = categories.filter((category) => category !== undefined)
  return {
    categories: new Map(known.map((category): [string, CategoryRef] => [category.id, category])),
    attributes,
    shown: shownBy(amounts, shown),
  }
}

async function searchTitles(
  deps: Deps,
  input: SearchInput,
  query: SearchQuery,
  chosen: Category | undefined,
): Promise<SearchResult> {
  const brands = query.filters?.brands
  const ids = await deps.titles.find({ text: query.text ?? '', categoryId: chosen?.id, brands })
  const from = (input.page - 1) * input.limit
  return {
    ...pageOf(input, ids.length),
    items: await itemsOf(deps, ids.slice(from, from + input.limit), input),
    facets: toFacets(null, input, NO_LABELS),
    degraded: true,
  }
}

function pageOf({ page, limit, currency }: SearchInput, total: number) {
  const more = page * limit < total && (page + 1) * limit <= MAX_POSITION
  return { total, page, limit, currency, nextCursor: more ? String(page + 1) : null }
}

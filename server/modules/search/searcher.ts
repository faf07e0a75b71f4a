import type { CategoryRef, ProductSummary } from '#contracts/catalog/schemas.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import type { SearchRule } from '#contracts/search/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Ids } from '../../platform/ids.ts'
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
  type SearchPlace,
  type SearchQuery,
} from './engine/index.ts'
import { type Bounds, boundsInBase } from './exchange.ts'
import { questionsInstead } from './instead.ts'
import type { Keeper } from './keeper.ts'
import { type Moved, mayArrange, searchArranged } from './merchandising/arrange.ts'
import type { MerchandiseKeeper } from './merchandising/keeper.ts'
import { rankingsOf, redirectOf } from './merchandising/model.ts'
import { encodePlace } from './place.ts'
import { assertAnswerable, toSearchQuery } from './query.ts'
import type { QueryLog } from './query-log/searches.ts'
import type { ResultCache } from './result-cache.ts'
import type { Source } from './source.ts'
import type { Titles } from './titles.ts'
import { respell } from './wording.ts'

type Deps = Readonly<{
  catalog: CatalogApi
  pricing: PricingApi
  keeper: Keeper
  source: Source
  titles: Titles
  cache: ResultCache<Found>
  queryLog: QueryLog
  merchandise: MerchandiseKeeper
  ids: Ids
  attributeLabels(): Promise<ReadonlyMap<string, string>>
  clock: Clock
  log: Log
}>

/** @param rules that hold, in the place of those whose time it is */
export type Searcher = (input: SearchInput, rules?: readonly SearchRule[]) => Promise<SearchResult>

/** Searches the index; names in the database while there is none. */
export function createSearcher(deps: Deps): Searcher {
  const { catalog, source, clock } = deps
  return async (input, givenRules) => {
    assertAnswerable(input)
    const startedAt = clock.monotonicMs()
    const chosen = input.category
      ? await catalog.getCategory({ idOrSlug: input.category })
      : undefined
    const base = await source.baseCurrency()
    const bounds = await boundsOf(deps, input, base)
    const merchandise = deps.merchandise.current()
    const query = toSearchQuery(input, {
      categoryId: chosen?.id,
      bounds,
      baseCurrency: base,
      synonyms: merchandise.synonymsFor(input.q, input.locale),
    })
    const question = { text: input.q, categoryId: chosen?.id, at: clock.now() }
    const rules = givenRules ?? merchandise.rulesFor(question)
    const answer = await ask(deps, query, rules)
    const queryId = ((input.page > 1 || input.after) && input.queryId) || deps.ids.make('qry')
    const redirect = redirectOf(rules)
    const told = { queryId, ...(redirect !== undefined && { redirect }) }
    const result = answer
      ? { ...told, ...(await tell(deps, input, { query, answer, base, chosen })) }
      : { ...told, ...(await searchTitles(deps, input, query, chosen)) }
    note(deps, { input, query, result, tookMs: clock.monotonicMs() - startedAt })
    return result
  }
}

/** `next` is there when the order is the index's own. */
type Answer = Readonly<{ found: Found; moved: readonly Moved[]; next?: Found['next'] }>

/** The index's answer, arranged by the rules; null while there is no index. */
async function ask(
  deps: Deps,
  query: SearchQuery,
  rules: readonly SearchRule[],
): Promise<Answer | null> {
  const { keeper, cache, catalog, log } = deps
  const one = async (asked: SearchQuery): Promise<Found | null> => {
    const index = keeper.index()
    if (!index) return null
    const key = JSON.stringify(asked)
    return orNull(
      cache.get(key, keeper.version(), () => index.search(asked)),
      log,
    )
  }
  const rankings = mayArrange(query) && !query.after ? rankingsOf(rules) : []
  if (rankings.length > 0) {
    return searchArranged({
      query,
      rankings,
      ask: one,
      soldOf: (ids) => soldOf(deps, ids),
      pathOf: async (id) => (await findCategory(catalog, id))?.path.map((each) => each.id) ?? [],
    })
  }
  const found = await one(query)
  return found && { found, moved: [], next: found.next }
}

async function soldOf({ catalog, pricing }: Deps, ids: readonly string[]) {
  const items = await catalog.listProducts({ ids, ...(await pricing.market({})) })
  return new Set(items.map(({ id }) => id))
}

/** A search is logged once: not its further pages, nor what operators try. */
function note(
  { queryLog }: Deps,
  {
    input,
    query,
    result,
    tookMs,
  }: Readonly<{ input: SearchInput; query: SearchQuery; result: SearchResult; tookMs: number }>,
): void {
  if (!input.asker || input.page > 1 || input.after) return
  const { queryId: id, total, correctedQuery = null, degraded = false } = result
  queryLog.note({ id, query, total, tookMs, correctedQuery, degraded, ...input.asker })
}

type Answered = Readonly<{ answer: Answer; base: string; chosen: Category | undefined }>

/** What was found, what was done with the words for it, and what there is in its place when it is nothing. */
async function tell(
  deps: Deps,
  input: SearchInput,
  { query, ...answered }: Answered & Readonly<{ query: SearchQuery }>,
) {
  const page = await present(deps, input, answered)
  const { correctedQuery, ...words } = said(answered.answer, input)
  const names = page.items.map(({ name }) => name)
  const { languages = [] } = query
  const isNothing = page.total === 0 && input.page === 1 && !input.after
  const instead = isNothing ? await tellInstead(deps, input, { query, ...answered }) : undefined
  return {
    ...page,
    ...words,
    ...(correctedQuery !== null && { correctedQuery: respell(correctedQuery, names, languages) }),
    ...(instead && { instead }),
  }
}

/** The first of the other questions that finds anything; undefined in an empty shop. */
async function tellInstead(
  deps: Deps,
  input: SearchInput,
  { query, base, chosen }: Answered & Readonly<{ query: SearchQuery }>,
): Promise<SearchResult['instead']> {
  for (const { reason, query: other } of questionsInstead(query)) {
    const answer = await ask(deps, other, [])
    if (!answer || answer.found.total === 0) continue
    const { items, facets } = await present(deps, input, { answer, base, chosen })
    return { reason, items, categories: facets.category.values }
  }
  return undefined
}

async function present(
  deps: Deps,
  input: SearchInput,
  { answer: { found, next }, base, chosen }: Answered,
) {
  const tree = chooseCategories(found.facets?.categories ?? [], chosen?.id)
  const ids = found.hits.map(({ id }) => id)
  const [items, labels] = await Promise.all([
    itemsOf(deps, ids, input),
    labelsOf(deps, found.facets, tree, { currency: input.currency, base }),
  ])
  return {
    ...pageOf(input, found.total, next),
    items: explained(items, found),
    facets: toFacets(found.facets, input, labels, tree),
  }
}

/** What was done with the words, and by which rules. */
function said({ found, moved }: Answer, { explain }: SearchInput) {
  return {
    ...(found.facets?.approximate && { facetsApproximate: true }),
    correctedQuery: found.correctedQuery,
    ...(found.droppedWords.length > 0 && { relaxed: [...found.droppedWords] }),
    ...(explain && {
      rules: moved.map(({ ranking: { rule, effect }, productIds }) => ({
        id: rule.id,
        name: rule.name,
        kind: effect.kind,
        productIds: [...productIds],
      })),
    }),
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
  { currency, country, locale }: SearchInput,
): Promise<ProductSummary[]> {
  if (ids.length === 0) return Promise.resolve([])
  return catalog.listProducts({ ids: [...ids], currency, country, locale })
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
) {
  const brands = query.filters?.brands
  const ids = await deps.titles.find({ text: query.text ?? '', categoryId: chosen?.id, brands })
  const from = (input.page - 1) * input.limit
  return {
    ...pageOf(input, ids.length),
    items: await itemsOf(deps, ids.slice(from, from + input.limit), input),
    facets: toFacets(null, input, NO_LABELS),
    degraded: true as const,
  }
}

function pageOf(
  { page, limit, currency }: SearchInput,
  total: number,
  next?: SearchPlace | null | undefined,
) {
  const more = page * limit < total && (page + 1) * limit <= MAX_POSITION
  const numbered = more ? String(page + 1) : null
  const nextCursor = next === undefined ? numbered : next && encodePlace(next)
  return { total, page, limit, currency, nextCursor }
}

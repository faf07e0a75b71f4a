import type { FacetRequest, Facets, FacetValue, Market, SearchFilters } from '../engine/index.ts'
import { PRICE_STEPS, RATING_UNIT } from '../engine/segment/live.ts'
import type { Directory } from './directory.ts'
import {
  allOf,
  type Clause,
  type FacetName,
  type Filters,
  otherFilters,
  otherGroups,
} from './filters.ts'
import { PART, priceField } from './mapping.ts'

const DEFAULT_VALUES = 20
const DEFAULT_ATTRIBUTES = 8
const DEFAULT_CATEGORIES = 100
/** Options that are looked at for the attributes that help most to choose. */
const MOST_OPTIONS = 1_000
const MOST_STARS = 4

type Bucket = Readonly<{ key: string; doc_count: number; products?: { doc_count: number } }>
type Answer = Readonly<Record<string, unknown>>

/** What is asked of the index for the facets, and how its answer is read. */
export type FacetPlan = Readonly<{
  aggregations: Readonly<Record<string, Clause>>
  read(answer: unknown): Facets
}>

type Deps = Readonly<{
  request: FacetRequest
  filters: SearchFilters
  compiled: Filters
  market: Market | undefined
  directory: Directory
}>

export function planFacets(deps: Deps): FacetPlan {
  const { compiled, filters } = deps
  const under = (facet: FacetName | null, aggs: Readonly<Record<string, Clause>>): Clause => ({
    filter: allOf(otherFilters(compiled, facet)),
    aggs,
  })
  const selected = (filters.attributes ?? []).filter(({ values }) => values.length > 0)
  const price = deps.market && `${priceField(deps.market)}.amount`
  return {
    aggregations: {
      category: under('category', categoryCounts(deps)),
      brand: under('brand', brandCounts(deps)),
      ...(price && { price: under('price', priceCounts(price)) }),
      rating: under('rating', { stars: starCounts() }),
      attributes: under(null, optionCounts(compiled)),
      ...Object.fromEntries(
        selected.map(({ name }, place) => [
          `attribute_${place}`,
          under({ attribute: name }, ownOptionCounts(compiled, name)),
        ]),
      ),
    },
    read: (answer) => readFacets(deps, answer as Answer),
  }
}

function categoryCounts({ request, filters, directory }: Deps): Record<string, Clause> {
  const told = toldCategories(filters, directory)
  return {
    best: { terms: { field: 'categories', size: request.categories ?? DEFAULT_CATEGORIES } },
    ...(told.length > 0 && {
      told: { terms: { field: 'categories', size: told.length, include: told } },
    }),
  }
}

/** Categories that are told whatever their rank. */
function toldCategories({ categories = [] }: SearchFilters, directory: Directory): string[] {
  return [...new Set([...categories, ...directory.nearTo(categories)])]
}

function brandCounts({ request, filters: { brands = [] } }: Deps): Record<string, Clause> {
  return {
    best: { terms: { field: 'brand', size: request.values ?? DEFAULT_VALUES } },
    ...(brands.length > 0 && {
      told: { terms: { field: 'brand', size: brands.length, include: brands } },
    }),
  }
}

function priceCounts(field: string): Record<string, Clause> {
  const ranges = PRICE_STEPS.map((from, place) => ({ from, to: PRICE_STEPS[place + 1] }))
  return {
    min: { min: { field } },
    max: { max: { field } },
    steps: { range: { field, ranges } },
  }
}

function starCounts(): Clause {
  const ranges = Array.from({ length: MOST_STARS }, (_, star) => ({
    from: (star + 1) * RATING_UNIT,
  }))
  return { range: { field: 'rating', ranges } }
}

/** Without a choice of options each product counts by its own list, else by its variants that fit. */
function optionCounts({ groups }: Filters): Record<string, Clause> {
  if (groups.length === 0) return { options: { terms: { field: 'options', size: MOST_OPTIONS } } }
  return variantCounts(groups, { size: MOST_OPTIONS })
}

function ownOptionCounts({ groups }: Filters, name: string): Record<string, Clause> {
  const include = `${escapeExpression(name)}${PART}.*`
  return variantCounts(otherGroups(groups, { attribute: name }), { size: MOST_OPTIONS, include })
}

function variantCounts(groups: Filters['groups'], terms: object): Record<string, Clause> {
  const options = {
    terms: { field: 'variants.options', ...terms },
    aggs: { products: { reverse_nested: {} } },
  }
  const fitting = { filter: allOf(groups.map(({ clause }) => clause)), aggs: { options } }
  return { variants: { nested: { path: 'variants' }, aggs: { fitting } } }
}

/** Lucene's regular expressions know more signs than others do. */
function escapeExpression(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '\\$&')
}

type Counted = Readonly<{ value: string; count: number }>

function countsOf(terms: unknown): Counted[] {
  const { buckets } = terms as { buckets: readonly Bucket[] }
  return buckets.map(({ key, doc_count: count, products }) => ({
    value: key,
    count: products?.doc_count ?? count,
  }))
}

function readFacets(deps: Deps, answer: Answer): Facets {
  const { filters, request, directory } = deps
  const limit = request.values ?? DEFAULT_VALUES
  const categories = rank(answer['category'], {
    limit: request.categories ?? DEFAULT_CATEGORIES,
    selected: filters.categories ?? [],
    told: toldCategories(filters, directory),
  })
  return {
    approximate: false,
    categories: categories.map((each) => ({
      ...each,
      parent: directory.category(each.value)?.parent ?? null,
    })),
    brands: rank(answer['brand'], { limit, selected: filters.brands ?? [] }),
    price: readPrices(answer['price'] as PriceCounts | undefined),
    ratings: readRatings(answer['rating'] as RatingCounts),
    attributes: readAttributes(deps, answer, limit),
  }
}

function rank(
  answer: unknown,
  {
    limit,
    selected,
    told = selected,
  }: Readonly<{ limit: number; selected: readonly string[]; told?: readonly string[] }>,
): FacetValue[] {
  const { best, told: also } = answer as { best: unknown; told?: unknown }
  return rankValues([...countsOf(best), ...(also ? countsOf(also) : [])], { limit, selected, told })
}

/** The most frequent values, and those that are told whatever their rank. */
function rankValues(
  counted: readonly Counted[],
  {
    limit,
    selected,
    told,
  }: Readonly<{ limit: number; selected: readonly string[]; told: readonly string[] }>,
): FacetValue[] {
  const counts = new Map(told.map((value) => [value, 0]))
  for (const { value, count } of counted) counts.set(value, count)
  const [always, chosen] = [new Set(told), new Set(selected)]
  return [...counts]
    .map(([value, count]) => ({ value, count, selected: chosen.has(value) }))
    .filter(({ value }) => value !== '')
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .filter(({ value }, place) => place < limit || always.has(value))
}

type PriceCounts = Readonly<{
  min: { value: number | null }
  max: { value: number | null }
  steps: { buckets: readonly Readonly<{ doc_count: number }>[] }
}>

function readPrices(counts: PriceCounts | undefined): Facets['price'] {
  if (!counts || counts.min.value === null || counts.max.value === null) return null
  const buckets = PRICE_STEPS.map((from, place) => ({
    from,
    to: PRICE_STEPS[place + 1] ?? Number.MAX_SAFE_INTEGER,
    count: counts.steps.buckets[place]?.doc_count ?? 0,
  }))
  const filled = buckets.filter(({ count }) => count > 0)
  const [first, last] = [filled[0]?.from ?? 0, filled.at(-1)?.from ?? -1]
  return {
    min: counts.min.value,
    max: counts.max.value,
    buckets: buckets.filter(({ from }) => from >= first && from <= last),
  }
}

type RatingCounts = Readonly<{
  stars: { buckets: readonly Readonly<{ from: number; doc_count: number }>[] }
}>

function readRatings({ stars }: RatingCounts): Facets['ratings'] {
  return stars.buckets
    .map(({ from, doc_count: count }) => ({ atLeast: from / RATING_UNIT, count }))
    .sort((a, b) => b.atLeast - a.atLeast)
}

type OptionAnswer = Readonly<{ options?: unknown; variants?: { fitting: { options: unknown } } }>

/** Counts by attribute, then by value. */
function byAttribute(answer: unknown): Map<string, Counted[]> {
  const { options, variants } = answer as OptionAnswer
  const attributes = new Map<string, Counted[]>()
  for (const { value: option, count } of countsOf(options ?? variants?.fitting.options)) {
    const border = option.indexOf(PART)
    const name = option.slice(0, border)
    const known = attributes.get(name) ?? []
    known.push({ value: option.slice(border + 1), count })
    attributes.set(name, known)
  }
  return attributes
}

/** An attribute helps to choose when many products have it, in several values, none of them rare. */
function usefulness(values: readonly Counted[]): number {
  const total = values.reduce((sum, { count }) => sum + count, 0)
  const most = Math.max(0, ...values.map(({ count }) => count))
  return values.length < 2 ? 0 : total * (1 - most / total) * Math.min(1, 40 / values.length)
}

function readAttributes(
  { request, filters }: Deps,
  answer: Answer,
  limit: number,
): Facets['attributes'] {
  const selected = (filters.attributes ?? []).filter(({ values }) => values.length > 0)
  const names = new Set(selected.map(({ name }) => name))
  const chosen = [...byAttribute(answer['attributes'])]
    .filter(([name, values]) => !names.has(name) && usefulness(values) > 0)
    .sort(([a, x], [b, y]) => usefulness(y) - usefulness(x) || (a < b ? -1 : 1))
    .slice(0, request.attributes ?? DEFAULT_ATTRIBUTES)
  return [
    ...selected.map(({ name, values }, place) => {
      const counted = byAttribute(answer[`attribute_${place}`]).get(name) ?? []
      return { name, values: rankValues(counted, { limit, selected: values, told: values }) }
    }),
    ...chosen.map(([name, values]) => ({
      name,
      values: rankValues(values, { limit, selected: [], told: [] }),
    })),
  ]
}

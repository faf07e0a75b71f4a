import type { CategoryRef } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import type { SearchInput } from './api.ts'
import type { CategoryFacetValue, FacetValue as EngineValue, Facets } from './engine/index.ts'

type ContractFacets = SearchResult['facets']
type Value = ContractFacets['brand']['values'][number]

/** What people read in the place of what the index knows. */
export type Labels = Readonly<{
  /** By id; one that is gone has no name and is not shown. */
  categories: ReadonlyMap<string, CategoryRef>
  attributes: ReadonlyMap<string, string>
  /** The index's amount as shown to this shopper. */
  shown(amount: number): number
}>

/** All amounts of the facets that have to be shown in the shopper's currency. */
export function amountsOf(facets: Facets | null): number[] {
  const price = facets?.price
  if (!price) return []
  return [price.min, price.max, ...bordersOf(price).flatMap(({ from, to }) => [from, to])]
}

/** The last bucket has no end; it is told to end above the dearest product. */
function bordersOf({ buckets, max }: NonNullable<Facets['price']>) {
  return buckets.map((bucket) => ({ ...bucket, to: Math.min(bucket.to, max + 1) }))
}

/** @param shown the categories of the page's tree, in its order */
export function toFacets(
  facets: Facets | null,
  input: SearchInput,
  labels: Labels,
  shown: readonly CategoryFacetValue[] = [],
): ContractFacets {
  return {
    category: { name: 'category', label: 'Category', values: toCategories(shown, labels) },
    brand: {
      name: 'brand',
      label: 'Brand',
      values: toValues(facets?.brands ?? [], input.brand ?? []),
    },
    price: toPrice(facets, labels),
    rating: { name: 'rating', label: 'Rating', values: toRatings(facets, input) },
    attributes: (facets?.attributes ?? []).map(({ name, values }) => ({
      name,
      label: labels.attributes.get(name) ?? name.charAt(0).toUpperCase() + name.slice(1),
      values: toValues(values, askedOf(input, name)),
    })),
  }
}

/** Empty facets, of an answer that did not come from the index. */
export const NO_LABELS: Labels = {
  categories: new Map(),
  attributes: new Map(),
  shown: (amount) => amount,
}

function askedOf({ attributes }: SearchInput, name: string): readonly string[] {
  const found = Object.entries(attributes).find(([key]) => key.trim().toLowerCase() === name)
  return found?.[1] ?? []
}

/** Of the spellings that were tried, those that nothing has are left out, unless asked just so. */
function toValues(values: readonly EngineValue[], asked: readonly string[]): Value[] {
  const matched = new Set(
    values.filter(({ count, selected }) => count > 0 && selected).map(({ value }) => fold(value)),
  )
  return values
    .filter(({ value, count }) => count > 0 || (asked.includes(value) && !matched.has(fold(value))))
    .map(({ value, count, selected }) => ({ value, label: value, count, selected }))
}

function fold(text: string): string {
  return text.toLowerCase()
}

function toCategories(shown: readonly CategoryFacetValue[], { categories }: Labels): Value[] {
  return shown.flatMap(({ value, count, selected }) => {
    const category = categories.get(value)
    return category ? [{ value: category.slug, label: category.name, count, selected }] : []
  })
}

function toRatings(facets: Facets | null, { minRating }: SearchInput): Value[] {
  return (facets?.ratings ?? []).map(({ atLeast, count }) => ({
    value: String(atLeast),
    label: `${atLeast} and up`,
    count,
    selected: minRating === atLeast,
  }))
}

function toPrice(facets: Facets | null, { shown }: Labels): ContractFacets['price'] {
  const price = facets?.price
  const head = { name: 'price' as const, label: 'Price' }
  if (!price) return { ...head, min: null, max: null, buckets: [] }
  return {
    ...head,
    min: shown(price.min),
    max: shown(price.max),
    buckets: bordersOf(price).map(({ from, to, count }) => ({
      from: shown(from),
      to: shown(to),
      count,
    })),
  }
}

/** A function from the index's amounts to shown ones, given both lists. */
export function shownBy(
  amounts: readonly number[],
  prices: readonly Money[],
): (amount: number) => number {
  const table = new Map(amounts.map((amount, place) => [amount, prices[place]?.amount]))
  return (amount) => {
    const found = table.get(amount)
    if (found === undefined) throw new Error(`${amount} was not converted`)
    return found
  }
}

import type { CategoryRef } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { SearchResult } from '#contracts/search/routes.ts'
import type { SearchInput } from './api.ts'
import type { FacetValue as EngineValue, Facets } from './engine/index.ts'

type ContractFacets = SearchResult['facets']
type Value = ContractFacets['brand']['values'][number]

/** What people read in the place of what the index knows. */
export type Labels = Readonly<{
  /** By id; one that is gone has no name and is not shown. */
  categories: ReadonlyMap<string, CategoryRef>
  /** The branch of the category that is chosen: its own id, its ancestors', its children's. */
  branch: ReadonlySet<string>
  attributes: ReadonlyMap<string, string>
  /** The index's amount as shown to this shopper. */
  shown(amount: number): number
}>

const MOST_CATEGORIES = 40

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

export function toFacets(
  facets: Facets | null,
  input: SearchInput,
  labels: Labels,
): ContractFacets {
  return {
    category: { name: 'category', label: 'Category', values: toCategories(facets, labels) },
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
  branch: new Set(),
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

/** Where there are too many, the branch that is looked at goes first. */
function toCategories(facets: Facets | null, { categories, branch }: Labels): Value[] {
  const known = (facets?.categories ?? []).flatMap(({ value, count, selected }) => {
    const category = categories.get(value)
    const near = branch.has(value)
    return category ? [{ value: category.slug, label: category.name, count, selected, near }] : []
  })
  const kept = known
    .toSorted((a, b) => Number(b.near) - Number(a.near) || b.count - a.count)
    .slice(0, MOST_CATEGORIES)
    .sort((a, b) => b.count - a.count)
  return kept.map(({ near, ...value }) => value)
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

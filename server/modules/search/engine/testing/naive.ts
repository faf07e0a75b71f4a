import type { MarketPrice, SearchDocument, SearchFilters } from '../types.ts'

/** Facet counts as plain code would find them: one evaluation of all documents per facet. */
export type NaiveFacets = Readonly<{
  categories: ReadonlyMap<string, number>
  brands: ReadonlyMap<string, number>
  ratings: ReadonlyMap<number, number>
  prices: readonly number[]
  attributes: ReadonlyMap<string, ReadonlyMap<string, number>>
}>

const MARKET = { market: 'US', currency: 'USD' }

export function priceOf(document: SearchDocument): MarketPrice | undefined {
  return document.prices.find(
    (price) => price.market === MARKET.market && price.currency === MARKET.currency,
  )
}

function given<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0
}

type Facet = 'category' | 'brand' | 'price' | 'rating' | Readonly<{ attribute: string }> | null

/** The variants that meet all attribute filters but those of the facet that is counted. */
function matchingVariants(document: SearchDocument, filters: SearchFilters, facet: Facet) {
  const groups = (filters.attributes ?? []).filter(
    ({ name, values }) =>
      values.length > 0 &&
      !(facet !== null && typeof facet === 'object' && facet.attribute === name),
  )
  const variants = document.variants.length > 0 ? document.variants : [[]]
  return variants.filter((variant) =>
    groups.every(({ name, values }) =>
      variant.some((pair) => pair.name === name && values.includes(pair.value)),
    ),
  )
}

function passes(document: SearchDocument, filters: SearchFilters, facet: Facet): boolean {
  const price = priceOf(document)
  const inStock = price?.inStock ?? document.inStock
  const onSale = price?.onSale ?? document.onSale
  const amount = price?.amount ?? Number.NaN
  const { priceMin, priceMax } = filters
  const tests = [
    !given(filters.sellers) || document.sellers.some((each) => filters.sellers!.includes(each)),
    !filters.inStock || inStock,
    !filters.onSale || onSale,
    facet === 'category' ||
      !given(filters.categories) ||
      document.categoryPath.some((each) => filters.categories!.includes(each)),
    facet === 'brand' || !given(filters.brands) || filters.brands.includes(document.brand),
    facet === 'price' ||
      (priceMin === undefined && priceMax === undefined) ||
      (amount >= (priceMin ?? 0) && amount <= (priceMax ?? Number.POSITIVE_INFINITY)),
    facet === 'rating' || document.rating >= (filters.ratingMin ?? 0),
    matchingVariants(document, filters, facet).length > 0,
  ]
  return tests.every(Boolean)
}

function countBy<Key>(
  documents: readonly SearchDocument[],
  keysOf: (each: SearchDocument) => Iterable<Key>,
) {
  const counts = new Map<Key, number>()
  for (const document of documents) {
    for (const key of new Set(keysOf(document))) {
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return counts
}

/** The documents that pass all filters. */
export function naiveMatches(
  documents: readonly SearchDocument[],
  filters: SearchFilters,
): readonly SearchDocument[] {
  return documents.filter((document) => passes(document, filters, null))
}

/**
 * Counts every facet over the documents that pass all filters but its own.
 * @param names the attributes to count; all when absent
 */
export function naiveFacets(
  documents: readonly SearchDocument[],
  filters: SearchFilters,
  names: Iterable<string> = attributesOf(documents),
): NaiveFacets {
  const under = (facet: Facet) => documents.filter((each) => passes(each, filters, facet))
  const passing = under(null)
  const filtered = new Set((filters.attributes ?? []).map(({ name }) => name))
  const attributes = new Map(
    [...names].map((name) => {
      const facet = { attribute: name }
      const counts = countBy(filtered.has(name) ? under(facet) : passing, (document) =>
        matchingVariants(document, filters, facet)
          .flat()
          .filter((pair) => pair.name === name)
          .map((pair) => pair.value),
      )
      return [name, counts]
    }),
  )
  return {
    categories: countBy(under('category'), (each) => each.categoryPath),
    brands: countBy(under('brand'), (each) => (each.brand === '' ? [] : [each.brand])),
    ratings: countBy(under('rating'), (each) => [1, 2, 3, 4].filter((star) => each.rating >= star)),
    prices: under('price').flatMap((each) => priceOf(each)?.amount ?? []),
    attributes,
  }
}

function attributesOf(documents: readonly SearchDocument[]): ReadonlySet<string> {
  return new Set(documents.flatMap((each) => each.variants.flat().map(({ name }) => name)))
}

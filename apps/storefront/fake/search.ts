import type { Facet, ProductSummary, SearchResult } from '@stoa/client'
import { inCurrency, PRODUCTS, summaryOf } from './catalogue.ts'

type Query = Readonly<Record<string, string | string[]>>

const all = (query: Query, name: string) => [query[name] ?? []].flat()
const one = (query: Query, name: string) => all(query, name)[0] ?? ''

type Entry = Readonly<{
  summary: ProductSummary
  slugs: readonly string[]
  popularity: number
  place: number
}>

function facet(
  name: string,
  label: string,
  values: readonly string[],
  selected: readonly string[],
): Facet {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return {
    name,
    label,
    values: [...counts]
      .toSorted((a, b) => b[1] - a[1])
      .map(([value, count]) => ({
        value,
        label: value,
        count,
        selected: selected.includes(value),
      })),
  }
}

const price = ({ price: list, salePrice }: ProductSummary) => (salePrice ?? list).amount

const ORDERS: Readonly<Record<string, (a: Entry, b: Entry) => number>> = {
  price: (a, b) => price(a.summary) - price(b.summary),
  '-price': (a, b) => price(b.summary) - price(a.summary),
  rating: (a, b) => b.summary.rating - a.summary.rating,
  newest: (a, b) => b.place - a.place,
  popular: (a, b) => b.popularity - a.popularity,
}

/** Finds by the words in names. "laptpo" is corrected, "xyzzy" is left out, so that pages show both. */
export function search(query: Query): SearchResult {
  const currency = one(query, 'currency') || 'USD'
  const asked = one(query, 'q').toLowerCase()
  const corrected = asked.includes('laptpo') ? asked.replace('laptpo', 'laptop') : undefined
  const words = (corrected ?? asked).split(' ').filter((word) => word && word !== 'xyzzy')
  const entries: Entry[] = PRODUCTS.map(({ product, popularity, place }) => ({
    summary: summaryOf(inCurrency(product, currency)),
    slugs: product.categories.flatMap(({ slug, id }) => [slug, id]),
    popularity,
    place,
  }))
  const brands = all(query, 'brand')
  const category = one(query, 'category')
  const wide = entries.filter(
    ({ summary, slugs }) =>
      words.every((word) => summary.name.toLowerCase().includes(word)) &&
      (!category || slugs.includes(category)) &&
      (one(query, 'inStock') !== 'true' || summary.availability.inStock) &&
      (one(query, 'onSale') !== 'true' || summary.salePrice !== undefined) &&
      price(summary) >= Number(one(query, 'minPrice') || 0) &&
      price(summary) <= Number(one(query, 'maxPrice') || 1e12) &&
      summary.rating >= Number(one(query, 'minRating') || 0),
  )
  const found = wide.filter(
    ({ summary }) => brands.length === 0 || brands.includes(summary.brand ?? ''),
  )
  const order = ORDERS[one(query, 'sort')]
  if (order) found.sort(order)
  const page = Number(one(query, 'page') || 1)
  const limit = Number(one(query, 'limit') || 20)
  return {
    queryId: 'qry_01jd00000000000000000000fk',
    items: found.slice((page - 1) * limit, page * limit).map(({ summary }) => summary),
    total: found.length,
    page,
    limit,
    nextCursor: null,
    currency,
    facets: facetsOf(query, { found, wide }),
    ...(corrected ? { correctedQuery: corrected } : {}),
    ...(asked.includes('xyzzy') ? { relaxed: ['xyzzy'] } : {}),
  }
}

/** Brands and prices are counted without the choice of brands. */
function facetsOf(
  query: Query,
  { found, wide }: Readonly<{ found: readonly Entry[]; wide: readonly Entry[] }>,
): SearchResult['facets'] {
  const prices = wide.map(({ summary }) => price(summary))
  const slugs = found.flatMap((entry) => entry.slugs.filter((slug) => !slug.startsWith('cat_')))
  const stars = found.map(({ summary }) => String(Math.floor(summary.rating)))
  const materials = found.map(({ place }) => (place % 3 ? 'Aluminium' : 'Beech'))
  const brands = wide.flatMap(({ summary }) => summary.brand ?? [])
  return {
    category: facet('category', 'Category', slugs, [one(query, 'category')]),
    brand: facet('brand', 'Brand', brands, all(query, 'brand')),
    price: {
      name: 'price',
      label: 'Price',
      min: prices.length ? Math.min(...prices) : null,
      max: prices.length ? Math.max(...prices) : null,
      buckets: buckets(prices),
    },
    rating: facet('rating', 'Rating', stars, []),
    attributes: [facet('Material', 'Material', materials, all(query, 'attr.Material'))],
  }
}

const BUCKETS = 16

function buckets(prices: readonly number[]) {
  if (prices.length === 0) return []
  const top = Math.log(Math.max(...prices) + 1)
  return Array.from({ length: BUCKETS }, (_, place) => {
    const from = Math.round(Math.exp((top * place) / BUCKETS))
    const to = Math.round(Math.exp((top * (place + 1)) / BUCKETS))
    return { from, to, count: prices.filter((value) => value >= from && value < to).length }
  })
}

export function suggest(query: Query) {
  const words = one(query, 'q').toLowerCase()
  const products = PRODUCTS.filter(({ product }) =>
    product.name.toLowerCase().includes(words),
  ).slice(0, 4)
  return {
    completions: ['laptop', 'laptop bag', 'ink cartridge', 'coffee'].filter((text) =>
      text.startsWith(words),
    ),
    categories: products
      .slice(0, 1)
      .map(({ product }) => ({ ...product.categories[0]!, count: 12 })),
    products: products.map(({ product: { id, slug, name } }) => ({ id, slug, name })),
  }
}

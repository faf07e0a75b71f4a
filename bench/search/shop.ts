import type { CategoryRef } from '#contracts/catalog/schemas.ts'
import type {
  AttributePair,
  SearchDocument,
  SearchQuery,
  SearchSort,
} from '../../server/modules/search/engine/index.ts'
import { type Chance, createChance, misspell, zipf } from './chance.ts'

/** Products as a real catalogue has them, as many as are wanted. */
export type Shop = Readonly<{
  /** The same number gives the same product. */
  product: (number: number) => SearchDocument
  documents: (from: number, to: number) => SearchDocument[]
  byId: (id: string) => SearchDocument
  /** A category and those above it, from the root on. */
  pathOf: (categoryId: string) => readonly CategoryRef[]
}>

type Shelf = Readonly<{
  words: readonly string[]
  brands: readonly string[]
  values: ReadonlyMap<string, readonly string[]>
}>

const LETTERS = 'abcdefghjkmnprstvwxyz'

/**
 * Grows a catalogue: a product is one of the real ones with another model number, often another brand,
 * and some words and values of attributes of others on its shelf (its category). How many words there
 * are, how often each occurs, which go together, how many attributes and variants there are, and how
 * categories differ in size stays as it is in the real one.
 */
export function growShop(real: readonly SearchDocument[]): Shop {
  const shelves = gatherShelves(real)
  const stride = strideFor(real.length)
  const product = (number: number): SearchDocument => {
    const template = real[(number * stride) % real.length]!
    const shelf = shelves.get(shelfOf(template))!
    return vary(template, shelf, number)
  }
  const paths = gatherPaths(real)
  return {
    product,
    documents: (from, to) => Array.from({ length: to - from }, (_, i) => product(from + i)),
    byId: (id) => product(Number(id.slice(ID_PREFIX.length, ID_PREFIX.length + ID_DIGITS))),
    pathOf: (categoryId) => paths.get(categoryId) ?? [],
  }
}

const ID_PREFIX = 'prd_'
const ID_DIGITS = 10

function gatherPaths(real: readonly SearchDocument[]): ReadonlyMap<string, readonly CategoryRef[]> {
  const paths = new Map<string, readonly CategoryRef[]>()
  for (const { categoryPath, fields } of real) {
    const path = categoryPath.map((id, i) => ({
      id,
      slug: id,
      name: fields.categoryNames[i] ?? id,
    }))
    path.forEach(({ id }, i) => {
      paths.set(id, path.slice(0, i + 1))
    })
  }
  return paths
}

/** A step that visits every product before any comes again. */
function strideFor(size: number): number {
  const divides = (a: number, b: number): number => (b === 0 ? a : divides(b, a % b))
  let stride = 7_919
  while (divides(stride, size) !== 1) stride += 1
  return stride
}

function shelfOf(document: SearchDocument): string {
  return document.categoryPath.at(-1) ?? ''
}

function gatherShelves(real: readonly SearchDocument[]): ReadonlyMap<string, Shelf> {
  type Filling = { words: string[]; brands: string[]; values: Map<string, string[]> }
  const shelves = new Map<string, Filling>()
  for (const document of real) {
    const key = shelfOf(document)
    const shelf: Filling = shelves.get(key) ?? { words: [], brands: [], values: new Map() }
    shelves.set(key, shelf)
    shelf.words.push(...document.fields.name.split(/\s+/).filter((word) => /^\p{L}+$/u.test(word)))
    if (document.brand !== '') shelf.brands.push(document.brand)
    for (const { name, value } of document.variants[0] ?? []) {
      const values = shelf.values.get(name) ?? []
      values.push(value)
      shelf.values.set(name, values)
    }
  }
  return shelves
}

function oneOf<T>(chance: Chance, list: readonly T[]): T | undefined {
  return list[Math.floor(chance() * list.length)]
}

function modelOf(chance: Chance): string {
  const letter = () => LETTERS[Math.floor(chance() * LETTERS.length)]!
  return `${letter()}${letter()}${Math.floor(1_000 + chance() * 9_000)}${letter()}`.toUpperCase()
}

function vary(template: SearchDocument, shelf: Shelf, number: number): SearchDocument {
  const chance = createChance(number * 2_654_435_761)
  const factor = 0.6 + chance()
  const brand = chance() < 0.3 ? (oneOf(chance, shelf.brands) ?? template.brand) : template.brand
  const words = template.fields.name.split(/\s+/)
  const place = Math.floor(chance() * words.length)
  words[place] = oneOf(chance, shelf.words) ?? words[place]!
  const name = words.join(' ').replace(template.brand || '\u0000', () => brand)
  const swapped = Math.floor(chance() * 12)
  const value = (pair: AttributePair, i: number): AttributePair =>
    i === swapped
      ? { ...pair, value: oneOf(chance, shelf.values.get(pair.name) ?? []) ?? pair.value }
      : pair
  return {
    ...template,
    id: `${ID_PREFIX}${String(number).padStart(ID_DIGITS, '0')}${Math.floor(chance() * 2 ** 32).toString(32)}`,
    fields: {
      ...template.fields,
      name: `${name} ${modelOf(chance)}`,
      identifiers: [`SKU${number}`, String(4_000_000_000_000 + number)],
    },
    brand,
    variants: template.variants.map((variant) => variant.map(value)),
    prices: template.prices.map((price) => ({
      ...price,
      amount: Math.round(price.amount * factor),
    })),
    inStock: chance() < 0.85,
    rating: Math.min(5, Math.max(0, Math.round((template.rating + chance() - 0.5) * 10) / 10)),
    popularity: Math.floor(template.popularity * factor),
    createdAtMs: template.createdAtMs + number * 1_000,
  }
}

const SORTS = ['price', 'newest', 'popular'] as const

/** The shares of `makeVisits`, for the reader of the table. */
export const VISITS =
  '50 % real shoppers’ queries (the more frequent the shorter the list), 25 % brand and words of a name, ' +
  '20 % category pages, 5 % misspelt; 40 % of all filtered by one to four of stock, price, brand and attribute; ' +
  '15 % sorted otherwise than by relevance; all with every facet and an exact total'

/**
 * What shoppers ask. Queries and products are drawn by popularity (the n-th in proportion to 1 / n).
 * @param asked real queries
 */
export function makeVisits(
  count: number,
  {
    shop,
    products,
    asked,
    seed = 1,
  }: Readonly<{ shop: Shop; products: number; asked: readonly string[]; seed?: number }>,
): SearchQuery[] {
  const chance = createChance(seed * 7_919)
  return Array.from({ length: count }, (): SearchQuery => {
    const product = shop.product(Math.floor(chance() * products))
    const kind = chance()
    const filters = chance() < 0.4 ? filtersOf(chance, product) : {}
    const sort: SearchSort = chance() < 0.85 ? 'relevance' : oneOf(chance, SORTS)!
    const query = { facets: {}, limit: 20, sort }
    if (kind < 0.2) {
      const depth = 1 + Math.floor(chance() * product.categoryPath.length)
      return {
        ...query,
        filters: { ...filters, categories: product.categoryPath.slice(depth - 1, depth) },
      }
    }
    if (kind < 0.7) return { ...query, filters, text: asked[zipf(chance, asked.length)]! }
    const text = textOf(chance, product)
    return { ...query, filters, text: kind < 0.75 ? misspell(chance, text) : text }
  })
}

function textOf(chance: Chance, { brand, fields }: SearchDocument): string {
  const words = fields.name.split(/\s+/).filter((word) => /^[\p{L}\p{N}-]+$/u.test(word))
  const from = Math.floor(chance() * Math.max(1, words.length - 2))
  const said = words.slice(from, from + 1 + Math.floor(chance() * 2))
  return [...new Set(chance() < 0.5 ? [brand, ...said] : said)].join(' ').trim()
}

function filtersOf(chance: Chance, { brand, prices, variants }: SearchDocument) {
  const { name, value } = oneOf(chance, variants[0] ?? []) ?? {}
  const amount = prices[0]?.amount ?? 10_000
  return {
    ...(chance() < 0.6 && { inStock: true }),
    ...(chance() < 0.4 && { priceMin: Math.round(amount / 2), priceMax: amount * 2 }),
    ...(chance() < 0.3 && brand !== '' && { brands: [brand] }),
    ...(chance() < 0.3 &&
      name !== undefined &&
      value !== undefined && { attributes: [{ name, values: [value] }] }),
  }
}

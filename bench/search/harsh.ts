import type { SearchDocument, SearchQuery } from '../../server/modules/search/engine/index.ts'
import { type Chance, createChance, misspell } from './chance.ts'
import type { Shop } from './shop.ts'

/** Questions that cost more than what shoppers ask. */
export const HARSH_KINDS = ['title', 'broad', 'typo', 'asYouType', 'browse'] as const
export type HarshKind = (typeof HARSH_KINDS)[number]

function textOf(kind: HarshKind, chance: Chance, product: SearchDocument): string {
  const name = product.fields.name.split(/\s+/)
  const from = Math.floor(chance() * Math.max(1, name.length - 2))
  if (kind === 'title') {
    return name.slice(from, from + 2 + Math.floor(chance() * 3)).join(' ')
  }
  if (kind === 'broad') {
    return name[from]!
  }
  if (kind === 'asYouType') {
    return `${name[from]} ${(name[from + 1] ?? '').slice(0, 3)}`
  }
  return misspell(chance, `${name[from]} ${name.find((word) => /^[a-z]{6,}$/i.test(word)) ?? ''}`)
}

/** Queries of one kind about products that exist, half of them filtered, all with facets. */
export function makeQueries(
  kind: HarshKind,
  count: number,
  { shop, products }: Readonly<{ shop: Shop; products: number }>,
): SearchQuery[] {
  const chance = createChance(kind.length * 7_919)
  return Array.from({ length: count }, () => {
    const product = shop.product(Math.floor(chance() * products))
    const pair = product.variants[0]?.[0]
    const filters = {
      ...(chance() < 0.4 && { inStock: true }),
      ...(chance() < 0.3 && { priceMin: 1_000, priceMax: 100_000 }),
      ...(chance() < 0.2 && { brands: [product.brand, 'HP'] }),
      ...(chance() < 0.2 && pair && { attributes: [{ name: pair.name, values: [pair.value] }] }),
    }
    const depth = Math.min(product.categoryPath.length, 1 + Math.floor(chance() * 2))
    const categories = product.categoryPath.slice(depth - 1, depth)
    const filtered = chance() < 0.5 ? filters : {}
    const query = { facets: {}, limit: 20, prefix: kind === 'asYouType' }
    return kind === 'browse'
      ? { ...query, filters: { ...filters, categories } }
      : { ...query, filters: filtered, text: textOf(kind, chance, product) }
  })
}

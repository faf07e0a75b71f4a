import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { IndexDocument } from '../../server/modules/catalog/index.ts'
import { toSearchDocument } from '../../server/modules/search/documents.ts'
import type { SearchDocument } from '../../server/modules/search/engine/index.ts'

type DemoCategory = Readonly<{ code: string; name: string; slug: string; parent: string | null }>
type DemoOffer = Readonly<{
  seller: string
  sku: string
  price: Readonly<{ amount: number; currency: string }>
  salePrice?: Readonly<{ amount: number; currency: string }>
  stock: Readonly<Record<string, number>>
}>
type DemoProduct = Readonly<{
  ref: string
  name: string
  description?: string
  brand?: string
  category: string
  attributes?: IndexDocument['attributes']
  rating?: Readonly<{ average: number; count: number }>
  releasedAt?: string
  popularity?: number
  variants: readonly Readonly<{
    sku: string
    gtin?: string
    options?: Readonly<Record<string, string>>
    offers: readonly DemoOffer[]
  }>[]
}>

export type DemoCatalogue = Readonly<{
  documents: readonly SearchDocument[]
  /** Slugs of a product's categories, from the root on, by the product's id. */
  slugs: ReadonlyMap<string, readonly string[]>
}>

/** What a demo price is in dollars; a bench needs no day's rate. */
const TO_DOLLARS: Readonly<Record<string, number>> = { USD: 1, EUR: 1.1, GBP: 1.3 }

const RATES = {
  currency: 'USD',
  toBase: ({ amount, currency }: DemoOffer['price']) =>
    Math.round(amount * (TO_DOLLARS[currency] ?? 1)),
}

function readRows<Row>(path: string): Row[] {
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
}

function pathOf(categories: ReadonlyMap<string, DemoCategory>, leaf: string): DemoCategory[] {
  const path: DemoCategory[] = []
  for (let at = categories.get(leaf); at !== undefined; at = categories.get(at.parent ?? '')) {
    path.unshift(at)
  }
  return path
}

function toOffer({ seller, sku, price, salePrice, stock }: DemoOffer) {
  const available = Object.values(stock).reduce((sum, pieces) => sum + pieces, 0)
  return { offerId: sku, sellerId: seller, price: salePrice ?? price, listPrice: price, available }
}

/** A demo product as the catalogue tells it to the index. */
function toIndexDocument(product: DemoProduct, path: readonly DemoCategory[]): IndexDocument {
  const { ref, name, brand, description, rating } = product
  return {
    productId: ref,
    slug: ref,
    name,
    ...(brand === undefined ? {} : { brand }),
    ...(description === undefined ? {} : { description }),
    categoryPath: path.map((each) => ({ id: each.code, slug: each.slug, name: each.name })),
    attributes: product.attributes ?? {},
    variants: product.variants.map(({ sku, gtin, options = {}, offers }) => ({
      variantId: sku,
      sku,
      ...(gtin === undefined ? {} : { gtin }),
      options,
      offers: offers.map(toOffer),
    })),
    sellerNames: {},
    rating: rating?.average ?? 0,
    reviewCount: rating?.count ?? 0,
    popularity: product.popularity ?? 0,
    createdAt: `${product.releasedAt ?? '2020-01-01'}T00:00:00Z`,
    version: 1,
    active: true,
  }
}

/** Reads the demo's files into the documents that a shop's index would hold. */
export function readDemo(folder: string): DemoCatalogue {
  const rows = readRows<DemoCategory>(join(folder, 'categories.jsonl.gz'))
  const categories = new Map(rows.map((category) => [category.code, category]))
  const slugs = new Map<string, readonly string[]>()
  const documents = readdirSync(folder)
    .filter((name) => name.startsWith('products-'))
    .sort()
    .flatMap((name) => readRows<DemoProduct>(join(folder, name)))
    .flatMap((product) => {
      const path = pathOf(categories, product.category)
      slugs.set(
        product.ref,
        path.map(({ slug }) => slug),
      )
      return toSearchDocument(toIndexDocument(product, path), RATES) ?? []
    })
  return { documents, slugs }
}

import type { IndexDocument } from '../catalog/index.ts'
import {
  type AttributePair,
  languageOf,
  type SearchDocument,
  type Translation,
} from './engine/index.ts'
import { BASE_MARKET, type Rates } from './exchange.ts'

type CatalogVariant = IndexDocument['variants'][number]
type CatalogOffer = CatalogVariant['offers'][number]

/** Longer values are text to be searched, not options to be chosen. */
const MAX_OPTION_LENGTH = 60
const MAX_OPTIONS = 64
const MAX_DESCRIPTION_LENGTH = 8_000
const MAX_VARIANTS = 200

/** The name of an attribute in filters and facets: one for all spellings. */
export function attributeName(label: string): string {
  return tidy(label.normalize('NFKC')).toLowerCase()
}

/** How an attribute's value is written in filters and facets. */
export function attributeValues(value: IndexDocument['attributes'][string]): readonly string[] {
  if (Array.isArray(value)) return value.map(tidy).filter(Boolean)
  if (typeof value === 'boolean') return [value ? 'Yes' : 'No']
  if (typeof value === 'number') return [String(value)]
  if (typeof value === 'string') return [tidy(value)].filter(Boolean)
  const { value: amount, unit } = value as { value: number; unit: string }
  return [`${amount} ${unit}`.trim()]
}

/** The product as the index holds it; null if it is not sold. */
export function toSearchDocument(product: IndexDocument, rates: Rates): SearchDocument | null {
  const variants = product.variants.filter(({ offers }) => offers.length > 0)
  if (!product.active || variants.length === 0) return null
  const offers = variants.flatMap((variant) => variant.offers)
  const shown = shownOffer(variants, rates)
  const amount = shown && Math.max(0, shown.amount)
  const inStock = offers.some(isInStock)
  const onSale = shown?.onSale ?? false
  const translations = translationsOf(product)
  return {
    id: product.productId,
    fields: {
      name: product.name,
      categoryNames: product.categoryPath.map(({ name }) => name),
      identifiers: identifiersOf(variants),
      description: (product.description ?? '').slice(0, MAX_DESCRIPTION_LENGTH),
      attributesText: attributesText(product, variants),
      ...(translations.length > 0 && { translations }),
    },
    brand: tidy(product.brand ?? ''),
    categoryPath: product.categoryPath.map(({ id }) => id),
    sellers: [...new Set(offers.map(({ sellerId }) => sellerId))].sort(),
    variants: variants.slice(0, MAX_VARIANTS).map((variant) => optionsOf(product, variant)),
    prices:
      amount === undefined
        ? []
        : [{ market: BASE_MARKET, currency: rates.currency, amount, inStock, onSale }],
    inStock,
    onSale,
    rating: product.rating,
    reviewCount: product.reviewCount,
    popularity: demandOf(product.popularity),
    createdAtMs: Date.parse(product.createdAt),
  }
}

/** One of each language: its variants, such as de-AT and de-CH, are found by each other's words. */
function translationsOf({ translations = [] }: IndexDocument): Translation[] {
  const byLanguage = Map.groupBy(translations, ({ locale }) => languageOf(locale))
  return [...byLanguage].map(([language, texts]) => ({
    language,
    name: joinDistinct(texts.map(({ name }) => name)),
    description: joinDistinct(texts.map(({ description }) => description)).slice(
      0,
      MAX_DESCRIPTION_LENGTH,
    ),
  }))
}

function joinDistinct(texts: readonly (string | undefined)[]): string {
  return [...new Set(texts)].filter((text) => text !== undefined).join(' ')
}

/** The catalogue tells popularity from 0 to 1; it lies about so, on average. */
const USUAL_POPULARITY = 0.26
/** What the index takes for the most that is ever sold in a month. */
const MOST_SOLD = 100_000

/**
 * Popularity as units sold, which the index expects. Few products are popular: of a spread that falls off
 * evenly this is the share of products that are less so (0.25 is about the median), so that differences
 * count among ordinary products as well, and a bestseller does not outweigh what was asked for.
 */
function demandOf(popularity: number): number {
  const percentile = 1 - Math.exp(-Math.min(1, Math.max(0, popularity)) / USUAL_POPULARITY)
  return MOST_SOLD ** percentile - 1
}

/** All currencies that the products' prices are in. */
export function currenciesOf(products: readonly IndexDocument[]): Set<string> {
  return new Set(
    products.flatMap(({ variants }) =>
      variants.flatMap(({ offers }) => offers.map(({ price }) => price.currency)),
    ),
  )
}

/** What is available is unknown of some catalogues; an offer is then taken to be in stock. */
function isInStock({ available }: CatalogOffer): boolean {
  return available === undefined || available > 0
}

/**
 * What a list shows of a product, and so what it is filtered and sorted by: the cheapest offer of its
 * first variant in stock, else of the first.
 */
function shownOffer(variants: readonly CatalogVariant[], rates: Rates) {
  const variant = variants.find(({ offers }) => offers.some(isInStock)) ?? variants[0]
  const offers = variant?.offers ?? []
  const buyable = offers.some(isInStock) ? offers.filter(isInStock) : offers
  return buyable
    .flatMap(({ price, listPrice }) => {
      const amount = rates.toBase(price)
      return amount === undefined ? [] : [{ amount, onSale: price.amount < listPrice.amount }]
    })
    .reduce<Readonly<{ amount: number; onSale: boolean }> | undefined>(
      (best, each) => (best && best.amount <= each.amount ? best : each),
      undefined,
    )
}

function identifiersOf(variants: readonly CatalogVariant[]): string[] {
  const identifiers = variants.flatMap(({ sku, gtin }) => (gtin ? [sku, gtin] : [sku]))
  return [...new Set(identifiers)].slice(0, 2 * MAX_VARIANTS)
}

/** What one variant can be filtered by: the product's attributes, and its own options. */
function optionsOf(product: IndexDocument, variant: CatalogVariant): AttributePair[] {
  const own = new Set(Object.keys(variant.options).map(attributeName))
  const shared = Object.entries(product.attributes).flatMap(([label, value]) => {
    const name = attributeName(label)
    return own.has(name) ? [] : attributeValues(value).map((each) => ({ name, value: each }))
  })
  const options = Object.entries(variant.options).map(([label, value]) => ({
    name: attributeName(label),
    value: tidy(value),
  }))
  return [...options, ...shared]
    .filter(({ name, value }) => name !== '' && value !== '' && value.length <= MAX_OPTION_LENGTH)
    .slice(0, MAX_OPTIONS)
}

/** The attributes' values, as words to be found by; of "Dual SIM: yes" the name. */
function attributesText(product: IndexDocument, variants: readonly CatalogVariant[]): string {
  const values = [
    ...Object.entries(product.attributes).flatMap(([label, value]) =>
      typeof value === 'boolean' ? (value ? [label] : []) : attributeValues(value),
    ),
    ...variants.flatMap(({ options }) => Object.values(options)),
  ]
  return [...new Set(values)].join(' ').slice(0, MAX_DESCRIPTION_LENGTH)
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

import { type CsvRow, readCsv } from '../files.ts'
import type { AttributeValue, DemoOffer, DemoProduct } from '../model.ts'
import { makePrice, makeSalePrice, roundToPriceTag, scatterPrice } from '../prices.ts'
import { makeStock } from '../stock.ts'
import type { Taxonomy } from '../taxonomy.ts'
import { toPlainText } from '../text.ts'
import { warehousesByCountry } from '../warehouses.ts'
import { type Merchant, readMerchants } from './merchants.ts'
import { classify, groups, readBrand, readFacts } from './products.ts'

const licence = 'CC BY 4.0'
const made = ['price', 'salePrice', 'stock', 'currency', 'brand']

/**
 * Units of the currency for a dollar; only to spread made-up prices over currencies, never to
 * charge.
 */
export type DollarRates = Readonly<Record<string, number>>

type Context = Readonly<{
  taxonomy: Taxonomy
  merchants: ReadonlyMap<string, Merchant>
  brands: ReadonlyMap<string, string>
  rates: DollarRates
}>

function toCondition(title: string): DemoOffer['condition'] {
  if (/\b(refurb\w*|renewed|generalüberholt|graded|2\.? wahl)\b/.test(title)) return 'refurbished'
  return /\b(used|pre-?owned|gebraucht)\b/.test(title) ? 'used' : 'new'
}

const conditionShare = { new: 1, used: 0.6, refurbished: 0.72 } as const

function toOffer(row: CsvRow, base: number, context: Context): DemoOffer {
  const merchant = context.merchants.get(row.merchant_id ?? '')
  if (merchant === undefined) throw new Error(`Offer ${row.offer_id} has no merchant.`)
  const sku = `pricerunner-${row.offer_id}`
  const { currency } = merchant
  const condition = toCondition(row.offer_title ?? '')
  const dollars = base * scatterPrice(sku) * conditionShare[condition]
  const amount = roundToPriceTag(dollars * (context.rates[currency] ?? 1))
  const price = { amount, currency }
  const salePrice = makeSalePrice(price, sku)
  const stock = makeStock(sku, warehousesByCountry[merchant.country] ?? [])
  const offer = { seller: merchant.code, sku, condition, price }
  return { ...offer, ...(salePrice && { salePrice }), stock }
}

const spokenTypes: Readonly<Record<string, string>> = { Television: 'TV' }

/** "LG 50UK6750 TV": a model number alone says little; phones and processors have names. */
function nameProduct(label: string, kind: string, type: string): string {
  if (kind === 'Mobile Phones' || kind === 'CPUs') return label
  const spoken = spokenTypes[type] ?? type.toLowerCase()
  return label.toLowerCase().includes(spoken.toLowerCase()) ? label : `${label} ${spoken}`
}

function toProduct(rows: readonly CsvRow[], context: Context): DemoProduct {
  const [first] = rows as [CsvRow]
  const ref = `pricerunner-c${first.cluster_id}`
  const label = toPlainText(first.cluster_label ?? '')
  const kind = first.category_label ?? ''
  const group = groups[kind]
  if (group === undefined) throw new Error(`PriceRunner's category "${kind}" has no rule.`)
  const brand = readBrand(label, context.brands)
  const facts = readFacts(kind, rows.map((row) => row.offer_title ?? '').join(' | '))
  const base = makePrice({ median: group.median * facts.priceShare, spread: group.spread }, ref)
  const offers = rows.map((row) => toOffer(row, base, context))
  const seller = offers[0]?.seller ?? ''
  const attributes: Record<string, AttributeValue> = { Type: facts.type, ...facts.attributes }
  const { weightGrams } = group
  return {
    ref,
    seller,
    name: nameProduct(label, kind, facts.type),
    ...(brand && { brand }),
    category: context.taxonomy.find(classify(kind, facts)),
    attributes,
    popularity: Math.round(Math.min(1, Math.log2(1 + rows.length) / 6) * 1000) / 1000,
    taxClass: 'standard',
    variants: [{ sku: ref, weightGrams, offers }],
    source: { set: 'pricerunner', licence, made: [...made, 'weightGrams'] },
  }
}

/**
 * Offers of 302 merchants: a cluster of the source is one product, each of its rows an offer for
 * it.
 */
export function convertPricerunner(
  source: string,
  taxonomy: Taxonomy,
  rates: DollarRates,
): Readonly<{ products: readonly DemoProduct[]; merchants: ReadonlyMap<string, Merchant> }> {
  const rows = readCsv(source, 'catalog/pricerunner_offers.csv.gz')
  const merchants = readMerchants(rows)
  const labels = rows.map((row) => toPlainText(row.cluster_label ?? ''))
  const brands = collectBrands(labels)
  const clusters = [...Map.groupBy(rows, (row) => row.cluster_id ?? '').values()]
  const context = { taxonomy, merchants, brands, rates }
  return { products: clusters.map((cluster) => toProduct(cluster, context)), merchants }
}

/** First words of labels by their lower-case form, in the spelling that most labels use. */
function collectBrands(labels: readonly string[]): ReadonlyMap<string, string> {
  const spellings = Map.groupBy(
    labels.map((label) => label.split(' ')[0] ?? ''),
    (word) => word.toLowerCase(),
  )
  const mostUsed = (words: readonly string[]) => {
    const counts = Object.entries(Object.groupBy(words, (word) => word))
    return counts.toSorted((a, b) => (b[1]?.length ?? 0) - (a[1]?.length ?? 0))[0]?.[0] ?? ''
  }
  return new Map([...spellings].map(([key, words]) => [key, mostUsed(words)]))
}

import { draw } from '../draw.ts'
import { readJsonLines } from '../files.ts'
import { normalizeGtin } from '../gtin.ts'
import type { AttributeValue, DemoProduct } from '../model.ts'
import { makeSalePrice } from '../prices.ts'
import { makeStock } from '../stock.ts'
import type { Taxonomy } from '../taxonomy.ts'
import { shorten, toPlainText } from '../text.ts'
import { warehousesByCountry } from '../warehouses.ts'
import { chooseAttributes, type IcecatAttributes, readAttributes } from './attributes.ts'
import { createIcecatClassifier } from './classifier.ts'

type IcecatRow = Readonly<{
  id: string
  title: string
  name: string
  brand: string
  ean: readonly string[]
  price_cents: number
  date_released?: string
  short_description?: string
  images?: Readonly<Record<string, string>>
  attributes?: IcecatAttributes
}>

type Prepared = Readonly<{
  row: IcecatRow
  category: string
  found: Map<string, AttributeValue>
}>

const licence = 'Icecat Open Content Licence'
const made = ['category', 'stock', 'salePrice', 'popularity']
const houses = [...(warehousesByCountry.US ?? []), 'DE-RHE']

/** "not categorized" is Icecat's word for a product without one of its categories. */
export function toIcecatName(row: Readonly<{ title: string }>): string {
  return shorten(toPlainText(row.title).replace(/ not categorized$/i, ''), 180)
}

function toDimensions(
  numbers: Readonly<Record<string, number>>,
): [number, number, number] | undefined {
  const own = [numbers.depth, numbers.width, numbers.height]
  const packed = [
    numbers.package_depth ?? numbers.package_length,
    numbers.package_width,
    numbers.package_height,
  ]
  const isUsable = (side: number | undefined) =>
    side !== undefined && Number.isFinite(side) && side >= 1 && side <= 4000
  const sides = packed.every(isUsable) ? packed : own
  if (!sides.every(isUsable)) return undefined
  return sides.map((side) => Math.round(side as number)) as [number, number, number]
}

function toWeightGrams(numbers: Readonly<Record<string, number>>): number | undefined {
  const grams = Math.round(numbers.package_weight ?? numbers.weight ?? 0)
  return grams >= 1 && grams <= 2_000_000 ? grams : undefined
}

/** Newer and better described products count as more popular; the rest is chance. */
function makePopularity(row: IcecatRow): number {
  const year = Number((row.date_released ?? '2000').slice(0, 4))
  const recency = Math.max(0, Math.min(1, (year - 2000) / 20))
  const effort = row.short_description === undefined ? 0 : 1
  const value = 0.55 * draw('popularity', row.id) ** 3 + 0.35 * recency + 0.1 * effort
  return Math.round(value * 1000) / 1000
}

function countKeys(products: readonly Prepared[]): Map<string, Map<string, number>> {
  const byCategory = new Map<string, Map<string, number>>()
  for (const { category, found } of products) {
    const counts = byCategory.get(category) ?? new Map<string, number>()
    for (const key of found.keys()) counts.set(key, (counts.get(key) ?? 0) + 1)
    byCategory.set(category, counts)
  }
  return byCategory
}

function toProduct(item: Prepared, common: Map<string, number>, taken: Set<string>): DemoProduct {
  const { row, category, found } = item
  const sku = `icecat-${row.id}`
  const name = toIcecatName(row)
  const description = toPlainText(row.short_description ?? '')
  const gtin = row.ean.map(normalizeGtin).find((code) => code !== undefined && !taken.has(code))
  if (gtin !== undefined) taken.add(gtin)
  const picture = row.images?.high ?? row.images?.medium ?? row.images?.low
  const weightGrams = toWeightGrams(row.attributes?.number ?? {})
  const dimensionsMm = toDimensions(row.attributes?.number ?? {})
  const price = { amount: row.price_cents, currency: 'USD' }
  const salePrice = makeSalePrice(price, sku)
  const stock = makeStock(sku, houses)
  const released = row.date_released?.slice(0, 10)
  return {
    ref: sku,
    seller: 'icecat',
    name,
    ...(description !== '' && description !== name && { description: shorten(description, 1000) }),
    ...(row.brand !== '' && { brand: row.brand }),
    category,
    ...(picture && { images: [picture.replace(/^http:/, 'https:')] }),
    attributes: chooseAttributes(found, common),
    ...(released && /^(19|20)\d\d-\d\d-\d\d$/.test(released) && { releasedAt: released }),
    popularity: makePopularity(row),
    taxClass: 'standard',
    variants: [
      {
        sku,
        ...(gtin && { gtin }),
        ...(weightGrams && { weightGrams }),
        ...(dimensionsMm && { dimensionsMm }),
        offers: [
          {
            seller: 'icecat',
            sku,
            condition: 'new',
            price,
            ...(salePrice && { salePrice }),
            stock,
          },
        ],
      },
    ],
    source: { set: 'icecat', licence, made },
  }
}

/** Icecat's IT and office goods. Prices are the source's own (US dollars). */
export function convertIcecat(source: string, taxonomy: Taxonomy): readonly DemoProduct[] {
  const rows = readJsonLines<IcecatRow>(source, 'catalog/icecat_products.jsonl.gz')
  const classify = createIcecatClassifier(taxonomy)
  const prepared = rows.map((row) => {
    const text = row.attributes?.text ?? {}
    const type = [text.product_type, text.type].filter((word) => word && /\D/.test(word)).join(' ')
    const category = classify({ title: row.title, type, attributes: row.attributes ?? {} })
    return { row, category, found: readAttributes(row.attributes ?? {}) }
  })
  const common = countKeys(prepared)
  const taken = new Set<string>()
  return prepared.map((item) => toProduct(item, common.get(item.category) ?? new Map(), taken))
}

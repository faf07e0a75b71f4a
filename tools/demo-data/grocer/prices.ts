import type { CsvRow } from '../files.ts'
import { makePrice, type PriceRule } from '../prices.ts'

const spread = 0.3
const sizeExponent = 0.6

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/**
 * Shelf price of one piece, in dollars, from a till line: what was paid plus what the card took
 * off.
 */
function shelfPrice(row: CsvRow): number | undefined {
  const quantity = Number(row.quantity)
  const paid = Number(row.sales_value) + Number(row.retail_disc) + Number(row.coupon_match_disc)
  const price = paid / quantity
  return quantity >= 1 && price >= 0.05 && price <= 150 ? price : undefined
}

export type ShelfPrices = Readonly<{
  /** The middle shelf price of a product that was sold, in dollars. */
  known(productId: string): number | undefined
  /** How many till lines the product has. */
  sales(productId: string): number
  /** A price for a product that was not: its type's middle price, scaled by size, with chance. */
  make(product: PricedProduct): number
}>

export type PricedProduct = Readonly<{
  id: string
  department: string
  category: string
  type: string
  weightGrams?: number
}>

type Sample = Readonly<{ price: number; weightGrams: number | undefined }>

/**
 * Median prices of what was sold by type, category and department; fewer than 3 sales decide
 * nothing.
 */
export function createShelfPrices(
  transactions: readonly CsvRow[],
  products: readonly PricedProduct[],
): ShelfPrices {
  const lines = Map.groupBy(transactions, (row) => row.product_id ?? '')
  const middle = new Map<string, number>()
  for (const [id, rows] of lines) {
    const prices = rows.map(shelfPrice).filter((price) => price !== undefined)
    if (prices.length > 0) middle.set(id, median(prices))
  }
  const samples = new Map<string, Sample[]>()
  for (const product of products) {
    const price = middle.get(product.id)
    if (price === undefined) continue
    for (const key of keysOf(product)) {
      const list = samples.get(key) ?? []
      list.push({ price, weightGrams: product.weightGrams })
      samples.set(key, list)
    }
  }
  const rules = new Map([...samples].map(([key, list]) => [key, toRule(list)]))
  return {
    known: (id) => middle.get(id),
    sales: (id) => lines.get(id)?.length ?? 0,
    make(product) {
      const enough = keysOf(product).find((key) => (samples.get(key)?.length ?? 0) >= 3)
      const rule = rules.get(enough ?? '') ?? { median: 3, spread, weightGrams: undefined }
      return (
        makePrice(rule, `grocer-${product.id}`) * sizeShare(product.weightGrams, rule.weightGrams)
      )
    },
  }
}

function keysOf({ department, category, type }: PricedProduct): readonly string[] {
  return [`${category}|${type}`, category, department]
}

function toRule(
  list: readonly Sample[],
): PriceRule & Readonly<{ weightGrams: number | undefined }> {
  const weights = list.map((sample) => sample.weightGrams).filter((grams) => grams !== undefined)
  const weightGrams = weights.length * 2 > list.length ? median(weights) : undefined
  return { median: median(list.map((sample) => sample.price)), spread, weightGrams }
}

/** Twice as much costs about one and a half times; the share stays between 0.4 and 3. */
function sizeShare(weightGrams: number | undefined, typical: number | undefined): number {
  if (weightGrams === undefined || typical === undefined) return 1
  return Math.max(0.4, Math.min(3, (weightGrams / typical) ** sizeExponent))
}

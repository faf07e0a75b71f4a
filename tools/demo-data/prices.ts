import { draw, drawNormal, drawWhole } from './draw.ts'
import type { DemoMoney } from './model.ts'

/**
 * A log-normal price: half of all prices lie below `median`; `spread` is the deviation of the
 * logarithm.
 */
export type PriceRule = Readonly<{ median: number; spread: number }>

const deviationLimit = 2.2
const saleShare = 0.1

/** Shop prices: 0.79, 3.49, 14.99, 249.00: minor units that end as price tags do. */
export function roundToPriceTag(major: number): number {
  if (major < 10) return Math.max(19, Math.round(major * 10) * 10 - 1)
  if (major < 100) return Math.round(major) * 100 - 1
  if (major < 1000) return Math.round(major) * 100
  return Math.round(major / 10) * 1000 - 100
}

/**
 * A plausible price in major units for a thing that has none; the tails are cut at 2.2
 * deviations.
 */
export function makePrice(rule: PriceRule, key: string): number {
  const deviation = drawNormal('price', key)
  const bounded = Math.max(-deviationLimit, Math.min(deviationLimit, deviation))
  return rule.median * Math.exp(rule.spread * bounded)
}

/** One offer's share of a product's price: between 0.88 and 1.12. */
export function scatterPrice(key: string): number {
  return 0.88 + 0.24 * draw('scatter', key)
}

/** A tenth of all offers is reduced, by 5 to 30 in a hundred. */
export function makeSalePrice(price: DemoMoney, key: string): DemoMoney | undefined {
  if (draw('sale', key) >= saleShare) return undefined
  const percent = drawWhole({ low: 5, high: 30 }, 'sale-percent', key)
  const amount = Math.round((price.amount * (100 - percent)) / 100)
  return amount > 0 && amount < price.amount ? { amount, currency: price.currency } : undefined
}

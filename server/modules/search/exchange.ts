import { convert, currencyExponent, type Money, ratio } from '#contracts/kit/money.ts'
import type { PricingApi } from '../pricing/index.ts'

/** The market whose prices the index holds: all are converted to one currency, to be compared. */
export const BASE_MARKET = 'base'

/** Rates into or out of the index's currency, as of one moment. */
export type Rates = Readonly<{
  currency: string
  /** The price in the index's currency; undefined if there is no rate for it. */
  toBase(price: Money): number | undefined
}>

/** Rates for these currencies, asked once each. Currencies without a rate are left out. */
export async function ratesFor(
  pricing: PricingApi,
  { currencies, base }: Readonly<{ currencies: Iterable<string>; base: string }>,
): Promise<Rates> {
  const rates = new Map<string, string>()
  for (const from of new Set(currencies)) {
    const found = await pricing.rate({ from, to: base }).catch((error: unknown) => {
      if (isUnsold(error)) return undefined
      throw error
    })
    if (found) rates.set(from, found.rate)
  }
  return {
    currency: base,
    toBase(price) {
      if (price.currency === base) return price.amount
      const rate = rates.get(price.currency)
      return rate === undefined ? undefined : convert(price, base, rate).amount
    },
  }
}

function isUnsold(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'catalog.currency_not_sold'
}

/** A shopper's bounds as amounts of the index's currency. */
export type Bounds = Readonly<{ min?: number | undefined; max?: number | undefined }>

/**
 * The base amounts that are shown within the bounds: shown(base) = round-half-up(base × rate), so
 * base ≥ (min − ½) / rate and base < (max + ½) / rate. A product shown for exactly `max` is in.
 * @param rate units of the shopper's currency for one of the base's
 */
export function boundsInBase(
  bounds: Bounds,
  { rate, base, currency }: Readonly<{ rate: string; base: string; currency: string }>,
): Bounds {
  if (base === currency) return bounds
  const { numerator, denominator } = ratio(rate)
  const shift = currencyExponent(currency) - currencyExponent(base)
  const up = numerator * 10n ** BigInt(Math.max(0, shift)) * 2n
  const down = denominator * 10n ** BigInt(Math.max(0, -shift))
  const { min, max } = bounds
  return {
    ...(min !== undefined && {
      min: Math.max(0, Number(divideUp((2n * BigInt(min) - 1n) * down, up))),
    }),
    ...(max !== undefined && { max: Number(divideUp((2n * BigInt(max) + 1n) * down, up)) - 1 }),
  }
}

/** Towards positive infinity; `by` is positive. */
function divideUp(what: bigint, by: bigint): bigint {
  return what > 0n ? (what + by - 1n) / by : what / by
}

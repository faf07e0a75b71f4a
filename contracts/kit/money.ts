import { z } from 'zod'

/**
 * ISO 4217 currencies whose exponent is not 2. All others are held in hundredths.
 * Source: ISO 4217 list one, column "minor unit".
 */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
}

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'is a currency code of ISO 4217, such as EUR')
  .meta({ id: 'Currency', description: 'ISO 4217 currency code', example: 'USD' })

export const MAX_AMOUNT = 1_000_000_000_000_00

/** An order may cost so much, in minor units: the sums of all orders' books stay far from what a number can count. */
export const MAX_ORDER_AMOUNT = MAX_AMOUNT / 100

/** Whole minor units (cents, yen, fils) of one currency. Never a fraction, never a float. */
export const Money = z
  .strictObject({
    amount: z.int().min(-MAX_AMOUNT).max(MAX_AMOUNT).describe('Whole minor units'),
    currency: Currency,
  })
  .meta({ id: 'Money', description: 'An amount in whole minor units of a currency' })

export type Money = Readonly<z.infer<typeof Money>>

/** A price: money that is not negative. */
export const Price = Money.refine((m) => m.amount >= 0, {
  message: 'is not negative',
  path: ['amount'],
})

/** Digits after the point in the currency's major unit: 2 for USD, 0 for JPY, 3 for KWD. */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2
}

/** @throws RangeError if the amount is not a whole number in the safe range. */
export function money(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount))
    throw new RangeError(`${amount} is not a whole amount of ${currency}`)
  return { amount: amount === 0 ? 0 : amount, currency }
}

export function zero(currency: string): Money {
  return { amount: 0, currency }
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) {
    throw new RangeError(`${a.currency} and ${b.currency} do not mix`)
  }
}

/** @throws RangeError on mixed currencies. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount + b.amount, a.currency)
}

/** @throws RangeError on mixed currencies. */
export function subtract(a: Money, b: Money): Money {
  sameCurrency(a, b)
  return money(a.amount - b.amount, a.currency)
}

/** Sum of amounts of one currency; zero of `currency` when there are none. */
export function sum(amounts: readonly Money[], currency: string): Money {
  return amounts.reduce(add, zero(currency))
}

/** @param quantity a whole number. */
export function times(a: Money, quantity: number): Money {
  return money(a.amount * quantity, a.currency)
}

/** A decimal number as a ratio of two integers: "0.0825" is 825 / 10000. */
export type Ratio = Readonly<{ numerator: bigint; denominator: bigint }>

/**
 * Reads a decimal string such as "0.19" or "1.0853" exactly.
 * @throws RangeError on anything but digits with one point.
 */
export function ratio(decimal: string): Ratio {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal)
  if (!match) throw new RangeError(`"${decimal}" is not a decimal number`)
  const fraction = match[3] ?? ''
  const digits = BigInt(`${match[2]}${fraction}`)
  return { numerator: match[1] ? -digits : digits, denominator: 10n ** BigInt(fraction.length) }
}

/** numerator / denominator to the nearest integer, halves away from zero. Source: semantics 3.2. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  const quotient = (2n * n + d) / (2n * d)
  return negative ? -quotient : quotient
}

/** amount × rate, rounded half-up once. `rate` is a decimal string ("0.19"). */
export function multiplyHalfUp(a: Money, rate: string): Money {
  const { numerator, denominator } = ratio(rate)
  return money(Number(divideHalfUp(BigInt(a.amount) * numerator, denominator)), a.currency)
}

/**
 * The net part of a tax-inclusive amount: round(gross / (1 + rate)). The tax is gross − net.
 * Source: semantics 3.6.
 */
export function netOfInclusive(gross: Money, rate: string): Money {
  const { numerator, denominator } = ratio(rate)
  const net = divideHalfUp(BigInt(gross.amount) * denominator, denominator + numerator)
  return money(Number(net), gross.currency)
}

/**
 * Converts between currencies of different exponents. `rate` is units of `to` for one unit of the
 * amount's currency, as a decimal string. What the other currency cannot count becomes the most that it can
 * (`MAX_AMOUNT`), so that a price beyond all reason stops no list of prices.
 */
export function convert(a: Money, to: string, rate: string): Money {
  const { numerator, denominator } = ratio(rate)
  const shift = currencyExponent(to) - currencyExponent(a.currency)
  const up = shift > 0 ? 10n ** BigInt(shift) : 1n
  const down = shift < 0 ? 10n ** BigInt(-shift) : 1n
  const amount = Number(divideHalfUp(BigInt(a.amount) * numerator * up, denominator * down))
  return money(Math.max(-MAX_AMOUNT, Math.min(MAX_AMOUNT, amount)), to)
}

/**
 * Splits `total` in proportion to `weights` by largest remainder, ties to the earlier place, so
 * that the parts add up to the total exactly. Equal parts when all weights are zero.
 * Source: semantics 3.4.
 * @param weights whole; one part is returned for each.
 * @throws RangeError on a negative or fractional weight, or a total without anyone to take it.
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (weights.length === 0) {
    if (total !== 0) throw new RangeError('nothing to allocate to')
    return []
  }
  if (total < 0) return allocate(-total, weights).map((part) => (part === 0 ? 0 : -part))
  if (weights.some((weight) => weight < 0)) throw new RangeError('a weight is negative')
  const weightSum = weights.reduce((all, weight) => all + BigInt(weight), 0n)
  const shares = weightSum === 0n ? weights.map(() => 1n) : weights.map(BigInt)
  const whole = weightSum === 0n ? BigInt(weights.length) : weightSum
  const parts = shares.map((share) => (BigInt(total) * share) / whole)
  const rest = shares.map((share, place) => ({ place, left: (BigInt(total) * share) % whole }))
  let missing = total - Number(parts.reduce((all, part) => all + part, 0n))
  rest.sort((a, b) => (a.left === b.left ? a.place - b.place : a.left > b.left ? -1 : 1))
  for (const { place } of rest) {
    if (missing === 0) break
    parts[place] = (parts[place] ?? 0n) + 1n
    missing -= 1
  }
  return parts.map(Number)
}

/** "24.90" for 2490 cents; for files and logs. Pages use Intl.NumberFormat. */
export function toDecimal(a: Money): string {
  const exponent = currencyExponent(a.currency)
  const digits = String(Math.abs(a.amount)).padStart(exponent + 1, '0')
  const sign = a.amount < 0 ? '-' : ''
  if (exponent === 0) return `${sign}${digits}`
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}

/**
 * Reads "24.9" as 2490 cents.
 * @returns undefined if it is no number or has more decimals than the currency.
 */
export function fromDecimal(decimal: string, currency: string): Money | undefined {
  const exponent = currencyExponent(currency)
  const match = /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(decimal.trim())
  if (!match || (match[3]?.length ?? 0) > exponent) return undefined
  const amount = Number(`${match[1]}${match[2]}${(match[3] ?? '').padEnd(exponent, '0')}`)
  return Math.abs(amount) <= MAX_AMOUNT ? money(amount, currency) : undefined
}

import { divideHalfUp, ratio } from '#contracts/kit/money.ts'

/** A rate's decimals in tables and sums: numeric(20,10). */
export const RATE_DECIMALS = 10

/** numerator / denominator as a decimal string of at most `decimals` digits, halves away from zero. */
export function decimalOf(numerator: bigint, denominator: bigint, decimals: number): string {
  const scaled = divideHalfUp(numerator * 10n ** BigInt(decimals), denominator)
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${scaled < 0n ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

/** "0.05" + "0.09975" = "0.14975", exactly. */
export function addDecimals(decimals: readonly string[]): string {
  let numerator = 0n
  let places = 0
  for (const decimal of decimals) {
    const fraction = decimal.split('.')[1]?.length ?? 0
    const common = Math.max(places, fraction)
    numerator = numerator * 10n ** BigInt(common - places)
    numerator += ratio(decimal).numerator * 10n ** BigInt(common - fraction)
    places = common
  }
  return decimalOf(numerator, 10n ** BigInt(places), places)
}

/** "9.5" per cent is the rate "0.095". */
export function percentToRate(percent: string): string {
  const { numerator, denominator } = ratio(percent)
  return decimalOf(numerator, denominator * 100n, RATE_DECIMALS)
}

/** A number read from JSON as the decimal string that was written there. @throws RangeError */
export function decimalString(value: number): string {
  const text = String(value)
  ratio(text)
  return text
}

/** A rate for people: "0.0825" is "8.25 %". */
export function showPercent(rate: string): string {
  const { numerator, denominator } = ratio(rate)
  return `${decimalOf(numerator * 100n, denominator, RATE_DECIMALS)} %`
}

import { type Money, ratio, convert as withRate } from '#contracts/kit/money.ts'
import { decimalOf, RATE_DECIMALS } from './decimal.ts'

/** Reference rates of one day: units of each currency for one euro, as decimal strings. */
export type RateTable = Readonly<{
  /** The newest bank day among them. */
  asOf: string
  unitsPerEuro: ReadonlyMap<string, string>
}>

/** Converts at the rates of one day, and remembers what it worked out. */
export type Converter = Readonly<{
  asOf: string
  knows(currency: string): boolean
  /** Units of `to` for one of `from`, margin included; "1" within a currency. @throws RangeError */
  rate(from: string, to: string): string
  convert(amount: Money, to: string): Money
}>

/**
 * @param margin share added to each conversion as a decimal string ("0.02" is two per cent).
 * @param locked rates by pair ("USD/EUR") that go before the day's.
 */
export function createConverter(
  table: RateTable,
  margin: string,
  locked: Readonly<Record<string, string>> = {},
): Converter {
  const rates = new Map(Object.entries(locked))
  const amounts = new Map<string, Money>()
  const added = ratio(margin)

  function rate(from: string, to: string): string {
    if (from === to) return '1'
    const pair = `${from}/${to}`
    const known = rates.get(pair)
    if (known !== undefined) return known
    const worked = crossRate(table, from, to, added)
    rates.set(pair, worked)
    return worked
  }

  return {
    asOf: table.asOf,
    knows: (currency) => currency === 'EUR' || table.unitsPerEuro.has(currency),
    rate,
    convert(amount, to) {
      if (amount.currency === to) return amount
      const key = `${amount.amount}${amount.currency}${to}`
      const known = amounts.get(key)
      if (known) return known
      const converted = withRate(amount, to, rate(amount.currency, to))
      if (amounts.size >= MEMORY) amounts.clear()
      amounts.set(key, converted)
      return converted
    },
  }
}

/** Conversions remembered of a day: the prices on show, not every price there is. */
const MEMORY = 20_000

/** The rate through the euro, rounded half-up once. Source: semantics 4. */
function crossRate(
  table: RateTable,
  from: string,
  to: string,
  margin: ReturnType<typeof ratio>,
): string {
  const source = unitsPerEuro(table, from)
  const target = unitsPerEuro(table, to)
  return decimalOf(
    target.numerator * source.denominator * (margin.denominator + margin.numerator),
    target.denominator * source.numerator * margin.denominator,
    RATE_DECIMALS,
  )
}

function unitsPerEuro(table: RateTable, currency: string): ReturnType<typeof ratio> {
  if (currency === 'EUR') return ratio('1')
  const units = table.unitsPerEuro.get(currency)
  if (units === undefined) throw new RangeError(`There is no rate for ${currency}`)
  return ratio(units)
}

import { z } from 'zod'
import { addDecimals, decimalString, percentToRate } from './decimal.ts'
import { regionCode } from './regions.ts'
import { classRate, stateRate, US_TAXED_SHIPPING } from './tax-classes.ts'

/** A tax that falls due: its rate as a decimal string, and whose it is. */
export type Tax = Readonly<{ name: string; rate: string; jurisdiction: string }>

export type TaxPlace = Readonly<{
  country: string
  region?: string | undefined
  postalCode: string
}>

/** Which taxes fall due on a class of goods, or on shipping, sent to a place on a day (YYYY-MM-DD). */
export type TaxTable = Readonly<{
  taxes(place: TaxPlace, taxClass: string, day: string): readonly Tax[]
}>

/** The tax class of the parcel's carriage. */
export const SHIPPING_CLASS = 'shipping'

const VatPeriod = z.object({
  effective_from: z.string(),
  rates: z.record(z.string(), z.number()),
  exceptions: z
    .array(z.object({ postcode: z.string(), standard: z.number().optional() }))
    .optional(),
})
export const VatFile = z.object({ items: z.record(z.string(), z.array(VatPeriod)) })
type VatPeriod = z.infer<typeof VatPeriod>

const Rate = z.object({ rate: z.number(), type: z.string() })
export const SalesTaxFile = z.record(
  z.string(),
  z.object({ ...Rate.shape, states: z.record(z.string(), Rate).optional() }),
)
type SalesTaxFile = z.infer<typeof SalesTaxFile>

/**
 * Taxes by the country of destination (semantics 3.6): VAT of the EU by its own table, American
 * states and Canadian provinces by region, all others by the country's one rate.
 */
export function createTaxTable(
  vat: z.infer<typeof VatFile>,
  sales: SalesTaxFile,
  european: readonly string[],
): TaxTable {
  const memory = new Map<string, readonly Tax[]>()
  const union = new Set(european)

  function find(place: TaxPlace, taxClass: string, day: string): readonly Tax[] {
    const { country } = place
    if (union.has(country)) return vatTaxes(vat.items[country] ?? [], place, taxClass, day)
    const entry = sales[country]
    if (country === 'US') return stateTaxes(entry?.states ?? {}, place, taxClass)
    if (country === 'CA') return provinceTaxes(entry, place, taxClass)
    if (!entry) return []
    const rate = classRate(country, taxClass) ?? decimalString(entry.rate)
    return due({ name: entry.type.toUpperCase(), rate, jurisdiction: country })
  }

  return {
    taxes(place, taxClass, day) {
      const key = `${place.country}|${place.region ?? ''}|${place.postalCode}|${taxClass}|${day}`
      const known = memory.get(key)
      if (known) return known
      const found = find(place, taxClass, day)
      if (memory.size >= MEMORY) memory.clear()
      memory.set(key, found)
      return found
    },
  }
}

const MEMORY = 50_000

function due(...taxes: readonly Tax[]): readonly Tax[] {
  return taxes.filter((tax) => !/^0(\.0+)?$/.test(tax.rate))
}

function vatTaxes(
  periods: readonly VatPeriod[],
  { country, postalCode }: TaxPlace,
  taxClass: string,
  day: string,
): readonly Tax[] {
  const period = periods
    .filter((candidate) => candidate.effective_from <= day)
    .reduce<VatPeriod | undefined>(
      (newest, next) => (newest && newest.effective_from > next.effective_from ? newest : next),
      undefined,
    )
  if (!period) return []
  const percentage = (value: number | undefined) => percentToRate(decimalString(value ?? 0))
  const standard = percentage(period.rates.standard)
  const named = classRate(country, taxClass)
  const rate =
    named === undefined
      ? standard
      : named in period.rates
        ? percentage(period.rates[named])
        : /^\d/.test(named)
          ? named
          : standard
  const code = postalCode.replace(/\s/g, '')
  const exception = period.exceptions?.find(({ postcode }) =>
    new RegExp(`^(?:${postcode})$`).test(code),
  )
  if (!exception) return due({ name: 'VAT', rate, jurisdiction: country })
  const there = percentage(exception.standard)
  return due({
    name: 'VAT',
    rate: Number(there) < Number(rate) ? there : rate,
    jurisdiction: country,
  })
}

function stateTaxes(
  states: Readonly<Record<string, z.infer<typeof Rate>>>,
  { country, region }: TaxPlace,
  taxClass: string,
): readonly Tax[] {
  const state = regionCode(country, region)
  const entry = state === undefined ? undefined : states[state]
  if (state === undefined || !entry) return []
  if (taxClass === SHIPPING_CLASS && !US_TAXED_SHIPPING.has(state)) return []
  const rate = stateRate(state, taxClass, decimalString(entry.rate))
  return due({ name: 'Sales tax', rate, jurisdiction: `US-${state}` })
}

/** The federal GST with the province's own tax beside it, or both as one harmonized tax. */
function provinceTaxes(
  entry: SalesTaxFile[string] | undefined,
  { country, region }: TaxPlace,
  taxClass: string,
): readonly Tax[] {
  if (!entry) return []
  if (classRate(country, taxClass) === '0') return []
  const federal = decimalString(entry.rate)
  const province = regionCode(country, region)
  const own = province === undefined ? undefined : entry.states?.[province]
  if (province === undefined || !own) return due({ name: 'GST', rate: federal, jurisdiction: 'CA' })
  const rate = decimalString(own.rate)
  const jurisdiction = `CA-${province}`
  if (own.type === 'hst')
    return due({ name: 'HST', rate: addDecimals([federal, rate]), jurisdiction })
  return due(
    { name: 'GST', rate: federal, jurisdiction: 'CA' },
    { name: own.type.toUpperCase(), rate, jurisdiction },
  )
}

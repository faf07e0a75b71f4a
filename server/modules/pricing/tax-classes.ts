/** A rate by its name in the reference data ("reduced1"), or as a decimal string where that has none. */
type ClassRate = string

/**
 * Rates of printed books and of groceries where they are not taxed as other goods are. A class or
 * country that is not here pays the standard rate. Sources: European Commission, Taxes in Europe
 * Database (EU); HMRC notices 701/10 and 701/14 (GB); the tax offices of the countries.
 */
const REDUCED: Readonly<Record<string, Readonly<{ books?: ClassRate; food?: ClassRate }>>> = {
  AT: { books: 'reduced1', food: 'reduced1' },
  BE: { books: 'reduced1', food: 'reduced1' },
  BG: { books: 'reduced' },
  CY: { books: 'reduced1', food: 'reduced1' },
  CZ: { books: '0', food: 'reduced' },
  DE: { books: 'reduced', food: 'reduced' },
  EE: { books: 'press_publications' },
  ES: { books: 'super_reduced', food: 'reduced' },
  FI: { books: 'reduced2', food: 'reduced2' },
  FR: { books: 'reduced1', food: 'reduced1' },
  GR: { books: 'reduced1', food: 'reduced2' },
  HR: { books: 'reduced1' },
  HU: { books: 'reduced1' },
  IE: { books: '0', food: '0' },
  IT: { books: 'super_reduced', food: 'reduced2' },
  LT: { books: 'reduced2' },
  LU: { books: 'super_reduced', food: 'super_reduced' },
  LV: { books: 'reduced1' },
  MT: { books: 'reduced1', food: '0' },
  NL: { books: 'reduced', food: 'reduced' },
  PL: { books: 'reduced1', food: 'reduced1' },
  PT: { books: 'reduced1', food: 'reduced1' },
  RO: { books: 'reduced', food: 'reduced' },
  SE: { books: 'reduced1', food: 'reduced2' },
  SI: { books: 'reduced1', food: 'reduced2' },
  SK: { books: 'reduced1', food: 'reduced2' },
  GB: { books: '0', food: '0' },
  CH: { books: '0.026', food: '0.026' },
  NO: { books: '0', food: '0.15' },
  IS: { books: '0.11', food: '0.11' },
  AU: { food: '0' },
  JP: { food: '0.08' },
  CA: { food: '0' },
  MX: { books: '0', food: '0' },
  IN: { books: '0' },
}

/** The name or rate of a class in a country; undefined: taxed as other goods are. */
export function classRate(country: string, taxClass: string): ClassRate | undefined {
  if (taxClass !== 'books' && taxClass !== 'food') return undefined
  return REDUCED[country]?.[taxClass]
}

/** States that tax groceries, at less than their general rate or ("general") at all of it. */
const US_FOOD: Readonly<Record<string, string>> = {
  AL: '0.02',
  HI: 'general',
  ID: 'general',
  MO: '0.01225',
  MS: '0.05',
  SD: 'general',
  TN: '0.04',
  UT: '0.03',
  VA: '0.01',
}

/** A state's rate for a class of goods, given its general one. */
export function stateRate(state: string, taxClass: string, general: string): string {
  if (taxClass !== 'food') return general
  const rate = US_FOOD[state] ?? '0'
  return rate === 'general' ? general : rate
}

/** States that tax shipping stated as a line of its own. */
export const US_TAXED_SHIPPING: ReadonlySet<string> = new Set(
  'AR CT DC GA HI IL IN KY MI MN MS NE NJ NM NY NC ND OH PA RI SC SD TN TX VT WA WV WI'.split(' '),
)

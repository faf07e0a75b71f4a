import { type CsvRow, readCsv, readText, toCsv } from './files.ts'

export type OutputFile = Readonly<{ path: string; text: string; rows: number }>

const fxDays = 400
const dayMs = 86_400_000

/** The European Central Bank's rates of the last 400 days. */
function buildRates(source: string): OutputFile {
  const rows = readCsv(source, 'reference/fx_eur_daily.csv.gz')
  const last = rows.reduce((day, row) => ((row.date ?? '') > day ? (row.date ?? '') : day), '')
  const first = new Date(Date.parse(last) - (fxDays - 1) * dayMs).toISOString().slice(0, 10)
  const kept = rows.filter((row) => (row.date ?? '') >= first)
  const text = toCsv(['date', 'currency', 'units_per_eur'], kept)
  return { path: 'reference/fx_eur_daily.csv.gz', text, rows: kept.length }
}

/** The last known units of each currency for a US dollar. */
export function readDollarRates(source: string): Readonly<Record<string, number>> {
  const rows = readCsv(source, 'reference/fx_eur_daily.csv.gz')
  const last = rows.at(-1)?.date
  const perEuro = new Map(
    rows
      .filter((row) => row.date === last)
      .map((row) => [row.currency ?? '', Number(row.units_per_eur)]),
  )
  const dollars = perEuro.get('USD') ?? 1
  const rates = [...perEuro].map(([currency, units]) => [currency, units / dollars] as const)
  return { ...Object.fromEntries(rates), EUR: 1 / dollars }
}

function buildJson(source: string, name: string): OutputFile {
  const value: unknown = JSON.parse(readText(source, `reference/${name}.gz`))
  const rows = Object.keys(value as object).length
  return { path: `reference/${name}`, text: `${JSON.stringify(value, null, 1)}\n`, rows }
}

/** Address formats of every country, and of the first level below those that have one. */
function buildAddressFormats(source: string): OutputFile {
  type Format = Readonly<Record<string, string>>
  const all = JSON.parse(readText(source, 'reference/address_formats.json.gz')) as Record<
    string,
    Format
  >
  const kept = Object.entries(all).filter(([key]) => {
    const [country = '', ...regions] = key.split('/')
    if (regions.length === 0) return true
    const isNamed = /^(US|CA|AU|BR|IN|IT|JP|MX|ES|CN|KR)$/.test(country)
    return regions.length === 1 && isNamed && !key.includes('--')
  })
  const text = JSON.stringify(Object.fromEntries(kept))
  return { path: 'reference/address_formats.json.gz', text, rows: kept.length }
}

const geoColumns = ['country_code', 'zipcode', 'place', 'state_code', 'latitude', 'longitude']

/** One place, the first, for each postal code. */
function buildPostalCodes(source: string): OutputFile {
  const byCode = new Map<string, CsvRow>()
  for (const row of readCsv(source, 'reference/postal_codes_geo.csv.gz')) {
    const key = `${row.country_code}|${row.zipcode}`
    if (!byCode.has(key)) byCode.set(key, row)
  }
  const rows = [...byCode.values()]
  return {
    path: 'reference/postal_codes_geo.csv.gz',
    text: toCsv(geoColumns, rows),
    rows: rows.length,
  }
}

function buildJudgements(source: string): OutputFile {
  const rows = readCsv(source, 'search/icecat_judgements_dev.csv.gz')
  const kept = rows.map(({ query = '', product_id, rating = '' }) => {
    return { query, product: `icecat-${product_id}`, rating }
  })
  const text = toCsv(['query', 'product', 'rating'], kept)
  return { path: 'judgements/icecat_dev.csv.gz', text, rows: kept.length }
}

export function buildReference(source: string): readonly OutputFile[] {
  const json = ['eu_vat_rates.json', 'sales_tax_rates.json', 'tax_region_countries.json']
  return [
    buildRates(source),
    ...json.map((name) => buildJson(source, name)),
    buildAddressFormats(source),
    buildPostalCodes(source),
    buildJudgements(source),
  ]
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Database } from '../../platform/db/database.ts'
import type { Log } from '../../platform/log.ts'
import { findNewestRateDay, insertRates, type RateRow } from './repository.ts'
import { createTaxTable, SalesTaxFile, type TaxTable, VatFile } from './tax.ts'

const RATE_SOURCE = 'European Central Bank'

/** Reads the tax rates. @throws if a file is absent or malformed: a shop without them must not sell. */
export async function readTaxTable(referenceFolder: string): Promise<TaxTable> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(referenceFolder, file), 'utf8'))
  const [vat, sales, regions] = await Promise.all(
    ['eu_vat_rates.json', 'sales_tax_rates.json', 'tax_region_countries.json'].map(read),
  )
  const european = (regions as { EU: string[] }).EU
  return createTaxTable(VatFile.parse(vat), SalesTaxFile.parse(sales), european)
}

/**
 * Loads the reference rates that are newer than those in the table; rows are never changed.
 * @returns how many were added.
 */
export async function importReferenceRates({
  db,
  log,
  referenceFolder,
}: Readonly<{ db: Database; log: Log; referenceFolder: string }>): Promise<number> {
  const file = gunzipSync(await readFile(join(referenceFolder, 'fx_eur_daily.csv.gz'))).toString()
  const newest = (await findNewestRateDay(db)) ?? ''
  const fresh = parseRates(file).filter(({ asOf }) => asOf > newest)
  if (fresh.length === 0) return 0
  await insertRates(db, fresh, RATE_SOURCE)
  log.info({ rates: fresh.length, asOf: fresh.at(-1)?.asOf }, 'exchange rates loaded')
  return fresh.length
}

/** Lines of `date,currency,units_per_eur` after a header; the file has no quotes. */
function parseRates(csv: string): RateRow[] {
  return csv
    .split(/\r?\n/)
    .slice(1)
    .filter(Boolean)
    .map((line) => {
      const [asOf, currency, rate] = line.split(',')
      if (!asOf || !currency || !rate) throw new Error(`A rate is malformed: "${line}"`)
      return { asOf, currency, rate }
    })
}

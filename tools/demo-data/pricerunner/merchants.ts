import { draw } from '../draw.ts'
import type { CsvRow } from '../files.ts'
import type { DemoSeller } from '../model.ts'
import { words } from '../words.ts'

export type Merchant = Readonly<{ code: string; country: 'GB' | 'DE' | 'US'; currency: string }>

const germanWords = words`\b(freistehend\w*|einbau\w*|unterbau\w*|k ?hl\w*|gefrier\w*|
  sp ?l\w*maschine|waschmaschine\w*|vollwasch\w*|geschirr\w*|schrank|prozessor|speicher|kern|
  smartphone ohne|wei|schwarz|silber|grau|edelstahl|mit|und|eek)\b`

/**
 * Merchants whose listings are German sell from Germany in euro; of the others every third in
 * pounds.
 */
export function readMerchants(rows: readonly CsvRow[]): ReadonlyMap<string, Merchant> {
  const byMerchant = Map.groupBy(rows, (row) => row.merchant_id ?? '')
  const ids = [...byMerchant.keys()].toSorted((a, b) => Number(a) - Number(b))
  return new Map(ids.map((id) => [id, toMerchant(id, byMerchant.get(id) ?? [])]))
}

function toMerchant(id: string, offers: readonly CsvRow[]): Merchant {
  const german = offers.filter((row) => germanWords.test(row.offer_title ?? '')).length
  const code = `pricerunner-m${id}`
  if (german / offers.length > 0.25) return { code, country: 'DE', currency: 'EUR' }
  const isBritish = draw('merchant-currency', id) < 1 / 3
  return isBritish
    ? { code, country: 'GB', currency: 'GBP' }
    : { code, country: 'US', currency: 'USD' }
}

/** Shares in the range that marketplaces see; about one seller in thirty fails a standard. */
export function makePerformance(code: string): DemoSeller['performance'] {
  const share = (kind: string, typical: number) => {
    const value = typical * (0.2 + 2.2 * draw('performance', kind, code) ** 3)
    return Math.round(value * 10_000) / 10_000
  }
  return {
    orderDefectRate: share('defect', 0.005),
    lateShipmentRate: share('late', 0.02),
    cancelRate: share('cancel', 0.012),
  }
}

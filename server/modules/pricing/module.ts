import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import { createPromotionAdministration } from './administration.ts'
import type { PricingApi } from './api.ts'
import { createMarkets } from './markets.ts'
import { createPersonalData } from './personal-data.ts'
import { createRedemption } from './redemption.ts'
import { importReferenceRates, readTaxTable } from './reference.ts'
import { sweepQuotes } from './repository.ts'
import { pricingBindings } from './routes.ts'
import { createQuotes } from './service.ts'
import { createShelf } from './shelf.ts'
import type { TaxTable } from './tax.ts'

export type PricingDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  log: Log
  /** Folder of the exchange and tax rates. */
  referenceFolder: string
  /** Share added to each conversion, as a decimal string; "0" if absent. */
  fxMargin?: string
}>

/** A quote is kept this long after it expired, for orders that were placed by it. */
const KEEP_QUOTES_MS = 24 * 3_600_000

export function createPricing({
  db,
  ids,
  clock,
  log,
  referenceFolder,
  fxMargin = '0',
}: PricingDeps): ModuleParts<PricingApi> {
  const markets = createMarkets({ db, clock, fxMargin })
  const shelf = createShelf({ db, clock })
  let table: Promise<TaxTable> | undefined
  const taxes = () => {
    table ??= readTaxTable(referenceFolder)
    return table
  }
  const administration = createPromotionAdministration({
    db,
    ids,
    rate: markets.rate,
    onChanged: shelf.forget,
  })
  const quotes = createQuotes({ db, ids, clock, markets, shelf, taxes })
  const api: PricingApi = {
    market: markets.market,
    markets: markets.markets,
    display: markets.display,
    rate: markets.rate,
    coupon: shelf.coupon,
    definePromotion: shelf.definePromotion,
    ...quotes,
    ...createRedemption({ db }),
  }
  return {
    api,
    routes: pricingBindings(api, administration),
    personalData: createPersonalData(db),
    consumers: [],
    tickers: [],
    jobs: [
      {
        name: 'pricing.sweep_quotes',
        cron: '*/15 * * * *',
        async run(_payload, { signal }) {
          const before = new Date(clock.now().getTime() - KEEP_QUOTES_MS).toISOString()
          while (!signal.aborted && (await sweepQuotes(db, before)) > 0);
        },
      },
    ],
    async start() {
      await taxes()
      await importReferenceRates({ db, log, referenceFolder })
      markets.forget()
    },
  }
}

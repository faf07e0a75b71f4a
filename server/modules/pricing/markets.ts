import { catalogProblem } from '#contracts/catalog/problems.ts'
import { pricingProblem } from '#contracts/pricing/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Market, PricingApi } from './api.ts'
import { type Converter, createConverter, type RateTable } from './fx.ts'
import { findRates, listMarkets } from './repository.ts'

/** New rates and markets are seen after this time. */
const REFRESH_MS = 5 * 60_000

export type Markets = Pick<PricingApi, 'market' | 'markets' | 'display' | 'rate'> &
  Readonly<{
    /** @param locked rates of a quote that still holds. */
    converter(locked?: Readonly<Record<string, string>>): Promise<Converter>
    /** @throws pricing.market_unknown, catalog.currency_not_sold */
    sellingTo(country: string, currency: string): Promise<Market>
    /** Reads markets and rates anew at the next call. */
    forget(): void
  }>

type Loaded = Readonly<{
  markets: readonly Market[]
  byCountry: ReadonlyMap<string, Market>
  currencies: readonly string[]
  rates: RateTable
  converter: Converter
  day: string
  at: number
}>

/** Countries, currencies and the day's rates, kept in memory. */
export function createMarkets({
  db,
  clock,
  fxMargin,
}: Readonly<{ db: Database; clock: Clock; fxMargin: string }>): Markets {
  let loaded: Promise<Loaded> | undefined
  let current: Loaded | undefined

  async function read(now: Date): Promise<Loaded> {
    const day = now.toISOString().slice(0, 10)
    const [markets, rates] = await Promise.all([listMarkets(db), findRates(db, day)])
    const converter = createConverter(rates, fxMargin)
    const sold = markets.filter(({ currency }) => converter.knows(currency) || rates.asOf === '')
    return {
      markets: sold,
      byCountry: new Map(sold.map((market) => [market.country, market])),
      currencies: [...new Set(sold.map(({ currency }) => currency))],
      rates,
      converter,
      day,
      at: now.getTime(),
    }
  }

  async function load(): Promise<Loaded> {
    const now = clock.now()
    const fresh =
      current &&
      now.getTime() - current.at < REFRESH_MS &&
      now.toISOString().startsWith(current.day)
    if (current && fresh) return current
    loaded ??= read(now).finally(() => {
      loaded = undefined
    })
    current = await loaded
    return current
  }

  function assertSold({ currencies }: Loaded, currency: string): void {
    if (!currencies.includes(currency)) {
      throw catalogProblem('catalog.currency_not_sold', {
        detail: `${currency} is not among ${currencies.join(', ')}`,
      })
    }
  }

  function marketOf({ byCountry }: Loaded, country: string): Market {
    const market = byCountry.get(country)
    if (!market)
      throw pricingProblem('pricing.market_unknown', { detail: `Nothing is sold to ${country}` })
    return market
  }

  return {
    async market({ currency, country }) {
      const known = await load()
      if (currency !== undefined) assertSold(known, currency)
      if (country !== undefined) {
        const market = marketOf(known, country)
        return { ...market, currency: currency ?? market.currency }
      }
      const wanted = known.markets.find(
        (market) => currency === undefined || market.currency === currency,
      )
      if (!wanted) throw new Error('There is no market at all')
      return wanted
    },
    async markets() {
      const { markets, currencies, rates } = await load()
      return { items: [...markets], currencies: [...currencies], ratesAsOf: rates.asOf }
    },
    async display({ prices, currency }) {
      const known = await load()
      return prices.map((price) => {
        if (price.currency === currency) return price
        if (!known.converter.knows(currency) || !known.converter.knows(price.currency))
          throw catalogProblem('catalog.currency_not_sold')
        return known.converter.convert(price, currency)
      })
    },
    async rate({ from, to }) {
      const { converter, rates } = await load()
      if (from !== to && !(converter.knows(from) && converter.knows(to)))
        throw catalogProblem('catalog.currency_not_sold')
      return { rate: converter.rate(from, to), asOf: rates.asOf }
    },
    async converter(locked) {
      const { converter, rates } = await load()
      return locked ? createConverter(rates, fxMargin, locked) : converter
    },
    async sellingTo(country, currency) {
      const known = await load()
      assertSold(known, currency)
      return { ...marketOf(known, country), currency }
    },
    forget() {
      current = undefined
    },
  }
}

import type { Product } from '#contracts/catalog/schemas.ts'
import { type Money, money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { Ticker } from '../../platform/module.ts'
import type { NotificationsDeps } from './deps.ts'
import { type Facts, isDrop, lowestPrice } from './model.ts'
import { claimPriceChecks, putNews, settlePriceCheck, type Watch } from './repository.ts'

const LEASE_MS = 60_000

type Found = Readonly<{ product: Product; now: Money }>

/**
 * Looks at the prices of products that have changed and that somebody watches. It waits a moment, so that an import
 * of a thousand prices is over; a price that falls and rises meanwhile is no news.
 */
export function createPriceChecks({ db, clock, catalog }: NotificationsDeps): Ticker {
  /** @returns undefined for what is not sold, or not there, any more. */
  async function look({ subject, currency, country }: Watch): Promise<Found | undefined> {
    if (currency === null || country === null) return undefined
    try {
      const product = await catalog.getProduct({ idOrSlug: subject, currency, country })
      const now = lowestPrice(product)
      return now ? { product, now } : undefined
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return undefined
      throw error
    }
  }

  async function check(watch: Watch, found: Found | undefined): Promise<void> {
    const { subscriptionId, amount } = watch
    const at = clock.now().toISOString()
    const isFirst = amount === null
    const isNews = found !== undefined && !isFirst && isDrop(amount, found.now.amount)
    const newAmount = found && (isFirst || isNews) ? found.now.amount : null
    await db.tx(async (tx) => {
      if (!(await settlePriceCheck(tx, watch, newAmount)) || !isNews) return
      await putNews(
        tx,
        [{ subscriptionId, id: `${watch.subject}:${at}`, facts: factsOf(found, amount) }],
        at,
      )
    })
  }

  return {
    name: 'notifications.check_prices',
    everyMs: 2_000,
    async run() {
      const now = clock.now()
      const until = new Date(now.getTime() + LEASE_MS).toISOString()
      const due = await claimPriceChecks(db, now.toISOString(), until)
      const markets = Map.groupBy(due, (one) => `${one.subject} ${one.country} ${one.currency}`)
      for (const watches of markets.values()) {
        const found = watches[0] && (await look(watches[0]))
        for (const watch of watches) await check(watch, found)
      }
      return due.length
    },
  }
}

function factsOf({ product: { id, slug, name }, now }: Found, was: number): Facts {
  return {
    kind: 'price',
    productId: id,
    slug,
    name: name.slice(0, 80),
    was: money(was, now.currency),
    now,
  }
}

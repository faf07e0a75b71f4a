import assert from 'node:assert/strict'
import { systemClock } from '../../../platform/clock.ts'
import type { Sold, searchShop } from './shop.ts'
import { until } from './shop.ts'

type Shop = Awaited<ReturnType<typeof searchShop>>
type Search = Awaited<ReturnType<Shop['start']>>

/** What happens to the engine before the change of this number. */
export type Fault = Readonly<{ before: number; happen(): unknown }>

export type Journey = Readonly<{
  searches: number
  degraded: number
  /** How long the slowest search took. */
  worstMs: number
  /** What `verify` had to mend at the end. */
  mended: number
}>

const PRODUCTS = 40
const CHANGES = 120
const SHOPPERS = 4
const COLOURS = ['amber', 'indigo', 'crimson', 'teal', 'ochre']

/** A word that only this product has. */
const wordOf = (place: number) => `quux${String.fromCharCode(97 + (place % 26))}${place}x`

/**
 * Prices, stock and names change while shoppers search and the engine fails.
 * @throws AssertionError if a search failed, or the index does not come to hold what is sold
 */
export async function liveThrough(
  shop: Shop,
  search: Search,
  faults: readonly Fault[],
): Promise<Journey> {
  const ids = Array.from({ length: PRODUCTS }, () => shop.ids.make('prd'))
  const sold = new Map<number, Sold>()
  const change = async (place: number, what: Partial<Sold>) => {
    const next = { name: `${wordOf(place)} lamp`, ...sold.get(place), ...what }
    sold.set(place, next)
    await shop.sell(ids[place] as string, next)
  }
  for (const place of ids.keys()) await change(place, {})

  let running = true
  const seen = { searches: 0, degraded: 0, worstMs: 0 }
  const shopper = async (number: number) => {
    for (let turn = number; running; turn += 1) {
      const asked = turn % 3 === 0 ? { category: 'laptops' } : { q: wordOf(turn % PRODUCTS) }
      const startedAt = performance.now()
      const found = await search.find(asked)
      seen.worstMs = Math.max(seen.worstMs, performance.now() - startedAt)
      seen.searches += 1
      seen.degraded += found.degraded ? 1 : 0
      await systemClock.sleep(5)
    }
  }
  const shoppers = Promise.all(Array.from({ length: SHOPPERS }, (_, number) => shopper(number)))
  shoppers.catch(() => {})

  for (let number = 0; number < CHANGES; number += 1) {
    for (const fault of faults) if (fault.before === number) await fault.happen()
    const place = (number * 7) % PRODUCTS
    const turns: readonly Partial<Sold>[] = [
      { price: { amount: 1_000 + number, currency: 'USD' } },
      { available: number % 2 },
      { name: `${wordOf(place)} ${COLOURS[number % COLOURS.length]} lamp` },
    ]
    await change(place, turns[number % turns.length] as Partial<Sold>)
    await systemClock.sleep(20)
  }
  await until(async () => isCaughtUp(search), 120_000)
  running = false
  await shoppers
  const { mended } = await search.api.verify()
  for (const [place, each] of sold) await assertFound(search, ids[place] as string, { place, each })
  return { ...seen, mended }
}

async function isCaughtUp(search: Search): Promise<boolean> {
  const { serving, building, eventsBehind } = await search.api.stats()
  return serving && !building && eventsBehind === 0
}

async function assertFound(
  search: Search,
  id: string,
  { place, each }: Readonly<{ place: number; each: Sold }>,
): Promise<void> {
  const amount = each.price?.amount ?? 10_000
  const found = await search.find({ q: each.name, minPrice: amount, maxPrice: amount })
  assert.equal(found.degraded, undefined)
  assert.equal(found.items[0]?.id, id, `${place}: ${each.name}`)
  const inStock = await search.find({ q: wordOf(place), inStock: true })
  assert.equal(inStock.total, each.available === 0 ? 0 : 1, `${place}: stock`)
}

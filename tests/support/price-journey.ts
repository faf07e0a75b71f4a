import assert from 'node:assert/strict'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { timeUntil } from './faulty-line.ts'
import { runStoa, type startShopProcess } from './shop-process.ts'
import { unwrap } from './shopper.ts'

type Shop = Awaited<ReturnType<typeof startShopProcess>>
type Found = Readonly<{ total: number; degraded?: boolean; items: readonly { id: string }[] }>

/** What shoppers met meanwhile. */
export type SeenByShoppers = Readonly<{
  pages: number
  degraded: number
  /** The slowest product page with its category. */
  worstMs: number
}>

const SHOPPERS = 4
const CHANGES = 32
const PAUSE_MS = 100
/** An engine that was killed needs long to come back on a busy machine. */
const CAUGHT_UP_MS = 240_000

/**
 * Prices change while shoppers look and the engine of search fails: product pages and categories go on, and
 * search comes to find every product for its last price, with nothing for `stoa search verify` to mend.
 * @param faults what happens to the engine before the change of that number
 */
export async function livePrices(
  shop: Shop,
  {
    verify,
    faults,
  }: Readonly<{
    verify: Parameters<typeof runStoa>[1]
    faults: ReadonlyMap<number, () => unknown>
  }>,
): Promise<SeenByShoppers> {
  const find = async (query: string): Promise<Found> => {
    const reply = await fetch(`${shop.url}/api/v1/search?currency=USD&country=US&${query}`)
    assert.equal(reply.status, 200)
    return (await reply.json()) as Found
  }
  await timeUntil('the index serves', async () => !(await find('q=')).degraded, CAUGHT_UP_MS)
  const { items } = unwrap(await shop.client.search({ query: { q: '', limit: 8 } }))
  const category = items[0]?.categoryId as string
  const seen = { pages: 0, degraded: 0, worstMs: 0 }
  let running = true

  async function shopper(number: number): Promise<void> {
    for (let turn = number; running; turn += 1) {
      const startedAt = performance.now()
      const { id } = items[turn % items.length] as (typeof items)[number]
      const page = await fetch(`${shop.url}/api/v1/products/${id}?currency=USD&country=US`)
      assert.equal(page.status, 200)
      const browsed = await find(`category=${category}&page=1&limit=${(turn % 20) + 1}`)
      assert.ok(browsed.items.length > 0)
      seen.pages += 1
      seen.degraded += browsed.degraded ? 1 : 0
      seen.worstMs = Math.max(seen.worstMs, performance.now() - startedAt)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  const shoppers = Promise.all(Array.from({ length: SHOPPERS }, (_, number) => shopper(number)))
  shoppers.catch(() => {})
  const prices = await changePrices(shop, items, faults)
  for (const [id, amount] of prices) {
    const isFound = async () => {
      const found = await find(`minPrice=${amount}&maxPrice=${amount}`)
      return !found.degraded && found.items.some((item) => item.id === id)
    }
    await timeUntil(`${id} is found for ${amount}`, isFound, CAUGHT_UP_MS)
  }
  running = false
  await shoppers
  const verified = await runStoa(['search', 'verify'], verify)
  assert.match(verified.output, / compared, 0 mended/)
  return seen
}

/** @returns the last price of each product */
async function changePrices(
  shop: Shop,
  items: readonly Readonly<{ id: string }>[],
  faults: ReadonlyMap<number, () => unknown>,
): Promise<ReadonlyMap<string, number>> {
  const operator = createClient({ transport: httpTransport(shop.url), token: shop.operatorKey() })
  const prices = new Map<string, number>()
  for (let number = 0; number < CHANGES; number += 1) {
    await faults.get(number)?.()
    const { id } = items[number % items.length] as (typeof items)[number]
    const page = unwrap(await shop.client.getProduct({ params: { id }, query: {} }))
    const amount = 700_000 + 100 * number
    for (const offer of page.variants.flatMap(({ offers }) => offers)) {
      const price = { amount, currency: 'USD' }
      const body = { price, salePrice: null }
      unwrap(await operator.changeOffer({ params: { offerId: offer.offerId }, body }))
    }
    prices.set(id, amount)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
  return prices
}

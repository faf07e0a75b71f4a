/**
 * Goal (F13, F17): whoever comes first is served, however many come at once: not one unit too many is sold.
 * Method: four processes, each its own writer of the one hot row; buyers with quoted carts who all check out at t0.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { assertRecovered, openFaultShop, setStock } from '../support/fault-shop.ts'
import { type Buyer, prepareBuyer } from '../support/load.ts'
import type { ShopProcess } from '../support/shop-process.ts'
import type { Buyable } from '../support/shopper.ts'

const PROCESSES = 4
const shop = await openFaultShop({
  processes: PROCESSES,
  // The crowd has one address; its buyers have not.
  env: { DATABASE_POOL_SIZE: '5', LIMIT_FACTOR: '1000' },
})
after(shop.close)

/** Carts of so many buyers, prepared a few at a time. */
async function gather(item: Buyable, count: number): Promise<Buyer[]> {
  const buyers: Buyer[] = []
  let begun = 0
  const usher = async (nth: number) => {
    while (begun < count) {
      begun += 1
      buyers.push(await prepareBuyer(shop.node(nth % PROCESSES).client, item))
    }
  }
  await Promise.all(Array.from({ length: 16 }, (_, nth) => usher(nth)))
  return buyers
}

/** What a crowd may be told: to come again. Who was not answered in time finds the first call at work. */
const PASSING: readonly string[] = [
  'unavailable',
  'network_error',
  'rate_limited',
  'idempotency_in_progress',
]

const errorsOf = (node: ShopProcess) =>
  node
    .output()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
    .join('\n')

type Rush = Readonly<{ bought: readonly string[]; refused: number; ms: number; p99Ms: number }>

/** All check out at once, spread over the processes; who is told to come again comes again. */
async function rush(buyers: readonly Buyer[]): Promise<Rush> {
  const began = performance.now()
  const bought: string[] = []
  const times: number[] = []
  let refused = 0
  const checkOut = async ({ body, idempotencyKey }: Buyer, nth: number): Promise<void> => {
    const { client } = shop.node(nth % PROCESSES)
    for (;;) {
      const asked = performance.now()
      const answer = await client.placeOrder({ body: body(), idempotencyKey })
      if (answer.ok) {
        bought.push(answer.data.id)
        times.push(performance.now() - asked)
        return
      }
      const { code } = answer.problem
      if (code === 'inventory.insufficient_stock') {
        refused += 1
        times.push(performance.now() - asked)
        return
      }
      assert.ok(PASSING.includes(code), `${code}: ${errorsOf(shop.node(nth % PROCESSES))}`)
      await new Promise((resolve) => setTimeout(resolve, 100 + (nth % 10) * 50))
    }
  }
  await Promise.all(buyers.map(checkOut))
  times.sort((a, b) => a - b)
  return {
    bought,
    refused,
    ms: Math.round(performance.now() - began),
    p99Ms: Math.round(times[Math.floor(0.99 * (times.length - 1))] as number),
  }
}

const CROWDS = [
  { buyers: 500, units: 1 },
  { buyers: 10_000, units: 100 },
]

for (const [nth, { buyers, units }] of CROWDS.entries()) {
  test(`${buyers} buyers at four processes for ${units} of a thing: exactly ${units} sold`, async (t) => {
    const item = shop.items[nth] as Buyable
    const crowd = await gather(item, buyers)
    await setStock(shop.operator, item.offerId, units)
    const { bought, refused, ms, p99Ms } = await rush(crowd)
    t.diagnostic(`all ${buyers} were answered in ${ms} ms, 99 of 100 within ${p99Ms} ms`)
    assert.equal(new Set(bought).size, units)
    assert.equal(refused, buyers - units)
    await setStock(shop.operator, item.offerId, 1_000)
    await assertRecovered(shop, bought)
  })
}

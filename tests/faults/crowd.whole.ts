/**
 * Goal (F13, F17): whoever comes first is served, however many come at once: not one unit too many is sold.
 * Method: four processes, each its own writer of the one hot row; buyers with quoted carts who all check out at t0, each
 * by a connection of his own, and who come again when they are told to.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import { gatherCrowd, type Waiting } from '../support/crowd.ts'
import { assertRecovered, openFaultShop, setStock } from '../support/fault-shop.ts'
import type { ShopProcess } from '../support/shop-process.ts'
import type { Buyable } from '../support/shopper.ts'

const PROCESSES = 4
const PROGRESS_MS = 10_000
const shop = await openFaultShop({
  processes: PROCESSES,
  // The crowd has one address; its buyers have not.
  env: { DATABASE_POOL_SIZE: '5', LIMIT_FACTOR: '1000' },
})
after(shop.close)

/** Nothing is asked again but by the buyer, who waits as long as he is told. */
const clients = Array.from({ length: PROCESSES }, (_, nth) =>
  createClient({ transport: httpTransport(shop.node(nth).url), attempts: 1 }),
)

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

type Rush = { bought: string[]; refused: number; comings: number; times: number[] }

/** Checks out until there is an answer that is none to come again. */
async function checkOut(
  client: Client,
  { body, idempotencyKey }: Waiting,
  rush: Rush,
): Promise<void> {
  for (;;) {
    const asked = performance.now()
    rush.comings += 1
    const answer = await client.placeOrder({ body: body(), idempotencyKey })
    const isSoldOut = !answer.ok && answer.problem.code === 'inventory.insufficient_stock'
    if (answer.ok || isSoldOut) {
      if (answer.ok) rush.bought.push(answer.data.id)
      else rush.refused += 1
      rush.times.push(performance.now() - asked)
      return
    }
    const { code, retryAfterSeconds = 1 } = answer.problem
    if (!PASSING.includes(code)) assert.fail(JSON.stringify(answer.problem))
    await new Promise((resolve) => setTimeout(resolve, 1_000 * retryAfterSeconds))
  }
}

/** All come at once, spread over the processes. */
async function rushIn(crowd: readonly Waiting[], tell: (line: string) => void) {
  const began = performance.now()
  const rush: Rush = { bought: [], refused: 0, comings: 0, times: [] }
  const since = () => `${Math.round(performance.now() - began)} ms`
  const progress = setInterval(() => {
    const { bought, refused, comings } = rush
    tell(`${since()}: ${bought.length} bought, ${refused} refused, ${comings} times asked`)
  }, PROGRESS_MS)
  try {
    const work = crowd.map((one, nth) => checkOut(clients[nth % PROCESSES] as Client, one, rush))
    await Promise.all(work)
  } finally {
    clearInterval(progress)
  }
  const times = rush.times.toSorted((a, b) => a - b)
  const p99 = Math.round(times[Math.floor(0.99 * (times.length - 1))] as number)
  tell(
    `all ${crowd.length} were answered in ${since()}, 99 of 100 within ${p99} ms, ${rush.comings} times asked`,
  )
  return rush
}

const CROWDS = [
  { buyers: 500, units: 1 },
  { buyers: 10_000, units: 100 },
]

for (const [nth, { buyers, units }] of CROWDS.entries()) {
  test(`${buyers} buyers at four processes for ${units} of a thing: exactly ${units} sold`, async (t) => {
    const item = shop.items[nth] as Buyable
    const { client, postgres } = shop
    const crowd = await gatherCrowd({ client, databaseUrl: postgres.url }, item, buyers)
    await setStock(shop.operator, item.offerId, units)
    t.diagnostic(`${buyers} carts are quoted`)
    const { bought, refused } = await rushIn(crowd, (line) => t.diagnostic(line))
    assert.equal(new Set(bought).size, units)
    assert.equal(refused, buyers - units)
    for (let process = 0; process < PROCESSES; process += 1)
      assert.equal(errorsOf(shop.node(process)), '')
    await setStock(shop.operator, item.offerId, 1_000)
    const recoveredMs = await assertRecovered(shop, bought)
    t.diagnostic(`sold again after ${recoveredMs} ms, and audited`)
  })
}

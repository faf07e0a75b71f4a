/**
 * Goal (F2, F6, F7, F9, F15): a bank that fails in every way, clocks that are wrong, a database whose connections are
 * all taken, and a rolling restart: buyers go on, or try again, and every invariant holds at the end.
 * Method: two processes behind a load balancer, buyers who never stop.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertRecovered, openFaultShop } from '../support/fault-shop.ts'
import { startLoad } from '../support/load.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { unwrap } from '../support/shopper.ts'
import { ROUNDS } from './extent.ts'

const shop = await openFaultShop({ env: { DRAIN_SECONDS: '5' } })
after(shop.close)
const TEN_MINUTES_MS = 10 * 60_000

test('a rolling restart under load: no request fails', async (t) => {
  const load = startLoad(shop.client, shop.items, { strict: true })
  for (const nth of [0, 1]) {
    await sleep(500)
    assert.equal(await shop.node(nth).kill('SIGTERM'), 0)
    await shop.start(nth)
  }
  const bought = await load.stop()
  t.diagnostic(`${bought.length} orders, none of their requests refused`)
  await assertRecovered(shop, bought)
})

test('a bank that is silent, breaks, resets, and whose webhooks are doubled, reordered and lost', async (t) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await shop.bank.chaos({
      seed: round + 1,
      timeoutRate: 0.1,
      errorRate: 0.1,
      resetRate: 0.1,
      webhookDelayMs: 100,
      webhookDuplicate: 3,
      webhookReorder: true,
      webhookLoss: 0.3,
    })
    const load = startLoad(shop.client, shop.items, { atOnce: 12 })
    await sleep(6_000)
    const bought = await load.stop()
    t.diagnostic(`${bought.length} orders were paid meanwhile`)
    await shop.bank.chaos({})
    await assertRecovered(shop, bought)
  }
})

test('clocks ten minutes early and late, jumping under load: no order is lost or charged twice', async () => {
  const load = startLoad(shop.client, shop.items)
  for (const [early, late] of [
    [-TEN_MINUTES_MS, TEN_MINUTES_MS],
    [TEN_MINUTES_MS, -TEN_MINUTES_MS],
    [0, 0],
  ] as const) {
    shop.node(0).tell({ clockOffsetMs: early })
    shop.node(1).tell({ clockOffsetMs: late })
    await sleep(2_000)
  }
  await assertRecovered(shop, await load.stop())
})

test('all connections taken by a lock: what waits too long is refused, and all goes on after it', async () => {
  const load = startLoad(shop.client, shop.items, { atOnce: 30 })
  await withDatabase(shop.postgres.url, (db) =>
    db.tx(async (tx) => {
      await tx.query({ text: 'lock table inventory.stock_levels in access exclusive mode' })
      await sleep(7_000)
      const id = shop.items[0]?.productId as string
      unwrap(await shop.client.getProduct({ params: { id } }))
    }),
  )
  await assertRecovered(shop, await load.stop())
})

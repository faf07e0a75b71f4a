/**
 * Goal (F1, F2): kill -9 of a process, of the one that finishes what another left, and of PostgreSQL, at every named
 * point of an order's path: nothing acknowledged is lost, nothing is charged twice, nothing stays held.
 * Method: two processes on one PostgreSQL and one bank; buyers go on at the process that is not killed.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { assertRecovered, openFaultShop } from '../support/fault-shop.ts'
import { POINTS } from '../support/faults.ts'
import { type Buyer, payPatiently, prepareBuyer, startLoad } from '../support/load.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { eventually } from '../support/shopper.ts'
import { isWhole, ROUNDS } from './extent.ts'

const shop = await openFaultShop()
after(shop.close)
const [first, second] = shop.items as [(typeof shop.items)[0], (typeof shop.items)[0]]

/** Orders on which there is work to do. */
const unfinished = () =>
  withDatabase(shop.postgres.url, async (db) => {
    const { rows } = await db.query({
      text: `select count(*)::int as count from orders.checkouts where state <> 'done'`,
    })
    return rows[0]?.count as number
  })

/** Two minutes on, by its clock: a process that holds an order is taken to be dead after one. */
const LATER_MS = 120_000

test('a process killed at each point: the others sell on, and its orders are there once', async (t) => {
  const load = startLoad(shop.node(1).client, shop.items)
  const waiting: Buyer[] = []
  for (const point of Array.from({ length: ROUNDS }, () => POINTS).flat()) {
    await t.test(point, async () => {
      const { client, ended, tell } = shop.node(0)
      const buyer = await prepareBuyer(client, first)
      const absent = await prepareBuyer(client, second)
      tell({ dieAt: point })
      const answers = await Promise.all(
        [buyer, absent].map(({ body, idempotencyKey }) =>
          client.placeOrder({ body: body(), idempotencyKey }),
        ),
      )
      await ended
      assert.ok(answers.some((one) => !one.ok && one.problem.code === 'network_error'))
      waiting.push(buyer)
      await shop.start(0)
    })
  }
  const orders = await Promise.all(waiting.map((buyer) => payPatiently(shop.client, buyer)))
  const bought = await load.stop()
  t.diagnostic(`${bought.length} orders were placed at the other process meanwhile`)
  await assertRecovered(shop, [...orders.map(({ id }) => id), ...bought])
})

test('orders that nobody asks for again are finished by another process', async () => {
  shop.node(1).tell({ clockOffsetMs: LATER_MS })
  await eventually(unfinished, (count) => count === 0)
  shop.node(1).tell({ clockOffsetMs: 0 })
  await assertRecovered(shop)
})

test('the process that finishes what another left is killed too: a third go finishes it', async () => {
  for (const point of isWhole
    ? (['before_confirm', 'after_confirm'] as const)
    : (['before_confirm'] as const)) {
    const buyer = await prepareBuyer(shop.node(0).client, first)
    shop.node(0).tell({ dieAt: 'after_place' })
    shop.node(1).tell({ dieAt: point })
    const { body, idempotencyKey } = buyer
    assert.ok(!(await shop.node(0).client.placeOrder({ body: body(), idempotencyKey })).ok)
    await shop.node(0).ended
    shop.node(1).tell({ clockOffsetMs: LATER_MS })
    await shop.node(1).ended
    await Promise.all([shop.start(0), shop.start(1)])
    shop.node(0).tell({ clockOffsetMs: 2 * LATER_MS })
    await eventually(unfinished, (count) => count === 0)
    shop.node(0).tell({ clockOffsetMs: 0 })
    await payPatiently(shop.client, buyer)
  }
  await assertRecovered(shop)
})

// Recovery of the database takes its time at each of the points.
const atLength = { skip: isWhole ? false : 'left to `npm run faults`' }

test(
  'PostgreSQL killed at each point: what was under way is finished, once',
  atLength,
  async () => {
    const acknowledged: string[] = []
    for (const point of POINTS) {
      const load = startLoad(shop.node(1).client, shop.items, { atOnce: 2 })
      const buyer = await prepareBuyer(shop.node(0).client, first)
      shop.node(0).tell({ holdAt: point })
      const held = shop.node(0).held()
      const placing = payPatiently(shop.node(0).client, buyer)
      await held
      shop.postgres.kill()
      shop.node(0).tell({ goOn: true })
      await shop.postgres.restart()
      acknowledged.push((await placing).id, ...(await load.stop()))
    }
    await assertRecovered(shop, acknowledged)
  },
)

test(
  'all connections ended again and again under load: buyers try again and lose nothing',
  atLength,
  async () => {
    const load = startLoad(shop.client, shop.items)
    await withDatabase(shop.postgres.url, async (db) => {
      for (let round = 0; round < 8; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 400))
        await db.query({
          text: `select pg_terminate_backend(pid) from pg_stat_activity
               where application_name = 'stoa' and pid <> pg_backend_pid()`,
        })
      }
    })
    await assertRecovered(shop, await load.stop())
  },
)

/**
 * Goal (I9): the resiliency matrix of docs/reliability.md, of what needs no engine beside PostgreSQL.
 * Method: shoppers walk the journeys while a part is away; each must go exactly as the matrix says.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { eventsBehind } from '../../server/platform/audit.ts'
import { assertRecovered, openFaultShop } from '../support/fault-shop.ts'
import { type Journey, type Outcome, openShopper, type Shopper, walk } from '../support/journeys.ts'
import { payPatiently } from '../support/load.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { MATRIX } from '../support/resiliency.ts'
import { eventually } from '../support/shopper.ts'

// What the demo's warehouse sends is news too, and news voids pages that are in memory.
const shop = await openFaultShop({ env: { DEMO_SHIP_SECONDS: '3600' } })
after(shop.close)
/** Well above the time after which each process looks at the stream by itself. */
const HEARD_MS = 6_000
const item = shop.items[0] as (typeof shop.items)[0]

type Outcomes = Readonly<Record<Journey, Outcome>>

/** Ready at each process by itself: what one has in memory another has not. */
async function openShoppers(token?: string): Promise<Shopper[]> {
  const shoppers = await Promise.all(
    [0, 1].map((nth) => openShopper(shop.node(nth).url, item, token)),
  )
  // What was bought is news, which voids pages; those that are seen after it stay in memory.
  await eventually(
    () => withDatabase(shop.postgres.url, eventsBehind),
    (behind) => behind === 0,
  )
  await sleep(HEARD_MS)
  for (const shopper of shoppers) await walk(shopper, ['browse', 'search', 'order status'])
  return shoppers
}

/** @param mend what ends the fault, however the walks went */
async function assertWalks(
  shoppers: readonly Shopper[],
  expected: Outcomes,
  mend: () => unknown = () => {},
): Promise<void> {
  try {
    for (const shopper of shoppers) assert.deepEqual(await walk(shopper), expected)
  } finally {
    await mend()
  }
}

test(MATRIX.postgres.test, async () => {
  const shoppers = await openShoppers()
  shop.database.cut()
  shop.postgres.kill()
  await assertWalks(shoppers, MATRIX.postgres.outcomes, async () => {
    await shop.postgres.restart()
    shop.database.mend()
  })
  for (const { buyer } of shoppers) await payPatiently(shop.client, buyer)
  await assertRecovered(shop)
})

test(MATRIX.provider.test, async () => {
  const shoppers = await openShoppers()
  await shop.bankLine.refuse()
  await assertWalks(shoppers, MATRIX.provider.outcomes, shop.bankLine.accept)
  for (const { buyer } of shoppers) await payPatiently(shop.client, buyer)
  await assertRecovered(shop)
})

test(MATRIX.slowProvider.test, async () => {
  const token = 'tok_timeout'
  const shoppers = await openShoppers(token)
  await shop.bank.chaos({ webhookLoss: 1 })
  await assertWalks(shoppers, MATRIX.slowProvider.outcomes, () => shop.bank.chaos({}))
  for (const { buyer } of shoppers) await payPatiently(shop.client, buyer, { token })
  await assertRecovered(shop)
})

test(MATRIX.node.test, async () => {
  const shopper = await openShopper(shop.url, item)
  await shop.node(0).kill('SIGKILL')
  await assertWalks([shopper], MATRIX.node.outcomes)
  await shop.start(0)
  await assertRecovered(shop)
})

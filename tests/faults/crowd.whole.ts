/**
 * Goal (F13, F17): whoever comes first is served, however many come at once: not one unit too many is sold.
 * Method: four processes, each its own writer of the one hot row; buyers with quoted carts who all check out at t0, each
 * by a connection of his own, and who come again when they are told to.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gatherCrowd, rushIn } from '../support/crowd.ts'
import { assertRecovered, openFaultShop, setStock } from '../support/fault-shop.ts'
import type { Buyable } from '../support/shopper.ts'

const PROCESSES = 4
const shop = await openFaultShop({
  processes: PROCESSES,
  // The crowd has one address; its buyers have not.
  env: { DATABASE_POOL_SIZE: '5', LIMIT_FACTOR: '1000' },
  // No line that can be cut between them and their database: it would be this process that waits on all of them.
  prepare: async ({ url }) => ({ DATABASE_URL: url }),
})
after(shop.close)

const nodes = Array.from({ length: PROCESSES }, (_, nth) => shop.node(nth))

/** What a crowd that was failed is not told. */
function explain(failure: unknown): never {
  const lines = nodes.flatMap((node) => node.output().split('\n'))
  const errors = lines.filter((line) => line.includes('"level":"error"'))
  throw new Error([failure, ...errors].join('\n'))
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
    const rush = rushIn({ urls: nodes.map(({ url }) => url), crowd }, (line) => t.diagnostic(line))
    const { bought, refused } = await rush.catch(explain)
    assert.equal(new Set(bought).size, units)
    assert.equal(refused, buyers - units)
    await setStock(shop.operator, item.offerId, 1_000)
    const recoveredMs = await assertRecovered(shop, bought)
    t.diagnostic(`sold again after ${recoveredMs} ms, and audited`)
  })
}

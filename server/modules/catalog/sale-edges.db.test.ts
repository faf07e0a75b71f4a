import assert from 'node:assert/strict'
import { test } from 'node:test'
import { salePricesChanged } from '#contracts/catalog/events.ts'
import { getProduct } from '#contracts/catalog/routes.ts'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'
import { operatorOf } from '../../../tests/support/operator.ts'
import { testClock } from '../../../tests/support/platform.ts'
import { isEvent } from '../../platform/events/consumer.ts'
import { createSaleTicker, SETTLE_MS } from './sale-edges.ts'

// Far from the real time, at which the migration sets the clock.
const BEGIN = new Date('2030-05-01T08:00:00.000Z')
const END = new Date('2030-05-02T08:00:00.000Z')
const clock = testClock(new Date('2030-04-30T12:00:00Z'))
const { catalog, platform } = await testCatalog({ clock })
const { db, outbox } = platform
const usd = (amount: number) => ({ amount, currency: 'USD' })
const saleOf = (ref: string) =>
  productRow(ref, {
    variants: [
      {
        sku: `${ref}-V`,
        offers: [
          {
            seller: 'acme',
            sku: `${ref}-O`,
            price: usd(10_000),
            salePrice: usd(7_000),
            saleStartsAt: BEGIN.toISOString(),
            saleEndsAt: END.toISOString(),
            stock: { 'US-EAST': 3 },
          },
        ],
      },
    ],
  })
await catalog.importer.importProducts({
  ...jsonl([productRow('plain'), ...Array.from({ length: 1_500 }, (_, n) => saleOf(`s${n}`))]),
  format: 'jsonl',
  key: 'sales',
})
const ticker = createSaleTicker({ db, outbox, clock })
const { rows } = await db.query({
  text: `select product_id from catalog.product_refs where ref = 's7'`,
})
const productId = (rows[0] as { product_id: string }).product_id
const call = operatorOf(platform, catalog.routes)

async function told(): Promise<string[]> {
  while ((await outbox.sequence()) > 0);
  const events = await outbox.read(0, 10_000)
  return events.flatMap((event) =>
    isEvent(salePricesChanged, event) ? event.payload.productIds : [],
  )
}

async function run(): Promise<number> {
  let all = 0
  for (let done = await ticker.run(); done > 0; done = await ticker.run()) all += done
  return all
}

async function pagePrice() {
  const { body } = await call(getProduct, { params: { id: productId } })
  return body?.variants[0]?.offers[0]?.salePrice?.amount
}

test('before a sale begins nothing is told, and its page shows the price', async () => {
  clock.set(new Date(BEGIN.getTime() - 1))
  assert.equal(await run(), 0)
  assert.equal(await pagePrice(), undefined)
})

test('a sale that begins is told once, of every product, however many begin at one moment', async () => {
  clock.set(new Date(BEGIN.getTime() + SETTLE_MS))
  assert.equal(await run(), 1_500)
  const products = await told()
  assert.equal(products.length, 1_500)
  assert.equal(new Set(products).size, 1_500)
  assert.equal(await run(), 0)
  assert.equal(await pagePrice(), 7_000)
})

test('its end is told too; two processes at once tell it once', async () => {
  clock.set(new Date(END.getTime() + SETTLE_MS))
  const rival = createSaleTicker({ db, outbox, clock })
  for (let done = 1; done > 0; ) {
    const [one, other] = await Promise.all([ticker.run(), rival.run()])
    done = one + other
  }
  assert.equal((await told()).length, 3_000)
  assert.equal(await pagePrice(), undefined)
})

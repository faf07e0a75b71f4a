/**
 * Goal: a killed shop loses nothing that it acknowledged and keeps nothing that nobody ordered (F1, I3, I4, I7).
 * Method: kill -9 in the middle of 100 checkouts, restart on the same home, retry with the same keys, audit.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  killShops,
  runStoa,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import { checkoutBody, eventually, findBuyable, quotedCart, unwrap } from '../support/shopper.ts'

const { home, remove } = temporaryHome()
const data = await smallDataFolder()
after(async () => {
  await killShops()
  data.remove()
  remove()
})

/** The demo's warehouse and carrier go on by themselves, so a paid order may be further than confirmed. */
const PAID = ['confirmed', 'partially_shipped', 'shipped', 'delivered']

test('kill -9 in the middle of 100 checkouts: after a restart no paid order is missing and the audit is clean', async () => {
  const first = await startShopProcess({ home, dataFolder: data.folder })
  const items = await findBuyable(first.client, 5)
  const quoted = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      quotedCart(first.client, [
        { variantId: (items[n % 5] as (typeof items)[0]).variantId, quantity: 1 },
      ]),
    ),
  )
  let acknowledged = 0
  const answers = quoted.map(async (one, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 4))
    const result = await first.client.placeOrder({
      body: checkoutBody(one),
      idempotencyKey: `crash-${n}`,
    })
    if (result.ok) acknowledged += 1
    return result
  })
  await eventually(
    async () => acknowledged,
    (count) => count >= 20,
    20_000,
  )
  await first.kill('SIGKILL')
  const before = await Promise.all(answers)
  const known = before.flatMap((result) =>
    result.ok && result.data.status === 'confirmed' ? [result.data.id] : [],
  )
  assert.ok(
    known.length >= 20 && known.length < 100,
    `${known.length} were acknowledged before the kill`,
  )

  const port = Number(new URL(first.url).port)
  const second = await startShopProcess({ home, dataFolder: data.folder, port })
  for (const orderId of known) {
    assert.ok(PAID.includes(unwrap(await second.client.getOrder({ params: { orderId } })).status))
  }
  const retried = await Promise.all(
    quoted.map((one, n) =>
      eventually(
        () => second.client.placeOrder({ body: checkoutBody(one), idempotencyKey: `crash-${n}` }),
        (result) => result.ok || result.problem.code !== 'idempotency_in_progress',
        90_000,
      ),
    ),
  )
  const orders = retried.map(unwrap)
  assert.equal(new Set(orders.map((order) => order.id)).size, 100)
  for (const order of orders) {
    await eventually(
      async () => unwrap(await second.client.getOrder({ params: { orderId: order.id } })),
      (one) => PAID.includes(one.status),
      30_000,
    )
  }
  for (const id of known) assert.ok(orders.some((order) => order.id === id))
  await second.kill('SIGTERM')
  const { code, output } = await runStoa(['audit'], {
    home,
    dataFolder: data.folder,
    env: { PORT: String(port) },
  })
  assert.equal(code, 0, output)
})

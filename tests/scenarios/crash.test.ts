/**
 * Goal: a killed shop loses nothing that it acknowledged and keeps nothing that nobody ordered (F1, I3, I4, I7).
 * Method: kill -9 in the middle of 100 checkouts, restart on the same home, retry with the same keys, audit.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import {
  killShops,
  runStoa,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import {
  checkoutBody,
  eventually,
  findBuyable,
  PAID,
  quotedCart,
  unwrap,
  watchOnly,
} from '../support/shopper.ts'

const { home, remove } = temporaryHome()
const data = await smallDataFolder()
after(async () => {
  await killShops()
  data.remove()
  remove()
})

const AT_ONCE = 30
const KILLED_AFTER = 20
/** For a machine that is many times slower than a developer's. */
const LIMIT_MS = 120_000

test('kill -9 in the middle of 100 checkouts: after a restart no paid order is missing and the audit is clean', async () => {
  const first = await startShopProcess({ home, dataFolder: data.folder })
  await watchOnly(createClient({ transport: httpTransport(first.url), token: first.operatorKey() }))
  const items = await findBuyable(first.client, 5)
  const quoted = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      quotedCart(first.client, [
        { variantId: (items[n % 5] as (typeof items)[0]).variantId, quantity: 1 },
      ]),
    ),
  )
  let acknowledged = 0
  let killed: Promise<unknown> | undefined
  const before: Awaited<ReturnType<typeof first.client.placeOrder>>[] = []
  const waiting = [...quoted.entries()]
  const buyer = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [n, one] = next
      const body = checkoutBody(one)
      const result = await first.client.placeOrder({ body, idempotencyKey: `crash-${n}` })
      before.push(result)
      if (result.ok) acknowledged += 1
      // At once, so that it hits the others in the middle.
      if (acknowledged === KILLED_AFTER) killed ??= first.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, buyer))
  await killed
  const known = before.flatMap((result) => (result.ok ? [result.data] : []))
  assert.ok(
    known.length >= KILLED_AFTER && known.length < KILLED_AFTER + AT_ONCE,
    `${known.length} were acknowledged before the kill`,
  )

  const port = Number(new URL(first.url).port)
  const second = await startShopProcess({ home, dataFolder: data.folder, port })
  for (const { id: orderId, status } of known) {
    const { status: now } = unwrap(await second.client.getOrder({ params: { orderId } }))
    // A slow bank leaves an order pending, which is known but not yet paid.
    assert.ok(PAID.includes(now) || (status === 'pending' && now === 'pending'), now)
  }
  const retried = await Promise.all(
    quoted.map((one, n) =>
      eventually(
        () => second.client.placeOrder({ body: checkoutBody(one), idempotencyKey: `crash-${n}` }),
        (result) => result.ok || !result.problem.retryable,
        LIMIT_MS,
      ),
    ),
  )
  const orders = retried.map(unwrap)
  assert.equal(new Set(orders.map((order) => order.id)).size, 100)
  for (const order of orders) {
    await eventually(
      async () => unwrap(await second.client.getOrder({ params: { orderId: order.id } })),
      (one) => PAID.includes(one.status),
      LIMIT_MS,
    )
  }
  for (const { id } of known) assert.ok(orders.some((order) => order.id === id))
  await second.kill('SIGTERM')
  const { code, output } = await runStoa(['audit'], {
    home,
    dataFolder: data.folder,
    env: { PORT: String(port) },
  })
  assert.equal(code, 0, output)
})

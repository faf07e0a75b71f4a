/**
 * Goal: one module, inventory, runs in a process of its own; no module knows (design 2). When it is gone, browsing goes
 * on and checkout refuses cleanly; when it is back, selling goes on.
 * Method: two `stoa start` processes on one database, one of them killed and started again.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { MODULES } from '../../server/module-names.ts'
import { freePortPair } from '../support/ports.ts'
import { createTestDatabase } from '../support/postgres.ts'
import {
  killShops,
  runStoa,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../support/shop-process.ts'
import {
  buy,
  checkoutBody,
  eventually,
  findBuyable,
  quotedCart,
  unwrap,
} from '../support/shopper.ts'

const { home, remove } = temporaryHome()
const data = await smallDataFolder(30)
const database = await createTestDatabase('template0')
after(async () => {
  await killShops()
  await database.drop()
  data.remove()
  remove()
})

test('inventory in a second process: sells, refuses cleanly while it is gone, and sells again', async () => {
  const inventoryPort = await freePortPair()
  const env = {
    DATABASE_URL: database.url,
    RPC_SECRET: 'a-secret-of-two-processes',
    DATABASE_POOL_SIZE: '8',
  }
  const alone = {
    home: `${home}/inventory`,
    dataFolder: data.folder,
    port: inventoryPort,
    env: { ...env, STOA_MODULES: 'inventory', TEST_PROVIDER: 'off' },
  }
  const inventory = await startShopProcess(alone)
  const shop = await startShopProcess({
    home: `${home}/shop`,
    dataFolder: data.folder,
    env: {
      ...env,
      STOA_MODULES: MODULES.filter((name) => name !== 'inventory').join(','),
      INVENTORY_URL: `http://127.0.0.1:${inventoryPort}`,
    },
  })
  const [item] = await findBuyable(shop.client, 1)
  assert.ok(item)
  const line = { variantId: item.variantId, quantity: 1 }
  assert.equal((await buy(shop.client, [line])).status, 'confirmed')

  const quoted = await quotedCart(shop.client, [line])
  await inventory.kill('SIGKILL')
  unwrap(await shop.client.getProduct({ params: { id: item.productId } }))
  unwrap(await shop.client.search({ query: { q: '' } }))
  const refusal = await shop.client.placeOrder({
    body: checkoutBody(quoted),
    idempotencyKey: 'while-gone',
  })
  assert.ok(!refusal.ok)
  assert.equal(refusal.problem.status, 503)

  await startShopProcess(alone)
  const order = await eventually(
    () => shop.client.placeOrder({ body: checkoutBody(quoted), idempotencyKey: 'while-gone' }),
    (result) => result.ok,
  )
  assert.equal(unwrap(order).status, 'confirmed')
  const { code, output } = await runStoa(['audit'], {
    home: `${home}/shop`,
    dataFolder: data.folder,
    env: { ...env, PORT: new URL(shop.url).port },
  })
  assert.equal(code, 0, output)
})

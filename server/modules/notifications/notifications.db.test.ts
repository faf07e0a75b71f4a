import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { productChanged } from '#contracts/catalog/events.ts'
import type { Product } from '#contracts/catalog/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { orderCancelled } from '#contracts/orders/events.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import { testClock, testPlatform, testVault } from '../../../tests/support/platform.ts'
import {
  makePushBrowser,
  type PushBrowser,
  startPushService,
} from '../../../tests/support/push-service.ts'
import { silentLog } from '../../platform/log.ts'
import { publicPost } from '../../platform/net/public-fetch.ts'
import { createNotifications } from './index.ts'

const clock = testClock()
const platform = await testPlatform({ clock })
const { db, ids, outbox } = platform
const service = await startPushService()
after(() => service.stop())

const prices = new Map<string, number>()
const orders = new Set<string>()
const shop = createNotifications({
  db,
  ids,
  clock,
  log: silentLog,
  vault: testVault(),
  publicUrl: 'https://shop.test',
  orders: {
    async get({ orderId }) {
      if (!orders.has(orderId)) throw generalProblem('not_found')
      return { id: orderId } as Order
    },
  },
  mailbox: { queue: async () => assert.fail('a browser is not written to') },
  cart: { listWishers: async () => [], wishesOf: async () => [] },
  accounts: { readersOf: async () => [], endMarketing: async () => {} },
  catalog: {
    async getProduct({ idOrSlug, currency }) {
      const amount = prices.get(idOrSlug)
      if (amount === undefined) throw generalProblem('not_found')
      const price = { amount, currency }
      const offers = [{ price, availability: { inStock: true } }]
      return {
        id: idOrSlug,
        slug: 'mill-1',
        name: 'Coffee mill',
        variants: [{ offers }],
      } as unknown as Product
    },
  },
  // As the real one, but for where the service is.
  post: (request) =>
    publicPost({
      ...request,
      url: `http://127.0.0.1:${service.port}${new URL(request.url).pathname}`,
      ports: [String(service.port)],
      isAllowed: () => true,
    }),
})
const { api, consumers, tickers } = shop

beforeEach(() => {
  service.received.length = 0
  service.manners.clear()
})

async function work(): Promise<void> {
  await platform.deliver(consumers)
  for (const ticker of tickers) while ((await ticker.run()) > 0);
}

async function append(spec: Parameters<typeof outbox.append>[1][number]): Promise<void> {
  await db.tx((tx) => outbox.append(tx, [spec]))
}

const shipped = (orderId: string, status: 'shipped' | 'labelled' | 'delivered' = 'shipped') =>
  append({
    spec: shipmentMoved,
    aggregateId: orderId,
    payload: { shipmentId: 'shp_1', orderId, status, lines: [], at: '2026-03-01T12:00:00.000Z' },
  })
const changed = (productId: string) =>
  append({ spec: productChanged, aggregateId: productId, payload: { productId, version: 1 } })

async function watchOrder(browser: PushBrowser, language: 'en' | 'ar' = 'en') {
  const orderId = ids.make('ord')
  orders.add(orderId)
  const { subscription } = browser
  const kept = await api.watch({
    subscription,
    language,
    accountId: null,
    wanted: { kind: 'order', orderId },
  })
  return { orderId, subscriptionId: kept.id }
}

const rows = async (table: string) =>
  (await db.query({ text: `select * from notifications.${table}` })).rows.length

async function clear(): Promise<void> {
  await db.query({ text: 'delete from notifications.subscriptions' })
  await db.query({ text: 'delete from notifications.watches' })
}

test('who asked for news of an order gets each step once, in their language, readable by that browser alone', async () => {
  const browser = makePushBrowser()
  const { orderId } = await watchOrder(browser, 'ar')
  await shipped(orderId, 'labelled')
  await shipped(orderId)
  await shipped(ids.make('ord'))
  await work()
  await work()
  assert.equal(service.received.length, 1)
  const [message] = service.received
  assert.ok(message)
  const notice = browser.read(message)
  assert.equal(notice['title'], 'طردك في الطريق')
  assert.equal(notice['url'], `/orders/${orderId}`)
  assert.equal(message.headers['topic'], notice['tag'])
  assert.match(String(message.headers.authorization), /^vapid t=.+, k=/)
  assert.ok(String(message.headers.authorization).includes(api.pushKey()))
  assert.throws(() => makePushBrowser().read(message))
  await append({
    spec: orderCancelled,
    aggregateId: orderId,
    payload: { orderId, number: 'S-1', reason: 'customer', version: 2 },
  })
  await work()
  assert.equal(service.received.length, 2)
  assert.equal(await rows('news'), 0)
})

test('a browser that is gone leaves nothing behind', async () => {
  for (const status of [404, 410, 403]) {
    await clear()
    const browser = makePushBrowser()
    const { orderId, subscriptionId } = await watchOrder(browser)
    service.manners.set(browser.path, { status })
    await shipped(orderId)
    await shipped(orderId, 'delivered')
    await work()
    for (const table of ['subscriptions', 'watches', 'news'])
      assert.equal(await rows(table), 0, table)
    await assert.rejects(api.get({ subscriptionId }), { code: 'not_found' })
  }
})

test('a push service that is away is asked again later, as it says, and given up in the end', async () => {
  await clear()
  const browser = makePushBrowser()
  const { orderId } = await watchOrder(browser)
  service.manners.set(browser.path, { status: 429, retryAfter: '120' })
  await shipped(orderId)
  await work()
  clock.advance(119_000)
  await work()
  assert.equal(service.received.length, 1)
  service.manners.set(browser.path, 'hang_up')
  clock.advance(2_000)
  await work()
  assert.equal(service.received.length, 2)
  service.manners.delete(browser.path)
  clock.advance(3_600_000)
  await work()
  assert.equal(service.received.length, 3)
  assert.equal(await rows('news'), 0)

  service.manners.set(browser.path, { status: 500 })
  await shipped(orderId, 'delivered')
  for (let round = 0; round < 20; round += 1) {
    await work()
    clock.advance(3_600_000)
  }
  assert.equal(service.received.length, 3 + 8)
  assert.equal(await rows('news'), 0)
  assert.equal(await rows('subscriptions'), 1)
})

test('a message that is refused is not sent again', async () => {
  await clear()
  const browser = makePushBrowser()
  const { orderId } = await watchOrder(browser)
  service.manners.set(browser.path, { status: 413 })
  await shipped(orderId)
  await work()
  clock.advance(7_200_000)
  await work()
  assert.equal(service.received.length, 1)
  assert.equal(await rows('subscriptions'), 1)
})

test('a price is news when it is lower than every one told before, and not else', async () => {
  await clear()
  const browser = makePushBrowser()
  const productId = ids.make('prd')
  prices.set(productId, 10_000)
  const wanted = { kind: 'price', productId, country: 'DE', currency: 'EUR' } as const
  const { subscription } = browser
  await api.watch({ subscription, language: 'de', accountId: null, wanted })
  for (const amount of [10_000, 9_950, 12_000, 8_000, 8_000, 9_000, 8_000, 7_000]) {
    prices.set(productId, amount)
    await changed(productId)
    await work()
  }
  const titles = service.received.map((message) => browser.read(message)['title'])
  assert.deepEqual(titles, ['Jetzt 80,00\u00a0€', 'Jetzt 70,00\u00a0€'])
  prices.delete(productId)
  await changed(productId)
  await work()
  assert.equal(service.received.length, 2)
})

test('to ask again changes nothing, to ask for less forgets, and the number is bounded', async () => {
  await clear()
  const browser = makePushBrowser()
  const { subscription } = browser
  const { orderId, subscriptionId } = await watchOrder(browser)
  const wanted = { kind: 'order', orderId } as const
  const again = await api.watch({ subscription, language: 'en', accountId: null, wanted })
  assert.equal(again.id, subscriptionId)
  assert.equal(again.watches.length, 1)
  const unknown = { kind: 'order', orderId: ids.make('ord') } as const
  const asked = { subscription, language: 'en', accountId: null } as const
  await assert.rejects(api.watch({ ...asked, wanted: unknown }), { code: 'not_found' })
  assert.equal((await api.get({ subscriptionId })).watches.length, 1)
  await api.unwatch({ subscriptionId, subject: orderId })
  await assert.rejects(api.get({ subscriptionId }), { code: 'not_found' })
  await api.unwatch({ subscriptionId, subject: orderId })
  for (let count = 0; count < 100; count += 1) await watchOrder(browser)
  await assert.rejects(watchOrder(browser), { code: 'notifications.too_many' })
  assert.equal(await rows('watches'), 100)
})

test('what is kept of a browser is sealed, given to its account, and erased with it', async () => {
  await clear()
  const { subscription } = makePushBrowser()
  const orderId = ids.make('ord')
  orders.add(orderId)
  const accountId = ids.make('acc')
  await api.watch({ subscription, language: 'en', accountId, wanted: { kind: 'order', orderId } })
  const { rows: kept } = await db.query({ text: 'select sealed from notifications.subscriptions' })
  assert.doesNotMatch(JSON.stringify(kept), /push\.example/)
  const subject = { accountId, emails: [] }
  assert.match(JSON.stringify(await shop.personalData?.export(subject)), new RegExp(orderId))
  const erased = await shop.personalData?.erase(subject)
  assert.equal(erased?.[0]?.deleted, 1)
  assert.equal(await rows('watches'), 0)
})

import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { WishlistItem } from '#contracts/cart/wishlists.ts'
import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { orderCancelled, orderConfirmed, returnEvents } from '#contracts/orders/events.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { paymentRefunded } from '#contracts/payments/events.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import { sampleOrder } from '../../../../tests/support/letters.ts'
import { testClock, testPlatform, testVault } from '../../../../tests/support/platform.ts'
import { silentLog } from '../../../platform/log.ts'
import { createMailbox } from '../../../platform/mail/mailbox.ts'
import type { Reader } from '../../identity/index.ts'
import { createNotifications } from '../index.ts'

const clock = testClock()
const platform = await testPlatform({ clock })
const { db, ids, outbox } = platform
const vault = testVault()
const mailbox = createMailbox({ db, ids, clock, log: silentLog, vault })

const orders = new Map<string, Order>()
const failing = new Set<string>()
const readers = new Map<string, Reader>()
const wishes = new Map<string, WishlistItem[]>()
const parts = createNotifications({
  db,
  ids,
  clock,
  log: silentLog,
  vault,
  publicUrl: 'https://shop.test',
  mailbox,
  orders: {
    async get({ orderId }) {
      if (failing.has(orderId)) throw new Error('the database is away')
      const order = orders.get(orderId)
      if (!order) throw generalProblem('not_found')
      return order
    },
  },
  catalog: { getProduct: async () => assert.fail('nobody watches a price') },
  cart: {
    async listWishers({ after, limit }) {
      return [...wishes.keys()].filter((id) => after === null || id > after).slice(0, limit)
    },
    wishesOf: async ({ customerId }) => wishes.get(customerId) ?? [],
  },
  accounts: {
    readersOf: async ({ accountIds }) => accountIds.flatMap((id) => readers.get(id) ?? []),
    async endMarketing({ accountId }) {
      readers.delete(accountId)
    },
  },
})

beforeEach(async () => {
  await db.query({ text: 'delete from platform.mails' })
  await db.query({ text: 'delete from notifications.letters' })
})

async function work(): Promise<void> {
  await platform.deliver(parts.consumers)
  for (const ticker of parts.tickers) while ((await ticker.run()) > 0);
}

async function append(...events: Parameters<typeof outbox.append>[1][number][]): Promise<void> {
  await db.tx((tx) => outbox.append(tx, events))
}

function place(changes: Partial<Order> = {}): Order {
  const order = { ...sampleOrder(ids.make('ord')), ...changes }
  orders.set(order.id, order)
  return order
}

const confirmed = ({ id: orderId, number, totals }: Order) => ({
  spec: orderConfirmed,
  aggregateId: orderId,
  payload: { orderId, number, total: totals.total, lines: [], version: 1 },
})
const cancelled = ({ id: orderId, number }: Order, reason: 'customer' | 'payment_failed') => ({
  spec: orderCancelled,
  aggregateId: orderId,
  payload: { orderId, number, reason, version: 2 },
})
const subjects = async () => (await mailbox.list(50)).map(({ subject }) => subject).toSorted()

test('an order is confirmed by one letter, however often its event is told', async () => {
  const order = place()
  await append(confirmed(order))
  await work()
  await append(confirmed(order))
  await work()
  const [mail, ...others] = await mailbox.list(50)
  assert.ok(mail)
  assert.equal(others.length, 0)
  assert.equal(mail.to, 'ada@example.com')
  assert.equal(mail.subject, 'Your order S-1 is confirmed')
  for (const words of [
    '2 × Coffee mill  €39.80',
    'Delivery  €4.90',
    'Tax, included  €7.14',
    'Total  €44.70',
    'Ada Lovelace\n5 Main Street\n10115 Berlin\nGermany',
    `https://shop.test/orders/${order.id}`,
  ])
    assert.ok(mail.text.includes(words), `${words}\n${mail.text}`)
})

test('nothing of the person is kept beside the sealed mail', async () => {
  await append(confirmed(place()))
  await platform.deliver(parts.consumers)
  const { rows: waiting } = await db.query({ text: 'select * from notifications.letters' })
  assert.equal(waiting.length, 1)
  await work()
  const { rows: mails } = await db.query({ text: 'select * from platform.mails' })
  assert.equal(mails.length, 1)
  assert.doesNotMatch(JSON.stringify([waiting, mails]), /@|Lovelace|Main Street|Coffee mill/)
})

test('an erased person, and an order that is gone, get nothing', async () => {
  await append(confirmed(place({ email: '' })))
  await append(confirmed(sampleOrder(ids.make('ord'))))
  const waits = place()
  await append(confirmed(waits))
  await platform.deliver(parts.consumers)
  assert.equal((await parts.orderData?.erase([waits.id]))?.[0]?.deleted, 1)
  await work()
  assert.deepEqual(await subjects(), [])
})

test('what happened days ago is no news', async () => {
  await append(confirmed(place()))
  const before = clock.now()
  clock.set(new Date('2100-01-01T00:00:00Z'))
  await work()
  clock.set(before)
  assert.deepEqual(await subjects(), [])
})

test('a letter that cannot be written is tried again later, and others do not wait for it', async () => {
  const bad = place({ number: 'S-2' })
  failing.add(bad.id)
  await append(confirmed(bad), confirmed(place()))
  await work()
  assert.deepEqual(await subjects(), ['Your order S-1 is confirmed'])
  failing.delete(bad.id)
  await work()
  assert.equal((await subjects()).length, 1)
  clock.advance(60_000)
  await work()
  assert.equal((await subjects()).length, 2)
})

test('a parcel is told of when it leaves and when it arrives, with its number; steps between are not', async () => {
  const order = place({ language: 'de' })
  for (const status of ['labelled', 'shipped', 'in_transit', 'delivered', 'shipped'] as const) {
    const payload = { shipmentId: 'shp_1', orderId: order.id, status, lines: [], at: '2026-03-01' }
    await append({ spec: shipmentMoved, aggregateId: order.id, payload })
  }
  await work()
  assert.deepEqual(await subjects(), [
    'Ein Paket Ihrer Bestellung S-1 ist angekommen',
    'Ein Paket Ihrer Bestellung S-1 ist unterwegs',
  ])
  const mails = await mailbox.list(50)
  const left = mails.find(({ subject }) => subject.endsWith('unterwegs'))
  assert.match(left?.text ?? '', /1 × Coffee mill/)
  assert.match(left?.text ?? '', /Sendungsnummer HX 4711, Hermes/)
})

test('a cancellation is told to whom it concerns, and money that goes back besides', async () => {
  const order = place()
  const never = place({ number: 'S-3', events: [{ type: 'placed', at: order.createdAt }] })
  await append(cancelled(order, 'customer'), cancelled(never, 'payment_failed'))
  const amount = money(4_470, 'EUR')
  const payload = { orderId: order.id, paymentId: 'pay_1', refundId: 'rfd_1', amount }
  const refunded = { spec: paymentRefunded, aggregateId: order.id, payload }
  await append(refunded)
  await append(refunded)
  await work()
  assert.deepEqual(
    await subjects(),
    ['Your order S-1 is cancelled', '€44.70 goes back to you'].toSorted(),
  )
})

test('of the states that a return runs through at once, the last is told', async () => {
  const order = place()
  const told = (
    state: 'requested' | 'approved' | 'label_issued' | 'received',
    version: number,
  ) => ({
    spec: returnEvents[state],
    aggregateId: order.id,
    payload: {
      returnId: 'ret_1',
      orderId: order.id,
      number: order.number,
      lines: [{ lineId: 'orl_1', quantity: 1 }],
      version,
    },
  })
  await append(told('requested', 1), told('approved', 2), told('label_issued', 3))
  await work()
  assert.deepEqual(await subjects(), [])
  clock.advance(11_000)
  await work()
  assert.deepEqual(await subjects(), ['Your return label for order S-1'])
  await append(told('received', 4))
  await platform.deliver(parts.consumers)
  clock.advance(11_000)
  await work()
  assert.equal((await subjects()).length, 2)
})

const round = () =>
  parts.jobs
    .find(({ name }) => name === 'notifications.tell_of_wishes')
    ?.run({}, { signal: new AbortController().signal, attempt: 1 })

function wish(price: number, from = 10_000): WishlistItem {
  return {
    variantId: 'var_1',
    name: 'Coffee mill',
    unitPrice: money(price, 'EUR'),
    isSold: true,
    availability: { inStock: true },
    ...(price < from
      ? { priceDrop: { from: money(from, 'EUR'), percent: Math.round((1 - price / from) * 100) } }
      : {}),
  } as unknown as WishlistItem
}

test('who asked for offers is told of a lower price once, until it is lower still; nobody else is', async () => {
  const [reader, silent] = [ids.make('acc'), ids.make('acc')]
  readers.set(reader, {
    accountId: reader,
    email: 'eve@example.com',
    language: 'es',
    currency: 'EUR',
    country: 'ES',
  })
  for (const price of [10_000, 9_950, 8_000, 8_000, 9_000, 7_000]) {
    wishes.set(reader, [wish(price)])
    wishes.set(silent, [wish(price)])
    await round()
  }
  const mails = await mailbox.list(50)
  assert.deepEqual(
    mails.map(({ to, subject }) => [to, subject]).toSorted(),
    [
      ['eve@example.com', 'Coffee mill cuesta ahora 70,00\u00a0€'],
      ['eve@example.com', 'Coffee mill cuesta ahora 80,00\u00a0€'],
    ].toSorted(),
  )
  const url = mails[0]?.unsubscribeUrl ?? ''
  assert.ok(mails[0]?.text.includes(url))
  const token = new URL(url).searchParams.get('token') ?? ''
  await assert.rejects(parts.api.endOffers({ token: `${token}x` }), { code: 'not_found' })
  await assert.rejects(parts.api.endOffers({ token: `${silent}.AAAA` }), { code: 'not_found' })
  await parts.api.endOffers({ token })
  await parts.api.endOffers({ token })
  wishes.set(reader, [wish(100)])
  await round()
  assert.equal((await mailbox.list(50)).length, 2)
})

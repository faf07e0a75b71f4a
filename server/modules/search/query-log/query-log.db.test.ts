import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orderCancelled, orderConfirmed, orderCreated } from '#contracts/orders/events.ts'
import * as admin from '#contracts/search/admin.ts'
import { recordSearchEvents, search as searchRoute } from '#contracts/search/routes.ts'
import { callerOf, operatorOf } from '../../../../tests/support/operator.ts'
import { testClock, testPlatform } from '../../../../tests/support/platform.ts'
import { systemClock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { NewEvent } from '../../../platform/events/outbox.ts'
import { GUEST } from '../../../platform/http/actor.ts'
import { silentLog } from '../../../platform/log.ts'
import { searchShop, until } from '../testing/shop.ts'
import { popularQueries, sumDays } from './days.ts'
import { createEventLog } from './events.ts'
import { turnMonths } from './months.ts'

const shop = await searchShop(testPlatform)
const [sofa, chair] = ['Red sofa', 'Green chair'].map((name) => {
  const id = shop.ids.make('prd')
  shop.sellSecretly(id, { name })
  return id
}) as [string, string]
const parts = await shop.start()
await until(async () => (await parts.api.stats()).serving)
const guest = callerOf(shop, parts.routes, GUEST)
const operator = operatorOf(shop, parts.routes)

/** Everything that waits to be written. */
async function settle(): Promise<void> {
  for (const name of ['search.log_queries', 'search.log_events', 'search.attribute_orders']) {
    const ticker = parts.tickers.find((one) => one.name === name)
    while ((await ticker?.run()) !== 0);
  }
}

type Visitor = Readonly<{ 'x-visitor-id'?: string; 'user-agent'?: string; 'sec-gpc'?: string }>

async function find(q: string, headers: Visitor = {}, more: object = {}): Promise<string> {
  const { body } = await guest(searchRoute, { query: { q, ...more }, headers })
  return body.queryId
}

async function tell(events: readonly object[], headers: Visitor = {}): Promise<number> {
  const reply = await guest(recordSearchEvents, { body: { events }, headers })
  assert.equal(reply.status, 202)
  return reply.body.accepted
}

const visitor = (name: string): Visitor => ({ 'x-visitor-id': `visitor-${name}` })

async function reported(query: string) {
  await settle()
  await sumDays({ db: shop.db, clock: systemClock }, 1)
  const { body } = await operator(admin.reportQueries)
  return body.items.find((item) => item.query === query)
}

async function order(orderId: string, productId: string, events: readonly string[]) {
  const total = { amount: 100, currency: 'USD' }
  const line = { lineId: 'l', offerId: 'o', productId, sellerId: 's', quantity: 1, total }
  const payload = { orderId, number: '1', total, lines: [line], version: 1 }
  const made: Readonly<Record<string, NewEvent>> = {
    created: {
      spec: orderCreated,
      aggregateId: orderId,
      payload: { ...payload, customerId: null },
    },
    confirmed: { spec: orderConfirmed, aggregateId: orderId, payload },
    cancelled: {
      spec: orderCancelled,
      aggregateId: orderId,
      payload: { orderId, number: '1', reason: 'expired', version: 2 },
    },
  }
  const { db, outbox, deliver } = shop as typeof shop & Awaited<ReturnType<typeof testPlatform>>
  await db.tx((tx) =>
    outbox.append(
      tx,
      events.map((name) => made[name] as NewEvent),
    ),
  )
  await deliver(parts.consumers)
}

test('searches, clicks, carts and orders meet in the report of their words', async () => {
  const me = visitor('anna')
  const [first, second] = [await find('Red SOFA', me), await find('red sofa', visitor('ben'))]
  await find('red sofa', me, { page: '2', queryId: first, limit: '1' })
  const click = (queryId: string, position: number) => ({
    kind: 'click',
    queryId,
    productId: sofa,
    position,
  })
  assert.equal(await tell([click(first, 2), click(first, 2), click(first, 4)], me), 3)
  assert.equal(await tell([{ kind: 'cart', productId: sofa }], me), 1)
  const orderId = shop.ids.make('ord')
  await order(orderId, sofa, ['created', 'confirmed'])
  assert.equal(await tell([{ kind: 'order', orderId }], me), 1)
  assert.ok(second)
  assert.deepEqual(await reported('red sofa'), {
    query: 'red sofa',
    searches: 2,
    zeroResults: 0,
    zeroResultRate: 0,
    clickedSearches: 1,
    clickThroughRate: 0.5,
    meanReciprocalRank: 0.5,
    carts: 1,
    orders: 1,
    conversionRate: 0.5,
  })
})

test('an order counts once it is paid and known to be whose, in whatever order that comes', async () => {
  const me = visitor('carl')
  const queryId = await find('green chair', me)
  await tell([{ kind: 'click', queryId, productId: chair, position: 1 }], me)
  const [early, cancelled, foreign] = [1, 2, 3].map(() => shop.ids.make('ord')) as [
    string,
    string,
    string,
  ]
  await tell([{ kind: 'order', orderId: cancelled }], me)
  await settle()
  await order(cancelled, chair, ['created', 'cancelled'])
  await order(foreign, chair, ['created', 'confirmed'])
  await tell([{ kind: 'order', orderId: foreign }], visitor('dora'))
  assert.equal((await reported('green chair'))?.orders, 0)
  await tell([{ kind: 'order', orderId: early }], me)
  await settle()
  await order(early, chair, ['created'])
  assert.equal((await reported('green chair'))?.orders, 0)
  await order(early, chair, ['confirmed'])
  assert.equal((await reported('green chair'))?.orders, 1)
})

test('what nobody found is reported, but not what a filter hid', async () => {
  await find('zzqqxx')
  await find('zzqqxx')
  await find('sofa', {}, { minPrice: '900000000' })
  await reported('sofa')
  const { body } = await operator(admin.reportZeroResults)
  assert.deepEqual(
    body.items.map(({ query, zeroResults, zeroResultRate }) => [
      query,
      zeroResults,
      zeroResultRate,
    ]),
    [['zzqqxx', 2, 1]],
  )
})

test('who does not want to be followed is counted and not known; robots and operators are not counted', async () => {
  const shy: Visitor = { ...visitor('eve'), 'sec-gpc': '1' }
  const queryId = await find('shy words', shy)
  await tell([{ kind: 'click', queryId, productId: sofa, position: 1 }], shy)
  assert.equal(await tell([{ kind: 'cart', productId: sofa }], shy), 0)
  const robot = { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' }
  const robots = await find('robot words', robot)
  assert.equal(
    await tell([{ kind: 'click', queryId: robots, productId: sofa, position: 1 }], robot),
    0,
  )
  await operator(searchRoute, { query: { q: 'operator words' } })
  assert.deepEqual(
    [(await reported('shy words'))?.clickedSearches, await reported('robot words')],
    [1, undefined],
  )
  assert.equal(await reported('operator words'), undefined)
  const { rows } = await shop.db.query({
    text: `select count(*)::int as known from search.query_events e
           join search.queries q on q.id = e.query_id
           where q.query = 'shy words' and (e.visitor is not null or q.mark is not null)`,
  })
  assert.deepEqual(rows, [{ known: 0 }])
})

test('made-up events are refused or left out', async () => {
  const bad = [
    { kind: 'click', queryId: 'x', productId: sofa, position: 1 },
    { kind: 'click', queryId: shop.ids.make('qry'), productId: "'; --", position: 1 },
    { kind: 'click', queryId: shop.ids.make('qry'), productId: sofa, position: 0 },
    { kind: 'buy', productId: sofa },
  ]
  for (const event of bad) {
    const { status } = await guest(recordSearchEvents, { body: { events: [event] } })
    assert.equal(status, 400, JSON.stringify(event))
  }
  const many = Array.from({ length: 51 }, () => ({ kind: 'cart', productId: sofa }))
  assert.equal((await guest(recordSearchEvents, { body: { events: many } })).status, 400)
  assert.equal((await guest(recordSearchEvents, { body: { events: [] } })).status, 400)
  const old = 'qry_00000000000000000000000000'
  assert.equal(await tell([{ kind: 'click', queryId: old, productId: sofa, position: 1 }]), 0)
})

test('reports go on by their cursor, are tables for spreadsheets, and refuse wrong days', async () => {
  await find('=cmd|calc')
  await reported('red sofa')
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await reportPage(cursor)
    seen.push(...page.items.map(({ query }) => query))
    cursor = page.nextCursor
  }
  const { body: whole } = await operator(admin.reportQueries)
  assert.deepEqual(
    seen,
    whole.items.map(({ query }) => query),
  )
  const csv = await operator(admin.exportQueries)
  assert.match(csv.headers['content-type'] ?? '', /^text\/csv/)
  const text = String(csv.body)
  assert.match(text, /^query,searches,/)
  assert.match(text, /\r\nred sofa,2,0,0,1,0\.5,0\.5,1,1,0\.5\r\n/)
  assert.match(text, /\r\n'=cmd\|calc,1,/)
  const days = (from: string, to: string) => operator(admin.reportQueries, { query: { from, to } })
  assert.equal((await days('2026-02-02', '2026-02-01')).status, 400)
  assert.equal((await days('2026-01-01', '2026-12-31')).status, 400)
  assert.deepEqual((await days('2020-01-01', '2020-01-31')).body.items, [])
  assert.equal((await guest(admin.reportQueries)).status, 401)
})

async function reportPage(cursor: string) {
  const query = { limit: '2', ...(cursor && { cursor }) }
  return (await operator(admin.reportQueries, { query })).body
}

test('completions come from what at least five visitors asked on a day, and from nobody’s address', async () => {
  for (let n = 0; n < 5; n += 1) {
    await find('popular sofa', visitor(`number-${n}`))
    await find('anna@example.com sofa', visitor(`number-${n}`))
    await find('my own sofa', visitor('frank'))
  }
  await reported('popular sofa')
  const popular = await popularQueries({ db: shop.db, clock: systemClock })
  assert.deepEqual(popular, [{ text: 'popular sofa', count: 5 }])
})

test('events wait while the database is away; too many are forgotten', async () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const db = { query: () => Promise.reject(gone) } as unknown as Database
  const events = createEventLog({ db, log: silentLog })
  const at = new Date()
  const told = { at, visitor: 'guest:x' }
  const some = Array.from({ length: 30_000 }, () => ({ kind: 'cart' as const, productId: sofa }))
  assert.equal(events.record(some, told), 20_000)
  await assert.rejects(events.flush(), /ECONNREFUSED/)
  assert.equal(events.record(some, told), 0, 'they wait on')
})

test('months are made ahead, and old clicks go, those of the last partition too', async () => {
  // Of months in which no clicks of this test are, whenever it runs.
  const clock = testClock(new Date('2097-01-15T00:00:00Z'))
  await turnMonths(
    { db: shop.db, clock },
    { table: 'query_events', time: 'happened_at', months: 1_200 },
  )
  const clicks = async () =>
    (await shop.db.query({ text: 'select count(*)::int as n from search.query_events' })).rows[0].n
  assert.ok((await clicks()) > 0)
  const { rows } = await shop.db.query({
    text: `select relname from pg_class where relname ~ '^query_events_2' and relkind = 'r'
           order by 1`,
  })
  assert.deepEqual(
    rows.map(({ relname }) => relname),
    ['query_events_209702', 'query_events_209703'],
  )
  clock.set(new Date('2099-06-15T00:00:00Z'))
  await turnMonths(
    { db: shop.db, clock },
    { table: 'query_events', time: 'happened_at', months: 3 },
  )
  assert.equal(await clicks(), 0)
})

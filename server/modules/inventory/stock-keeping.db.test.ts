import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  inventoryUpdated,
  lowStock,
  shortageFound,
  transferChanged,
} from '#contracts/inventory/events.ts'
import * as routes from '#contracts/inventory/routes.ts'
import type { EventSpec } from '#contracts/kit/event.ts'
import type { Problem } from '#contracts/kit/problem.ts'
import { BERLIN, demand, testInventory } from '../../../tests/support/inventory.ts'
import { operatorOf } from '../../../tests/support/operator.ts'

const shop = await testInventory()
const { api, warehouse } = shop
const operator = operatorOf(shop, shop.parts.routes)
const { berlin, munich } = warehouse
const keyed = (key: string) => ({ 'idempotency-key': key })

async function told(spec: EventSpec, aggregateId: string) {
  while ((await shop.outbox.sequence()) > 0);
  const { rows } = await shop.db.query({
    text: 'select payload from platform.events where type = $1 and aggregate_id = $2 order by position',
    values: [spec.type, aggregateId],
  })
  return rows.map((row) => (row as { payload: Record<string, unknown> }).payload)
}

async function level(offerId: string, warehouseId = berlin) {
  const found = (await api.levels({ offerId })).find((one) => one.warehouseId === warehouseId)
  assert.ok(found)
  return found
}

async function sell(key: string, offerId: string, quantity: number) {
  await api.reserve(demand(key, [offerId, quantity]))
  return api.commit({ key })
}

const newTransfer = (
  offerId: string,
  quantity: number,
  fromWarehouseId: string | null = munich,
) => ({
  fromWarehouseId,
  toWarehouseId: berlin,
  expectedOn: '2027-01-15',
  lines: [{ offerId, quantity }],
})

test('goods travel: out of the source, incoming at the destination, on hand as they arrive', async () => {
  await shop.stock({ move: { berlin: 1, munich: 10 } })
  const { body: made } = await operator(routes.createTransfer, {
    body: newTransfer('move', 8),
    headers: keyed('t1'),
  })
  assert.equal(made.state, 'created')
  assert.equal((await level('move')).incoming, 0)
  const params = { transferId: made.id }
  const { body: sent } = await operator(routes.shipTransfer, { params, headers: keyed('t1s') })
  assert.equal(sent.state, 'shipped')
  assert.equal((await level('move', munich)).quantity, 2)
  assert.equal((await level('move')).incoming, 8)
  assert.equal(await shop.available('move'), 3)
  const receipt = { lines: [{ offerId: 'move', quantity: 5, damaged: 1 }] }
  const receive = { params, headers: keyed('t1r'), body: receipt }
  const { body: part } = await operator(routes.receiveTransfer, receive)
  assert.equal(part.state, 'received')
  const repeated = await operator(routes.receiveTransfer, receive)
  assert.equal(repeated.body.version, part.version)
  const { quantity, incoming, damaged } = await level('move')
  assert.deepEqual({ quantity, incoming, damaged }, { quantity: 5, incoming: 3, damaged: 1 })
  const { body: closed } = await operator(routes.closeTransfer, { params, headers: keyed('t1c') })
  assert.equal(closed.state, 'closed')
  assert.equal(closed.lines[0]?.lost, 3)
  assert.equal((await level('move')).incoming, 0)
  const states = (await told(transferChanged, made.id)).map(({ state }) => state)
  assert.deepEqual(states, ['created', 'shipped', 'received', 'closed'])
  assert.deepEqual(await api.audit(), [])
})

test('what is promised does not travel, more than was sent does not arrive, a gone transfer is not cancelled', async () => {
  await shop.stock({ kept: { munich: 5 } })
  await sell('kept-order', 'kept', 3)
  const make = (key: string, quantity: number) =>
    operator(routes.createTransfer, { body: newTransfer('kept', quantity), headers: keyed(key) })
  const { body: large } = await make('t2', 3)
  const params = { transferId: large.id }
  const refused = await operator(routes.shipTransfer, { params, headers: keyed('t2s') })
  assert.equal(refused.problem.code, 'inventory.insufficient_stock')
  const { body: cancelled } = await operator(routes.cancelTransfer, {
    params,
    headers: { 'if-match': '"1"' },
  })
  assert.equal(cancelled.state, 'cancelled')
  const late = await operator(routes.shipTransfer, { params })
  assert.equal(late.problem.code, 'invalid_transition')
  const { body: small } = await make('t3', 2)
  const stale = { params: { transferId: small.id }, headers: { 'if-match': '"7"' } }
  assert.equal((await operator(routes.shipTransfer, stale)).status, 412)
  await operator(routes.shipTransfer, { params: { transferId: small.id } })
  const tooMany = await operator(routes.receiveTransfer, {
    params: { transferId: small.id },
    headers: keyed('t3r'),
    body: { lines: [{ offerId: 'kept', quantity: 3 }] },
  })
  assert.equal(tooMany.problem.code, 'invalid_transition')
  assert.equal((await level('kept')).incoming, 2)
  assert.deepEqual(await api.audit(), [])
})

test('what is bought is incoming at once, and listed with the newest first', async () => {
  const ids: string[] = []
  for (const n of [1, 2, 3]) {
    const input = { body: newTransfer('bought', n, null), headers: keyed(`p${n}`) }
    ids.push((await operator(routes.createTransfer, input)).body.id)
    assert.equal((await operator(routes.createTransfer, input)).body.id, ids.at(-1))
  }
  assert.equal((await level('bought')).incoming, 6)
  const first = await operator(routes.listTransfers, { query: { limit: '2' } })
  assert.deepEqual(
    first.body.items.map(({ id }) => id),
    [ids[2], ids[1]],
  )
  const query = { limit: '2', cursor: String(first.body.nextCursor) }
  const second = await operator(routes.listTransfers, { query })
  assert.equal(second.body.items[0]?.id, ids[0])
})

test('more units than a counter holds are refused by name, and change nothing', async () => {
  await shop.stock({ heap: { berlin: 1 } })
  const lines = Array.from({ length: 30 }, () => ({ offerId: 'heap', quantity: 100_000_000 }))
  const body = { ...newTransfer('heap', 1, null), lines }
  const refused = await operator(routes.createTransfer, { body, headers: keyed('heap') })
  assert.equal(refused.problem.code, 'validation_failed')
  assert.equal((await level('heap')).incoming, 0)
  const dated = { ...newTransfer('heap', 1, null), expectedOn: '0000-02-29' }
  const undated = await operator(routes.createTransfer, { body: dated, headers: keyed('year 0') })
  assert.equal(undated.status, 400)
})

test('damaged goods are set aside, repaired or written off, and never those that are promised', async () => {
  await shop.stock({ frail: { berlin: 10 } })
  await sell('frail-order', 'frail', 6)
  const params = { offerId: 'frail', warehouseId: berlin }
  const dispose = (key: string, body: object) =>
    operator(routes.disposeStock, {
      params,
      headers: keyed(key),
      body: { reason: 'fell', ...body },
    })
  await dispose('d1', { kind: 'damaged', quantity: 3 })
  await dispose('d1', { kind: 'damaged', quantity: 3 })
  await dispose('d2', { kind: 'repaired', quantity: 1 })
  const { body } = await dispose('d3', { kind: 'written_off', quantity: 2 })
  assert.deepEqual([body.quantity, body.damaged, body.available], [8, 0, 2])
  for (const wrong of [
    { kind: 'damaged', quantity: 3 },
    { kind: 'repaired', quantity: 1 },
    { kind: 'written_off', quantity: 3, from: 'on_hand' },
    { kind: 'written_off', quantity: 1 },
  ]) {
    const answer = await dispose(`wrong-${JSON.stringify(wrong)}`, wrong)
    assert.equal(answer.problem.code, 'inventory.insufficient_stock')
  }
  assert.equal((await level('frail')).quantity, 8)
  assert.deepEqual(await api.audit(), [])
})

test('what comes back from a customer lies there again, once, and the damaged beside it', async () => {
  await shop.stock({ back: { berlin: 3 } })
  const back = { key: 'ret_1', offerId: 'back', warehouseId: berlin, quantity: 2, damaged: 1 }
  await api.takeBack({ ...back, reason: 'return' })
  await api.takeBack({ ...back, reason: 'return' })
  const { quantity, damaged, available } = await level('back')
  assert.deepEqual([quantity, damaged, available], [5, 1, 5])
  await api.takeBack({ ...back, key: 'ret_2', quantity: 0, reason: 'return' })
  assert.equal((await level('back')).damaged, 2)
  await assert.rejects(api.takeBack({ ...back, warehouseId: 'wh_none', reason: 'return' }))
})

test('back orders are sold up to their cap, told with their date, and sent when they have come', async () => {
  await shop.stock({ later: { berlin: 2 } })
  const params = { offerId: 'later', warehouseId: berlin }
  const later = { kind: 'backorder', cap: 5, availableOn: '2027-02-01' }
  const settings = (body: object, version?: string) =>
    operator(routes.changeStockSettings, {
      params,
      body,
      headers: version ? { 'if-match': version } : {},
    })
  assert.equal((await settings({ later }, '"9"')).status, 412)
  const { body } = await settings({ later }, '"1"')
  assert.deepEqual(body.later, { kind: 'backorder', availableOn: '2027-02-01' })
  assert.equal(await shop.available('later'), 7)
  const wait = async (quantity: number) => {
    const lines = [{ offerId: 'later', quantity }]
    return (await api.shipsFrom({ lines, destination: BERLIN }))[0]?.notBefore
  }
  assert.deepEqual([await wait(2), await wait(3)], [null, '2027-02-01'])
  const order = await sell('later-order', 'later', 6)
  const [last] = (await told(inventoryUpdated, 'later')).slice(-1)
  assert.deepEqual(last, {
    offerId: 'later',
    available: 1,
    version: (await level('later')).version,
    later: { kind: 'backorder', availableOn: '2027-02-01', quantity: 1 },
  })
  const ship = { key: 'later-order', shipmentKey: 'later-1', lines: order.allocations }
  await assert.rejects(api.ship(ship), { code: 'inventory.insufficient_stock' })
  const awaited = async () => (await api.getReservation({ key: 'later-order' }))?.awaited
  assert.deepEqual(await awaited(), [{ offerId: 'later', warehouseId: berlin, quantity: 4 }])
  const lowered = await settings({ later: { kind: 'backorder', cap: 3 } })
  assert.equal(lowered.problem.code, 'inventory.insufficient_stock')
  assert.equal((await settings({ later: { kind: 'none', cap: 3 } })).status, 400)
  const final = { ...ship, shipmentKey: 'later-final', final: true }
  await assert.rejects(api.ship(final), { code: 'inventory.insufficient_stock' })
  await api.adjust({ key: 'came', ...params, delta: 4, reason: 'purchase' })
  assert.deepEqual(await awaited(), [])
  // What was refused for good is refused for good, with the figures of then.
  await assert.rejects(api.ship(final), (error: Problem) => {
    assert.equal(error.code, 'inventory.insufficient_stock')
    assert.deepEqual(error.options.data, {
      lines: [{ offerId: 'later', requested: 6, available: 2 }],
    })
    return true
  })
  await api.ship(ship)
  await settings({ later: { kind: 'none' } })
  assert.equal(await shop.available('later'), 0)
  assert.deepEqual(await api.audit(), [])
})

test('no change of stock is told under a version that the next change is told under too', async () => {
  await shop.stock({ told: { berlin: 10 } })
  const params = { offerId: 'told', warehouseId: berlin }
  const order = await sell('told-1', 'told', 4)
  await api.ship({ key: 'told-1', shipmentKey: 'told-1', lines: order.allocations })
  for (const [n, back] of [
    { quantity: 1, damaged: 0 },
    { quantity: 0, damaged: 1 },
    { quantity: 1, damaged: 1 },
  ].entries()) {
    await api.takeBack({ key: `told ${n}`, ...params, ...back, reason: 'return' })
    await sell(`told-sale ${n}`, 'told', 1)
  }
  const body = { kind: 'written_off', quantity: 1, from: 'on_hand', reason: 'gone' }
  await operator(routes.disposeStock, { params, body, headers: keyed('told-off') })
  await sell('told-last', 'told', 1)
  const events = await told(inventoryUpdated, 'told')
  const versions = events.map(({ version }) => version as number)
  assert.deepEqual(
    versions,
    [...new Set(versions)].sort((a, b) => a - b),
  )
  assert.equal(versions.at(-1), (await level('told')).version)
  assert.equal(events.at(-1)?.['available'], await shop.available('told'))
})

test('what comes in goes to who was promised first, however it comes and whoever asks', async () => {
  await shop.stock({ queue: { berlin: 0 } })
  const params = { offerId: 'queue', warehouseId: berlin }
  const later = { kind: 'backorder', cap: 100 }
  await operator(routes.changeStockSettings, { params, body: { later } })
  const wanted = [3, 1, 4, 2, 5]
  // Keys that do not sort as the promises were made.
  const keys = ['q-e', 'q-b', 'q-d', 'q-a', 'q-c']
  const orders: Awaited<ReturnType<typeof sell>>[] = []
  for (const [n, key] of keys.entries()) orders.push(await sell(key, 'queue', wanted[n] as number))
  await api.reserve(demand('q-unpaid', ['queue', 1]))
  const sent: string[] = []
  const tryAll = async (round: number) => {
    // The last asks first.
    for (const order of orders.toReversed()) {
      if (sent.includes(order.key)) continue
      const parcel = {
        key: order.key,
        shipmentKey: `${order.key}-${round}`,
        lines: order.allocations,
      }
      await api.ship(parcel).then(
        () => sent.push(order.key),
        (error: { code: string }) => assert.equal(error.code, 'inventory.insufficient_stock'),
      )
    }
  }
  const served: string[][] = []
  for (const [round, delta] of [2, 1, 4, 1, 7].entries()) {
    await api.adjust({ key: `came ${round}`, ...params, delta, reason: 'purchase' })
    await tryAll(round)
    served.push([...sent])
  }
  assert.deepEqual(served, [
    [],
    ['q-e'],
    ['q-e', 'q-b'],
    ['q-e', 'q-b', 'q-d'],
    ['q-e', 'q-b', 'q-d', 'q-c', 'q-a'],
  ])
  await api.release({ key: 'q-unpaid', reason: 'released' })
  assert.equal((await level('queue')).quantity, 0)
  assert.deepEqual(await api.audit(), [])
})

test('the reorder point is told once for each fall to it, not for each sale', async () => {
  await shop.stock({ few: { berlin: 10 } })
  const params = { offerId: 'few', warehouseId: berlin }
  await operator(routes.changeStockSettings, { params, body: { reorderPoint: 5, safety: 1 } })
  assert.equal(await shop.available('few'), 9)
  for (const n of [1, 2, 3, 4, 5, 6, 7]) await sell(`few-${n}`, 'few', 1)
  assert.equal((await told(lowStock, 'few')).length, 1)
  assert.equal((await level('few')).isLow, true)
  await api.adjust({ key: 'more', ...params, delta: 10, reason: 'purchase' })
  assert.equal((await level('few')).isLow, false)
  await sell('few-8', 'few', 9)
  const events = await told(lowStock, 'few')
  assert.deepEqual(
    events.map(({ unreserved }) => unreserved),
    [5, 4],
  )
})

test('a count below what is promised takes from holds, then the newest orders, and opens shortages', async () => {
  await shop.stock({ lost: { berlin: 10 } })
  for (const n of [1, 2, 3]) await sell(`lost-${n}`, 'lost', 3)
  await api.reserve(demand('lost-hold', ['lost', 1]))
  const params = { offerId: 'lost', warehouseId: berlin }
  const count = (key: string, expected: number) =>
    operator(routes.countStock, {
      params,
      headers: keyed(key),
      body: { counted: 4, expected, reason: 'count' },
    })
  assert.equal((await count('c0', 9)).problem.code, 'inventory.stock_changed')
  const { body } = await count('c1', 10)
  assert.deepEqual([body.quantity, body.reserved], [4, 4])
  const { body: list } = await operator(routes.listShortages)
  const mine = list.items.filter(({ offerId }) => offerId === 'lost')
  assert.deepEqual(
    mine.map(({ reservation, quantity }) => [reservation, quantity]),
    [
      ['lost-2', 2],
      ['lost-3', 3],
    ],
  )
  assert.equal((await told(shortageFound, 'lost-3')).length, 1)
  await assert.rejects(api.commit({ key: 'lost-hold' }), { code: 'inventory.reservation_expired' })
  const fill = (reservation: string) =>
    operator(routes.fillShortage, { params: { ...params, reservation } })
  assert.equal((await fill('lost-2')).problem.code, 'inventory.insufficient_stock')
  await api.adjust({ key: 'found', ...params, delta: 2, reason: 'found behind a shelf' })
  assert.equal((await fill('lost-2')).body.reserved, 6)
  assert.equal((await fill('lost-2')).status, 404)
  await api.release({
    key: 'lost-3',
    reason: 'cancelled',
    lines: [{ offerId: 'lost', quantity: 3 }],
  })
  const { body: left } = await operator(routes.listShortages)
  assert.deepEqual(
    left.items.filter(({ offerId }) => offerId === 'lost'),
    [],
  )
  assert.deepEqual(await api.audit(), [])
})

test('operators see what is set aside for an order and why there', async () => {
  await shop.stock({ why: { berlin: 1, munich: 5 } })
  await sell('why-order', 'why', 3)
  const { body } = await operator(routes.getStockReservation, {
    params: { reservation: 'why-order' },
  })
  assert.equal(body.state, 'committed')
  assert.match(body.explanation ?? '', /1 parcel, the fewest and nearest: wh_\w+ at \d+ km/)
  const unknown = await operator(routes.getStockReservation, { params: { reservation: 'none' } })
  assert.equal(unknown.status, 404)
})

test('movements are listed by pages, the newest first', async () => {
  const params = { offerId: 'history', warehouseId: berlin }
  for (let n = 1; n <= 5; n += 1)
    await api.adjust({ key: `h${n}`, ...params, delta: n, reason: `delivery ${n}` })
  const seen: string[] = []
  let cursor: string | null | undefined
  do {
    const query = { limit: '2', ...(cursor ? { cursor } : {}) }
    const { body } = await operator(routes.listMovements, { params, query })
    seen.push(...body.items.map(({ reason }) => reason))
    cursor = body.nextCursor
  } while (cursor)
  assert.deepEqual(
    seen,
    [5, 4, 3, 2, 1].map((n) => `delivery ${n}`),
  )
  const wrong = await operator(routes.listMovements, { params, query: { cursor: 'made-up' } })
  assert.equal(wrong.problem.code, 'validation_failed')
})

test('warehouses are opened, changed by version, and closed when they are empty', async () => {
  const body = {
    code: 'lyon',
    name: 'Lyon',
    country: 'FR',
    postalCode: '69001',
    city: 'Lyon',
    latitude: 45.76,
    longitude: 4.84,
    timezone: 'Europe/Paris',
    cutOff: '14:30',
    closedOn: ['2027-07-14'],
  }
  const { body: made, headers } = await operator(routes.createWarehouse, { body })
  assert.deepEqual([made.priority, made.workingDays, made.cutOff], [100, [1, 2, 3, 4, 5], '14:30'])
  assert.equal(headers['etag'], '"1"')
  const again = await operator(routes.createWarehouse, { body })
  assert.equal(again.problem.code, 'inventory.duplicate')
  const wrong = { ...body, code: 'x y', timezone: 'Europe/Nowhere', cutOff: '25:00' }
  const refused = await operator(routes.createWarehouse, { body: wrong })
  assert.deepEqual(refused.problem.errors?.map(({ path }) => path).sort(), [
    'body.code',
    'body.cutOff',
    'body.timezone',
  ])
  const params = { warehouseId: made.id }
  const edit = (change: object, version: string) =>
    operator(routes.editWarehouse, { params, body: change, headers: { 'if-match': version } })
  assert.equal((await edit({ priority: 5 }, '"4"')).status, 412)
  assert.equal((await edit({ priority: 5, cutOff: null }, '"1"')).body.priority, 5)
  await api.adjust({ key: 'w', offerId: 'w', warehouseId: made.id, delta: 1, reason: 'x' })
  const used = await edit({ isActive: false }, '"2"')
  assert.equal(used.problem.code, 'inventory.warehouse_in_use')
  await api.adjust({ key: 'w2', offerId: 'w', warehouseId: made.id, delta: -1, reason: 'x' })
  assert.equal((await edit({ isActive: false }, '"2"')).body.isActive, false)
  await assert.rejects(
    api.adjust({ key: 'w3', offerId: 'w', warehouseId: made.id, delta: 1, reason: 'x' }),
    { code: 'not_found' },
  )
})

test('finished reservations of past years are purged, and the ledger still adds up', async () => {
  const purge = shop.parts.jobs.find(({ name }) => name === 'inventory.purge_reservations')
  await shop.stock({ old: { berlin: 10 } })
  const sold = await sell('old-sold', 'old', 2)
  await api.ship({ key: 'old-sold', shipmentKey: 'old-sold-1', lines: sold.allocations })
  await sell('old-open', 'old', 1)
  await api.reserve(demand('old-gone', ['old', 1]))
  await api.release({ key: 'old-gone', reason: 'released' })
  await sell('old-young', 'old', 1)
  await shop.db.query({
    text: `update inventory.reservations set created_at = now() - interval '402 days'
           where key in ('old-sold', 'old-open', 'old-gone')`,
  })
  await purge?.run(undefined, { signal: new AbortController().signal, attempt: 1 })
  const left = async (key: string) => (await api.getReservation({ key })) !== null
  assert.deepEqual(await Promise.all(['old-sold', 'old-gone', 'old-open', 'old-young'].map(left)), [
    false,
    false,
    true,
    true,
  ])
  assert.deepEqual(await api.audit(), [])
})

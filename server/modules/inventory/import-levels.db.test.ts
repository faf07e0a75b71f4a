import assert from 'node:assert/strict'
import { test } from 'node:test'
import { levelsImported } from '#contracts/inventory/events.ts'
import { demand, testInventory } from '../../../tests/support/inventory.ts'
import { isEvent } from '../../platform/events/consumer.ts'

const shop = await testInventory()
const { api, rival } = shop
const sweeper = shop.parts.tickers.find((ticker) => ticker.name === 'inventory.expire_holds')

/** Levels told by imports since a position. */
async function toldSince(position: number) {
  while ((await shop.outbox.sequence()) > 0);
  const events = await shop.outbox.read(position, 10_000)
  return events
    .filter((event) => isEvent(levelsImported, event))
    .map((event) => event.payload.levels)
}

function many(count: number, quantity: number) {
  return Array.from({ length: count }, (_, n) => ({
    offerId: `many-${n}`,
    warehouseCode: 'berlin',
    quantity,
  }))
}

test('only levels that changed are told, at most a thousand an event', async () => {
  const before = await shop.outbox.head()
  await api.importLevels({ key: 'first', levels: many(2_500, 4) })
  const told = await toldSince(before)
  assert.deepEqual(
    told.map((levels) => levels.length),
    [1_000, 1_000, 500],
  )
  const head = await shop.outbox.head()
  await api.importLevels({ key: 'again', levels: many(2_500, 4) })
  await api.importLevels({
    key: 'one',
    levels: [...many(2_499, 4), { offerId: 'many-2499', warehouseCode: 'berlin', quantity: 7 }],
  })
  assert.deepEqual(await toldSince(head), [[{ offerId: 'many-2499', available: 7, version: 2 }]])
})

test('an import is done once by its key, whatever happened since', async () => {
  const levels = [{ offerId: 'keyed', warehouseCode: 'paris', quantity: 5 }]
  await api.importLevels({ key: 'keyed', levels })
  const warehouseId = shop.warehouse.paris
  await api.adjust({ key: 'a', offerId: 'keyed', warehouseId, delta: -2, reason: 'broken' })
  await api.importLevels({ key: 'keyed', levels })
  assert.equal(await shop.available('keyed'), 3)
})

test('an unknown warehouse is told and the rest imported', async () => {
  const { unknownWarehouses } = await api.importLevels({
    key: 'unknown',
    levels: [
      { offerId: 'known', warehouseCode: 'berlin', quantity: 2 },
      { offerId: 'known', warehouseCode: 'atlantis', quantity: 9 },
    ],
  })
  assert.deepEqual(unknownWarehouses, ['atlantis'])
  assert.equal(await shop.available('known'), 2)
})

test('what is promised is not imported away; an expired hold is', async () => {
  await shop.stock({ promised: { berlin: 5 } })
  await api.reserve(demand('promised', ['promised', 3]))
  await api.commit({ key: 'promised' })
  await api.reserve(demand('expired', ['promised', 2]))
  await shop.passTime(601)
  const { short } = await api.importLevels({
    key: 'less',
    levels: [{ offerId: 'promised', warehouseCode: 'berlin', quantity: 1 }],
  })
  assert.deepEqual(short, [{ offerId: 'promised', warehouseCode: 'berlin', quantity: 3 }])
  assert.equal(await shop.available('promised'), 0)
})

test('imports of the same offers at once in two processes both end well', async () => {
  await Promise.all(
    [api, rival, api, rival].map((one, n) =>
      one.importLevels({
        key: `rival-${n}`,
        levels: Array.from({ length: 400 }, (_, m) => ({
          offerId: `rival-${m}`,
          warehouseCode: n % 2 ? 'berlin' : 'paris',
          quantity: 10 + n,
        })),
      }),
    ),
  )
  const left = await shop.available('rival-7')
  assert.ok(left >= 21 && left <= 25, `${left}`)
})

test('warehouses keep their ids when they are imported again', async () => {
  const [first] = await api.warehouses()
  assert.ok(first)
  await api.importWarehouses({ warehouses: [{ ...first, name: 'Renamed' }] })
  const version = first.version + 1
  assert.deepEqual((await rival.warehouses())[0], { ...first, name: 'Renamed', version })
})

test('after all this the ledger adds up', async () => {
  while (((await sweeper?.run()) ?? 0) > 0);
  assert.deepEqual(await api.audit(), [])
})

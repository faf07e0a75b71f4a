import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Problem } from '#contracts/kit/problem.ts'
import { shipmentMoved } from '#contracts/shipping/events.ts'
import type { Scan } from '#contracts/shipping/schemas.ts'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import { silentLog } from '../../platform/log.ts'
import { type Origin, USUAL_ORIGIN } from './calendar.ts'
import { createShipping } from './module.ts'
import { createPromise } from './promise.ts'

const clock = testClock(new Date('2026-03-02T09:00:00Z'))
const { db, ids, outbox, deliver } = await testPlatform({ clock })
const referenceFolder = join(import.meta.dirname, '../../../data/reference')
const base = { db, ids, outbox, clock, log: silentLog, referenceFolder }
const { api } = createShipping(base)

const refusal = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

function command(orderId: string, key = 'ship-1') {
  const parcel = (warehouseId: string, lineId: string) => ({
    sellerId: 'sel_1',
    warehouseId,
    lines: [{ lineId, sku: 'S', name: 'Thing', quantity: 2 }],
  })
  return {
    key,
    orderId,
    carrier: 'DHL',
    trackingNumber: 'T1',
    estimatedDelivery: '2026-03-05',
    parcels: [parcel('whs_1', 'orl_1'), parcel('whs_2', 'orl_2')],
  }
}

const scan = (status: Scan['status'], hour: number): Scan => ({
  status,
  at: new Date(Date.UTC(2026, 2, 3, hour)).toISOString(),
})

async function eventsOf(orderId: string): Promise<string[]> {
  await deliver([])
  const events = await outbox.read(0, 1000)
  return events
    .filter((event) => event.type === shipmentMoved.type && event.aggregateId === orderId)
    .map((event) => shipmentMoved.payload.parse(event.payload).status)
}

test('options are cheapest first, with dates, in the shopper’s currency', async () => {
  const address = { name: 'A', line1: 'B', city: 'C', postalCode: '1' }
  const ask = (country: string, subtotalAmount: number) =>
    api.options({
      destination: { ...address, country },
      currency: 'EUR',
      rate: '0.5',
      parcels: [{ sellerId: 'sel_1', weightGrams: 900, subtotalAmount }],
      origins: [],
    })
  assert.deepEqual(await ask('DE', 1000), [
    {
      id: 'standard',
      name: 'Standard',
      price: { amount: 245, currency: 'EUR' },
      estimatedDelivery: { earliest: '2026-03-04', latest: '2026-03-06' },
    },
    {
      id: 'express',
      name: 'Express',
      price: { amount: 645, currency: 'EUR' },
      estimatedDelivery: { earliest: '2026-03-03', latest: '2026-03-03' },
    },
  ])
  assert.equal((await ask('DE', 2450))[0]?.price.amount, 0)
  assert.equal((await ask('ES', 1000))[0]?.price.amount, 495)
  assert.equal((await ask('AU', 1000))[0]?.price.amount, 995)
  await assert.rejects(ask('KP', 1000), refusal('shipping.not_deliverable'))
})

test('a command makes its shipments once, however often and at once it comes', async () => {
  const orderId = ids.make('ord')
  const made = await Promise.all([1, 2, 3, 4].map(() => api.createShipments(command(orderId))))
  for (const other of made) assert.deepEqual(other, made[0])
  assert.deepEqual(
    made[0]?.map(({ status, warehouseId }) => [status, warehouseId]),
    [
      ['labelled', 'whs_1'],
      ['labelled', 'whs_2'],
    ],
  )
  assert.equal((await api.listByOrder({ orderId })).length, 2)
  assert.deepEqual(await eventsOf(orderId), ['labelled', 'labelled'])
})

test('late and doubled scans do no harm, and each change is told once', async () => {
  const orderId = ids.make('ord')
  const [shipment] = await api.createShipments(command(orderId))
  const shipmentId = shipment?.id as string
  const record = (eventId: string, one: Scan) => api.recordScan({ shipmentId, eventId, scan: one })
  await Promise.all([1, 2, 3].map(() => record('e1', scan('shipped', 1))))
  assert.equal((await record('e4', scan('out_for_delivery', 8))).status, 'out_for_delivery')
  assert.equal((await record('e2', scan('in_transit', 2))).status, 'out_for_delivery')
  const delivered = await record('e5', scan('delivered', 9))
  assert.deepEqual(
    delivered.scans.map(({ status }) => status),
    ['labelled', 'shipped', 'in_transit', 'out_for_delivery', 'delivered'],
  )
  assert.equal((await record('e6', scan('in_transit', 10))).status, 'delivered')
  assert.deepEqual(await eventsOf(orderId), [
    'labelled',
    'labelled',
    'shipped',
    'out_for_delivery',
    'delivered',
  ])
})

test('a parcel on its way is not cancelled, and a cancelled one does not move', async () => {
  const orderId = ids.make('ord')
  const [one, two] = await api.createShipments(command(orderId))
  const record = (shipmentId: string, eventId: string, what: Scan) =>
    api.recordScan({ shipmentId, eventId, scan: what })
  await record(one?.id as string, 'a', scan('shipped', 1))
  await assert.rejects(
    record(one?.id as string, 'b', scan('cancelled', 2)),
    refusal('invalid_transition'),
  )
  await record(two?.id as string, 'a', scan('cancelled', 1))
  await assert.rejects(
    record(two?.id as string, 'b', scan('shipped', 2)),
    refusal('invalid_transition'),
  )
  const after = await api.listByOrder({ orderId })
  assert.deepEqual(
    after.map(({ status, scans }) => [status, scans.length]),
    [
      ['shipped', 2],
      ['cancelled', 2],
    ],
  )
  await assert.rejects(record(ids.make('shp'), 'a', scan('shipped', 1)), refusal('not_found'))
  await assert.rejects(record('nonsense', 'a', scan('shipped', 1)), refusal('not_found'))
})

test('the demo’s carrier delivers what was labelled, in its own time', async () => {
  const demo = createShipping({ ...base, demoCarrier: true })
  const [ticker] = demo.tickers
  assert.ok(ticker)
  const play = async () => {
    while ((await ticker.run()) > 0);
  }
  const orderId = ids.make('ord')
  await demo.api.createShipments(command(orderId))
  const status = async () => (await api.listByOrder({ orderId })).map((shipment) => shipment.status)
  await play()
  assert.deepEqual(await status(), ['labelled', 'labelled'])
  clock.advance(4 * 3_600_000)
  await play()
  assert.deepEqual(await status(), ['shipped', 'shipped'])
  clock.advance(72 * 3_600_000)
  await play()
  const [first] = await api.listByOrder({ orderId })
  assert.deepEqual(
    first?.scans.map((one) => one.status),
    ['labelled', 'shipped', 'in_transit', 'in_transit', 'out_for_delivery', 'delivered'],
  )
  assert.equal(await ticker.run(), 0)
  assert.equal((await eventsOf(orderId)).length, 10)
})

test('days are promised for a country or a postal code of it, and not where nothing is sent', async () => {
  const promise = createPromise({ ...api, shipsFrom: async () => [] })
  const { options } = await promise({ country: 'DE', postalCode: '10115' })
  assert.deepEqual(
    options.map(({ id }) => id),
    ['standard', 'express'],
  )
  for (const { estimatedDelivery } of options)
    assert.ok('2026-03-02' < estimatedDelivery.earliest, estimatedDelivery.earliest)
  assert.equal((await promise({ country: 'DE' })).postalCode, null)
  assert.equal((await promise({ country: 'US', postalCode: '73301' })).country, 'US')
  const wrong = promise({ country: 'DE', postalCode: '1' })
  await assert.rejects(wrong, refusal('shipping.address_invalid'))
  await assert.rejects(promise({ country: 'KP' }), refusal('shipping.not_deliverable'))
  await assert.rejects(promise({ country: 'QQ' }), refusal('shipping.address_invalid'))
})

test('days are those of the places that the goods leave from, and more of them from abroad', async () => {
  const berlin: Origin = {
    ...USUAL_ORIGIN,
    country: 'DE',
    timezone: 'Europe/Berlin',
    cutOff: '12:00',
  }
  const austin = { ...USUAL_ORIGIN, country: 'US', timezone: 'America/Chicago' }
  const asked: unknown[] = []
  const from = (origins: readonly Origin[]) =>
    createPromise({
      ...api,
      shipsFrom: async (input) => {
        asked.push(input)
        return origins
      },
    })({ country: 'DE', postalCode: '10115', offerId: 'off_1' })
  const days = async (origins: readonly Origin[]) =>
    (await from(origins)).options.map(({ estimatedDelivery }) => Object.values(estimatedDelivery))
  clock.advance(Date.parse('2026-03-09T11:30:00Z') - clock.now().getTime())
  // Half past twelve in Berlin is past its cut-off; in Austin it is half past six in the morning.
  assert.deepEqual(await days([berlin]), [
    ['2026-03-12', '2026-03-16'],
    ['2026-03-11', '2026-03-11'],
  ])
  assert.deepEqual(await days([austin]), [
    ['2026-03-13', '2026-03-18'],
    ['2026-03-11', '2026-03-12'],
  ])
  assert.deepEqual(await days([berlin, austin]), [
    ['2026-03-12', '2026-03-18'],
    ['2026-03-11', '2026-03-12'],
  ])
  assert.partialDeepStrictEqual(asked[0], {
    lines: [{ offerId: 'off_1', quantity: 1 }],
    destination: { country: 'DE', postalCode: '10115' },
  })
})

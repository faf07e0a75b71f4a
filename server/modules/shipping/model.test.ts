import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SHIPMENT_STATUSES } from '#contracts/shipping/schemas.ts'
import { parcelPrice, type Service, shippingPrice, stateOf } from './model.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 12, minute)).toISOString()
const scan = (status: (typeof SHIPMENT_STATUSES)[number], minute: number) => ({
  status,
  at: at(minute),
  eventId: `${status}-${minute}`,
})

test('a shipment is where its newest scan that can follow says', () => {
  assert.equal(stateOf([]), 'created')
  assert.equal(
    stateOf([scan('labelled', 0), scan('shipped', 1), scan('in_transit', 2)]),
    'in_transit',
  )
  assert.equal(
    stateOf([scan('labelled', 0), scan('delivered', 5), scan('in_transit', 2)]),
    'delivered',
  )
  assert.equal(stateOf([scan('delivered', 1), scan('in_transit', 2)]), 'delivered')
  assert.equal(stateOf([scan('shipped', 1), scan('cancelled', 2)]), 'shipped')
  assert.equal(stateOf([scan('in_transit', 1), scan('out_for_delivery', 1)]), 'out_for_delivery')
  assert.equal(stateOf([scan('exception', 1), scan('lost', 2), scan('delivered', 9)]), 'delivered')
})

test('the state depends on which scans there are, not on when they arrive', () => {
  const scans = fc.uniqueArray(
    fc.record({
      status: fc.constantFrom(...SHIPMENT_STATUSES),
      minute: fc.nat(20),
      event: fc.nat(99),
    }),
    { selector: ({ event }) => event, maxLength: 10 },
  )
  fc.assert(
    fc.property(
      scans.chain((set) =>
        fc.tuple(fc.constant(set), fc.shuffledSubarray(set, { minLength: set.length })),
      ),
      ([set, shuffled]) => {
        const state = (list: typeof set) =>
          stateOf(
            list.map(({ status, minute, event }) => ({
              status,
              at: at(minute),
              eventId: `${event}`,
            })),
          )
        assert.equal(state(set), state(shuffled))
      },
    ),
    { numRuns: 5000 },
  )
})

const service: Service = {
  methodId: 'standard',
  name: 'Standard',
  transit: { minDays: 1, maxDays: 2 },
  transitFromAbroad: { minDays: 3, maxDays: 5 },
  freeFromAmount: 4900,
  extraKilogramAmount: 90,
  steps: [
    { maxWeightGrams: 1000, priceAmount: 490 },
    { maxWeightGrams: 5000, priceAmount: 690 },
  ],
}

test('a parcel costs by its weight, and by the kilogram above the heaviest step', () => {
  const prices = [0, 1000, 1001, 5000, 5001, 6000, 6001].map((weight) =>
    parcelPrice(service, weight),
  )
  assert.deepEqual(prices, [490, 490, 690, 690, 780, 780, 870])
})

test('parcels are paid together, and free from a threshold in the shopper’s currency', () => {
  const parcels = [
    { weightGrams: 500, subtotalAmount: 2000 },
    { weightGrams: 2000, subtotalAmount: 2899 },
  ]
  const price = (currency: string, rate: string) =>
    shippingPrice(service, parcels, { currency, rate })
  assert.equal(price('USD', '1'), 1180)
  assert.equal(price('EUR', '0.5'), 0)
  assert.equal(price('JPY', '160'), 1888)
})

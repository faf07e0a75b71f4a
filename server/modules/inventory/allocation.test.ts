import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocate, type Supply } from './allocation.ts'
import { distanceKm, nearness } from './model.ts'

const km: Readonly<Record<string, number>> = { near: 10, middle: 100, far: 500 }
const near = (warehouseId: string) => ({ km: km[warehouseId] ?? 1_000, known: true })

function supply(...rows: readonly (readonly [string, string, number])[]): Supply[] {
  return rows.map(([offerId, warehouseId, free]) => ({ offerId, warehouseId, free }))
}

function parcels(demand: Readonly<Record<string, number>>, supplies: readonly Supply[]) {
  const lines = Object.entries(demand).map(([offerId, quantity]) => ({ offerId, quantity }))
  return allocate(lines, supplies, near)
}

test('the nearest warehouse that has everything sends it', () => {
  const plan = parcels({ a: 2 }, supply(['a', 'far', 9], ['a', 'middle', 2], ['a', 'near', 1]))
  assert.deepEqual(plan.parcels, [{ offerId: 'a', warehouseId: 'middle', quantity: 2 }])
  assert.equal(plan.explanation, '1 parcel, the fewest and nearest: middle at 100 km')
})

test('one far parcel is preferred to two near ones', () => {
  const supplies = supply(['a', 'near', 1], ['b', 'middle', 1], ['a', 'far', 1], ['b', 'far', 1])
  const plan = parcels({ a: 1, b: 1 }, supplies)
  assert.deepEqual(
    plan.parcels.map((parcel) => parcel.warehouseId),
    ['far', 'far'],
  )
})

test('of two ways with as many parcels the nearer one is taken, from the nearest first', () => {
  const supplies = supply(['a', 'near', 3], ['a', 'middle', 3], ['a', 'far', 3])
  assert.deepEqual(parcels({ a: 4 }, supplies).parcels, [
    { offerId: 'a', warehouseId: 'near', quantity: 3 },
    { offerId: 'a', warehouseId: 'middle', quantity: 1 },
  ])
})

test('offers of sellers that share no warehouse are planned each for itself', () => {
  const supplies = supply(['a', 'far', 1], ['b', 'near', 1], ['b', 'middle', 1])
  assert.deepEqual(
    parcels({ a: 1, b: 1 }, supplies).parcels.map((parcel) => parcel.warehouseId),
    ['far', 'near'],
  )
})

/** The least number of warehouses, by trying every set of them. */
function fewest(demand: Readonly<Record<string, number>>, supplies: readonly Supply[]): number {
  const warehouses = [...new Set(supplies.map((row) => row.warehouseId))]
  let best = Number.POSITIVE_INFINITY
  for (let set = 0; set < 2 ** warehouses.length; set += 1) {
    const chosen = warehouses.filter((_, place) => set & (1 << place))
    const fills = Object.entries(demand).every(
      ([offerId, quantity]) =>
        supplies
          .filter((row) => row.offerId === offerId && chosen.includes(row.warehouseId))
          .reduce((sum, row) => sum + row.free, 0) >= quantity,
    )
    if (fills) best = Math.min(best, chosen.length)
  }
  return best
}

test('any demand that can be met is met exactly, from the fewest warehouses', () => {
  const offers = ['a', 'b', 'c']
  const row = fc.record({
    offerId: fc.constantFrom(...offers),
    warehouseId: fc.constantFrom('near', 'middle', 'far', 'w1', 'w2'),
    free: fc.integer({ min: 0, max: 4 }),
  })
  const rows = fc.uniqueArray(row, {
    selector: (r) => `${r.offerId} ${r.warehouseId}`,
    maxLength: 12,
  })
  fc.assert(
    fc.property(
      rows,
      fc.array(fc.nat({ max: 6 }), { minLength: 3, maxLength: 3 }),
      (all, wanted) => {
        const total = (offerId: string) =>
          all.filter((r) => r.offerId === offerId).reduce((sum, r) => sum + r.free, 0)
        const demand = Object.fromEntries(
          offers
            .map(
              (offerId, place) => [offerId, Math.min(wanted[place] ?? 0, total(offerId))] as const,
            )
            .filter(([, quantity]) => quantity > 0),
        )
        fc.pre(Object.keys(demand).length > 0)
        const plan = parcels(demand, all)
        for (const [offerId, quantity] of Object.entries(demand)) {
          const sent = plan.parcels.filter((parcel) => parcel.offerId === offerId)
          assert.equal(
            sent.reduce((sum, parcel) => sum + parcel.quantity, 0),
            quantity,
          )
        }
        for (const parcel of plan.parcels) {
          const from = all.find(
            (r) => r.offerId === parcel.offerId && r.warehouseId === parcel.warehouseId,
          )
          assert.ok(parcel.quantity > 0 && parcel.quantity <= (from?.free ?? 0))
        }
        const used = new Set(plan.parcels.map((parcel) => parcel.warehouseId))
        assert.equal(used.size, fewest(demand, all))
      },
    ),
    { numRuns: 500 },
  )
})

test('many warehouses are filled without trying all sets of them', () => {
  const many = Array.from({ length: 60 }, (_, n) => ['a', `w${n}`, 1 + (n % 3)] as const)
  const plan = parcels({ a: 90 }, supply(...many))
  assert.equal(
    plan.parcels.reduce((sum, parcel) => sum + parcel.quantity, 0),
    90,
  )
})

test('distance follows the great circle', () => {
  const berlin = { latitude: 52.52, longitude: 13.405 }
  const paris = { latitude: 48.8566, longitude: 2.3522 }
  assert.ok(Math.abs(distanceKm(berlin, paris) - 878) < 2)
  assert.equal(distanceKm(berlin, berlin), 0)
})

test('where the postal code is not known, region and country stand in for distance', () => {
  const at = { country: 'US', region: 'CA', latitude: 0, longitude: 0, priority: 100 }
  const from = (country: string, region?: string) =>
    nearness(at, { country, postalCode: '0', region }, () => undefined).km
  assert.ok(from('US', 'CA') < from('US', 'NY'))
  assert.ok(from('US') < from('DE'))
})

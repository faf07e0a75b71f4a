import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { explainFeaturedOffer, type OfferCandidate } from './featured-offer.ts'

function candidate(offerId: string, over: Partial<OfferCandidate> = {}): OfferCandidate {
  return {
    offerId,
    condition: 'new',
    sellable: true,
    landedMinor: 10_000,
    promiseDays: 3,
    available: 10,
    orderDefectRate: 0.001,
    lateShipmentRate: 0.01,
    cancelRate: 0.005,
    ...over,
  }
}

const order = (candidates: readonly OfferCandidate[]) =>
  explainFeaturedOffer(candidates).map(({ offerId }) => offerId)

test('the cheaper of two equal offers is featured', () => {
  assert.deepEqual(order([candidate('a'), candidate('b', { landedMinor: 9_500 })]), ['b', 'a'])
})

test('a much better seller is worth a little more money', () => {
  const poor = { orderDefectRate: 0.0099, lateShipmentRate: 0.039, cancelRate: 0.024 }
  const good = { orderDefectRate: 0, lateShipmentRate: 0, cancelRate: 0, landedMinor: 10_400 }
  assert.deepEqual(order([candidate('poor', poor), candidate('good', good)]), ['good', 'poor'])
})

test('an offer that is out of stock, or whose seller falls short, is not eligible and says why', () => {
  const verdicts = explainFeaturedOffer([
    candidate('none', { available: 0, landedMinor: 1 }),
    candidate('late', { lateShipmentRate: 0.04, landedMinor: 1 }),
    candidate('defects', { orderDefectRate: 0.01, landedMinor: 1 }),
    candidate('cancels', { cancelRate: 0.025, landedMinor: 1 }),
    candidate('good', { landedMinor: 99_999 }),
  ])
  assert.equal(verdicts[0]?.offerId, 'good')
  assert.deepEqual(Object.fromEntries(verdicts.map(({ offerId, reasons }) => [offerId, reasons])), {
    good: [],
    none: ['out_of_stock'],
    late: ['late'],
    defects: ['defects'],
    cancels: ['cancels'],
  })
})

test('a suspended seller is never featured, even alone', () => {
  const [verdict] = explainFeaturedOffer([candidate('a', { sellable: false })])
  assert.equal(verdict?.featured, false)
})

test('new goods come before used ones, however cheap', () => {
  const used = candidate('used', { condition: 'used', landedMinor: 100 })
  assert.deepEqual(order([used, candidate('new')]), ['new', 'used'])
})

test('the parts of a score add up to it', () => {
  for (const { parts, score } of explainFeaturedOffer([candidate('a'), candidate('b')])) {
    assert.equal(parts.price + parts.promise + parts.seller + parts.stock, score)
  }
})

const anyOffers = fc
  .array(
    fc.record({
      condition: fc.constantFrom('new' as const, 'refurbished' as const, 'used' as const),
      sellable: fc.boolean(),
      landedMinor: fc.integer({ min: 0, max: 50_000 }),
      promiseDays: fc.integer({ min: 1, max: 20 }),
      available: fc.integer({ min: -1, max: 50 }),
      orderDefectRate: fc.double({ min: 0, max: 0.02, noNaN: true }),
      lateShipmentRate: fc.double({ min: 0, max: 0.08, noNaN: true }),
      cancelRate: fc.double({ min: 0, max: 0.05, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((offers) => offers.map((offer, place) => ({ ...offer, offerId: `off_${place}` })))

test('who lowers his price does not lose his place', () => {
  fc.assert(
    fc.property(anyOffers, fc.nat(), fc.nat(), (offers, which, cut) => {
      const place = which % offers.length
      const mine = offers[place] as OfferCandidate
      const cheaper = { ...mine, landedMinor: Math.max(0, mine.landedMinor - (cut % 50_000)) }
      const before = order(offers).indexOf(mine.offerId)
      const after = order(offers.with(place, cheaper)).indexOf(mine.offerId)
      return after <= before
    }),
    { numRuns: 2_000 },
  )
})

test('the choice does not depend on the order in which offers are given', () => {
  fc.assert(
    fc.property(anyOffers, (offers) => {
      assert.deepEqual(order(offers), order(offers.toReversed()))
    }),
  )
})

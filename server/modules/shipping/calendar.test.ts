import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { deliveryDates, dispatchDay, type Origin, USUAL_ORIGIN } from './calendar.ts'

const origin = (facts: Partial<Origin>): Origin => ({ ...USUAL_ORIGIN, ...facts })
const BERLIN = origin({ country: 'DE', timezone: 'Europe/Berlin', cutOff: '15:00' })
const AUSTIN = origin({ country: 'US', timezone: 'America/Chicago', cutOff: '15:00' })
const TOKYO = origin({ country: 'JP', timezone: 'Asia/Tokyo', cutOff: '15:00' })
const NEPAL = origin({ country: 'NP', timezone: 'Asia/Kathmandu', cutOff: '15:00' })

const DISPATCHES: readonly (readonly [string, Origin, string, string])[] = [
  ['before the cut-off: the same day', BERLIN, '2026-03-02T13:59:59Z', '2026-03-02'],
  ['at the cut-off: the next day', BERLIN, '2026-03-02T14:00:00Z', '2026-03-03'],
  ['late on Friday: Monday', BERLIN, '2026-03-06T14:00:00Z', '2026-03-09'],
  ['on Saturday: Monday', BERLIN, '2026-03-07T09:00:00Z', '2026-03-09'],
  ['on Sunday, before the hour: Monday', BERLIN, '2026-03-08T09:00:00Z', '2026-03-09'],
  ['no cut-off said: two in the afternoon', origin({}), '2026-03-02T13:59:00Z', '2026-03-02'],
  ['no cut-off said, at two', origin({}), '2026-03-02T14:00:00Z', '2026-03-03'],
  ['Friday there, Saturday in UTC', AUSTIN, '2026-03-07T01:00:00Z', '2026-03-09'],
  ['Thursday there, Friday in UTC', AUSTIN, '2026-03-06T01:00:00Z', '2026-03-06'],
  ['Monday there, Sunday in UTC', TOKYO, '2026-03-01T16:00:00Z', '2026-03-02'],
  ['quarters of an hour from UTC', NEPAL, '2026-03-02T09:14:00Z', '2026-03-02'],
  ['quarters of an hour, past', NEPAL, '2026-03-02T09:15:00Z', '2026-03-03'],
  ['just after midnight there', TOKYO, '2026-03-02T15:00:00Z', '2026-03-03'],
  ['winter time: 15:00 is 14:00 UTC', BERLIN, '2026-03-27T13:30:00Z', '2026-03-27'],
  ['summer time: 15:00 is 13:00 UTC', BERLIN, '2026-03-30T13:30:00Z', '2026-03-31'],
  ['America is ahead by two weeks', AUSTIN, '2026-03-09T20:30:00Z', '2026-03-10'],
  ['winter time again', BERLIN, '2026-10-26T13:30:00Z', '2026-10-26'],
  ['the year’s last hour, in Tokyo the new one', TOKYO, '2026-12-31T15:30:00Z', '2027-01-01'],
  ['the year ends on a Thursday', BERLIN, '2026-12-31T14:30:00Z', '2027-01-01'],
  ['a leap day', BERLIN, '2028-02-28T16:00:00Z', '2028-02-29'],
  [
    'closed over the holidays',
    { ...BERLIN, closedOn: ['2026-12-24', '2026-12-25', '2027-01-01'] },
    '2026-12-23T15:00:00Z',
    '2026-12-28',
  ],
  ['open on Saturdays', { ...BERLIN, workingDays: [6] }, '2026-03-02T09:00:00Z', '2026-03-07'],
  [
    'goods that come in later',
    { ...BERLIN, notBefore: '2026-03-14' },
    '2026-03-02T09:00:00Z',
    '2026-03-16',
  ],
  [
    'goods that should be there',
    { ...BERLIN, notBefore: '2026-02-01' },
    '2026-03-02T09:00:00Z',
    '2026-03-02',
  ],
]

for (const [name, from, now, day] of DISPATCHES) {
  test(`goods leave: ${name}`, () => assert.equal(dispatchDay(new Date(now), from), day))
}

const DELIVERIES: readonly (readonly [string, readonly [number, number], string, string[]])[] = [
  ['within a week', [1, 3], '2026-03-02T09:00:00Z', ['2026-03-03', '2026-03-05']],
  ['carriers rest at weekends', [2, 4], '2026-03-05T09:00:00Z', ['2026-03-09', '2026-03-11']],
  ['over the year’s end', [1, 3], '2026-12-30T09:00:00Z', ['2026-12-31', '2027-01-04']],
  ['over the change to summer time', [1, 2], '2026-03-27T09:00:00Z', ['2026-03-30', '2026-03-31']],
  ['on the same day', [0, 0], '2026-03-02T09:00:00Z', ['2026-03-02', '2026-03-02']],
]

for (const [name, [minDays, maxDays], now, dates] of DELIVERIES) {
  test(`goods arrive: ${name}`, () => {
    const transits = [{ origin: BERLIN, transit: { minDays, maxDays } }]
    assert.deepEqual(Object.values(deliveryDates(new Date(now), transits)), dates)
  })
}

test('parcels from several places: from the first that may come to the last that will', () => {
  const transits = [
    { origin: BERLIN, transit: { minDays: 1, maxDays: 2 } },
    { origin: { ...TOKYO, notBefore: '2026-03-10' }, transit: { minDays: 3, maxDays: 5 } },
  ]
  assert.deepEqual(deliveryDates(new Date('2026-03-02T09:00:00Z'), transits), {
    earliest: '2026-03-03',
    latest: '2026-03-17',
  })
})

test('goods leave on a day of work, no sooner than today, and later orders no sooner', () => {
  const minutes = fc.integer({ min: 0, max: 60 * 24 * 800 })
  const zones = fc.constantFrom(BERLIN, AUSTIN, TOKYO, NEPAL)
  fc.assert(
    fc.property(zones, minutes, minutes, (from, one, other) => {
      const at = (minute: number) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000)
      const [first, later] = [Math.min(one, other), Math.max(one, other)].map((minute) =>
        dispatchDay(at(minute), from),
      ) as [string, string]
      assert.ok(first <= later)
      for (const day of [first, later]) assert.ok(new Date(day).getUTCDay() % 6 !== 0)
      const before = new Date(at(Math.min(one, other)).getTime() - 86_400_000)
      assert.ok(first >= before.toISOString().slice(0, 10))
    }),
    { numRuns: 1_000 },
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PricePoint } from './model.ts'
import { priorPriceOf } from './prior-price.ts'

const at = (day: number) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString()
const on = (day: number) => new Date(at(day))

/** Days counted from the first price. */
function point(day: number, priceMinor: number, sale?: number, window: [number?, number?] = []) {
  const [starts, ends] = window
  return {
    priceMinor,
    currency: 'EUR',
    salePriceMinor: sale ?? null,
    saleStartsAt: starts === undefined ? null : at(starts),
    saleEndsAt: ends === undefined ? null : at(ends),
    changedAt: at(day),
  } satisfies PricePoint
}

// The Commission's guidance on article 6a (2021/C 526/02), and what follows from it.
const EXAMPLES: readonly (readonly [string, readonly PricePoint[], number, number | undefined])[] =
  [
    ['a reduction from a steady price', [point(0, 10_000), point(60, 10_000, 8_000)], 61, 10_000],
    [
      'a price raised shortly before the reduction: the lower one of the 30 days',
      [point(0, 8_000), point(45, 10_000), point(60, 10_000, 7_000)],
      61,
      8_000,
    ],
    [
      'a price that was lower more than 30 days ago counts no more',
      [point(0, 6_000), point(20, 10_000), point(60, 10_000, 8_000)],
      61,
      10_000,
    ],
    [
      'a reduction deepened step by step keeps what went before its first step',
      [
        point(0, 10_000),
        point(60, 10_000, 9_000),
        point(65, 10_000, 8_000),
        point(70, 10_000, 5_000),
      ],
      75,
      10_000,
    ],
    [
      'deepened over more than 30 days, still the price before the first step',
      [point(0, 10_000), point(60, 10_000, 9_000), point(100, 10_000, 8_000)],
      101,
      10_000,
    ],
    [
      'a second sale after a break is a new one: the first sale’s price is its prior price',
      [point(0, 10_000), point(60, 10_000, 7_000, [60, 65]), point(75, 10_000, 8_000)],
      76,
      7_000,
    ],
    [
      'a sale made less deep is a new reduction',
      [point(0, 10_000), point(60, 10_000, 7_000), point(65, 10_000, 8_000)],
      66,
      7_000,
    ],
    [
      'goods new in the shop: the days that there are',
      [point(50, 9_000), point(60, 9_000, 8_000)],
      61,
      9_000,
    ],
    ['on sale from its first day: none', [point(0, 10_000, 8_000)], 5, undefined],
    [
      'a sale that is over: none',
      [point(0, 10_000), point(60, 10_000, 7_000, [60, 65])],
      66,
      undefined,
    ],
    ['a sale that is to come: none yet', [point(0, 10_000, 7_000, [60, 65])], 59, undefined],
    [
      'a sale entered ahead begins with its window',
      [point(0, 10_000, 7_000, [60, 65])],
      61,
      10_000,
    ],
    [
      'what it cost in another currency is no comparison',
      [{ ...point(0, 5_000), currency: 'USD' }, point(50, 10_000), point(60, 10_000, 8_000)],
      61,
      10_000,
    ],
  ]

for (const [name, history, day, expected] of EXAMPLES) {
  test(`prior price: ${name}`, () => assert.equal(priorPriceOf(history, on(day)), expected))
}

test('the day that the sale began does not count, the last before it does', () => {
  const history = [point(0, 10_000), point(59, 6_500), point(60, 10_000, 7_000)]
  assert.equal(priorPriceOf(history, on(60)), 6_500)
})

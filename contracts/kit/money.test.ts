import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  add,
  allocate,
  convert,
  currencyExponent,
  divideHalfUp,
  fromDecimal,
  MAX_AMOUNT,
  Money,
  money,
  multiplyHalfUp,
  netOfInclusive,
  Price,
  ratio,
  subtract,
  sum,
  times,
  toDecimal,
  zero,
} from './money.ts'

const RUNS = { numRuns: 20_000 }
const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD', 'CLF', 'KRW'] as const
const currency = fc.constantFrom(...CURRENCIES)
const amount = fc.integer({ min: -MAX_AMOUNT, max: MAX_AMOUNT })
const total = fc.oneof(fc.integer({ min: -500, max: 500 }), amount)
const weights = fc.array(fc.oneof(fc.nat(5), fc.integer({ min: 0, max: MAX_AMOUNT })), {
  minLength: 1,
  maxLength: 12,
})

test('a currency has the digits of ISO 4217', () => {
  const cases = { USD: 2, EUR: 2, JPY: 0, KRW: 0, CLP: 0, VND: 0, KWD: 3, BHD: 3, TND: 3, CLF: 4 }
  for (const [code, digits] of Object.entries(cases)) assert.equal(currencyExponent(code), digits)
})

test('money is whole, in the safe range, and never minus zero', () => {
  assert.ok(Object.is(money(-0, 'EUR').amount, 0))
  assert.throws(() => money(0.5, 'EUR'), RangeError)
  assert.throws(() => money(2 ** 53, 'EUR'), RangeError)
  assert.throws(() => money(Number.NaN, 'EUR'), RangeError)
  assert.ok(Money.safeParse({ amount: -5, currency: 'EUR' }).success)
  for (const wrong of [
    { amount: 1.5, currency: 'EUR' },
    { amount: '5', currency: 'EUR' },
    { amount: MAX_AMOUNT + 1, currency: 'EUR' },
    { amount: 5, currency: 'eur' },
    { amount: 5, currency: 'EUR', display: '€5' },
  ]) {
    assert.ok(!Money.safeParse(wrong).success, JSON.stringify(wrong))
  }
  assert.ok(!Price.safeParse({ amount: -1, currency: 'EUR' }).success)
})

test('currencies do not mix', () => {
  const [euro, dollar] = [money(1, 'EUR'), money(1, 'USD')]
  assert.throws(() => add(euro, dollar), RangeError)
  assert.throws(() => subtract(euro, dollar), RangeError)
  assert.throws(() => sum([euro, dollar], 'EUR'), RangeError)
  assert.deepEqual(sum([], 'JPY'), zero('JPY'))
  assert.throws(() => times(euro, 1.5), RangeError)
})

const HALVES: readonly (readonly [bigint, bigint, bigint])[] = [
  [1n, 2n, 1n],
  [-1n, 2n, -1n],
  [1n, -2n, -1n],
  [-1n, -2n, 1n],
  [3n, 2n, 2n],
  [5n, 2n, 3n],
  [-5n, 2n, -3n],
  [4n, 10n, 0n],
  [-4n, 10n, 0n],
  [49_999n, 100_000n, 0n],
]

for (const [numerator, denominator, expected] of HALVES) {
  test(`${numerator}/${denominator} rounds to ${expected}`, () => {
    assert.equal(divideHalfUp(numerator, denominator), expected)
  })
}

test('rounding is to the nearest, halves away from zero, the same on both sides of zero', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 10n), (n, d) => {
      const rounded = divideHalfUp(n, d)
      const off = 2n * (rounded * d - n) * (n < 0n ? -1n : 1n)
      assert.ok(off > -d && off <= d)
      assert.equal(divideHalfUp(-n, d), -rounded)
    }),
    RUNS,
  )
})

const RATES: readonly (readonly [amount: number, rate: string, expected: number])[] = [
  [1_000, '0.0825', 83],
  [-1_000, '0.0825', -83],
  [333, '0.19', 63],
  [50, '0.01', 1],
  [49, '0.01', 0],
  [1_005, '1', 1_005],
  [999, '0', 0],
  [105, '-0.1', -11],
]

for (const [given, rate, expected] of RATES) {
  test(`${given} × ${rate} is ${expected}`, () => {
    assert.equal(multiplyHalfUp(money(given, 'EUR'), rate).amount, expected)
  })
}

test('a rate is digits with one point, and nothing else', () => {
  for (const wrong of ['', '1e3', '.5', '5.', '0x1', '1,5', ' 1', '--1', 'NaN', 'Infinity']) {
    assert.throws(() => ratio(wrong), RangeError, wrong)
  }
  assert.deepEqual(ratio('1.0853'), { numerator: 10_853n, denominator: 10_000n })
})

const INCLUSIVE: readonly (readonly [gross: number, rate: string, net: number])[] = [
  [11_900, '0.19', 10_000],
  [100, '0.19', 84],
  [999, '0.07', 934],
  [1, '0.19', 1],
  [-11_900, '0.19', -10_000],
  [4_000, '0', 4_000],
]

for (const [gross, rate, net] of INCLUSIVE) {
  test(`${gross} with ${rate} inside is ${net} net`, () => {
    assert.equal(netOfInclusive(money(gross, 'EUR'), rate).amount, net)
  })
}

test('the net of an inclusive amount is within half a unit of the exact one', () => {
  const rates = fc.integer({ min: 0, max: 500_000 }).map((ppm) => (ppm / 1e6).toFixed(6))
  fc.assert(
    fc.property(amount, rates, (given, rate) => {
      const net = netOfInclusive(money(given, 'EUR'), rate).amount
      const { numerator, denominator } = ratio(rate)
      const off = BigInt(net) * (denominator + numerator) - BigInt(given) * denominator
      assert.ok(2n * (off < 0n ? -off : off) <= denominator + numerator)
      assert.ok(Math.abs(net) <= Math.abs(given))
    }),
    RUNS,
  )
})

const CONVERSIONS: readonly (readonly [Money, to: string, rate: string, expected: number])[] = [
  [money(10_000, 'EUR'), 'USD', '1.0853', 10_853],
  [money(10_000, 'EUR'), 'JPY', '162.15', 16_215],
  [money(1, 'EUR'), 'JPY', '162.15', 2],
  [money(16_215, 'JPY'), 'EUR', '0.006167', 10_000],
  [money(1_000, 'JPY'), 'KWD', '0.002041', 2_041],
  [money(2_041, 'KWD'), 'JPY', '489.9559', 1_000],
  [money(5, 'KWD'), 'EUR', '3', 2],
  [money(-5, 'KWD'), 'EUR', '3', -2],
  [money(1, 'USD'), 'CLF', '0.0263', 3],
]

for (const [given, to, rate, expected] of CONVERSIONS) {
  test(`${toDecimal(given)} ${given.currency} at ${rate} is ${expected} minor units of ${to}`, () => {
    assert.deepEqual(convert(given, to, rate), money(expected, to))
  })
}

test('at a rate of one the same currency keeps its amount, and a finer one loses nothing', () => {
  const modest = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
  fc.assert(
    fc.property(modest, currency, currency, (given, from, to) => {
      const there = convert(money(given, from), to, '1')
      if (currencyExponent(to) < currencyExponent(from)) return
      assert.deepEqual(convert(there, from, '1'), money(given, from))
    }),
    RUNS,
  )
})

test('what the other currency cannot count is the most that it can', () => {
  fc.assert(
    fc.property(
      amount,
      currency,
      currency,
      fc.integer({ min: 1, max: 99_999 }),
      (given, from, to, rate) => {
        const there = convert(money(given, from), to, `${rate}.5`).amount
        assert.ok(Number.isSafeInteger(there) && Math.abs(there) <= MAX_AMOUNT)
        assert.ok(there === 0 || Math.sign(there) === Math.sign(given))
      },
    ),
    RUNS,
  )
  assert.deepEqual(convert(money(MAX_AMOUNT, 'USD'), 'IDR', '16500'), money(MAX_AMOUNT, 'IDR'))
  assert.deepEqual(convert(money(-MAX_AMOUNT, 'USD'), 'IDR', '16500'), money(-MAX_AMOUNT, 'IDR'))
})

const SPLITS: readonly (readonly [total: number, weights: number[], expected: number[]])[] = [
  [100, [1, 1, 1], [34, 33, 33]],
  [-100, [1, 1, 1], [-34, -33, -33]],
  [101, [1, 1, 1], [34, 34, 33]],
  [2, [1, 1, 1, 1], [1, 1, 0, 0]],
  [10, [0, 0, 0], [4, 3, 3]],
  [10, [0, 5, 0], [0, 10, 0]],
  [0, [3, 4], [0, 0]],
  // The larger fraction gets the unit, though it comes later.
  [10, [101, 199], [3, 7]],
  [1, [1, 2], [0, 1]],
  // The whole order given away leaves nothing.
  [5_997, [1_999, 1_999, 1_999], [1_999, 1_999, 1_999]],
]

for (const [whole, by, expected] of SPLITS) {
  test(`${whole} by ${by} is split into ${expected}`, () => {
    const parts = allocate(whole, by)
    assert.deepEqual(parts, expected)
    assert.ok(!parts.some((part) => Object.is(part, -0)))
  })
}

test('a split needs someone to take it, and whole weights that are not negative', () => {
  assert.deepEqual(allocate(0, []), [])
  assert.throws(() => allocate(1, []), RangeError)
  assert.throws(() => allocate(10, [1, -1, 3]), RangeError)
  assert.throws(() => allocate(10, [0.5, 0.5]), RangeError)
  assert.throws(() => allocate(0.5, [1, 1]), RangeError)
})

test('a split adds up, is less than one unit from the exact shares, and goes no other way', () => {
  fc.assert(
    fc.property(total, weights, (whole, by) => {
      const parts = allocate(whole, by)
      assert.equal(parts.length, by.length)
      assert.equal(
        parts.reduce((all, part) => all + BigInt(part), 0n),
        BigInt(whole),
      )
      const all = by.reduce((sumOf, weight) => sumOf + BigInt(weight), 0n)
      const shareOf = (weight: number) => (all === 0n ? 1n : BigInt(weight))
      const divisor = all === 0n ? BigInt(by.length) : all
      for (const [place, part] of parts.entries()) {
        assert.ok(whole >= 0 ? part >= 0 : part <= 0)
        const off = BigInt(part) * divisor - BigInt(whole) * shareOf(by[place] as number)
        assert.ok((off < 0n ? -off : off) < divisor)
        if (all > 0n && by[place] === 0) assert.equal(part, 0)
      }
    }),
    RUNS,
  )
})

test('of equal weights the earlier never gets less, and a share never exceeds what it is a share of', () => {
  fc.assert(
    fc.property(weights, fc.nat(10_000), (by, tenThousandths) => {
      const all = by.reduce((sumOf, weight) => sumOf + weight, 0)
      const whole = Math.floor(Math.min(all, MAX_AMOUNT) * (tenThousandths / 10_000))
      const parts = allocate(whole, by)
      for (const [place, part] of parts.entries()) {
        if (all > 0) assert.ok(part <= (by[place] as number))
        const next = by.indexOf(by[place] as number, place + 1)
        if (next > 0) assert.ok(part >= (parts[next] as number))
      }
    }),
    RUNS,
  )
})

test('an amount reads back from its decimal form in every currency', () => {
  fc.assert(
    fc.property(amount, currency, (given, code) => {
      const made = money(given, code)
      const text = toDecimal(made)
      assert.match(text, /^-?\d+(\.\d+)?$/)
      assert.deepEqual(fromDecimal(text, code), made)
    }),
    RUNS,
  )
})

const DECIMALS: readonly (readonly [text: string, code: string, amount: number | undefined])[] = [
  ['24.9', 'EUR', 2_490],
  [' 24.90 ', 'EUR', 2_490],
  ['-0.05', 'EUR', -5],
  ['-0', 'EUR', 0],
  ['24.905', 'EUR', undefined],
  ['24.9', 'JPY', undefined],
  ['24', 'JPY', 24],
  ['24.905', 'KWD', 24_905],
  ['1000000000000', 'EUR', MAX_AMOUNT],
  ['1000000000000.01', 'EUR', undefined],
  ['100000000000000', 'JPY', MAX_AMOUNT],
  ['100000000000001', 'JPY', undefined],
  ['1e3', 'EUR', undefined],
  ['1,000', 'EUR', undefined],
  ['', 'EUR', undefined],
  ['.5', 'EUR', undefined],
]

for (const [text, code, expected] of DECIMALS) {
  test(`"${text}" ${code} reads as ${expected}`, () => {
    const read = fromDecimal(text, code)
    assert.equal(read?.amount, expected)
    assert.ok(!Object.is(read?.amount, -0))
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOrderNumber, orderNumber } from './order-number.ts'

const numbers = Array.from({ length: 500 }, (_, n) => orderNumber(`ord_${n}`))
const plain = (number: string) => number.replaceAll('-', '')

test('a number is three groups of four letters that cannot be misread, the same for its order', () => {
  for (const number of numbers) {
    assert.match(number, /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/)
    assert.ok(isOrderNumber(number), number)
  }
  assert.equal(orderNumber('ord_1'), orderNumber('ord_1'))
  assert.equal(new Set(numbers).size, numbers.length)
  assert.ok(isOrderNumber(plain(numbers[0] as string).toLowerCase()))
})

test('every wrong letter is found', () => {
  for (const number of numbers.slice(0, 20).map(plain)) {
    for (let place = 0; place < number.length; place += 1) {
      for (const letter of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (letter === number[place]) continue
        assert.ok(!isOrderNumber(number.slice(0, place) + letter + number.slice(place + 1)))
      }
    }
  }
})

test('two letters swapped are found, but for one pair in a hundred', () => {
  let swaps = 0
  let missed = 0
  for (const number of numbers.map(plain)) {
    for (let place = 0; place + 1 < number.length; place += 1) {
      const [a, b] = [number[place] as string, number[place + 1] as string]
      if (a === b) continue
      swaps += 1
      if (isOrderNumber(number.slice(0, place) + b + a + number.slice(place + 2))) missed += 1
    }
  }
  assert.ok(missed / swaps < 0.01, `${missed} of ${swaps}`)
})

test('what is no number is none', () => {
  for (const text of ['', '1234', 'UUUU-UUUU-UUUU', `${numbers[0]}0`]) {
    assert.ok(!isOrderNumber(text), text)
  }
})

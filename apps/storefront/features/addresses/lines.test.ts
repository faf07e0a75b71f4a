import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cityLine } from './lines.ts'

const lines = [
  [{ country: 'US', city: 'Austin', region: 'TX', postalCode: '73301' }, 'Austin, TX 73301'],
  [{ country: 'GB', city: 'London', postalCode: 'SW1A 1AA' }, 'London, SW1A 1AA'],
  [{ country: 'DE', city: 'Berlin', postalCode: '10115' }, '10115 Berlin'],
  [{ country: 'ES', city: 'Getafe', region: 'Madrid', postalCode: '28901' }, '28901 Getafe Madrid'],
  [
    { country: 'JP', city: '千代田区', region: '東京都', postalCode: '100-0001' },
    '〒100-0001 東京都 千代田区',
  ],
] as const

for (const [address, line] of lines) {
  test(`an address in ${address.country} has its city's line as the post there writes it`, () => {
    assert.equal(cityLine(address), line)
  })
}

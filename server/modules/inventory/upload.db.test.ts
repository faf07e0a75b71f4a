import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { testInventory } from '../../../tests/support/inventory.ts'
import { derivedId } from '../../platform/ids.ts'
import { uploadLevels } from './upload.ts'

const shop = await testInventory()
/** An id of an offer; the same word makes the same one. */
const off = (word: string) => derivedId('off', word, { at: new Date(0), shard: 1 })
const upload = (key: string, text: string) =>
  uploadLevels(shop.api, { key, bytes: Readable.from([Buffer.from(text)]) })

test('a file of levels is written, row by row, with what is wrong told by the row', async () => {
  const csv = `\uFEFFwarehouse_code;offer_id;quantity;note
berlin;${off('up-1')};5;a
nowhere;${off('up-2')};5;a
berlin;${off('up-3')};five;a

munich;"${off('up-4')}";7;a
berlin;${off('up-5')};1
berlin;bad id;1;a\r
munich;${off('up-1')};2;`
  assert.deepEqual(await upload('u1', csv), {
    rows: 7,
    written: 3,
    short: 0,
    errorCount: 4,
    errors: [
      { row: 2, message: 'there is no warehouse nowhere' },
      { row: 3, message: 'quantity is not a whole number from 0 to 100000000' },
      { row: 5, message: 'has 3 cells, not 4' },
      { row: 6, message: 'offerId is no id of an offer' },
    ],
  })
  assert.equal(await shop.available(off('up-1')), 7)
  assert.equal(await shop.available(off('up-4')), 7)
})

test('JSON line by line is read the same', async () => {
  const rows = [
    { offerId: off('json-1'), warehouseCode: 'paris', quantity: 3 },
    [],
    { quantity: 1.5 },
  ]
  const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n{"offerId":\n`
  const { written, errors } = await upload('u2', text)
  assert.equal(written, 1)
  assert.deepEqual(
    errors.map(({ row }) => row),
    [2, 3, 4],
  )
  assert.equal(await shop.available(off('json-1')), 3)
})

test('what is promised is not uploaded away, and the same file again changes nothing', async () => {
  const text = `offerId,warehouseCode,quantity\n${off('held')},berlin,5\n`
  await upload('u3', text)
  await shop.api.reserve({
    key: 'h',
    lines: [{ offerId: off('held'), quantity: 4 }],
    destination: { country: 'DE', postalCode: '10115' },
    ttlSeconds: 600,
  })
  const low = text.replace(',5', ',1')
  assert.equal((await upload('u4', low)).short, 1)
  const [before] = await shop.api.levels({ offerId: off('held') })
  await upload('u4', low)
  assert.deepEqual(await shop.api.levels({ offerId: off('held') }), [before])
})

test('a file that cannot be read is refused as a whole', async () => {
  for (const text of ['', '\n\n', 'sku,quantity\na,1', 'x'.repeat(20_000)]) {
    await assert.rejects(upload('u5', text), { code: 'inventory.unreadable_upload' })
  }
})

test('100,000 rows are written while they come, in bounded memory', async () => {
  async function* rows() {
    yield Buffer.from('offerId,warehouseCode,quantity\n')
    for (let n = 0; n < 100_000; n += 500) {
      const lines = Array.from({ length: 500 }, (_, at) => `${off(String(n + at))},berlin,${at}\n`)
      yield Buffer.from(lines.join(''))
    }
  }
  const { written, errorCount } = await uploadLevels(shop.api, { key: 'many', bytes: rows() })
  assert.deepEqual([written, errorCount], [100_000, 0])
  assert.equal(await shop.available(off('99999')), 499)
  assert.deepEqual(await shop.api.audit(), [])
})

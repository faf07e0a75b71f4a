/**
 * Goal: whatever a file has in it, each wrong row is told by number and field, and the others are in.
 * Method: one CSV of all the ways to be wrong, with a good row after each.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytes, testCatalog } from '../../../tests/support/catalog.ts'

const { catalog, platform } = await testCatalog()
const { importer } = catalog
const HEADER =
  'ref,seller,name,category,attributes,images,variant_sku,offer_sku,price,currency,stock:US-EAST,popularity'

const good = (ref: string) => `${ref},acme,Shirt ${ref},aa-1,,,${ref},${ref},24.90,USD,5,0.5`

async function refs(): Promise<string[]> {
  const { rows } = await platform.db.query({
    text: 'select ref from catalog.products order by ref',
  })
  return rows.map(({ ref }) => ref)
}

const told = (errors: readonly { row: number; field: string; message: string }[]) =>
  errors.map(({ row, field, message }) => `${row} ${field}: ${message}`)

/** What is wrong, and what is told of it; a string's bytes are UTF-8. */
const WRONG: readonly (readonly [row: string | Buffer, expected: string])[] = [
  [Buffer.from('a1,acme,Caf\xe9,aa-1,,,a1,a1,1,USD,5,0', 'latin1'), ': is not UTF-8'],
  [Buffer.from('a2,acme,Caf\0e,aa-1,,,a2,a2,1,USD,5,0'), ': has a NUL character; is it UTF-16?'],
  ['a3,acme,"open,aa-1,,,a3,a3,1,USD,5,0', ': has a quote that is not closed'],
  ['a4,acme,in "the" middle,aa-1,,,a4,a4,1,USD,5,0', ': has a quote in the wrong place'],
  ['a5,acme,Shirt,aa-1,,,a5,a5,1,USD,5', ': has 11 cells where the header has 12'],
  ['a6,acme,Shirt,aa-1,,,a6,a6,1,USD,5,0,7', ': has 13 cells where the header has 12'],
  ['a7,acme,=cmd|calc,aa-1,,,a7,a7,1,USD,5,0', 'name: is a formula'],
  ['a8,acme,@SUM(1),aa-1,,,a8,a8,1,USD,5,0', 'name: is a formula'],
  ['a9,acme,Shirt,aa-1,,,a9,+cmd,1,USD,5,0', 'offer_sku: is a formula'],
  ['b1,acme,Shirt,nowhere,,,b1,b1,1,USD,5,0', 'category: is no category: nowhere'],
  ['b2,nobody,Shirt,aa-1,,,b2,b2,1,USD,5,0', 'seller: is no seller: nobody'],
  ['b3,acme,Shirt,aa-1,,,b3,b3,1.999,USD,5,0', 'price: is not an amount of USD: 1.999'],
  ['b4,acme,Shirt,aa-1,,,b4,b4,1.5,JPY,5,0', 'price: is not an amount of JPY: 1.5'],
  ['b5,acme,Shirt,aa-1,,,b5,b5,"1,50",USD,5,0', 'price: is not an amount of USD: 1,50'],
  ['b6,acme,Shirt,aa-1,,,b6,b6,1,USD,-5,0', 'stock:US-EAST: is not a whole number: -5'],
  ['b7,acme,Shirt,aa-1,,,b7,b7,1,USD,5,much', 'popularity: is not a number: much'],
  ['b8,acme,Shirt,aa-1,{oops},,b8,b8,1,USD,5,0', 'attributes: is not a JSON object'],
  ['b9,acme,Shirt,aa-1,,[oops,b9,b9,1,USD,5,0', 'images: is not a JSON array'],
  // The offer's SKU is that of another product of this seller, in the file before it.
  [
    'c1,acme,Shirt,aa-1,,,c1,good-0,1,USD,5,0',
    'variants[0].offers[0].sku: is the SKU of another product of this seller',
  ],
  ['c2,acme,,aa-1,,,c2,c2,1,USD,5,0', 'name: Too small: expected string to have >=1 characters'],
]

test('each wrong row is told by number and field, and every good row is in', async () => {
  const parts: Buffer[] = [Buffer.from(`${HEADER}\r\n${good('good-0')}\r\n`)]
  for (const [place, [row]] of WRONG.entries())
    parts.push(Buffer.from(row), Buffer.from(`\r\n${good(`good-${place + 1}`)}\r\n`))
  const report = await importer.importProducts({
    ...bytes(Buffer.concat(parts)),
    format: 'csv',
    key: 'wrong',
  })
  assert.deepEqual(
    told(report.firstErrors),
    WRONG.map(([, expected], place) => `${2 * place + 2} ${expected}`),
  )
  const expected = Array.from({ length: WRONG.length + 1 }, (_, n) => `good-${n}`).sort()
  assert.deepEqual(await refs(), expected)
  assert.deepEqual([report.products, report.rows], [WRONG.length + 1, 2 * WRONG.length + 1])
})

test('50 MB in one line of a CSV cost one row', async () => {
  async function* pieces() {
    yield Buffer.from(`${HEADER}\n${good('m1')}\nm2,acme,`)
    for (let mebibyte = 0; mebibyte < 50; mebibyte += 1) yield Buffer.alloc(2 ** 20, 'x')
    yield Buffer.from(`,aa-1,,,m2,m2,1,USD,5,0\n${good('m3')}`)
  }
  const report = await importer.importProducts({ stream: pieces(), format: 'csv', key: 'long' })
  assert.deepEqual(told(report.firstErrors), ['2 : is longer than 8 MiB'])
  assert.equal(report.products, 2)
})

test('a file in UTF-16, without a header, or of other columns is refused with the reason', async () => {
  const refuse = (file: Buffer | string, key: string) =>
    importer.importProducts({ ...bytes(file), format: 'csv', key })
  const failed = (message: RegExp) => ({ code: 'catalog.import_failed', message })
  const utf16 = Buffer.from(`\uFEFF${HEADER}\n${good('u')}\n`, 'utf16le')
  await assert.rejects(refuse(utf16, 'utf-16'), failed(/header is not UTF-8|UTF-16/))
  await assert.rejects(refuse('', 'empty'), failed(/column ref is missing/))
  await assert.rejects(refuse(good('n'), 'no header'), failed(/"n" is unknown/))
  await assert.rejects(
    refuse(`${HEADER},ref,colour\n`, 'twice'),
    failed(/column ref is there twice, column "colour" is unknown/),
  )
  assert.ok(!(await refs()).some((ref) => ref === 'u' || ref === 'n'))
})

test('a SKU that comes twice: within a product both are told, of two sellers both are in', async () => {
  const twice = (ref: string, sku: string, seller: string) =>
    `${ref},${seller},Shirt,aa-1,,,${sku},${sku},1,USD,5,0`
  const report = await importer.importProducts({
    ...bytes(
      [
        HEADER,
        twice('d1', 'same', 'acme'),
        twice('d1', 'same', 'acme'),
        twice('d2', 'same', 'best'),
      ].join('\n'),
    ),
    format: 'csv',
    key: 'skus',
  })
  assert.deepEqual(told(report.firstErrors), [
    '2 variants[0].offers[1].sku: is the SKU of another offer of this seller',
  ])
  assert.equal(report.products, 2)
})

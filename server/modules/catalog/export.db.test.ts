import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { jsonl, productRow } from '../../../tests/support/catalog.ts'
import { smallDataFolder } from '../../../tests/support/shop-process.ts'
import { stockedCatalog } from '../../../tests/support/stocked-catalog.ts'

const folder = mkdtempSync(join(tmpdir(), 'stoa-export-'))
const demo = await smallDataFolder(150)
after(() => {
  demo.remove()
  rmSync(folder, { recursive: true, force: true })
})

type Shop = Awaited<ReturnType<typeof stockedCatalog>>
type Format = 'jsonl' | 'csv'

const first = await stockedCatalog({ seed: 1 })
const { products } = await first.importer.loadDemo({ folder: join(demo.folder, 'demo') })

/** A shop with the demo's categories, sellers and warehouses, and no product. */
async function emptyShop(seed: number): Promise<Shop> {
  const shop = await stockedCatalog({ seed })
  const none = await smallDataFolder()
  const demoFolder = join(none.folder, 'demo')
  for (const name of readdirSync(demoFolder)) {
    if (name.startsWith('products')) rmSync(join(demoFolder, name))
  }
  await shop.importer.loadDemo({ folder: demoFolder })
  none.remove()
  return shop
}

async function write(shop: Shop, name: string, format: Format, seller?: string): Promise<string> {
  const file = join(folder, name)
  await shop.importer.exportProducts({ file, format, ...(seller ? { seller } : {}) })
  return file
}

const rowsOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const MARKET = { currency: 'USD', country: 'US' }
const oldSlugs = ['a-hard-one', 'hard-3']

test('prices, texts and statuses that are hard to write survive too', async () => {
  const offer = (sku: string, over: object = {}) => ({
    seller: 'icecat',
    sku,
    price: { amount: 1999, currency: 'USD' },
    ...over,
  })
  const sale = {
    salePrice: { amount: 1500, currency: 'USD' },
    saleStartsAt: '2026-01-01T00:00:00.000Z',
    saleEndsAt: '2026-12-31T23:59:59.500Z',
  }
  const own = { seller: 'icecat', category: 'el' }
  const rows = [
    productRow('hard-1', {
      ...own,
      name: '=cmd|"calc", \'quoted\'; ',
      description: ' two\r\nlines\twith a tab, "quotes" and, commas ',
      brand: '@brand',
      images: ['https://example.test/a|b.jpg', '-x', '[y]'],
      attributes: { '+plus': '=1+1', ' list': ['a', ''], Zoom: 3.5, Flash: true, '1': 'one' },
      options: ['Größe', 'Colour'],
      releasedAt: '2024-02-29',
      rating: { average: 4.33, count: 12 },
      popularity: 0.1234567890123,
      taxClass: 'books',
      status: 'archived',
      featured: true,
      slug: 'the-hard-one',
      translations: { de: { name: '=Hart', description: 'ä\n' }, 'pt-BR': { name: 'Duro' } },
      variants: [
        {
          sku: '-hard',
          options: { Größe: '=L', Colour: "'red" },
          gtin: '4006381333931',
          dimensionsMm: [1, 2, 3],
          offers: [
            offer('@hard', { ...sale, status: 'paused', condition: 'used' }),
            offer('second', { price: { amount: 5, currency: 'JPY' }, stock: { 'US-EAST': 0 } }),
          ],
        },
        { sku: 'none', status: 'inactive', options: { Größe: 'S' }, weightGrams: 3, offers: [] },
      ],
    }),
    productRow('hard-2', {
      ...own,
      status: 'draft',
      variants: [{ sku: '1', offers: [offer('3')] }],
    }),
    productRow('hard-3', {
      ...own,
      pastSlugs: oldSlugs,
      variants: [{ sku: '1', offers: [offer('4')] }],
    }),
  ]
  const report = await first.importer.importProducts({ ...jsonl(rows), format: 'jsonl', key: 'h' })
  assert.deepEqual(report.firstErrors, [])
  const exported = rowsOf(await write(first, 'hard.jsonl', 'jsonl', 'icecat'))
  const hard = exported.find(({ ref }) => ref === 'hard-1')
  const { variants, ...content } = rows[0] as ReturnType<typeof productRow>
  assert.partialDeepStrictEqual(hard, content)
  assert.partialDeepStrictEqual(
    hard.variants.map(({ offers, ...variant }: { offers: unknown[] }) => variant),
    variants.map(({ offers, ...variant }) => variant),
  )
  assert.partialDeepStrictEqual(hard.variants[0].offers, variants[0]?.offers ?? [])
})

test('a product that was renamed has its former slug in the export, and goes back to it', async () => {
  const rename = async (name: string, key: string) => {
    const offer = { seller: 'icecat', sku: '4', price: { amount: 1999, currency: 'USD' } }
    const variants = [{ sku: '1', offers: [offer] }]
    const row = productRow('hard-3', { seller: 'icecat', category: 'el', name, variants })
    const report = await first.importer.importProducts({ ...jsonl([row]), format: 'jsonl', key })
    assert.deepEqual([report.firstErrors, report.changed], [[], 1])
    const exported = rowsOf(await write(first, 'renamed.jsonl', 'jsonl', 'icecat'))
    return exported.find(({ ref }) => ref === 'hard-3').pastSlugs as string[]
  }
  const [, camera] = await rename('Another', 'another')
  assert.match(camera as string, /^camera-hard-3-/)
  const [, another] = await rename('Camera hard-3', 'back')
  assert.match(another as string, /^another-/)
  const last = await rename('Third', 'third')
  assert.deepEqual(last, ['a-hard-one', another, camera, 'hard-3'])
  oldSlugs.splice(0, 2, ...last)
})

test('a former slug that is the address of another product is refused', async () => {
  const offer = { seller: 'icecat', sku: 'thief', price: { amount: 1999, currency: 'USD' } }
  const row = productRow('thief', {
    seller: 'icecat',
    category: 'el',
    pastSlugs: ['hard-3'],
    variants: [{ sku: '1', offers: [offer] }],
  })
  const report = await first.importer.importProducts({
    ...jsonl([row]),
    format: 'jsonl',
    key: 'thief',
  })
  assert.deepEqual(report.firstErrors, [
    { row: 1, field: 'pastSlugs[0]', message: 'is the address of another product' },
  ])
  assert.equal(report.products, 0)
})

for (const format of ['jsonl', 'csv'] as const) {
  test(`export, import into an empty shop, export gives the same bytes: ${format}`, async () => {
    const one = await write(first, `one.${format}`, format)
    const second = await emptyShop(format === 'csv' ? 3 : 2)
    const report = await second.importer.importProducts({ file: one, format, key: 'all' })
    assert.deepEqual(report.firstErrors, [])
    assert.equal(report.products, products + 3)
    const two = await write(second, `two.${format}`, format)
    assert.ok(readFileSync(one).equals(readFileSync(two)))
    for (const idOrSlug of oldSlugs) {
      const [there, here] = await Promise.all(
        [first, second].map(({ catalog }) => catalog.api.getProduct({ idOrSlug, ...MARKET })),
      )
      assert.equal(here?.slug, there?.slug, `${idOrSlug} leads to the same address`)
      assert.notEqual(here?.slug, idOrSlug)
    }
    const again = await second.importer.importProducts({ file: two, format, key: 'again' })
    assert.deepEqual([again.products, again.changed], [products + 3, 0])
  })
}

test('what is written as CSV says what is written as JSONL', async () => {
  const second = await emptyShop(4)
  const file = join(folder, 'one.csv')
  await second.importer.importProducts({ file, format: 'csv', key: 'all' })
  const two = await write(second, 'from-csv.jsonl', 'jsonl')
  assert.deepEqual(rowsOf(two), rowsOf(join(folder, 'one.jsonl')))
})

test('no cell of the CSV begins as a formula does', () => {
  const text = readFileSync(join(folder, 'one.csv'), 'utf8')
  assert.doesNotMatch(text, /(?:^|[,\n])"?[=+@\t\r-]/)
})

test('rows stand in order of their refs, whatever order and shards they came in', () => {
  const refs = rowsOf(join(folder, 'one.jsonl')).map(({ ref }) => ref)
  assert.deepEqual(refs, refs.toSorted())
  assert.equal(refs.length, products + 3)
})

test('a packed file has the same text; the name is there only when the file is whole', async () => {
  const packed = await write(first, 'one.jsonl.gz', 'jsonl')
  const plain = readFileSync(join(folder, 'one.jsonl'))
  assert.ok(gunzipSync(readFileSync(packed)).equals(plain))
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.part')),
    [],
  )
})

test("a seller's products alone; a seller that is not there is refused and writes nothing", async () => {
  const rows = rowsOf(await write(first, 'some.jsonl', 'jsonl', 'goodbooks'))
  assert.equal(rows.length, 150)
  assert.ok(rows.every(({ seller }) => seller === 'goodbooks'))
  await assert.rejects(write(first, 'none.jsonl', 'jsonl', 'nobody'), { code: 'not_found' })
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('none')))
})

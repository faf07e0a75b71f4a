import assert from 'node:assert/strict'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import fc from 'fast-check'
import { ImportProduct } from '#contracts/catalog/import.ts'
import { isImportProduct } from './import-check.ts'

const WHOLE = {
  ref: 'r',
  seller: 's',
  name: 'n',
  description: '',
  brand: 'b',
  category: 'c',
  images: ['i'],
  attributes: { a: 'x', b: 1.5, c: true, d: ['y'], e: { value: 1, unit: 'kg' } },
  options: ['Size'],
  releasedAt: '2024-02-29',
  rating: { average: 4.5, count: 2 },
  popularity: 0.5,
  taxClass: 'standard',
  status: 'draft',
  featured: true,
  slug: 'a-1',
  pastSlugs: ['a-0'],
  translations: { 'de-AT': { name: 'n', description: '' } },
  variants: [
    {
      sku: 'v',
      name: 'n',
      gtin: '1',
      options: { Size: 'L' },
      images: ['i'],
      weightGrams: 1,
      dimensionsMm: [1, 2, 3],
      status: 'inactive',
      offers: [
        {
          seller: 's',
          sku: 'o',
          condition: 'used',
          status: 'paused',
          price: { amount: 2, currency: 'USD' },
          salePrice: { amount: 1, currency: 'USD' },
          saleStartsAt: '2026-01-01T00:00:00Z',
          saleEndsAt: '2026-01-01T00:00:00.5Z',
          stock: { W: 1 },
        },
      ],
    },
  ],
  source: { set: 's', licence: 'l', made: ['m'] },
}

/** The two must agree, except that the quick one may leave a strange value to the schema. */
function compare(value: unknown): void {
  const parsed = ImportProduct.safeParse(structuredClone(value))
  if (isImportProduct(value)) {
    assert.ok(parsed.success, JSON.stringify([value, parsed.error?.issues]))
    assert.deepEqual(parsed.data, value)
  } else if (parsed.success) {
    // Only where the schema gives back another value than it was given.
    assert.notDeepEqual(parsed.data, value, JSON.stringify(value))
  }
}

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const below = Object.entries(value).flatMap(([key, member]) =>
    pathsOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return [path, ...below]
}

const PATHS = pathsOf(WHOLE).filter((path) => path.length > 0)
type Change = { path: Path; how: 'replace' | 'remove' | 'add'; value: unknown }

function applied({ path, how, value }: Change): unknown {
  const copy = structuredClone(WHOLE) as Record<string, unknown>
  const parent = path
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (at, key) => at[key as string] as Record<string, unknown>,
      copy,
    )
  const key = path.at(-1) as string
  if (how === 'replace') parent[key] = value
  else if (how === 'add' && !Array.isArray(parent)) parent[`${key}2`] = value
  else if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
  return copy
}

const edges = fc.constantFrom<unknown>(
  ...[0, -0, -1, 0.5, 1, 1.0001, 5, 5.01, 2e9, 2e9 + 1, 1e8, 1e8 + 1, 2 ** 53, 1e300],
  ...['', 'x', '2024-02-30', '2024-02-29', '2026-01-01T00:00:00Z', '2026-01-01', 'USD', 'usd'],
  ...['new', 'active', 'paused', 'draft', 'toString', '__proto__'],
  ...[40, 41, 60, 61, 100, 101, 120, 121, 200, 201, 300, 301, 500, 501, 2000, 2001].map((n) =>
    'x'.repeat(n),
  ),
  ...[null, true, [], {}, [null], [''], [1, 2, 3], [1, 2], { a: 1 }, { '': 'x' }],
  ...[{ value: 1, unit: 'm' }, { value: 1 }, { amount: 1, currency: 'EUR' }],
  ...[{ ['x'.repeat(61)]: 'y' }, { ['x'.repeat(201)]: 'y' }, { constructor: 'y' }],
  ...[Array(10).fill('x'), Array(11).fill('x'), Array(50).fill('x'), Array(51).fill('x')],
  JSON.parse('{"__proto__":"x"}'),
)

test('the quick check agrees with the schema on every change of a whole row', () => {
  const change: fc.Arbitrary<Change> = fc.record({
    path: fc.constantFrom(...PATHS),
    how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add'),
    value: fc.oneof({ weight: 4, arbitrary: edges }, fc.jsonValue({ maxDepth: 2 })),
  })
  fc.assert(
    fc.property(change, (one) => compare(applied(one))),
    { numRuns: 5_000 },
  )
})

test('the quick check agrees with the schema on any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => compare(value)),
    { numRuns: 500 },
  )
  for (const value of [undefined, null, 1, 'x', [], {}, [WHOLE]]) compare(value)
})

test('a whole row, and the rows of every set of the demo, pass by the quick check alone', async () => {
  assert.ok(isImportProduct(WHOLE))
  const demo = join(import.meta.dirname, '../../../../data/demo')
  for (const set of ['icecat', 'goodbooks', 'grocer', 'openfoodfacts', 'pricerunner']) {
    const file = createReadStream(join(demo, `products-${set}.jsonl.gz`))
    let rows = 0
    for await (const line of createInterface({ input: file.pipe(createGunzip()) })) {
      rows += 1
      if (rows > 1_000) break
      assert.ok(isImportProduct(JSON.parse(line)), line)
    }
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as admin from '#contracts/catalog/admin.ts'
import type { ProductFilter } from '#contracts/catalog/admin-schemas.ts'
import { testCatalog } from '../../../../tests/support/catalog.ts'
import { operatorOf } from '../../../../tests/support/operator.ts'
import { declaredStatements } from '../../../platform/db/statement.ts'

const PRODUCTS = 6_000
const { catalog, platform } = await testCatalog()
const { db } = platform
const call = operatorOf(platform, catalog.routes)

const { rows: found } = await db.query({ text: 'select id, code from catalog.categories' })
const categories = new Map<string, string>(found.map((row) => [row.code, row.id]))
const { rows: sellers } = await db.query({ text: 'select id from catalog.sellers order by code' })
const [acme, best] = sellers.map((row) => row.id) as [string, string]

// Straight into the tables: what lists look at, and nothing else.
await db.query({
  text: `insert into catalog.products
    (shard, id, ref, seller_id, slug, name, category_id, brand, status, updated_at)
  select n % 100, 'prd_' || lpad(n::text, 26, '0'), 'r' || n,
         case when n % 10 = 0 then $1 else $2 end, 's' || n, 'Product ' || n,
         ($3::text[])[1 + n % 3], case when n % 3000 = 0 then 'Rare' when n % 2 = 0 then 'Common' end,
         case when n % 500 = 0 then 'archived' when n % 400 = 1 then 'draft' else 'active' end,
         timestamptz '2026-01-01Z' + make_interval(secs => n / 7)
  from generate_series(1, ${PRODUCTS}) n`,
  values: [acme, best, ['el', 'el-1', 'aa-1'].map((code) => categories.get(code))],
})
await db.query({
  text: `insert into catalog.product_variants (shard, id, product_id, sku, gtin)
    select shard, 'var_' || substr(id, 5), id, 'sku-' || slug,
           case when slug = 's42' then '4006381333931' end
    from catalog.products`,
})
await db.query({
  text: `insert into catalog.offer_skus (seller_id, sku, shard, offer_id, product_id)
    select seller_id, 'offer-' || slug, shard, 'off_' || substr(id, 5), id from catalog.products`,
})
await db.query({ text: 'analyze' })

async function listAll(filter: ProductFilter, limit: number): Promise<string[]> {
  const slugs: string[] = []
  let cursor: string | null | undefined
  do {
    const query: object = { ...filter, limit: String(limit), ...(cursor && { cursor }) }
    const { status, body, problem } = await call(admin.listAdminProducts, { query: { ...query } })
    assert.equal(status, 200, JSON.stringify(problem))
    slugs.push(...body.items.map(({ slug }) => slug))
    cursor = body.nextCursor
  } while (cursor)
  return slugs
}

const MIDDLE = '2026-01-01T00:10:00.000Z'
const electronics = categories.get('el') as string
const FILTERS: readonly (readonly [string, ProductFilter, string])[] = [
  ['all', {}, 'true'],
  ['active', { status: 'active' }, `status = 'active'`],
  ['draft', { status: 'draft' }, `status = 'draft'`],
  ['archived', { status: 'archived' }, `status = 'archived'`],
  [
    'a branch',
    { categoryId: electronics },
    `category_id = any ('{${electronics},${categories.get('el-1')}}')`,
  ],
  [
    'archived ones of a branch',
    { categoryId: electronics, status: 'archived' },
    `status = 'archived' and category_id <> '${categories.get('aa-1')}'`,
  ],
  ['a seller', { sellerId: acme }, `seller_id = '${acme}'`],
  ['a brand', { brand: 'Common' }, `brand = 'Common'`],
  [
    'a brand of a seller',
    { brand: 'Common', sellerId: best },
    `brand = 'Common' and seller_id = '${best}'`,
  ],
  [
    'a rare brand among the active',
    { brand: 'Rare', status: 'archived' },
    `brand = 'Rare' and status = 'archived'`,
  ],
  ['changed since', { updatedSince: MIDDLE }, `updated_at >= '${MIDDLE}'`],
  [
    'drafts changed since',
    { updatedSince: MIDDLE, status: 'draft' },
    `status = 'draft' and updated_at >= '${MIDDLE}'`,
  ],
  ['a SKU of a variant', { sku: 'sku-s77' }, `slug = 's77'`],
  ['a SKU of an offer', { sku: 'offer-s77' }, `slug = 's77'`],
  ['a SKU of another status', { sku: 'sku-s77', status: 'draft' }, 'false'],
  ['a GTIN as it is printed', { gtin: '4 006381 333931' }, `slug = 's42'`],
  ['a category that is none', { categoryId: 'cat_none' }, 'false'],
]

for (const [name, filter, where] of FILTERS) {
  test(`lists ${name}: each once, whatever the page`, async () => {
    const { rows } = await db.query({ text: `select slug from catalog.products where ${where}` })
    const expected = rows.map((row) => row.slug).sort()
    for (const limit of expected.length > 500 ? [100] : [1, 7, 100]) {
      assert.deepEqual((await listAll(filter, limit)).sort(), expected)
    }
  })
}

test('what changed comes in order of change', async () => {
  const { body } = await call(admin.listAdminProducts, { query: { updatedSince: MIDDLE } })
  const times = body.items.map(({ updatedAt }) => updatedAt)
  assert.deepEqual(times, times.toSorted())
})

test('a page looks at a bounded number of rows, and says where to go on', async () => {
  const query = { status: 'draft', sellerId: best, brand: 'Common' }
  const { body } = await call(admin.listAdminProducts, { query })
  assert.deepEqual([body.items.length, typeof body.nextCursor], [0, 'string'])
})

test('a cursor that is made up or of another list is refused', async () => {
  const made = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  const cursors = ['x', made([]), made([1, 'a']), made([99_999, 'a', 'b']), made([1, 'a\0', 'b'])]
  for (const cursor of cursors) {
    const { status, problem } = await call(admin.listAdminProducts, { query: { cursor } })
    assert.deepEqual([status, problem.errors?.[0]?.path], [400, 'query.cursor'])
  }
  const changes = await call(admin.listCatalogChanges, { query: { cursor: made(['a\0']) } })
  assert.equal(changes.status, 400)
  const both = { sku: 'a', gtin: '4006381333931' }
  assert.equal((await call(admin.listAdminProducts, { query: both })).status, 400)
})

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] }
const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)]

for (const [name, text] of declaredStatements()) {
  if (!name.startsWith('catalog.list_products_') || name === 'catalog.list_products_after') continue
  const bounded = /by_(sku|gtin)$/.test(name)
  test(`${name} walks an index in order: it neither sorts nor scans`, async () => {
    const { rows } = await db.query({ text: `explain (generic_plan, format json) ${text}` })
    const nodes = flatten(rows[0]['QUERY PLAN'][0].Plan)
    const onProducts = nodes.filter((node) => node['Relation Name'] === 'products')
    assert.ok(onProducts.length > 0)
    for (const node of onProducts) assert.match(node['Node Type'], /^Index/)
    if (!bounded)
      assert.deepEqual(
        nodes.filter((node) => /Sort/.test(node['Node Type'])),
        [],
      )
  })
}

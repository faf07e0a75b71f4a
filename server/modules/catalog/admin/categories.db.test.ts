import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as admin from '#contracts/catalog/admin.ts'
import type { NewCategory } from '#contracts/catalog/admin-schemas.ts'
import { getCategory, listCategories } from '#contracts/catalog/routes.ts'
import { testCatalog } from '../../../../tests/support/catalog.ts'
import { operatorOf } from '../../../../tests/support/operator.ts'

const { catalog, platform } = await testCatalog()
const { db } = platform
const call = operatorOf(platform, catalog.routes)
const { rows } = await db.query({ text: 'select id, code from catalog.categories' })
const codes = new Map<string, string>(rows.map((row) => [row.code, row.id]))
const [electronics, cameras, apparel] = ['el', 'el-1', 'aa'].map((code) => codes.get(code)) as [
  string,
  string,
  string,
]

async function create(body: NewCategory): Promise<string> {
  const { status, body: made, problem } = await call(admin.createCategory, { body })
  assert.equal(status, 201, JSON.stringify(problem))
  return made.id
}

async function breadcrumbs(idOrSlug: string): Promise<string[]> {
  const { body } = await call(getCategory, { params: { idOrSlug } })
  return body.breadcrumbs.map(({ name }) => name)
}

test('a category is created under another, found by its slug, and kept in the record', async () => {
  const id = await create({ name: 'Lenses & Filters', parentId: cameras })
  assert.deepEqual(await breadcrumbs('electronics/cameras/lenses-and-filters'), [
    'Electronics',
    'Cameras',
    'Lenses & Filters',
  ])
  const { headers, body } = await call(admin.getAdminCategory, { params: { categoryId: id } })
  assert.deepEqual([headers['etag'], body.level, body.status], ['"1"', 3, 'active'])
  const changes = await call(admin.listCatalogChanges, { query: { entityId: id } })
  assert.deepEqual(
    changes.body.items.map(({ action, actor }) => [action, actor]),
    [['created', 'operator:ops_1']],
  )
  const twin = { name: 'Lenses & Filters', parentId: cameras }
  assert.equal((await call(admin.createCategory, { body: twin })).problem.code, 'catalog.duplicate')
  const orphan = { name: 'Orphan', parentId: 'cat_nowhere' }
  assert.equal((await call(admin.createCategory, { body: orphan })).status, 404)
})

test('an edit by an old version, or to a slug in use, is refused and changes nothing', async () => {
  const id = await create({ name: 'Edited', parentId: null })
  const edit = (body: object, version: string) =>
    call(admin.editCategory, { params: { categoryId: id }, body, headers: { 'if-match': version } })
  assert.equal((await edit({ name: 'Renamed', sortOrder: 3 }, '"1"')).body.version, 2)
  assert.equal((await edit({ name: 'Late' }, '"1"')).status, 412)
  assert.equal((await edit({ slug: 'apparel' }, '"2"')).problem.code, 'catalog.duplicate')
  const { body } = await call(admin.getAdminCategory, { params: { categoryId: id } })
  assert.deepEqual(
    [body.name, body.slug, body.sortOrder, body.version],
    ['Renamed', 'edited', 3, 2],
  )
})

test('a slug that a category gave up goes on leading to it, and no other takes it', async () => {
  const id = await create({ name: 'Wanders', parentId: null })
  const edit = (categoryId: string, slug: string) =>
    call(admin.editCategory, { params: { categoryId }, body: { slug } })
  const found = async (idOrSlug: string) => {
    const { body } = await call(getCategory, { params: { idOrSlug } })
    return [body.id, body.slug]
  }
  for (const slug of ['walks', 'runs']) assert.equal((await edit(id, slug)).status, 200)
  for (const slug of ['wanders', 'walks', 'runs']) assert.deepEqual(await found(slug), [id, 'runs'])
  const other = await create({ name: 'Other', parentId: null })
  assert.equal((await edit(other, 'walks')).problem.code, 'catalog.duplicate')
  const taken = { name: 'Taken', parentId: null, slug: 'wanders' }
  assert.equal(
    (await call(admin.createCategory, { body: taken })).problem.code,
    'catalog.duplicate',
  )
  assert.equal((await edit(id, 'wanders')).status, 200)
  for (const slug of ['wanders', 'walks', 'runs'])
    assert.deepEqual(await found(slug), [id, 'wanders'])
})

test('an archived category is gone from the tree, and comes back', async () => {
  const id = await create({ name: 'Seasonal', parentId: null })
  const shown = async () => {
    const { body } = await call(listCategories)
    return body.items.some((one: { id: string }) => one.id === id)
  }
  const set = (status: string) =>
    call(admin.editCategory, { params: { categoryId: id }, body: { status } })
  await set('archived')
  assert.equal(await shown(), false)
  assert.equal((await call(getCategory, { params: { idOrSlug: id } })).status, 404)
  await set('active')
  assert.equal(await shown(), true)
})

test('a branch of 10,000 moves in one statement, and all are told of', async () => {
  const root = await create({ name: 'Great', code: 'great', parentId: electronics })
  await db.query({
    text: `insert into catalog.categories (id, code, name, slug, parent_id, path, level)
           select 'cat_g' || n, 'g' || n, 'G ' || n, 'g-' || n, $1, 'el/great/g' || n || '/', 3
           from generate_series(1, 9999) n`,
    values: [root],
  })
  // Begins with the same letters, and is no part of the branch.
  const near = await create({ name: 'Greater', code: 'great2', parentId: electronics })
  const move = { params: { categoryId: root }, body: { parentId: apparel } }
  const moved = await call(admin.moveCategory, { ...move, headers: { 'if-match': '"1"' } })
  assert.deepEqual([moved.status, moved.body.moved, moved.body.version], [200, 10_000, 2])
  assert.deepEqual(await breadcrumbs('cat_g777'), ['Apparel', 'Great', 'G 777'])
  assert.deepEqual(await breadcrumbs(near), ['Electronics', 'Greater'])
  const { rows } = await db.query({
    text: `select min(level) as low, max(level) as high, count(*)::int as n
           from catalog.categories where path like 'aa/great/%'`,
  })
  assert.deepEqual(rows[0], { low: 2, high: 3, n: 10_000 })
  const told = await db.query({
    text: `select sum(jsonb_array_length(payload -> 'categoryIds'))::int as n from platform.outbox
           where type = 'catalog.categories_changed.v1' and payload -> 'categoryIds' ? 'cat_g777'`,
  })
  assert.ok(told.rows[0].n <= 1_000)
  const again = await call(admin.moveCategory, move)
  assert.deepEqual([again.body.moved, again.body.version], [0, 2])
})

test('a category cannot be moved below itself', async () => {
  const top = await create({ name: 'Top', parentId: null })
  const below = await create({ name: 'Below', parentId: top })
  for (const parentId of [top, below]) {
    const { problem } = await call(admin.moveCategory, {
      params: { categoryId: top },
      body: { parentId },
    })
    assert.equal(problem.code, 'catalog.category_cycle')
  }
  assert.deepEqual(await breadcrumbs(below), ['Top', 'Below'])
})

test('rivals that move two branches into each other never make a circle', async () => {
  for (let round = 0; round < 5; round += 1) {
    const [a, b] = [
      await create({ name: `A ${round}`, parentId: null }),
      await create({ name: `B ${round}`, parentId: null }),
    ]
    const move = (categoryId: string, parentId: string) =>
      call(admin.moveCategory, { params: { categoryId }, body: { parentId } })
    const replies = await Promise.all([move(a, b), move(b, a)])
    assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 409])
  }
})

const rules = {
  properties: {
    'Screen size': { type: 'number', unit: 'in', minimum: 1 },
    Colour: { type: 'string', enum: ['black', 'white'] },
  },
  required: ['Colour'],
}

test('attributes must keep the rules of the category and of those above it', async () => {
  const put = (categoryId: string, schema: unknown) =>
    call(admin.setAttributeSchema, { params: { categoryId }, body: { schema } })
  assert.equal((await put(electronics, rules)).status, 200)
  const own = { properties: { Zoom: { type: 'integer', maximum: 200 } } }
  assert.equal((await put(cameras, own)).status, 200)
  const seen = await call(admin.getAttributeSchema, { params: { categoryId: cameras } })
  assert.deepEqual(seen.body.own, own)
  assert.deepEqual(Object.keys(seen.body.effective.properties).sort(), [
    'Colour',
    'Screen size',
    'Zoom',
  ])

  const seller = await db.query({ text: `select id from catalog.sellers where code = 'acme'` })
  const product = {
    sellerId: seller.rows[0].id,
    name: 'Camera',
    categoryId: cameras,
    variants: [{ sku: 'c-1' }],
  }
  const createWith = (attributes: object) =>
    call(admin.createProduct, { body: { ...product, attributes } })
  const wrong = await createWith({ 'Screen size': { value: 0, unit: 'in' }, Zoom: 300 })
  assert.deepEqual(
    [wrong.status, wrong.problem.code, wrong.problem.errors?.map(({ path }) => path)],
    [
      400,
      'validation_failed',
      ['body.attributes.Colour', 'body.attributes.Screen size', 'body.attributes.Zoom'],
    ],
  )
  const made = await createWith({ Colour: 'black', Zoom: 10 })
  assert.equal(made.status, 201)
  const target = { params: { productId: made.body.id } }
  const edit = await call(admin.editProduct, { ...target, body: { attributes: { Colour: 'red' } } })
  assert.equal(edit.problem.errors?.[0]?.path, 'body.attributes.Colour')
  const bulk = await call(admin.bulkEditProducts, {
    body: { target: { products: [{ id: made.body.id }] }, edit: { attributes: { Colour: null } } },
  })
  assert.equal(bulk.problem.errors?.[0]?.path, 'body.edit.attributes.Colour')
  const { body } = await call(admin.getAdminProduct, target)
  assert.deepEqual([body.version, body.attributes], [1, { Colour: 'black', Zoom: 10 }])

  assert.equal((await put(electronics, null)).status, 200)
  assert.equal((await createWith({ Zoom: 10 })).status, 201)
})

test('rules that are none are refused', async () => {
  const bad = [
    { properties: { a: { type: 'object' } } },
    { properties: { a: { type: 'string', pattern: 'x' } } },
    { properties: { a: { type: 'string', unit: 'g' } } },
    { required: ['a'] },
  ]
  for (const schema of bad) {
    const reply = await call(admin.setAttributeSchema, {
      params: { categoryId: apparel },
      body: { schema },
    })
    assert.equal(reply.problem.code, 'validation_failed')
  }
})

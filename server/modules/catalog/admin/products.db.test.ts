import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as admin from '#contracts/catalog/admin.ts'
import type { NewProduct } from '#contracts/catalog/admin-schemas.ts'
import { changeOffer, getProduct } from '#contracts/catalog/routes.ts'
import { testCatalog } from '../../../../tests/support/catalog.ts'
import { operatorOf } from '../../../../tests/support/operator.ts'

const { catalog, platform } = await testCatalog()
const { db } = platform
const call = operatorOf(platform, catalog.routes)

const idOf = async (table: string, code: string): Promise<string> => {
  const { rows } = await db.query({ text: `select id from ${table} where code = '${code}'` })
  return rows[0].id
}
const acme = await idOf('catalog.sellers', 'acme')
const best = await idOf('catalog.sellers', 'best')
const cameras = await idOf('catalog.categories', 'el-1')
const shirts = await idOf('catalog.categories', 'aa-1')

const usd = (amount: number) => ({ amount, currency: 'USD' })
let made = 0

function newProduct(over: Partial<NewProduct> = {}): NewProduct {
  made += 1
  const offers = [{ sellerId: acme, sku: `n${made}-O`, price: usd(5_000) }]
  return {
    sellerId: acme,
    name: `Camera ${made}`,
    categoryId: cameras,
    status: 'active',
    variants: [{ sku: `n${made}-V`, options: { Size: 'S' }, offers }],
    ...over,
  }
}

async function create(over: Partial<NewProduct> = {}): Promise<string> {
  const { status, body, problem } = await call(admin.createProduct, { body: newProduct(over) })
  assert.equal(status, 201, JSON.stringify(problem))
  return body.id
}

async function read(productId: string) {
  return (await call(admin.getAdminProduct, { params: { productId } })).body
}

async function eventsOf(productId: string): Promise<number[]> {
  const { rows } = await db.query({
    text: `select (payload ->> 'version')::int as version from (
             select payload, aggregate_id from platform.outbox
             union all select payload, aggregate_id from platform.events) e
           where aggregate_id = $1 order by 1`,
    values: [productId],
  })
  return rows.map((row) => row.version)
}

test('a product is created whole: row, slug, variants, offers, history, event, who did it', async () => {
  const productId = await create({
    attributes: { Colour: 'red', Weight: { value: 1, unit: 'kg' } },
  })
  const reply = await call(admin.getAdminProduct, { params: { productId } })
  assert.equal(reply.headers['etag'], '"1"')
  const { body } = reply
  assert.deepEqual(body.attributes, { Colour: 'red', Weight: { value: 1, unit: 'kg' } })
  assert.deepEqual(body.options, ['Size'])
  assert.equal(body.variants[0]?.offers[0]?.price.amount, 5_000)
  assert.deepEqual(await eventsOf(productId), [1])
  const page = await call(getProduct, { params: { id: body.slug } })
  assert.equal(page.body?.id, productId)
  const offerId = body.variants[0]?.offers[0]?.offerId as string
  const history = await call(admin.listPriceHistory, { params: { offerId } })
  assert.deepEqual(
    history.body.items.map(({ version, price }) => [version, price.amount]),
    [[1, 5_000]],
  )
  const changes = await call(admin.listCatalogChanges, { query: { subjectId: productId } })
  assert.deepEqual(
    changes.body.items.map(({ actor, action, entity }) => [actor, action, entity]).sort(),
    [
      ['operator:ops_1', 'created', 'product'],
      ['operator:ops_1', 'created', 'variant'],
    ],
  )
})

test('the same Idempotency-Key creates one product', async () => {
  const body = newProduct()
  const headers = { 'idempotency-key': 'create-1' }
  const first = await call(admin.createProduct, { body, headers })
  const again = await call(admin.createProduct, { body, headers })
  assert.equal(again.body.id, first.body.id)
  assert.equal(again.headers['idempotent-replayed'], 'true')
})

const offer = { sellerId: acme, sku: 'x', price: usd(100) }
const WRONG: readonly (readonly [string, Partial<NewProduct>, string, string])[] = [
  ['a category that is none', { categoryId: 'cat_no' }, 'validation_failed', 'body.categoryId'],
  ['a seller that is none', { sellerId: 'sel_no' }, 'validation_failed', 'body.sellerId'],
  [
    'a GTIN with a wrong check digit',
    { variants: [{ sku: 'g', gtin: '4006381333932' }] },
    'validation_failed',
    'body.variants[0].gtin',
  ],
  [
    'two variants of one set of options',
    {
      variants: [
        { sku: 'a', options: { A: '1' } },
        { sku: 'b', options: { A: '1' } },
      ],
    },
    'catalog.duplicate',
    'body.variants[1].options',
  ],
  [
    'two variants of one SKU',
    {
      variants: [
        { sku: 'a', options: { A: '1' } },
        { sku: 'a', options: { A: '2' } },
      ],
    },
    'catalog.duplicate',
    'body.variants[1].sku',
  ],
  [
    'a sale price that is none',
    { variants: [{ sku: 'a', offers: [{ ...offer, salePrice: usd(100) }] }] },
    'validation_failed',
    'body.variants[0].offers[0].salePrice',
  ],
  [
    'a sale that ends before it starts',
    {
      variants: [
        {
          sku: 'a',
          offers: [
            {
              ...offer,
              salePrice: usd(9),
              saleStartsAt: '2030-02-01T00:00:00Z',
              saleEndsAt: '2030-01-01T00:00:00Z',
            },
          ],
        },
      ],
    },
    'validation_failed',
    'body.variants[0].offers[0].saleEndsAt',
  ],
  ['a name with a NUL', { name: 'a\0b' }, 'validation_failed', 'body.name'],
]
for (const [name, over, code, path] of WRONG) {
  test(`refused, and nothing written: ${name}`, async () => {
    const count = async () =>
      (await db.query({ text: 'select count(*)::int as n from catalog.products' })).rows[0].n
    const before = await count()
    const { problem } = await call(admin.createProduct, { body: newProduct(over) })
    assert.deepEqual([problem.code, problem.errors?.[0]?.path], [code, path])
    assert.equal(await count(), before)
  })
}

test('an offer’s SKU and a product’s ref and slug belong to one product', async () => {
  const ref = 'lasting'
  const slug = 'my-own-slug'
  const variants = [{ sku: 'v', offers: [{ ...offer, sku: 'taken' }] }]
  await create({ ref, slug, variants })
  const cases = [
    [{ ref }, 'body.ref'],
    [{ slug }, 'body.slug'],
    [{ variants }, 'body.variants[0].offers[0].sku'],
  ] as const
  for (const [over, path] of cases) {
    const { status, problem } = await call(admin.createProduct, { body: newProduct(over) })
    assert.deepEqual(
      [status, problem.code, problem.errors?.[0]?.path],
      [409, 'catalog.duplicate', path],
    )
  }
})

test('an edit keeps what it leaves out, counts the version up, and tells what changed', async () => {
  const productId = await create({ brand: 'Acme', description: 'Old' })
  const edit = { name: 'Another name', description: null, categoryId: shirts }
  const reply = await call(admin.editProduct, {
    params: { productId },
    body: edit,
    headers: { 'if-match': '"1"' },
  })
  assert.deepEqual([reply.status, reply.body.version], [200, 2])
  const after = await read(productId)
  assert.deepEqual(
    [after.name, after.brand, after.description],
    ['Another name', 'Acme', undefined],
  )
  assert.deepEqual(await eventsOf(productId), [1, 2])
  const changes = await call(admin.listCatalogChanges, { query: { entityId: productId } })
  assert.deepEqual(changes.body.items[0]?.diff['description'], ['Old', null])
  const same = await call(admin.editProduct, { params: { productId }, body: edit })
  assert.equal(same.body.version, 2)
  assert.deepEqual(await eventsOf(productId), [1, 2])
})

test('an edit of another version than the caller saw is refused, and changes nothing', async () => {
  const productId = await create()
  const stale = { params: { productId }, headers: { 'if-match': '"7"' } }
  const before = await read(productId)
  const { status, problem } = await call(admin.editProduct, { ...stale, body: { name: 'New' } })
  assert.deepEqual([status, problem.code], [412, 'precondition_failed'])
  assert.deepEqual(await read(productId), before)
})

test('of two edits of one version one is refused', async () => {
  const productId = await create()
  const edit = (name: string) =>
    call(admin.editProduct, { params: { productId }, body: { name }, headers: { 'if-match': '1' } })
  const replies = await Promise.all(['a', 'b', 'c'].map((name) => edit(`Name ${name}`)))
  assert.deepEqual(replies.map(({ status }) => status).sort(), [200, 412, 412])
})

test('a renamed product is found by all its slugs; archived, by none', async () => {
  const productId = await create()
  const old = (await read(productId)).slug
  const renamed = await call(admin.editProduct, { params: { productId }, body: { name: 'Lens' } })
  assert.match(renamed.body.slug, /^lens-/)
  for (const id of [old, renamed.body.slug]) {
    assert.equal((await call(getProduct, { params: { id } })).body?.slug, renamed.body.slug)
  }
  const text = 'select slug from catalog.product_slugs where is_past and product_id = $1'
  const past = await platform.db.query({ text, values: [productId] })
  assert.deepEqual(past.rows, [{ slug: old }])
  await call(admin.editProduct, { params: { productId }, body: { status: 'archived' } })
  const fresh = operatorOf(platform, (await testCatalogOn()).routes)
  assert.equal((await fresh(getProduct, { params: { id: old } })).status, 404)
})

/** Another process on the same database, with empty caches. */
async function testCatalogOn() {
  const { createCatalog } = await import('../index.ts')
  const { fakeInventory, fakeMedia, fakePricing } = await import(
    '../../../../tests/support/catalog.ts'
  )
  const { systemClock } = await import('../../../platform/clock.ts')
  const { silentLog } = await import('../../../platform/log.ts')
  const { ids, outbox } = platform
  const log = silentLog
  const [inventory, pricing] = [fakeInventory().api, fakePricing()]
  return createCatalog({
    db,
    ids,
    outbox,
    clock: systemClock,
    log,
    inventory,
    pricing,
    media: fakeMedia(),
  })
}

test('variants are added, edited, removed and brought back; options stay unique', async () => {
  const productId = await create()
  const params = { productId }
  const added = await call(admin.addVariants, {
    params,
    body: {
      variants: [
        { sku: 'big', options: { Size: 'L', Colour: 'red' }, gtin: '036000291452' },
        { sku: 'bigger', options: { Size: 'XL' } },
      ],
    },
  })
  assert.deepEqual([added.status, added.body.version], [201, 2])
  const [big, bigger] = added.body.items.map(({ id }) => id) as [string, string]
  const after = await read(productId)
  assert.deepEqual(after.options, ['Size', 'Colour'])
  assert.equal(after.variants[1]?.gtin, '0036000291452')
  const clash = await call(admin.editVariant, {
    params: { productId, variantId: bigger },
    body: { options: { Colour: 'red', Size: 'L' } },
  })
  assert.deepEqual([clash.status, clash.problem.errors?.[0]?.path], [409, 'body.options'])
  await call(admin.removeVariant, { params: { productId, variantId: big } })
  const free = await call(admin.editVariant, {
    params: { productId, variantId: bigger },
    body: { options: { Colour: 'red', Size: 'L' } },
  })
  assert.equal(free.status, 200)
  const back = await call(admin.addVariants, {
    params,
    body: { variants: [{ sku: 'big', options: { Size: 'M' } }] },
  })
  assert.equal(back.body.items[0]?.id, big)
  assert.deepEqual(
    (await read(productId)).variants.map(({ sku, removed }) => [sku, removed]).sort(),
    [
      [`n${made}-V`, false],
      ['big', false],
      ['bigger', false],
    ].sort(),
  )
})

test('a product of 2,048 variants is created and opened', async () => {
  const variants = Array.from({ length: 2_048 }, (_, n) => ({
    sku: `many-${n}`,
    options: { A: String(n % 16), B: String(n >> 4) },
    offers: [{ sellerId: acme, sku: `many-${n}`, price: usd(1_000 + n) }],
  }))
  const productId = await create({ variants })
  const { body } = await call(admin.getAdminProduct, { params: { productId } })
  assert.equal(body.variants.length, 2_048)
})

test('an offer is added, its sale has a window, and it is paused', async () => {
  const productId = await create()
  const variantId = (await read(productId)).variants[0]?.id as string
  const body = { variantId, sellerId: best, sku: 'best-1', price: usd(4_000) }
  const added = await call(admin.createOffer, { body })
  assert.equal(added.status, 201)
  const { offerId } = added.body
  assert.equal((await call(admin.createOffer, { body })).problem.code, 'catalog.duplicate')
  const change = (edit: object, version: number) =>
    call(changeOffer, { params: { offerId }, body: edit, headers: { 'if-match': `"${version}"` } })
  const window = { saleStartsAt: '2030-01-01T00:00:00Z', saleEndsAt: '2030-02-01T00:00:00Z' }
  assert.equal((await change({ salePrice: usd(3_000), ...window }, 1)).body.version, 2)
  assert.equal((await change({ price: usd(4_100) }, 2)).body.version, 3)
  assert.equal((await change({ status: 'paused' }, 3)).body.version, 4)
  assert.equal((await change({ status: 'active' }, 3)).status, 412)
  const reversed = { saleStartsAt: window.saleEndsAt, saleEndsAt: window.saleStartsAt }
  assert.equal((await change(reversed, 4)).problem.errors?.[0]?.path, 'body.saleEndsAt')
  const { headers, body: now } = await call(admin.getAdminOffer, { params: { offerId } })
  assert.deepEqual(
    [headers['etag'], now.price.amount, now.salePrice?.amount, now.saleStartsAt, now.status],
    ['"4"', 4_100, 3_000, '2030-01-01T00:00:00.000Z', 'paused'],
  )
  const query = { limit: '2' }
  const page = await call(admin.listPriceHistory, { params: { offerId }, query })
  assert.deepEqual(
    page.body.items.map(({ version }) => version),
    [3, 2],
  )
  const rest = await call(admin.listPriceHistory, {
    params: { offerId },
    query: { ...query, cursor: page.body.nextCursor },
  })
  assert.deepEqual(
    [rest.body.items.map(({ version }) => version), rest.body.nextCursor],
    [[1], null],
  )
  assert.deepEqual(await eventsOf(productId), [1, 2, 3, 4, 5])
})

test('a bulk edit changes all or none, and says which version each has', async () => {
  const ids = [await create(), await create(), await create({ brand: 'Same' })]
  const edit = { brand: 'Same', attributes: { Colour: 'blue' } }
  const stale = { products: ids.map((id) => ({ id, version: id === ids[1] ? 9 : 1 })) }
  const refused = await call(admin.bulkEditProducts, { body: { target: stale, edit } })
  assert.equal(refused.status, 412)
  assert.equal((await read(ids[0] as string)).brand, undefined)
  const target = { products: ids.map((id) => ({ id, version: 1 })) }
  const { body } = await call(admin.bulkEditProducts, { body: { target, edit } })
  assert.deepEqual(
    body.items.map(({ version, changed }) => [version, changed]),
    [
      [2, true],
      [2, true],
      [2, true],
    ],
  )
  const again = await call(admin.bulkEditProducts, {
    body: { target: { products: ids.map((id) => ({ id })) }, edit },
  })
  assert.ok(again.body.items.every(({ changed, version }) => !changed && version === 2))
  for (const id of ids) {
    assert.deepEqual((await read(id)).attributes, { Colour: 'blue' })
    assert.deepEqual(await eventsOf(id), [1, 2])
  }
})

test('a bulk edit by filter goes on page by page until all are done', async () => {
  const ids = await Promise.all(Array.from({ length: 7 }, () => create({ brand: 'Batch' })))
  let cursor: string | null | undefined
  let rounds = 0
  do {
    const target: object = { filter: { brand: 'Batch' }, limit: 3, ...(cursor && { cursor }) }
    const { body } = await call(admin.bulkEditProducts, {
      body: { target, edit: { status: 'archived' } },
    })
    cursor = body.nextCursor
    rounds += 1
  } while (cursor)
  assert.equal(rounds, 3)
  for (const id of ids) assert.equal((await read(id)).status, 'archived')
})

test('who changed what cannot be changed', async () => {
  for (const text of ['delete from catalog.changes', `update catalog.changes set actor = 'me'`]) {
    await assert.rejects(db.query({ text }), { code: '23514' })
  }
})

test('what is no id is not found, and what is another kind of record neither', async () => {
  for (const productId of [
    'prd_00000000000000000000000000',
    'off_00000000000000000000000000',
    'x',
  ]) {
    assert.equal((await call(admin.getAdminProduct, { params: { productId } })).status, 404)
    const edit = await call(admin.editProduct, { params: { productId }, body: { name: 'N' } })
    assert.equal(edit.status, 404)
  }
})

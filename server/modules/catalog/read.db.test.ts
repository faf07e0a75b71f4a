import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { inventoryUpdated, levelsImported } from '#contracts/inventory/events.ts'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'
import type { CallContext } from '../../platform/http/binding.ts'

const { catalog, platform } = await testCatalog()
const { api, importer, routes } = catalog
const { db, outbox } = platform
const MARKET = { currency: 'USD', country: 'US' }

const offerOf = (seller: string, sku: string, amount: number, over: object = {}) => ({
  seller,
  sku,
  price: { amount, currency: 'USD' },
  ...over,
})
const VARIANTS = [
  {
    sku: 'p1-S',
    options: { Size: 'S' },
    weightGrams: 250,
    offers: [offerOf('acme', 'p1-S-a', 1_000), offerOf('best', 'p1-S-b', 900)],
  },
  {
    sku: 'p1-L',
    options: { Size: 'L' },
    offers: [
      offerOf('corner', 'p1-L-c', 1_200, {
        salePrice: { amount: 1_100, currency: 'USD' },
        saleEndsAt: '2030-01-01T00:00:00Z',
      }),
    ],
  },
]

const rows = [
  productRow('p1', { variants: VARIANTS, images: ['https://images.example/1.jpg'] }),
  ...Array.from({ length: 60 }, (_, n) =>
    productRow(`q${n}`, n % 2 === 0 ? { category: 'aa-1' } : {}),
  ),
]
await importer.importProducts({ ...jsonl(rows), format: 'jsonl', key: 'all' })
const found = await db.query({
  text: `select o.sku, o.id, o.variant_id, o.product_id from catalog.offers o`,
})
const offers = new Map<string, { id: string; variant_id: string; product_id: string }>(
  found.rows.map((row) => [row.sku, row]),
)
const P1 = offers.get('p1-S-a')?.product_id as string
const offerId = (sku: string) => offers.get(sku)?.id as string

let tellings = 0

async function tellStock(levels: Readonly<Record<string, number>>): Promise<void> {
  tellings += 1
  const payload = {
    levels: Object.entries(levels).map(([sku, available]) => ({
      offerId: offerId(sku),
      available,
      version: tellings,
    })),
  }
  await db.tx((tx) => outbox.append(tx, [{ spec: levelsImported, aggregateId: 'test', payload }]))
  await platform.deliver(catalog.consumers)
}

async function call(operation: string, input: object, headers: Record<string, string> = {}) {
  const binding = routes.find(({ route }) => route.operation === operation)
  const context = { headers, actor: { kind: 'guest' } } as unknown as CallContext
  const whole = { params: {}, query: {}, body: undefined, ...input }
  const reply = await binding?.handle(whole, context)
  return reply as { status: number; body: { rawJson: Buffer }; headers: Record<string, string> }
}

test('stock that the inventory tells of decides which offer is featured', async () => {
  await tellStock({ 'p1-S-a': 5, 'p1-S-b': 0, 'p1-L-c': 250 })
  const product = await api.getProduct({ idOrSlug: P1, ...MARKET })
  const [small, large] = product.variants
  assert.deepEqual(
    small?.offers.map(({ offerId, availability }) => [offerId, availability.quantity]),
    [
      [offerId('p1-S-a'), 5],
      [offerId('p1-S-b'), 0],
    ],
  )
  assert.deepEqual(large?.availability, { inStock: true, quantity: 100 })
  assert.deepEqual([large?.price.amount, large?.salePrice?.amount], [1_200, 1_100])
})

test('what is sold before it comes is told with its date, and a telling out of turn changes nothing', async () => {
  const later = { kind: 'preorder' as const, availableOn: '2027-03-01', quantity: 5 }
  const tell = async (level: object) => {
    const payload = { offerId: offerId('p1-S-a'), available: 5, ...level } as never
    await db.tx((tx) =>
      outbox.append(tx, [{ spec: inventoryUpdated, aggregateId: 'test', payload }]),
    )
    await platform.deliver(catalog.consumers)
    // Of a market that nobody has asked for: no cache has it.
    const market = { currency: 'USD', country: markets.pop() as string }
    const { variants } = await api.getProduct({ idOrSlug: P1, ...market })
    const offers = variants.flatMap((variant) => variant.offers)
    return offers.find((offer) => offer.offerId === offerId('p1-S-a'))?.availability
  }
  const markets = ['DE', 'FR', 'IT']
  const { quantity: _, ...promise } = later
  const before = tellings + 1
  tellings += 2
  assert.deepEqual(await tell({ version: tellings, later }), {
    inStock: true,
    quantity: 5,
    later: promise,
  })
  assert.equal((await tell({ version: before, available: 90 }))?.quantity, 5)
  tellings += 1
  const lying = await tell({ version: tellings, available: 6, later })
  assert.deepEqual(lying, { inStock: true, quantity: 6 })
  await tellStock({ 'p1-S-a': 5 })
})

test('a page is told to forget only what it shows differently', async () => {
  const told = async () => {
    const { rows } = await db.query({
      text: `select count(*)::int as n from platform.events where type = 'catalog.availability_changed.v1'`,
    })
    return rows[0].n
  }
  await platform.deliver([])
  const before = await told()
  await tellStock({ 'p1-L-c': 180 })
  await platform.deliver([])
  assert.equal(await told(), before)
  await tellStock({ 'p1-L-c': 90 })
  await platform.deliver([])
  assert.equal(await told(), before + 1)
})

test('the page route answers kept bytes with an ETag, and 304 to who has them', async () => {
  const first = await call('getProduct', { params: { id: P1 }, query: {} })
  assert.equal(first.status, 200)
  const again = await call('getProduct', { params: { id: P1 }, query: {} })
  assert.equal(again.body.rawJson, first.body.rawJson)
  const etag = first.headers.etag as string
  const none = await call(
    'getProduct',
    { params: { id: P1 } },
    { 'if-none-match': `W/"x", ${etag}` },
  )
  assert.deepEqual([none.status, none.body], [304, undefined])
  await assert.rejects(call('getProduct', { params: { id: 'no-such' } }), { code: 'not_found' })
})

test('a changed price is history, an event, and on this node’s page soon after', async () => {
  await catalog.start?.()
  const stop = new AbortController()
  const pump = (async () => {
    while (!stop.signal.aborted) {
      if ((await outbox.sequence()) > 0) outbox.moved.strike()
      await sleep(5)
    }
  })()
  const before = await call('getProduct', { params: { id: P1 } })
  const change = {
    params: { offerId: offerId('p1-S-a') },
    body: { price: { amount: 950, currency: 'USD' } },
  }
  const reply = await call('changeOffer', change, { 'if-match': '"1"' })
  assert.deepEqual(reply.body, { offerId: offerId('p1-S-a'), version: 2 })
  const deadline = Date.now() + 180_000
  let price = 1_000
  while (price === 1_000 && Date.now() < deadline) {
    const { body } = await call('getProduct', { params: { id: P1 } })
    price = JSON.parse(body.rawJson.toString()).variants[0].offers[0].price.amount
    await sleep(5)
  }
  assert.equal(price, 950)
  assert.notEqual(
    (await call('getProduct', { params: { id: P1 } })).headers.etag,
    before.headers.etag,
  )
  await assert.rejects(call('changeOffer', change, { 'if-match': '"1"' }), {
    code: 'precondition_failed',
  })
  assert.equal((await api.getOffers({ offerIds: [offerId('p1-S-a')] }))[0]?.version, 2)
  stop.abort()
  await pump
  await catalog.stop?.()
})

test('a refused change of an offer changes nothing', async () => {
  const target = { params: { offerId: offerId('p1-L-c') } }
  const state = () => api.getOffers({ offerIds: [offerId('p1-L-c')] })
  const before = await state()
  const wrong = [
    [{ price: { amount: 5, currency: 'XTS' } }, 'catalog.currency_not_sold'],
    [{ salePrice: { amount: 1_200, currency: 'USD' } }, 'validation_failed'],
    [{ salePrice: { amount: 1, currency: 'EUR' } }, 'validation_failed'],
  ] as const
  for (const [body, code] of wrong) {
    await assert.rejects(call('changeOffer', { ...target, body }), { code })
  }
  const stranger = { params: { offerId: 'off_00000000000000000000000000' }, body: {} }
  await assert.rejects(call('changeOffer', stranger), { code: 'not_found' })
  assert.deepEqual(await state(), before)
})

test('an offer’s snapshot has what a cart needs', async () => {
  const [snapshot] = await api.getOffers({ offerIds: [offerId('p1-L-c'), 'off_nonsense'] })
  assert.deepEqual(
    { ...snapshot, offerId: '', variantId: '', productId: '', slug: '', sellerId: '' },
    {
      offerId: '',
      variantId: '',
      productId: '',
      slug: '',
      sellerId: '',
      sellerName: 'CORNER',
      sku: 'p1-L-c',
      name: 'Camera p1',
      image: 'https://images.example/1.jpg',
      options: { Size: 'L' },
      listPrice: { amount: 1_200, currency: 'USD' },
      price: { amount: 1_100, currency: 'USD' },
      taxClass: 'standard',
      weightGrams: 0,
      department: 'el',
      onSale: true,
      active: true,
      version: 1,
    },
  )
})

test('offers of variants come variant by variant, the featured one first', async () => {
  const variantIds = [offers.get('p1-L-c'), offers.get('p1-S-a')].map(
    (row) => row?.variant_id ?? '',
  )
  const snapshots = await api.getVariantOffers({ variantIds })
  assert.deepEqual(
    snapshots.map(({ sku }) => sku),
    ['p1-L-c', 'p1-S-a', 'p1-S-b'],
  )
})

test('a suspended seller’s offers are gone from pages and cannot be bought', async () => {
  await importer.importSellers([
    { code: 'corner', name: 'CORNER', country: 'US', status: 'suspended' },
  ])
  const [snapshot] = await api.getOffers({ offerIds: [offerId('p1-L-c')] })
  assert.equal(snapshot?.active, false)
  const [document] = await api.getForIndex({ productIds: [P1] })
  assert.deepEqual(
    document?.variants.map(({ offers }) => offers.length),
    [2, 0],
  )
})

test('lists are in the order asked, without what cannot be bought', async () => {
  const ids = ['q3', 'q1', 'q2'].map((ref) => offers.get(`${ref}-O`)?.product_id as string)
  const items = await api.listProducts({
    ids: [...ids, 'nonsense', 'prd_00000000000000000000000000'],
    ...MARKET,
  })
  assert.deepEqual(
    items.map(({ name }) => name),
    ['Camera q3', 'Camera q1', 'Camera q2'],
  )
})

test('all products are listed once, page after page', async () => {
  const seen: string[] = []
  for (let after: string | null = null; ; after = seen.at(-1) ?? null) {
    const page = await api.listForIndex({ after, limit: 7 })
    if (page.length === 0) break
    seen.push(...page.map(({ productId }) => productId))
  }
  assert.deepEqual([seen.length, new Set(seen).size], [61, 61])
})

test('categories count their branches and can be found by slug', async () => {
  const reply = await call('listCategories', { query: { depth: '1' } })
  const { items } = reply.body as unknown as {
    items: { slug: string; productCount: number; children: [] }[]
  }
  assert.deepEqual(
    items.map(({ slug, productCount, children }) => [slug, productCount, children.length]),
    [
      ['apparel', 30, 0],
      ['electronics', 31, 0],
    ],
  )
  const category = await api.getCategory({ idOrSlug: 'apparel/shirts' })
  assert.deepEqual(
    category.path.map(({ name }) => name),
    ['Apparel', 'Shirts'],
  )
})

test('a branch moves with all below it', async () => {
  await importer.importCategories([
    { code: 'el-2', name: 'Parts', slug: 'parts', parent: 'el' },
    { code: 'el-2-1', name: 'Small parts', slug: 'parts/small', parent: 'el-2' },
  ])
  await importer.importCategories([{ code: 'el-2', name: 'Parts', slug: 'parts', parent: 'aa' }])
  const { path } = await api.getCategory({ idOrSlug: 'parts/small' })
  assert.deepEqual(
    path.map(({ name }) => name),
    ['Apparel', 'Parts', 'Small parts'],
  )
  const orphan = { code: 'x', name: 'X', slug: 'x', parent: 'nowhere' }
  await assert.rejects(importer.importCategories([orphan]), { code: 'catalog.import_failed' })
})

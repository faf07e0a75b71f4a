import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import * as admin from '#contracts/catalog/admin.ts'
import { changeOffer, getProduct, listProducts } from '#contracts/catalog/routes.ts'
import { jsonl, productRow, testCatalog } from '../../../../tests/support/catalog.ts'
import { operatorOf } from '../../../../tests/support/operator.ts'

// What the public's pages show of what operators do.
const views: string[] = []
const { catalog, platform } = await testCatalog({
  onView: (view) => views.push(view.productId),
})
const { db, outbox } = platform
const call = operatorOf(platform, catalog.routes)
const usd = (amount: number) => ({ amount, currency: 'USD' })
const offer = { seller: 'acme', sku: 'p1-O', price: usd(10_000) }
const rival = { seller: 'best', sku: 'p1-B', price: usd(9_000) }
await catalog.importer.importProducts({
  ...jsonl([productRow('p1', { variants: [{ sku: 'p1-V', offers: [offer, rival] }] })]),
  format: 'jsonl',
  key: 'all',
})
const { rows } = await db.query({
  text: `select id, product_id, variant_id, sku from catalog.offers order by sku desc`,
})
const { id: offerId, product_id: productId, variant_id: variantId } = rows[0]
const rivalId = rows[1].id as string

const stop = new AbortController()
await catalog.start?.()
const pump = (async () => {
  while (!stop.signal.aborted) {
    if ((await outbox.sequence()) > 0) outbox.moved.strike()
    await sleep(5)
  }
})()

type Headers = Readonly<Record<string, string>>
const page = (query: object = {}, headers: Headers = {}) =>
  call(getProduct, { params: { id: productId }, query: { ...query }, headers })

/** What the page shows once it shows something else. */
async function changed<T>(read: () => Promise<T>, before: T): Promise<T> {
  const deadline = performance.now() + 180_000
  for (;;) {
    const now = await read()
    if (JSON.stringify(now) !== JSON.stringify(before)) return now
    assert.ok(performance.now() < deadline, 'the page still shows what it showed')
    await sleep(10)
  }
}

const nameOf =
  (query: object, headers: Headers = {}) =>
  async () =>
    (await page(query, headers)).body?.name

test('a product’s new name is on its page within a second', async () => {
  const read = nameOf({})
  const before = await read()
  await call(admin.editProduct, { params: { productId }, body: { name: 'Lamp' } })
  assert.equal(await changed(read, before), 'Lamp')
})

test('each page that is served is told of as a view, also one that the reader has already', async () => {
  const seen = views.length
  const etag = (await page()).headers['etag'] as string
  assert.equal((await page({}, { 'if-none-match': etag })).status, 304)
  assert.equal((await call(getProduct, { params: { id: 'no-such' } })).status, 404)
  assert.deepEqual(views.slice(seen), [productId, productId])
})

test('pages are in the reader’s language, with what falls back', async () => {
  const plain = await page()
  assert.deepEqual([plain.headers['vary'], plain.body?.locale], [undefined, undefined])
  const put = (locale: string, body: object) =>
    call(admin.setTranslation, { params: { productId, locale }, body })
  await put('de', { name: 'Lampe', description: 'Hell' })
  const german = nameOf({ locale: 'de-AT' })
  assert.equal(await changed(german, 'Lamp'), 'Lampe')
  await put('de-AT', { name: 'Lamperl' })
  assert.equal(await changed(german, 'Lampe'), 'Lamperl')
  const austrian = await page({}, { 'accept-language': 'de-AT,en;q=0.5' })
  assert.deepEqual(
    [austrian.body?.name, austrian.body?.description, austrian.body?.locale],
    ['Lamperl', 'Hell', 'de-AT'],
  )
  assert.equal(austrian.headers['vary'], 'accept-language')
  const listed = async (locale?: string) =>
    (await call(listProducts, { query: { ids: productId, ...(locale && { locale }) } })).body
      .items[0]?.name
  assert.deepEqual(
    [await listed('de-AT'), await listed('en'), await listed()],
    ['Lamperl', 'Lamp', 'Lamp'],
  )
  const english = await page({}, { 'accept-language': 'en-GB,de;q=0.5' })
  assert.deepEqual([english.body?.name, english.body?.locale], ['Lamp', 'en'])
  assert.notEqual(english.headers['etag'], austrian.headers['etag'])
  await call(admin.removeTranslation, { params: { productId, locale: 'de-AT' } })
  assert.equal(await changed(german, 'Lamperl'), 'Lampe')
  const gone = await call(admin.removeTranslation, { params: { productId, locale: 'de-AT' } })
  assert.equal(gone.status, 404)
  assert.equal((await put('not a locale', { name: 'x' })).status, 400)
  assert.equal((await put('fr', {})).status, 400)
})

test('a sale shows the lowest price of the 30 days before it, in the shopper’s currency', async () => {
  await db.query({
    text: `update catalog.price_history set changed_at = now() - interval '60 days'
           where offer_id = any ($1)`,
    values: [[offerId, rivalId]],
  })
  await db.query({
    text: `insert into catalog.price_history
             (shard, offer_id, version, price_minor, currency, changed_at)
           select shard, offer_id, 2, 8000, 'USD', now() - interval '20 days'
           from catalog.price_history where offer_id = $1
           union all
           select shard, offer_id, 3, 10000, 'USD', now() - interval '10 days'
           from catalog.price_history where offer_id = $1`,
    values: [offerId],
  })
  await db.query({ text: 'update catalog.offers set version = 3 where id = $1', values: [offerId] })
  const shown = (query: object) => async () => {
    const { body } = await page(query)
    const found = body?.variants[0]?.offers.find((one) => one.offerId === offerId)
    return [found?.price.amount, found?.salePrice?.amount, found?.priorPrice?.amount]
  }
  const before = await shown({})()
  assert.deepEqual(before, [10_000, undefined, undefined])
  const sell = (amount: number) =>
    call(changeOffer, { params: { offerId }, body: { salePrice: usd(amount) } })
  await sell(7_500)
  assert.deepEqual(await changed(shown({}), before), [10_000, 7_500, 8_000])
  assert.deepEqual(await shown({ currency: 'EUR' })(), [9_000, 6_750, 7_200])
  await sell(7_000)
  const deeper = await changed(shown({}), [10_000, 7_500, 8_000])
  assert.deepEqual(deeper, [10_000, 7_000, 8_000], 'a deeper step keeps the first start')
  const list = await call(listProducts, { query: { ids: productId } })
  const [summary] = list.body.items
  assert.deepEqual([summary?.salePrice?.amount, summary?.priorPrice?.amount], [7_000, 8_000])
})

test('operators are told why an offer is featured', async () => {
  const ask = (query: object = {}) =>
    call(admin.explainFeaturedOffer, { params: { variantId }, query: { ...query } })
  const { body } = await ask({ currency: 'EUR', country: 'US' })
  assert.deepEqual(
    body.offers.map(({ offerId: id, reasons, landedPrice }) => [id, reasons, landedPrice.amount]),
    [
      [offerId, ['out_of_stock'], 6_300],
      [rivalId, ['out_of_stock'], 8_100],
    ],
  )
  const paused = { params: { offerId }, body: { status: 'paused' } }
  assert.equal((await call(changeOffer, paused)).status, 200)
  const after = (await ask()).body.offers
  assert.deepEqual(
    after.map((one) => [one.offerId, one.featured]),
    [
      [rivalId, true],
      [offerId, false],
    ],
  )
  assert.ok(after[1]?.reasons.includes('not_sellable'))
  for (const { parts, score } of after) {
    assert.ok(Math.abs(parts.price + parts.promise + parts.seller + parts.stock - score) < 1e-9)
  }
  const none = { params: { variantId: 'var_00000000000000000000000000' } }
  assert.equal((await call(admin.explainFeaturedOffer, none)).status, 404)
})

test('all of that is in the record of who changed what, page by page, newest first', async () => {
  const ids: string[] = []
  let cursor: string | null | undefined
  do {
    const query: object = { subjectId: productId, limit: '2', ...(cursor && { cursor }) }
    const { body } = await call(admin.listCatalogChanges, { query: { ...query } })
    ids.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
  } while (cursor)
  assert.deepEqual(ids, ids.toSorted().toReversed())
  assert.equal(new Set(ids).size, 7)
  const mine = await call(admin.listCatalogChanges, { query: { actor: 'operator:ops_1' } })
  assert.equal(mine.body.items.length, 7)
  const other = await call(admin.listCatalogChanges, { query: { actor: 'operator:ops_2' } })
  assert.equal(other.body.items.length, 0)
  stop.abort()
  await pump
  await catalog.stop?.()
})

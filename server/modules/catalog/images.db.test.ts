import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as admin from '#contracts/catalog/admin.ts'
import * as pictures from '#contracts/catalog/admin-media.ts'
import { getProduct, listProducts } from '#contracts/catalog/routes.ts'
import {
  CATEGORIES,
  fakeInventory,
  fakePricing,
  jsonl,
  productRow,
  SELLERS,
} from '../../../tests/support/catalog.ts'
import { operatorOf } from '../../../tests/support/operator.ts'
import { drawPicture } from '../../../tests/support/pictures.ts'
import { testPlatform } from '../../../tests/support/platform.ts'
import { systemChance as chance } from '../../platform/chance.ts'
import { systemClock as clock } from '../../platform/clock.ts'
import { silentLog as log } from '../../platform/log.ts'
import { createMedia } from '../media/index.ts'
import { createCatalog } from './index.ts'

const platform = await testPlatform()
const { db, ids, outbox } = platform
const folder = await mkdtemp(join(tmpdir(), 'stoa-images-'))
after(() => rm(folder, { recursive: true, force: true }))

/** 127.0.0.2 plays the internet. */
const shown = new Map<string, Buffer>()
const asked: string[] = []
const outside = createServer((request, response) => {
  asked.push(request.url ?? '')
  const bytes = shown.get(request.url ?? '')
  if (bytes) response.end(bytes)
  else response.writeHead(404).end()
})
await new Promise<void>((resolve) => outside.listen(0, '127.0.0.2', resolve))
after(() => outside.close())
const { port } = outside.address() as AddressInfo
const world = {
  resolve: async () => ['127.0.0.2'],
  isAllowed: (address: string) => address === '127.0.0.2',
  ports: [String(port)],
}
const media = createMedia({ db, chance, clock, folder, world })
const open = () =>
  createCatalog({
    db,
    ids,
    outbox,
    clock,
    log,
    inventory: fakeInventory().api,
    pricing: fakePricing(),
    media: media.api,
  })
const catalog = open()
await catalog.importer.importCategories(CATEGORIES)
await catalog.importer.importSellers(SELLERS)
const call = operatorOf(platform, catalog.routes)
const fetcher = catalog.tickers.find(({ name }) => name === 'catalog.fetch_images')

const addressOf = (name: string) => `http://pictures.example:${port}/${name}`

async function add(width: number): Promise<string> {
  const name = `own-${width}.png`
  shown.set(`/${name}`, await drawPicture({ width, height: 100 }).png().toBuffer())
  return (await media.api.addFromUrl({ url: addressOf(name), actor: 'operator:ops_1' })).key
}

const keys = [await add(200), await add(201), await add(202)] as const
const [a, b, c] = keys

async function load(rows: readonly unknown[], key: string) {
  return catalog.importer.importProducts({ ...jsonl(rows), format: 'jsonl', key })
}

async function idOf(ref: string): Promise<string> {
  const { rows } = await db.query({
    text: 'select product_id from catalog.product_refs where ref = $1',
    values: [ref],
  })
  return rows[0]?.['product_id'] as string
}

/** As a process sees it that has not kept an older page. */
async function imagesOf(productId: string) {
  return open().api.getProduct({ idOrSlug: productId, currency: 'USD', country: 'US' })
}

await load([productRow('p1'), productRow('p2'), productRow('p3')], 'first')
const p1 = await idOf('p1')

test('pictures are added, described, ordered and taken away, with who did it and not over another’s edit', async () => {
  const params = { productId: p1 }
  const first = await call(pictures.setProductMedia, {
    params,
    body: { items: [{ key: a, alt: 'From the front' }, { key: b }] },
    headers: { 'if-match': '"1"' },
  })
  assert.deepEqual([first.status, first.headers['etag']], [200, '"2"'])
  const stale = await call(pictures.setProductMedia, {
    params,
    body: { items: [] },
    headers: { 'if-match': '"1"' },
  })
  assert.deepEqual([stale.status, stale.problem.code], [412, 'precondition_failed'])
  const swapped = { items: [{ key: b }, { key: a, alt: 'From the front' }, { key: c }] }
  await call(pictures.setProductMedia, { params, body: swapped })
  const again = await call(pictures.setProductMedia, { params, body: swapped })
  assert.equal(again.body.version, 3)
  const { body } = await call(pictures.getProductMedia, { params })
  assert.deepEqual(
    body.items.map(({ key, alt, width, height }) => [key, alt, width, height]),
    [
      [b, 'Camera p1', 201, 100],
      [a, 'From the front', 200, 100],
      [c, 'Camera p1', 202, 100],
    ],
  )
  const changes = await call(admin.listCatalogChanges, { query: { subjectId: p1 } })
  assert.deepEqual(
    changes.body.items.map(({ actor, action, diff }) => [actor, action, Object.keys(diff)]),
    Array(2).fill(['operator:ops_1', 'edited', ['images']]),
  )
})

test('a picture that the shop has not is refused by its place, and nothing changes', async () => {
  const unknown = { items: [{ key: a }, { key: '0'.repeat(64) }] }
  const refused = await call(pictures.setProductMedia, { params: { productId: p1 }, body: unknown })
  assert.deepEqual([refused.status, refused.problem.errors?.[0]?.path], [400, 'body.items[1]'])
  const nobody = { productId: p1.replace(/.$/, '0') }
  assert.equal((await call(pictures.getProductMedia, { params: nobody })).status, 404)
  const { body } = await call(pictures.getProductMedia, { params: { productId: p1 } })
  assert.deepEqual([body.items.length, body.version], [3, 3])
})

test('pages, lists, carts and the search index show the pictures, a variant its own first', async () => {
  const product = await imagesOf(p1)
  assert.deepEqual(
    product.images.map(({ url, color }) => [url, /^#[0-9a-f]{6}$/.test(color ?? '')]),
    [b, a, c].map((key) => [`/media/${key}/960.jpg`, true]),
  )
  const variantId = product.variants[0]?.id as string
  const params = { productId: p1, variantId }
  const set = await call(pictures.setVariantMedia, { params, body: { items: [{ key: c }] } })
  assert.equal(set.status, 200)
  const [document] = await catalog.api.getForIndex({ productIds: [p1] })
  assert.equal(document?.image, `/media/${b}/320.jpg`)
  const [offer] = await catalog.api.getVariantOffers({ variantIds: [variantId] })
  assert.equal(offer?.image, `/media/${c}/320.jpg`)
  const shownMedia = await call(pictures.getVariantMedia, { params })
  assert.deepEqual(
    shownMedia.body.items.map(({ key }) => key),
    [c],
  )
  const item = await call(admin.listAdminProducts, { query: { sku: 'p1-V' } })
  assert.equal(item.body.items[0]?.image, `/media/${b}/320.jpg`)
  assert.equal((await call(getProduct, { params: { id: p1 } })).status, 200)
  assert.equal((await call(listProducts, { query: { ids: p1 } })).status, 200)
})

test('files name pictures by key; an unknown one is a row’s error, and the export imports to the same', async () => {
  const wrong = productRow('p9', { images: [`media:${'0'.repeat(64)}`] })
  const report = await load(
    [productRow('p2', { images: [`media:${a} Seen | from above`] }), wrong],
    'keys',
  )
  assert.deepEqual([report.products, report.errors], [1, 1])
  assert.deepEqual([report.firstErrors[0]?.row, report.firstErrors[0]?.field], [2, 'images[0]'])
  for (const format of ['csv', 'jsonl'] as const) {
    const [first, second] = ['a', 'b'].map((name) => join(folder, `${name}.${format}`))
    await catalog.importer.exportProducts({ file: first as string, format })
    const same = await catalog.importer.importProducts({
      file: first as string,
      format,
      key: format,
    })
    assert.deepEqual([same.errors, same.changed], [0, 0])
    await catalog.importer.exportProducts({ file: second as string, format })
  }
  const p2 = await imagesOf(await idOf('p2'))
  assert.equal(p2.images[0]?.alt, 'Seen | from above')
})

test('an import never waits for pictures; they are fetched after it, once, and take the addresses’ place', async () => {
  const names = ['one.png', 'two.png', 'page.png', 'gone.png']
  shown.set('/one.png', await drawPicture({ width: 301, height: 100 }).png().toBuffer())
  shown.set('/two.png', await drawPicture({ width: 302, height: 100 }).png().toBuffer())
  shown.set('/page.png', Buffer.from('<html>'))
  asked.length = 0
  const [one, two, page, gone] = names.map(addressOf)
  const row = productRow('p4', {
    images: [one, page, gone],
    variants: [
      {
        sku: 'p4-V',
        images: [two],
        offers: [{ seller: 'acme', sku: 'p4-O', price: { amount: 100, currency: 'USD' } }],
      },
    ],
  })
  await load([row], 'elsewhere')
  assert.deepEqual(asked, [])
  const productId = await idOf('p4')
  assert.equal(await fetcher?.run(), 1)
  assert.equal(await fetcher?.run(), 0)
  const product = await imagesOf(productId)
  const keyOf = ({ url }: { url: string }) => /^\/media\/\w{64}\/960\.jpg$/.test(url)
  assert.deepEqual(product.images.map(keyOf), [true, false, false])
  assert.deepEqual(
    product.variants[0]?.images?.map(({ width }) => width),
    [302],
  )
  const fetches = await call(pictures.listImageFetches, {})
  const [waiting] = fetches.body.items.filter((item) => item.productId === productId)
  assert.match(waiting?.error ?? '', /gone\.png: .*404\n.*page\.png: This is HTML/)
  assert.ok(waiting?.dueAt)
  const changes = await call(admin.listCatalogChanges, { query: { subjectId: productId } })
  assert.deepEqual(changes.body.items.map(({ actor, entity }) => [actor, entity]).sort(), [
    ['system:pictures', 'product'],
    ['system:pictures', 'variant'],
  ])
  asked.length = 0
  const repeated = await load([{ ...row, images: [one] }], 'again')
  assert.equal(repeated.changed, 1)
  assert.deepEqual([(await imagesOf(productId)).images.map(keyOf), asked], [[true], []])
})

test('what is tried again and again is given up, and says so', async () => {
  await load([productRow('p5', { images: [addressOf('never.png')] })], 'never')
  const productId = await idOf('p5')
  for (let attempt = 1; attempt <= 7; attempt += 1) {
    await db.query({
      text: `update catalog.image_fetches set due_at = now() where product_id = $1 and due_at < 'infinity'`,
      values: [productId],
    })
    assert.ok(((await fetcher?.run()) ?? 0) >= 1)
  }
  const fetches = await call(pictures.listImageFetches, { query: { limit: '100' } })
  const given = fetches.body.items.find((item) => item.productId === productId)
  assert.deepEqual([given?.attempts, given?.dueAt], [7, null])
})

test('a draft needs no variant; it is published with one, not before', async () => {
  const draft = { sellerId: '', name: 'Idea', categoryId: '' }
  const { rows } = await db.query({
    text: `select (select id from catalog.sellers limit 1) as seller,
             (select id from catalog.categories where code = 'el-1') as category`,
  })
  const body = { ...draft, sellerId: rows[0]?.['seller'], categoryId: rows[0]?.['category'] }
  const active = await call(admin.createProduct, { body: { ...body, status: 'active' } })
  assert.deepEqual([active.status, active.problem.errors?.[0]?.path], [400, 'body.status'])
  const made = await call(admin.createProduct, { body })
  assert.equal(made.status, 201)
  const params = { productId: made.body.id }
  const publish = () => call(admin.editProduct, { params, body: { status: 'active' } })
  assert.equal((await publish()).status, 400)
  const bulk = await call(admin.bulkEditProducts, {
    body: { target: { products: [{ id: made.body.id }] }, edit: { status: 'active' } },
  })
  assert.equal(bulk.status, 400)
  await call(admin.addVariants, { params, body: { variants: [{ sku: 'idea' }] } })
  assert.equal((await publish()).status, 200)
  const category = await call(admin.listAdminCategories, { query: { limit: '2' } })
  assert.deepEqual(
    category.body.items.map(({ code, childCount }) => [code, childCount]),
    [
      ['aa', 1],
      ['aa-1', 0],
    ],
  )
  const cursor = category.body.nextCursor as string
  await call(admin.createProduct, { body: { ...body, name: 'Another' } })
  const rest = await call(admin.listAdminCategories, { query: { cursor } })
  assert.deepEqual(
    rest.body.items.map(({ code, draftCount }) => [code, draftCount]),
    [
      ['el', 0],
      ['el-1', 1],
    ],
  )
  const below = await call(admin.listAdminCategories, {
    query: { parentId: rest.body.items[0]?.id, status: 'archived' },
  })
  assert.deepEqual(below.body, { items: [], nextCursor: null })
})

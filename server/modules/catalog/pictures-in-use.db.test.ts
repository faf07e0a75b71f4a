import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as pictures from '#contracts/catalog/admin-media.ts'
import { uploadMedia } from '#contracts/media/routes.ts'
import {
  CATEGORIES,
  fakeInventory,
  fakePricing,
  jsonl,
  productRow,
  SELLERS,
} from '../../../tests/support/catalog.ts'
import { serveRoutes } from '../../../tests/support/http-server.ts'
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
const folder = await mkdtemp(join(tmpdir(), 'stoa-unused-'))
after(() => rm(folder, { recursive: true, force: true }))
const media = createMedia({ db, chance, clock, folder })
const base = await serveRoutes(platform, media.routes)
const catalog = createCatalog({
  ...{ db, ids, outbox, clock, log },
  inventory: fakeInventory().api,
  pricing: fakePricing(),
  media: media.api,
})
await catalog.importer.importCategories(CATEGORIES)
await catalog.importer.importSellers(SELLERS)
const call = operatorOf(platform, catalog.routes)
const job = catalog.jobs.find(({ name }) => name === 'catalog.sweep_pictures')
const sweep = () => job?.run({}, { signal: new AbortController().signal, attempt: 1 })

async function upload(width: number): Promise<string> {
  const bytes = await drawPicture({ width, height: 100 }).png().toBuffer()
  const reply = await fetch(`${base}${uploadMedia.path}`, {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: new Uint8Array(bytes),
  })
  assert.ok(reply.status === 200 || reply.status === 201, `upload: ${reply.status}`)
  return ((await reply.json()) as { key: string }).key
}

/** Lets so much time go by for a picture that was last wanted now. */
const age = (key: string, interval: string) =>
  db.query({
    text: 'update media.files set used_at = now() - $2::interval where key = $1',
    values: [key, interval],
  })

async function kept(key: string): Promise<{ row: boolean; bytes: boolean }> {
  const { rows } = await db.query({
    text: 'select from media.files where key = $1',
    values: [key],
  })
  const names = await readdir(join(folder, 'masters'), { recursive: true })
  return { row: rows.length === 1, bytes: names.some((name) => name.endsWith(key)) }
}
const THERE = { row: true, bytes: true }
const GONE = { row: false, bytes: false }

async function newProduct(
  ref: string,
  over: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const rows = jsonl([productRow(ref, over)])
  const report = await catalog.importer.importProducts({ ...rows, format: 'jsonl', key: ref })
  assert.deepEqual(report.firstErrors, [])
  const { rows: found } = await db.query({
    text: 'select product_id from catalog.product_refs where ref = $1',
    values: [ref],
  })
  return found[0].product_id
}

test('a picture that nobody showed within 30 days goes, with its sizes; a younger one stays', async () => {
  const [old, young] = [await upload(101), await upload(102)]
  await fetch(`${base}/media/${old}/160.webp`)
  await age(old, '31 days')
  await age(young, '29 days')
  await sweep()
  assert.deepEqual([await kept(old), await kept(young)], [GONE, THERE])
  assert.deepEqual(
    (await readdir(folder, { recursive: true })).filter((name) => name.includes(old)),
    [],
  )
  assert.equal((await fetch(`${base}/media/${old}/320.webp`)).status, 404)
})

test('what products and variants show stays, however long ago they took it up', async () => {
  const [own, variant, former] = [await upload(111), await upload(112), await upload(113)]
  const offer = { seller: 'acme', sku: 'shown-O', price: { amount: 100, currency: 'USD' } }
  await newProduct('shown', {
    images: [`media:${own}`, 'https://elsewhere.example/1.jpg'],
    variants: [{ sku: 'v', images: [`media:${variant}`], offers: [offer] }],
  })
  const productId = await newProduct('changed', { images: [`media:${former}`] })
  await call(pictures.setProductMedia, { params: { productId }, body: { items: [] } })
  for (const key of [own, variant, former]) await age(key, '2 years')
  await sweep()
  assert.deepEqual([await kept(own), await kept(variant)], [THERE, THERE])
  assert.deepEqual(await kept(former), THERE, 'orders may show it still')
  for (const key of [own, variant, former]) await age(key, '4 years')
  await sweep()
  assert.deepEqual([await kept(own), await kept(variant)], [THERE, THERE])
  assert.deepEqual(await kept(former), GONE)
})

test('whoever uploads or takes up a picture that is due keeps it', async () => {
  const [again, taken] = [await upload(121), await upload(122)]
  await age(again, '40 days')
  await age(taken, '40 days')
  await upload(121)
  await newProduct('taker', { images: [`media:${taken}`] })
  await sweep()
  assert.deepEqual([await kept(again), await kept(taken)], [THERE, THERE])
})

test('sweeps and uploads of the same picture at once never leave a row without its bytes', async () => {
  for (let round = 0; round < 8; round += 1) {
    const key = await upload(131)
    await age(key, '40 days')
    const results = await Promise.allSettled([sweep(), upload(131), sweep(), upload(131)])
    const { row, bytes } = await kept(key)
    assert.ok(bytes || !row, `round ${round}: ${JSON.stringify(results)}`)
  }
})

test('a removal that was cut off is ended by the next sweep; an upload before that calls it off', async () => {
  const [cut, wanted] = [await upload(141), await upload(142)]
  for (const key of [cut, wanted]) {
    await db.query({ text: 'delete from media.files where key = $1', values: [key] })
    await db.query({ text: 'insert into media.removals (key) values ($1)', values: [key] })
  }
  await upload(142)
  await sweep()
  assert.deepEqual([await kept(cut), await kept(wanted)], [GONE, THERE])
  const { rows } = await db.query({ text: 'select from media.removals' })
  assert.equal(rows.length, 0)
})

test('while somebody removes the bytes an upload of them is asked to come again', async () => {
  const key = await upload(151)
  await db.query({ text: 'delete from media.files where key = $1', values: [key] })
  const text = 'insert into media.removals (key, claimed_at) values ($1, now())'
  await db.query({ text, values: [key] })
  await assert.rejects(upload(151), /upload: 503/)
  assert.equal((await kept(key)).row, false)
})

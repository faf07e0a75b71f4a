import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listSitemap, listSitemapPart } from '#contracts/catalog/sitemap.ts'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'
import { callerOf } from '../../../tests/support/operator.ts'
import { GUEST } from '../../platform/http/actor.ts'
import { createSitemapRoutes, planSitemap } from './sitemap.ts'

const { catalog, platform } = await testCatalog()
const { db } = platform
const guest = callerOf(platform, createSitemapRoutes(db), GUEST)
const COUNT = 6_200
const rows = Array.from({ length: COUNT }, (_, n) =>
  productRow(`p${n}`, { category: n % 3 ? 'el-1' : 'aa-1' }),
)

async function slugsOf(part: number): Promise<string[]> {
  const slugs: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await pageOf(part, cursor)
    slugs.push(...page.items.map(({ slug }) => slug))
    cursor = page.nextCursor
  }
  return slugs
}

async function pageOf(part: number, cursor: string) {
  const query = cursor ? { cursor } : {}
  return (await guest(listSitemapPart, { params: { part: String(part) }, query })).body
}

const partsOf = async () => (await guest(listSitemap)).body.items

test('a shop without products has no parts', async () => {
  assert.deepEqual(await partsOf(), [])
})

test('the first who asks has the parts planned; each product is in one of them', async () => {
  await catalog.importer.importProducts({ ...jsonl(rows), format: 'jsonl', key: 'all' })
  assert.deepEqual(
    (await partsOf()).map(({ part }) => part),
    [1],
  )
  assert.equal(new Set(await slugsOf(1)).size, COUNT)
  await Promise.all([planSitemap(db, 500), planSitemap(db, 1_000), planSitemap(db, 900)])
  await planSitemap(db, 1_000)
  const parts = await partsOf()
  assert.equal(parts.length, 7)
  const slugs = (await Promise.all(parts.map(({ part }) => slugsOf(part)))).flat()
  assert.equal(slugs.length, COUNT)
  assert.equal(new Set(slugs).size, COUNT)
})

test('what is sold no longer is left out; what came since the plan is in', async () => {
  await db.query({ text: `update catalog.products set status = 'archived' where ref = 'p7'` })
  await catalog.importer.importProducts({
    ...jsonl([productRow('later')]),
    format: 'jsonl',
    key: 'later',
  })
  const parts = await partsOf()
  const slugs = (await Promise.all(parts.map(({ part }) => slugsOf(part)))).flat()
  assert.equal(slugs.length, COUNT)
  assert.ok(slugs.some((slug) => slug.includes('later')))
})

test('parts and places that are none are refused', async () => {
  const ask = (part: string, cursor?: string) =>
    guest(listSitemapPart, { params: { part }, query: cursor ? { cursor } : {} })
  assert.equal((await ask('99')).status, 404)
  assert.equal((await ask('0')).status, 400)
  assert.equal((await ask('x')).status, 400)
  const forged = Buffer.from(JSON.stringify([1e9, 'x'])).toString('base64url')
  for (const cursor of ['x', forged]) assert.equal((await ask('1', cursor)).status, 400)
})

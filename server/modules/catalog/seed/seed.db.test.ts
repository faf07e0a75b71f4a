import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { smallDataFolder } from '../../../../tests/support/shop-process.ts'
import { stockedCatalog } from '../../../../tests/support/stocked-catalog.ts'
import { writeSeed } from '../index.ts'

const { importer, platform } = await stockedCatalog()
const data = await smallDataFolder(100)
const folder = join(data.folder, 'demo')
const out = mkdtempSync(join(tmpdir(), 'stoa-seed-'))
after(() => {
  data.remove()
  rmSync(out, { recursive: true, force: true })
})

async function count(): Promise<number> {
  const { rows } = await platform.db.query({
    text: "select count(*)::int as n from catalog.products where ref like 'seed-3-%'",
  })
  return rows[0].n
}

test('an empty shop is seeded, and grown by the products that it lacks', async () => {
  const first = await importer.seedProducts({ folder, products: 300, seed: 3 })
  assert.deepEqual([first.products, first.changed, first.errors], [300, 300, 0])
  assert.deepEqual(await importer.seedProducts({ folder, products: 300, seed: 3 }), first)
  const grown = await importer.seedProducts({ folder, products: 400, seed: 3 })
  assert.deepEqual([grown.products, grown.changed, grown.errors], [400, 100, 0])
  assert.equal(await count(), 400)
})

test('the file of a seeding has the same products', async () => {
  const file = join(out, 'seed.jsonl.gz')
  const told: number[] = []
  const onProgress = (products: number) => told.push(products)
  await writeSeed({ folder, products: 400, seed: 3, file, onProgress })
  assert.deepEqual(told, [200, 400])
  assert.equal(gunzipSync(readFileSync(file)).toString().trimEnd().split('\n').length, 400)
  const report = await importer.importProducts({ file, format: 'jsonl', key: 'file' })
  assert.deepEqual([report.products, report.changed, report.errors], [400, 0, 0])
})

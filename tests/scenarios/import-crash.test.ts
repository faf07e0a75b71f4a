/**
 * Goal: an import that is killed half-way and called again is whole, and has nothing twice.
 * Method: `stoa import` of 20,000 rows as a process of its own, kill -9 when it is past a third, the
 * same command again; the database is compared with the file.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import type { ImportProduct } from '#contracts/catalog/import.ts'
import { writeSeed } from '../../server/modules/catalog/index.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { runStoa, smallDataFolder } from '../support/shop-process.ts'
import { eventually } from '../support/shopper.ts'

const ROWS = 20_000
const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'stoa-import-'))
const data = await smallDataFolder(300)
const { url, drop } = await createTestDatabase()
const db = openDatabase({ url, log: silentLog, poolSize: 2 })
after(async () => {
  await db.close()
  await drop()
  data.remove()
  rmSync(folder, { recursive: true, force: true })
})

const file = join(folder, 'products.jsonl')
const env = { DATABASE_URL: url, STOA_DATA: data.folder, STOA_HOME: folder, LOG_LEVEL: 'warn' }
const options = { home: folder, dataFolder: data.folder, env: { DATABASE_URL: url } }

async function one(text: string): Promise<Record<string, number>> {
  return (await db.query({ text })).rows[0]
}

/** What the file says there is. */
async function countFile() {
  const counts = { products: 0, variants: 0, offers: 0, levels: 0, pieces: 0 }
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { variants } = JSON.parse(line) as ImportProduct
    counts.products += 1
    counts.variants += variants.length
    for (const { offers } of variants) {
      counts.offers += offers.length
      for (const { stock = {} } of offers) {
        counts.levels += Object.keys(stock).length
        counts.pieces += Object.values(stock).reduce((sum, quantity) => sum + quantity, 0)
      }
    }
  }
  return counts
}

const COUNTS = `select
  (select count(*)::int from catalog.products) as products,
  (select count(*)::int from catalog.product_variants) as variants,
  (select count(*)::int from catalog.offers) as offers,
  (select count(*)::int from inventory.stock_levels) as levels,
  (select sum(quantity)::int from inventory.stock_levels) as pieces`

const BESIDE = `select
  (select count(*)::int from catalog.product_refs) as refs,
  (select count(*)::int from catalog.product_slugs) as slugs,
  (select count(*)::int from catalog.offer_skus) as skus,
  (select count(*)::int from catalog.price_history) as prices,
  (select sum(delta)::int from inventory.movements) as moved,
  (select count(distinct id)::int from (
     select jsonb_array_elements_text(payload -> 'productIds') as id from platform.outbox
     union all select jsonb_array_elements_text(payload -> 'productIds') from platform.events
   ) told) as told`

test('kill -9 half-way through 20,000 rows, then the same command: all there, nothing twice', async () => {
  // The directories that the rows speak of, and the same products for each run of this test.
  const seeded = await runStoa(['seed', '--products', '1', '--seed', '9'], options)
  assert.equal(seeded.code, 0, seeded.output)
  await db.query({
    text: 'truncate catalog.products, catalog.product_refs, catalog.product_slugs, catalog.product_variants, catalog.offers, catalog.offer_skus, catalog.price_history, inventory.stock_levels, inventory.offer_locations, inventory.movements, platform.outbox, platform.events',
  })
  await writeSeed({ folder: join(data.folder, 'demo'), products: ROWS, seed: 4, file })
  const expected = await countFile()

  const killed = spawn(process.execPath, [join(ROOT, 'server/cli/main.ts'), 'import', file], {
    cwd: ROOT,
    stdio: 'ignore',
    env: { ...process.env, ...env },
  })
  const ended = new Promise((resolve) => killed.once('exit', resolve))
  const reached = () =>
    one(
      `select coalesce(max(last_row), 0)::int as row from catalog.imports where key like 'products%'`,
    )
  await eventually(reached, ({ row = 0 }) => row > ROWS / 3, 120_000)
  killed.kill('SIGKILL')
  await ended
  const { row: before = 0 } = await reached()
  assert.ok(before < ROWS, 'it was killed too late to prove anything')

  const { code, output } = await runStoa(['import', file], options)
  assert.equal(code, 0, output)
  assert.match(output, /20,000 rows: 20,000 products/)
  assert.deepEqual(await one(COUNTS), expected)
  const { products, offers, pieces } = expected
  assert.deepEqual(await one(BESIDE), {
    refs: products,
    slugs: products,
    skus: offers,
    prices: offers,
    moved: pieces,
    told: products,
  })
  const third = await runStoa(['import', file], options)
  assert.equal(third.code, 0)
  assert.deepEqual(await one(COUNTS), expected)
})

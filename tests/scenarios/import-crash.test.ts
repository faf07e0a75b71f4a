/**
 * Goal: an import that is killed half-way and called again is whole, has nothing twice, and needs no
 * more memory however long the file is: neither beyond a limit nor more towards the end.
 * Method: `stoa import` of 20,000 rows as a process of its own, kill -9 when it is half done, the same
 * command again; the database is compared with the file, and the memory of both processes is drawn.
 *
 * A million rows: STOA_TEST_IMPORT_ROWS=1000000 npm test -- tests/scenarios/import-crash.test.ts
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { ImportProduct } from '#contracts/catalog/import.ts'
import { FRUGAL } from '../../bin/heap.mjs'
import { writeSeed } from '../../server/modules/catalog/index.ts'
import { openDatabase } from '../../server/platform/db/database.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createTestDatabase } from '../support/postgres.ts'
import { runStoa, smallDataFolder } from '../support/shop-process.ts'

const ROWS = Number(process.env['STOA_TEST_IMPORT_ROWS'] ?? 20_000)
const PEAK_MEBIBYTES = 256
/** What the last quarter of a file may take beyond all before it: a collection that came later. */
const GROWTH_MEBIBYTES = 24
const CURVE_POINTS = 20
/** A row a millisecond is a tenth of what the machine of a developer does. */
const LIMIT_MS = 120_000 + ROWS
const ROOT = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'stoa-import-'))
const data = await smallDataFolder(300)
const { url, drop } = await createTestDatabase()
// It counts all rows, however many there are.
const db = openDatabase({ url, log: silentLog, poolSize: 2, statementTimeoutMs: 0 })
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

type Sample = Readonly<{ row: number; mebibytes: number }>

/** What a process holds in memory; 0 once it has ended, and where there is no /proc. */
function residentMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const rowReached = () =>
  one(
    `select coalesce(max(last_row), 0)::int as row from catalog.imports where key like 'products%'`,
  )

/** Imports the file until `until`, or to the end. @returns the memory at each look, and the exit. */
async function importFile(until: number) {
  const child = spawn(
    process.execPath,
    [...FRUGAL, join(ROOT, 'server/cli/main.ts'), 'import', file],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  let over = false
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      over = true
      resolve(code)
    }),
  )
  const samples: Sample[] = []
  while (!over) {
    const { row = 0 } = await rowReached()
    samples.push({ row, mebibytes: residentMebibytes(child.pid) })
    if (row >= until) child.kill('SIGKILL')
    await setTimeout(10)
  }
  return { samples, output, code: await ended }
}

/** The most that was taken while rows of a part of the file were done. */
function peakOf(samples: readonly Sample[], from: number, to: number): number {
  const part = samples.filter(({ row }) => row > from * ROWS && row <= to * ROWS)
  return Math.max(0, ...part.map(({ mebibytes }) => mebibytes))
}

/** One line for each part of the file. */
function drawCurve(t: TestContext, samples: readonly Sample[]): void {
  for (let point = 1; point <= CURVE_POINTS; point += 1) {
    const most = peakOf(samples, (point - 1) / CURVE_POINTS, point / CURVE_POINTS)
    const bar = '█'.repeat(Math.round(most / 8))
    const row = Math.round((point / CURVE_POINTS) * ROWS)
    t.diagnostic(`${String(row).padStart(9)} ${most.toFixed(0)} MiB ${bar}`)
  }
}

test('kill -9 half-way through the file, then the same command: all there, nothing twice, memory flat', {
  timeout: LIMIT_MS * 4,
}, async (t) => {
  // The directories that the rows speak of, and the same products for each run of this test.
  const seeded = await runStoa(['seed', '--products', '1', '--seed', '9'], options)
  assert.equal(seeded.code, 0, seeded.output)
  await db.query({
    text: 'truncate catalog.products, catalog.product_refs, catalog.product_slugs, catalog.product_variants, catalog.offers, catalog.offer_skus, catalog.price_history, inventory.stock_levels, inventory.offer_locations, inventory.movements, platform.outbox, platform.events',
  })
  await writeSeed({ folder: join(data.folder, 'demo'), products: ROWS, seed: 4, file })
  const expected = await countFile()

  const killed = await importFile(ROWS / 2)
  const { row: before = 0 } = await rowReached()
  assert.ok(before < ROWS, 'it was killed too late to prove anything')

  const resumed = await importFile(Number.POSITIVE_INFINITY)
  assert.equal(resumed.code, 0, resumed.output)
  const said = ROWS.toLocaleString('en')
  assert.ok(resumed.output.includes(`${said} rows: ${said} products`), resumed.output)
  const samples = [...killed.samples, ...resumed.samples]
  drawCurve(t, samples)
  const peak = Math.max(...samples.map(({ mebibytes }) => mebibytes))
  assert.ok(peak <= PEAK_MEBIBYTES, `${peak} MiB at the most`)
  const growth = peakOf(samples, 0.75, 1) - peakOf(samples, 0, 0.75)
  assert.ok(growth <= GROWTH_MEBIBYTES, `${growth} MiB more in the last quarter`)
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

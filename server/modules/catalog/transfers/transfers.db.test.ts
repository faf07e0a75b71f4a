import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as contract from '#contracts/catalog/transfers.ts'
import type { RouteSpec } from '#contracts/kit/route.ts'
import { productRow, testCatalog } from '../../../../tests/support/catalog.ts'
import { eventually } from '../../../../tests/support/shopper.ts'
import { systemChance } from '../../../platform/chance.ts'
import { systemClock } from '../../../platform/clock.ts'
import { createExecutor } from '../../../platform/http/execute.ts'
import { createIdempotency } from '../../../platform/idempotency.ts'
import { silentLog } from '../../../platform/log.ts'
import { createTransfers } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'stoa-transfers-'))
const { platform, catalog } = await testCatalog()
const { db, ids } = platform
const deps = {
  db,
  ids,
  clock: systemClock,
  chance: systemChance,
  log: silentLog,
  importer: catalog.importer,
  folder,
}
const transfers = createTransfers(deps)
const execute = createExecutor({
  idempotency: createIdempotency({ db, clock: systemClock }),
  clock: systemClock,
  log: silentLog,
  authenticate: async () => ({ kind: 'operator', id: 'ops_1' }),
  checkReplies: true,
})
let looking: NodeJS.Timeout
before(() => {
  looking = setInterval(() => void transfers.tickers[0]?.run(), 50)
})
after(async () => {
  clearInterval(looking)
  await transfers.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Input = Readonly<{
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, string>>
  body?: unknown
  upload?: Uint8Array | AsyncIterable<Uint8Array>
  key?: string
}>

async function call(route: RouteSpec, input: Input = {}) {
  const binding = transfers.routes.find((one) => one.route === route)
  assert.ok(binding)
  const { upload } = input
  const { status, headers, body } = await execute(binding, {
    params: input.params ?? {},
    query: input.query ?? {},
    body: input.body === undefined ? '' : JSON.stringify(input.body),
    ...(upload ? { upload: upload instanceof Uint8Array ? Readable.from([upload]) : upload } : {}),
    headers: input.key ? { 'idempotency-key': input.key } : {},
    requestId: 'req_test',
    remoteAddress: '127.0.0.1',
  })
  const bytes =
    body instanceof Readable ? Buffer.concat(await body.map(Buffer.from).toArray()) : body
  const isJson = headers['content-type']?.includes('json') && !(body instanceof Readable)
  return {
    status,
    headers,
    bytes: bytes as Buffer,
    json: isJson ? JSON.parse(bytes.toString()) : undefined,
  }
}

const lines = (rows: readonly unknown[]) =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))

async function ended(id: string, route: RouteSpec = contract.getImport) {
  const params = route === contract.getImport ? { importId: id } : { exportId: id }
  return eventually(
    async () => (await call(route, { params })).json,
    ({ state }) => state !== 'waiting' && state !== 'running',
    120_000,
  )
}

test('a packed file is imported in the background; its wrong rows are listed, paged and as CSV', async () => {
  const wrong = [1, 2, 3].map((n) => productRow(`T-bad${n}`, { category: '=cmd|calc' }))
  const upload = gzipSync(lines([productRow('T-1'), ...wrong, productRow('T-2')]))
  const started = await call(contract.startImport, { upload, query: { name: 'spring.jsonl.gz' } })
  assert.equal(started.status, 202)
  assert.equal(started.json.bytes, upload.length)
  const job = await ended(started.json.id)
  assert.equal(job.state, 'finished')
  assert.deepEqual(
    [job.rows, job.products, job.changed, job.errors, job.resumable, job.name],
    [5, 2, 2, 3, false, 'spring.jsonl.gz'],
  )
  const params = { importId: job.id }
  const first = await call(contract.listImportErrors, { params, query: { limit: '2' } })
  assert.deepEqual(
    first.json.items.map(({ row }: { row: number }) => row),
    [2, 3],
  )
  const rest = await call(contract.listImportErrors, {
    params,
    query: { limit: '2', cursor: first.json.nextCursor },
  })
  assert.deepEqual(
    rest.json.items.map(({ row }: { row: number }) => row),
    [4],
  )
  const csv = (await call(contract.downloadImportErrors, { params })).bytes.toString()
  assert.equal(csv.split('\n').length, 5)
  assert.match(csv, /^row,field,message\n2,category,is no category: =cmd\|calc\n/)
  const list = await call(contract.listImports, { query: { limit: '1' } })
  assert.equal(list.json.items[0].id, job.id)
  // The file goes when the job has ended.
  await eventually(
    async () => existsSync(join(folder, `${job.id}.upload`)),
    (isKept) => !isKept,
  )
})

test('the same key is the same job; a rehearsal tells all errors and writes nothing', async () => {
  const upload = lines([productRow('T-dry'), productRow('T-dry2', { seller: 'nobody' })])
  const input = { upload, query: { dryRun: 'true' }, key: 'once' }
  const first = await call(contract.startImport, input)
  const again = await call(contract.startImport, input)
  assert.equal(again.json.id, first.json.id)
  const job = await ended(first.json.id)
  assert.deepEqual([job.state, job.dryRun, job.rows, job.errors], ['finished', true, 2, 1])
  const params = { importId: job.id }
  const errors = await call(contract.listImportErrors, { params })
  assert.equal(errors.json.items[0].message, 'is no seller: nobody')
  const { rows } = await db.query({
    text: `select from catalog.product_refs where ref like 'T-dry%'`,
  })
  assert.equal(rows.length, 0)
})

test('what is refused leaves no job and no file', async () => {
  const before = readdirSync(folder)
  const count = async () => (await call(contract.listImports)).json.items.length
  const jobs = await count()
  const nothing = await call(contract.startImport, { upload: Readable.from([]) })
  assert.equal(nothing.json.code, 'validation_failed')
  const missing = await call(contract.startImport)
  assert.equal(missing.json.code, 'validation_failed')
  const shopify = await call(contract.startImport, {
    upload: lines([]),
    query: { format: 'shopify' },
  })
  assert.equal(shopify.json.errors[0].path, 'query.seller')
  async function* broken() {
    yield Buffer.from('{')
    throw new Error('the line broke')
  }
  const half = await call(contract.startImport, { upload: broken() })
  assert.equal(half.json.code, 'validation_failed')
  const stranger = { params: { importId: 'trf_01h00000000000000000000000' } }
  for (const route of [contract.getImport, contract.cancelImport, contract.resumeImport])
    assert.equal((await call(route, stranger)).json.code, 'not_found')
  assert.equal(
    (await call(contract.startExport, { body: { format: 'csv', seller: 'x' } })).status,
    400,
  )
  assert.equal(await count(), jobs)
  // What earlier jobs left may go meanwhile.
  const added = readdirSync(folder).filter((name) => !before.includes(name))
  assert.deepEqual(added, [])
})

/** Makes each batch of an import take its time, so that something can happen between two, on a quick machine too. */
async function slowDown(isSlow: boolean): Promise<void> {
  await db.query({
    text: isSlow
      ? `create function public.take_time() returns trigger language plpgsql as
           $$ begin perform pg_sleep(1); return null; end $$;
         create trigger take_time before insert on catalog.products
           for each statement execute function public.take_time()`
      : 'drop function public.take_time() cascade',
  })
}

test('a cancelled import stops, keeps what is in, and is resumed to its end', async () => {
  await slowDown(true)
  const many = Array.from({ length: 12_000 }, (_, n) => productRow(`C-${n}`))
  const { json } = await call(contract.startImport, { upload: lines(many) })
  const params = { importId: json.id }
  await eventually(
    async () => (await call(contract.getImport, { params })).json,
    ({ rows }) => rows > 0,
  )
  const cancelled = await call(contract.cancelImport, { params })
  assert.equal(cancelled.json.state, 'cancelled')
  assert.equal(cancelled.json.resumable, true)
  const twice = await call(contract.cancelImport, { params })
  assert.equal(twice.json.code, 'catalog.transfer_ended')
  await slowDown(false)
  const resumed = await call(contract.resumeImport, { params })
  // Whoever looks for jobs may have found it before this answer was made.
  assert.ok(['waiting', 'running'].includes(resumed.json.state), resumed.json.state)
  const job = await ended(json.id)
  assert.deepEqual([job.state, job.rows, job.products], ['finished', 12_000, 12_000])
  assert.equal((await call(contract.resumeImport, { params })).json.code, 'catalog.transfer_ended')
})

test('a job whose process has died is gone on with by another once its lease is over', async () => {
  clearInterval(looking)
  // A look that was under way has ended.
  await transfers.tickers[0]?.run()
  const many = Array.from({ length: 3_000 }, (_, n) => productRow(`D-${n}`))
  const { json } = await call(contract.startImport, { upload: lines(many) })
  await db.query({
    text: `update catalog.transfers set state = 'running', runner = 'dead', lease_until = now() + interval '1 hour'
           where id = '${json.id}'`,
  })
  const other = createTransfers(deps)
  await other.tickers[0]?.run()
  assert.equal((await call(contract.getImport, { params: { importId: json.id } })).json.rows, 0)
  await db.query({
    text: `update catalog.transfers set lease_until = now() where id = '${json.id}'`,
  })
  looking = setInterval(() => void other.tickers[0]?.run(), 50)
  const job = await ended(json.id)
  assert.deepEqual([job.state, job.products], ['finished', 3_000])
  await other.stop()
})

test('a stopping process gives its job back, and the next goes on', async () => {
  clearInterval(looking)
  const one = createTransfers(deps)
  const many = Array.from({ length: 12_000 }, (_, n) => productRow(`S-${n}`))
  const { json } = await call(contract.startImport, { upload: lines(many) })
  await one.tickers[0]?.run()
  await one.stop()
  const params = { importId: json.id }
  const given = (await call(contract.getImport, { params })).json
  assert.equal(given.state, 'waiting')
  assert.ok(given.rows < 12_000)
  looking = setInterval(() => void transfers.tickers[0]?.run(), 50)
  const job = await ended(json.id)
  assert.deepEqual([job.state, job.products], ['finished', 12_000])
})

test('an export is a file to download, which imports again without a change', async () => {
  const { status, json } = await call(contract.startExport, { body: { format: 'jsonl' } })
  assert.equal(status, 202)
  const job = await ended(json.id, contract.getExport)
  assert.equal(job.state, 'finished')
  const params = { exportId: job.id }
  const file = await call(contract.downloadExport, { params })
  assert.equal(file.headers['content-length'], String(file.bytes.length))
  assert.match(file.headers['content-disposition'] as string, /products-.*\.jsonl\.gz/)
  const rows = gunzipSync(file.bytes).toString().trim().split('\n')
  assert.equal(rows.length, job.products)
  const back = await call(contract.startImport, { upload: file.bytes })
  const imported = await ended(back.json.id)
  assert.deepEqual([imported.products, imported.changed, imported.errors], [rows.length, 0, 0])
})

test('files of jobs that ended long ago are removed, and strays', async () => {
  const { json } = await call(contract.startExport, { body: { format: 'csv', packed: false } })
  await ended(json.id, contract.getExport)
  const params = { exportId: json.id }
  await db.query({
    text: `update catalog.transfers set ended_at = now() - interval '8 days' where id = '${json.id}'`,
  })
  const file = join(folder, `${json.id}.csv`)
  const stray = join(folder, 'trf_stray.upload')
  writeFileSync(stray, 'x')
  for (const old of [file, stray]) utimesSync(old, 1_000, 1_000)
  await transfers.jobs[0]?.run({}, { signal: new AbortController().signal, attempt: 1 })
  assert.equal(existsSync(file), false)
  assert.equal(existsSync(stray), false)
  assert.equal((await call(contract.downloadExport, { params })).json.code, 'not_found')
  assert.equal((await call(contract.getExport, { params })).json.file, null)
  // The platform's own end comes before ours.
  clearInterval(looking)
})

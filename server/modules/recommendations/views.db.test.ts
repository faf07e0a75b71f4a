import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testClock, testPlatform } from '../../../tests/support/platform.ts'
import type { Database } from '../../platform/db/database.ts'
import { GUEST } from '../../platform/http/actor.ts'
import { silentLog } from '../../platform/log.ts'
import { createRecommendations } from './index.ts'
import { createViewRecorder } from './recorder.ts'
import { dropDaysBefore } from './repository.ts'

const { db } = await testPlatform()
const clock = testClock()
const log = silentLog

async function kept(): Promise<{ product_id: string; visitor: string | null; day: string }[]> {
  const { rows } = await db.query({
    text: `select product_id, visitor, right(tableoid::regclass::text, 8) as day
           from behaviour.product_views order by viewed_at, product_id`,
  })
  return rows
}

const view = (productId: string, at = '2026-03-01T12:00:00Z') => ({
  productId,
  visitor: null,
  at: new Date(at),
})

test('views are written together, each to the partition of its day', async () => {
  const recorder = createViewRecorder({ db, clock, log })
  recorder.record(view('a', '2026-03-01T23:59:59.999Z'))
  recorder.record(view('b', '2026-03-02T00:00:00Z'))
  assert.deepEqual(recorder.counts(), { written: 0, dropped: 0, waiting: 2 })
  assert.equal(await recorder.flush(), true)
  assert.deepEqual(
    (await kept()).map(({ product_id, day }) => [product_id, day]),
    [
      ['a', '20260301'],
      ['b', '20260302'],
    ],
  )
  assert.deepEqual(recorder.counts(), { written: 2, dropped: 0, waiting: 0 })
})

test('processes that begin a day at once make one partition', async () => {
  const at = '2026-03-05T00:00:00Z'
  const recorders = Array.from({ length: 4 }, () => createViewRecorder({ db, clock, log }))
  for (const recorder of recorders) recorder.record(view('rival', at))
  assert.deepEqual(await Promise.all(recorders.map((recorder) => recorder.flush())), [
    true,
    true,
    true,
    true,
  ])
  assert.equal((await kept()).filter(({ product_id }) => product_id === 'rival').length, 4)
})

test('more than can wait are dropped and counted', async () => {
  const recorder = createViewRecorder({ db, clock, log, capacity: 3 })
  for (let n = 0; n < 10; n += 1) recorder.record(view('full'))
  assert.deepEqual(recorder.counts(), { written: 0, dropped: 7, waiting: 3 })
  await recorder.flush()
  assert.deepEqual(recorder.counts(), { written: 3, dropped: 7, waiting: 0 })
})

function failing(error: Error, times: number): Database {
  let left = times
  const query: Database['query'] = async (config) => {
    left -= 1
    if (left >= 0) throw error
    return db.query(config)
  }
  return { ...db, query, tx: db.tx }
}

test('while the database is away views wait, and are written when it is back', async () => {
  const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  const recorder = createViewRecorder({ db: failing(gone, 1), clock, log })
  recorder.record(view('patient'))
  assert.equal(await recorder.flush(), false)
  assert.deepEqual(recorder.counts(), { written: 0, dropped: 0, waiting: 1 })
  assert.equal(await recorder.flush(), true)
  assert.equal((await kept()).filter(({ product_id }) => product_id === 'patient').length, 1)
})

test('a batch that the database refuses is dropped and counted, and the next is written', async () => {
  const recorder = createViewRecorder({ db: failing(new Error('refused'), 1), clock, log })
  recorder.record(view('refused'))
  await recorder.flush()
  recorder.record(view('next'))
  await recorder.flush()
  assert.deepEqual(recorder.counts(), { written: 1, dropped: 1, waiting: 0 })
})

test('a view says who looked only of those who let it; the stop writes what waits', async () => {
  const { api, start, stop } = createRecommendations({ db, clock: { ...clock, sleep: hold }, log })
  await start?.()
  const at = new Date('2026-03-07T00:00:00Z')
  const guest = { 'x-visitor-id': 'abcdefgh-1' }
  const customer = { kind: 'customer', id: 'cus_1' } as const
  const looks = [
    [GUEST, guest, 'guest:abcdefgh-1'],
    [GUEST, {}, null],
    [GUEST, { 'x-visitor-id': `'; --` }, null],
    [GUEST, { ...guest, 'sec-gpc': '1' }, null],
    [customer, guest, 'customer:cus_1'],
    [customer, { dnt: '1' }, null],
    [{ kind: 'operator', id: 'ops_1' }, guest, null],
  ] as const
  for (const [n, [actor, headers]] of looks.entries()) {
    api.recordView({ productId: `who-${n}`, actor, headers, at })
  }
  await stop?.()
  const rows = (await kept()).filter(({ product_id }) => product_id.startsWith('who-'))
  assert.deepEqual(
    rows.map(({ visitor }) => visitor),
    looks.map(([, , visitor]) => visitor),
  )
})

/** A sleep that only the stop ends. */
function hold(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    else signal?.addEventListener('abort', () => resolve())
  })
}

test('old days are dropped whole', async () => {
  assert.equal(await dropDaysBefore(db, new Date('2026-03-02T08:00:00Z')), 1)
  const days = new Set((await kept()).map(({ day }) => day))
  assert.ok(!days.has('20260301') && days.has('20260302'))
})

import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemClock as clock } from '../../platform/clock.ts'
import { silentLog as log } from '../../platform/log.ts'
import { named } from './engine/testing/documents.ts'
import { createThreadStore } from './index-store.ts'

const folders: string[] = []
const cursor = { position: 7, eventId: 'evt_7' }
const page = (from: number) => Array.from({ length: 10 }, (_, i) => named(`p${from + i}`, 'lamp'))

async function openStore(folder?: string) {
  const at = folder ?? (await mkdtemp(join(tmpdir(), 'stoa-index-')))
  folders.push(at)
  return {
    folder: at,
    store: createThreadStore({ folder: at, clock, log, readers: 2, keepEvery: 10 }),
  }
}

/** A build of which two pages are kept and a third is not, left as a kill leaves it. */
async function beginAndLeave() {
  const { folder, store } = await openStore()
  const index = await store.create(async () => true)
  assert.equal(index.progress(), null)
  for (const done of [10, 20]) {
    const progress = { cursor, after: `p${100 + done - 1}`, done }
    await index.apply({ documents: page(100 + done - 10), gone: [], asOf: 7, progress })
  }
  await index.apply({ documents: page(120), gone: [], asOf: 7 })
  await index.close()
  await store.close()
  return folder
}

test('a build that was killed goes on from where it was kept', async () => {
  const { store } = await openStore(await beginAndLeave())
  assert.equal(await store.open(), null)
  const index = await store.create(async (at) => at.position === 7)
  assert.deepEqual(index.progress(), { cursor, after: 'p119', done: 20 })
  await index.apply({ documents: page(120), gone: [], asOf: 7 })
  await index.finish(cursor)
  await store.adopt(index)
  assert.equal((await index.search({ text: 'lamp' })).total, 30)
  assert.equal(await index.apply({ documents: page(100), gone: [], asOf: 7 }), 0)
  await index.close()
  await store.close()
})

test('a build that cannot catch up is begun anew, and its files go', async () => {
  const folder = await beginAndLeave()
  const { store } = await openStore(folder)
  const index = await store.create(async () => false)
  assert.equal(index.progress(), null)
  assert.equal(
    (await readdir(join(folder, 'copy-0'))).filter((name) => name !== 'process').length,
    1,
  )
  await index.close()
  await store.close()
})

after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

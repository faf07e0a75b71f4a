import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { openDatabase } from '../db/database.ts'
import { startEmbeddedPostgres } from '../embedded-postgres/index.ts'
import { silentLog } from '../log.ts'
import { createJobs } from './index.ts'

async function until(holds: () => boolean, ms: number): Promise<void> {
  for (let waited = 0; !holds() && waited < ms; waited += 50) await systemClock.sleep(50)
  assert.ok(holds(), `not within ${ms} ms`)
}

test('jobs run once, join a transaction, are tried again, and go on after PostgreSQL was killed and restarted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stoa-jobs-'))
  const postgres = await startEmbeddedPostgres({
    dataFolder: folder,
    log: silentLog,
    settings: { fsync: 'off' },
  })
  const db = openDatabase({ url: postgres.url, log: silentLog, poolSize: 2 })
  const done: unknown[] = []
  const jobs = createJobs({
    url: postgres.url,
    clock: systemClock,
    log: silentLog,
    handlers: [
      {
        name: 'test.note',
        cron: '0 0 1 1 *',
        async run(payload, { attempt }) {
          if ((payload as { failOnce?: boolean }).failOnce && attempt === 1) throw new Error('once')
          done.push((payload as { n: number }).n)
        },
      },
    ],
  })
  try {
    await jobs.start()
    await jobs.add('test.note', { n: 1 })
    await jobs.add('test.note', { n: 2, failOnce: true })
    await db.tx((tx) => jobs.addInTransaction(tx, 'test.note', { n: 3 }))
    await db
      .tx(async (tx) => {
        await jobs.addInTransaction(tx, 'test.note', { n: 99 })
        throw new Error('rolled back')
      })
      .catch(() => {})
    await until(() => done.length === 3, 60_000)
    process.kill(postgres.pid(), 'SIGKILL')
    await postgres.exited()
    await postgres.restart()
    await until(() => done.length === 3, 100)
    for (let tries = 0; ; tries += 1) {
      try {
        await jobs.add('test.note', { n: 4 })
        break
      } catch (error) {
        if (tries > 300) throw error
        await systemClock.sleep(100)
      }
    }
    await until(() => done.includes(4), 60_000)
    assert.deepEqual([...done].sort(), [1, 2, 3, 4])
  } finally {
    await jobs.stop()
    await db.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '../../server/platform/db/database.ts'
import { openOwnPostgres, withDatabase } from './own-postgres.ts'
import type { TestPostgres } from './postgres.ts'
import { eventually } from './shopper.ts'

export type Replica = TestPostgres &
  Readonly<{
    /** From now on what was committed is shown so much later. */
    delay(seconds: number): Promise<void>
    /** Nothing that is committed after this is shown. */
    hold(): Promise<void>
  }>

/** A replica that streams from `primary`, so many seconds late. */
export async function openReplica(primary: TestPostgres, lateSeconds = 0): Promise<Replica> {
  const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-test-replica-'))
  await copyCluster(primary, dataFolder)
  const { hostname, port, username, password } = new URL(primary.url)
  const replica = await openOwnPostgres({
    dataFolder,
    settings: {
      hot_standby: 'on',
      primary_conninfo: `host=${hostname} port=${port} user=${username} password=${password}`,
      // A statement that stands in the way of what is to be replayed is cancelled soon.
      max_standby_streaming_delay: '1s',
    },
  })
  const delay = (seconds: number) =>
    withDatabase(replica.url, async (db) => {
      await db.query({ text: `alter system set recovery_min_apply_delay = '${seconds}s'` })
      await db.query({ text: 'select pg_reload_conf()' })
    })
  if (lateSeconds > 0) await delay(lateSeconds)
  return { ...replica, delay, hold: () => withDatabase(replica.url, holdReplay) }
}

/** A setting is heard of sooner or later; this says when it is. */
async function holdReplay(db: Database): Promise<void> {
  await db.query({ text: 'select pg_wal_replay_pause()' })
  const text = 'select pg_get_wal_replay_pause_state() as state'
  await eventually(
    async () => (await db.query({ text })).rows[0]?.state,
    (state) => state === 'paused',
  )
}

/** A base backup by PostgreSQL's low-level API: the binaries that come along have no pg_basebackup. */
async function copyCluster(primary: TestPostgres, dataFolder: string): Promise<void> {
  const [from, to] = [join(primary.dataFolder, 'cluster'), join(dataFolder, 'cluster')]
  await withDatabase(primary.url, async (db) => {
    const session = await db.connect()
    try {
      await session.query(`select pg_backup_start('replica', true)`)
      // Files may come and go while they are copied; what matters is replayed.
      spawnSync('cp', ['-a', from, to])
      rmSync(join(to, 'postmaster.pid'), { force: true })
      rmSync(join(to, 'postmaster.opts'), { force: true })
      const { rows } = await session.query('select labelfile from pg_backup_stop(false)')
      const { uid, gid } = statSync(to)
      for (const [name, text] of [
        ['backup_label', rows[0].labelfile],
        ['standby.signal', ''],
      ]) {
        writeFileSync(join(to, name), text, { mode: 0o600 })
        chownSync(join(to, name), uid, gid)
      }
    } finally {
      session.release()
    }
  })
}

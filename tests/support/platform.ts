import { after } from 'node:test'
import { migrationSources } from '../../server/modules/migrations.ts'
import { seededChance, systemChance } from '../../server/platform/chance.ts'
import { type Clock, systemClock } from '../../server/platform/clock.ts'
import { type Database, openDatabase } from '../../server/platform/db/database.ts'
import { migrate } from '../../server/platform/db/migrate.ts'
import type { Consumer } from '../../server/platform/events/consumer.ts'
import { createOutbox, type Outbox } from '../../server/platform/events/outbox.ts'
import { createConsumerRunner } from '../../server/platform/events/runner.ts'
import { createStreamFeed } from '../../server/platform/events/stream-feed.ts'
import { createIds, type Ids } from '../../server/platform/ids.ts'
import { silentLog } from '../../server/platform/log.ts'
import { createVault, type Vault } from '../../server/platform/vault.ts'
import { createTestDatabase } from './postgres.ts'

/** A clock that tests set: `advance` moves it; sleeping takes no time. */
export type TestClock = Clock & Readonly<{ advance(ms: number): void; set(at: Date): void }>

export function testClock(start = new Date('2026-03-01T12:00:00Z')): TestClock {
  let ms = start.getTime()
  return {
    now: () => new Date(ms),
    monotonicMs: () => ms,
    sleep: async () => {},
    advance(by) {
      ms += by
    },
    set(at) {
      ms = at.getTime()
    },
  }
}

/** A machine that stands still for a while must not look like a database that is away. */
const PATIENT = { statementTimeoutMs: 60_000, waitTimeoutMs: 60_000 }

/** A vault of a key that everybody knows. */
export function testVault(): Vault {
  return createVault({
    keys: [{ id: 'test', key: Buffer.alloc(32, 7) }],
    chance: systemChance,
  })
}

export type TestPlatform = Readonly<{
  db: Database
  /** For further pools on the same database: each stands for another process. */
  url: string
  ids: Ids
  outbox: Outbox
  /** Delivers everything that was appended to these consumers, in order. */
  deliver(consumers: readonly Consumer[]): Promise<void>
}>

/**
 * A migrated database of its own (cloned from the template) and the platform on it. Closed and
 * dropped after the test file.
 */
export async function testPlatform({
  clock = systemClock as Clock,
  seed = 1,
  poolSize = 8,
} = {}): Promise<TestPlatform> {
  const { url, drop } = await createTestDatabase()
  const db = openDatabase({ url, log: silentLog, poolSize, ...PATIENT })
  await migrate(db, migrationSources(), silentLog)
  after(async () => {
    await db.close()
    await drop()
  })
  const ids = createIds({ clock: systemClock, chance: seededChance(seed) })
  const outbox = createOutbox({ db, ids, clock })
  return {
    db,
    url,
    ids,
    outbox,
    async deliver(consumers) {
      while ((await outbox.sequence()) > 0);
      for (const consumer of consumers) {
        await createConsumerRunner(consumer, {
          db,
          feed: createStreamFeed(consumer.name, { db, outbox, source: 'main' }),
          clock,
          log: silentLog,
        }).drain()
      }
    },
  }
}

import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Log } from '../../platform/log.ts'
import { createWriteBehind } from '../../platform/write-behind.ts'
import type { ViewCounts } from './api.ts'
import { addDay, dayOf, type View, writeViews } from './repository.ts'

const FLUSH_MS = 1_000
const BATCH = 5_000
/** What some seconds of a busy shop bring; about 10 MB. */
const CAPACITY = 50_000

export type ViewRecorder = Readonly<{
  record(view: View): void
  /** Writes what waits. @returns false if the database could not be reached: it waits on. */
  flush(): Promise<boolean>
  counts(): ViewCounts
  start(): void
  /** Writes what waits once more, and ends. */
  stop(): Promise<void>
}>

/** Keeps views in memory for a second and writes them together. */
export function createViewRecorder({
  db,
  clock,
  log,
  capacity = CAPACITY,
}: Readonly<{ db: Database; clock: Clock; log: Log; capacity?: number }>): ViewRecorder {
  const stopping = new AbortController()
  /** Days whose partition is there. */
  const days = new Set<string>()
  let running: Promise<void> = Promise.resolve()
  let told = 0

  async function write(views: readonly View[]): Promise<void> {
    const unknown = new Map(views.map((view) => [dayOf(view.at), view.at]))
    for (const [day, at] of unknown) {
      if (days.has(day)) continue
      await addDay(db, at)
      days.add(day)
    }
    await writeViews(db, views)
  }

  const rows = createWriteBehind<View>({
    what: 'views',
    capacity,
    batch: BATCH,
    log,
    write: (views) =>
      write(views).catch((error: unknown) => {
        // A partition that was dropped is made anew for the next.
        days.clear()
        throw error
      }),
  })

  async function flush(): Promise<boolean> {
    try {
      while (rows.counts().waiting > 0) await rows.flush()
      return true
    } catch {
      return false
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(FLUSH_MS, stopping.signal)
      await flush()
      const { dropped } = rows.counts()
      if (dropped > told) log.warn({ dropped: dropped - told }, 'views of products were dropped')
      told = dropped
    }
  }

  return {
    flush,
    record(view) {
      rows.add(view)
    },
    counts: rows.counts,
    start() {
      running = run()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

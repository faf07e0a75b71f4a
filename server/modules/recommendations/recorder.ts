import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError } from '../../platform/db/database.ts'
import type { Log } from '../../platform/log.ts'
import type { ViewCounts } from './api.ts'
import { addDay, dayOf, writeViews } from './repository.ts'
import { createViewBuffer, type View } from './view-buffer.ts'

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
  const buffer = createViewBuffer(capacity)
  const stopping = new AbortController()
  /** Days whose partition is there. */
  const days = new Set<string>()
  let running: Promise<void> = Promise.resolve()
  let written = 0
  let dropped = 0
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

  async function flush(): Promise<boolean> {
    while (buffer.size() > 0) {
      const views = buffer.oldest(BATCH)
      try {
        await write(views)
        written += views.length
      } catch (error) {
        if (isConnectionError(error)) return false
        // It would be refused again; a partition that was dropped is made anew for the next.
        days.clear()
        dropped += views.length
        log.error({ error: String(error), views: views.length }, 'views could not be written')
      }
      buffer.remove(views.length)
    }
    return true
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(FLUSH_MS, stopping.signal)
      await flush()
      if (dropped > told) log.warn({ dropped: dropped - told }, 'views of products were dropped')
      told = dropped
    }
  }

  return {
    flush,
    record(view) {
      if (!buffer.add(view)) dropped += 1
    },
    counts: () => ({ written, dropped, waiting: buffer.size() }),
    start() {
      running = run()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

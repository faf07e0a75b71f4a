import { isConnectionError } from './db/database.ts'
import type { Log } from './log.ts'

export type WriteBehind<Row> = Readonly<{
  /** Never waits, never fails. @returns false, and it is forgotten, if too many wait. */
  add(row: Row): boolean
  /**
   * Writes the oldest batch. What could not be written because the database is away waits on; what
   * it refuses is dropped and counted.
   * @returns how many rows no longer wait.
   */
  flush(): Promise<number>
  counts(): Readonly<{ written: number; dropped: number; waiting: number }>
}>

/** Rows that are worth keeping and not worth waiting for: written together, a bounded number. */
export function createWriteBehind<Row>({
  what,
  capacity,
  batch,
  write,
  log,
}: Readonly<{
  /** What the rows are, for the log: `searches`. */
  what: string
  capacity: number
  batch: number
  write(rows: readonly Row[]): Promise<void>
  log: Log
}>): WriteBehind<Row> {
  let waiting: Row[] = []
  let [written, dropped] = [0, 0]
  let flushing: Promise<number> | undefined

  async function flush(): Promise<number> {
    const rows = waiting.slice(0, batch)
    if (rows.length === 0) return 0
    try {
      await write(rows)
      written += rows.length
    } catch (error) {
      if (isConnectionError(error)) throw error
      dropped += rows.length
      log.error({ error: String(error), rows: rows.length }, `${what} could not be written`)
    }
    waiting = waiting.slice(rows.length)
    return rows.length
  }

  return {
    add(row) {
      if (waiting.length >= capacity) {
        dropped += 1
        return false
      }
      waiting.push(row)
      return true
    },
    flush() {
      flushing ??= flush().finally(() => {
        flushing = undefined
      })
      return flushing
    },
    counts: () => ({ written, dropped, waiting: waiting.length }),
  }
}

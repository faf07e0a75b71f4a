import type { Queryable, Tx } from '../db/statement.ts'
import { lockCursor, moveCursor, openCursor, readCursor } from './stream-feed.ts'

/**
 * Where one reader stands in a source's stream, kept in the database. No event that a cursor has
 * not passed is dropped, and the lag counts it.
 */
export type Cursor = Readonly<{
  /** 0 before the first event; from then on the cursor is there. */
  read(on: Queryable): Promise<number>
  /** Holds the cursor's row. @returns false if another process has moved it meanwhile. */
  lockAt(tx: Tx, position: number): Promise<boolean>
  move(tx: Tx, position: number): Promise<void>
}>

export function createCursor({ consumer, source }: { consumer: string; source: string }): Cursor {
  const key = [consumer, source]
  return {
    async read(on) {
      await openCursor(on, [...key, 0])
      const [row] = await readCursor(on, key)
      return row?.position ?? 0
    },
    async lockAt(tx, position) {
      const [row] = await lockCursor(tx, key)
      return row?.position === position
    },
    async move(tx, position) {
      await moveCursor(tx, [...key, position])
    },
  }
}

import type { Queryable, Tx } from '../db/statement.ts'
import { statement } from '../db/statement.ts'

const readCursor = statement<{ position: number }>(
  'platform.read_cursor',
  'select position from platform.consumer_cursors where consumer = $1 and source = $2',
)
const lockCursor = statement<{ position: number }>(
  'platform.lock_cursor',
  'select position from platform.consumer_cursors where consumer = $1 and source = $2 for update',
)
const openCursor = statement(
  'platform.open_cursor',
  `insert into platform.consumer_cursors (consumer, source, position) values ($1, $2, $3)
   on conflict do nothing`,
)
const moveCursor = statement(
  'platform.move_cursor',
  `update platform.consumer_cursors set position = $3, updated_at = now()
   where consumer = $1 and source = $2`,
)

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

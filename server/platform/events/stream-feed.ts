import type { Database } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import { type Feed, FeedMoved } from './feed.ts'
import type { Outbox } from './outbox.ts'

export const readCursor = statement<{ position: number }>(
  'platform.read_cursor',
  'select position from platform.consumer_cursors where consumer = $1 and source = $2',
)
export const lockCursor = statement<{ position: number }>(
  'platform.lock_cursor',
  'select position from platform.consumer_cursors where consumer = $1 and source = $2 for update',
)
export const openCursor = statement(
  'platform.open_cursor',
  `insert into platform.consumer_cursors (consumer, source, position) values ($1, $2, $3)
   on conflict do nothing`,
)
export const moveCursor = statement(
  'platform.move_cursor',
  `update platform.consumer_cursors set position = $3, updated_at = now()
   where consumer = $1 and source = $2`,
)

/** How long an idle consumer or sequencer sleeps when nobody in its process wakes it. */
export const IDLE_MS = 50

/** Where a consumer is in a stream. A cursor that is new begins at `start`. */
export async function readPlace(
  db: Database,
  { name, source, start = 0 }: Readonly<{ name: string; source: string; start?: number }>,
): Promise<number> {
  await openCursor(db, [name, source, start])
  const [row] = await readCursor(db, [name, source])
  return row?.position ?? start
}

/** The stream in the database, from where the consumer's cursor stands. The row stays the truth. */
export function createStreamFeed(
  name: string,
  { db, outbox, source }: Readonly<{ db: Database; outbox: Outbox; source: string }>,
): Feed {
  /** Where the next batch begins; loaded once, then kept. */
  let known: number | undefined
  return {
    async next(limit) {
      known ??= await readPlace(db, { name, source })
      return outbox.read(known, limit)
    },
    async lock(tx) {
      const [row] = await lockCursor(tx, [name, source])
      if (row && row.position === known) return
      known = undefined
      throw new FeedMoved()
    },
    async settle(tx, batch) {
      await moveCursor(tx, [name, source, batch.at(-1)?.position ?? known])
    },
    async settled(batch) {
      known = batch.at(-1)?.position ?? known
    },
    forget() {
      known = undefined
    },
    heard: outbox.moved.strikes,
    wait: (heard, signal) => outbox.moved.wait(heard, IDLE_MS, signal),
    async close() {},
  }
}

import { createHash } from 'node:crypto'
import { maskCardNumbers } from '../../../platform/card-numbers.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { Log } from '../../../platform/log.ts'
import { createWriteBehind } from '../../../platform/write-behind.ts'
import type { SearchQuery } from '../engine/index.ts'

/** What is remembered of a search; of who asked only a mark of the day. */
export type AskedQuery = Readonly<{
  id: string
  query: SearchQuery
  total: number
  tookMs: number
  correctedQuery: string | null
  degraded: boolean
  visitor: string | null
}>

const insertQueries = statement(
  'search.insert_queries',
  `insert into search.queries
     (id, asked_at, query, filters_hash, total, took_ms, corrected_query, degraded, mark)
   select * from unnest
     ($1::text[], $2::timestamptz[], $3::text[], $4::bytea[], $5::int[], $6::real[], $7::text[],
      $8::boolean[], $9::bytea[])`,
)

const CAPACITY = 10_000
const BATCH = 1_000
const MAX_LENGTH = 200

export type QueryLog = Readonly<{
  /** Never waits, never fails; forgets the search if too many wait to be written. */
  note(asked: AskedQuery): void
  /** Writes what waits. @returns how many searches. */
  flush(): Promise<number>
  forgotten(): number
}>

export function createQueryLog({
  db,
  clock,
  log,
}: Readonly<{ db: Database; clock: Clock; log: Log }>): QueryLog {
  const rows = createWriteBehind<readonly unknown[]>({
    what: 'searches',
    capacity: CAPACITY,
    batch: BATCH,
    log,
    async write(waiting) {
      const columns = (waiting[0] as unknown[]).map((_, column) =>
        waiting.map((row) => row[column]),
      )
      await insertQueries(db, columns)
    },
  })
  return {
    flush: rows.flush,
    forgotten: () => rows.counts().dropped,
    note({ id, query, total, tookMs, correctedQuery, degraded, visitor }) {
      const at = clock.now().toISOString()
      const words = maskCardNumbers(normalised(query.text ?? ''))
      const mark = visitor === null ? null : digest(`${at.slice(0, 10)} ${visitor}`)
      const filters = hashOf(query)
      rows.add([id, at, words, filters, total, tookMs, correctedQuery, degraded, mark])
    },
  }
}

/** Words as reports count them. */
function normalised(text: string): string {
  return text.toLowerCase().slice(0, MAX_LENGTH).replaceAll('\u0000', '').toWellFormed().trim()
}

/** Null without filters. */
function hashOf({ filters }: SearchQuery): Buffer | null {
  if (!filters || Object.keys(filters).length === 0) return null
  return digest(JSON.stringify(filters))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, 8)
}

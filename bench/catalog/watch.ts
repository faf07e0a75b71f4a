import type { Database } from '../../server/platform/db/database.ts'
import type { Queryable } from '../../server/platform/db/statement.ts'

type Asked = Parameters<Queryable['query']>[0]

export type Watch = Readonly<{
  wrap(db: Database): Database
  /** Statements so far. */
  count(): number
  /** The last values that each named statement ran with. */
  seen(): ReadonlyMap<string, Asked>
}>

/** Counts what a module asks its database, and keeps an example of each statement. */
export function createWatch(): Watch {
  let count = 0
  const seen = new Map<string, Asked>()
  const note = (config: Asked) => {
    count += 1
    if (config.name) seen.set(config.name, config)
  }
  return {
    count: () => count,
    seen: () => seen,
    wrap: (db) => ({
      ...db,
      query: (config) => {
        note(config)
        return db.query(config)
      },
    }),
  }
}

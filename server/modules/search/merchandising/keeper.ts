import type { Database } from '../../../platform/db/database.ts'
import { type Merchandise, NOTHING, prepare } from './model.ts'
import { readMerchandising, readVersion } from './repository.ts'

/** The shop's synonyms and rules, in this process's memory. */
export type MerchandiseKeeper = Readonly<{
  current(): Merchandise
  /** Reads all anew if anything has changed; called again and again, and after an own change. */
  follow(): Promise<number>
}>

export function keepMerchandise(db: Database): MerchandiseKeeper {
  let current = NOTHING
  return {
    current: () => current,
    async follow() {
      const [row] = await readVersion(db)
      if (row?.version === current.version) return 0
      const read = prepare(await readMerchandising(db))
      // A slower reading than another one must not bring back what was before.
      if (read.version > current.version) current = read
      return 0
    },
  }
}

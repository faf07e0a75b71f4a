import type { FraudListEntry } from '#contracts/fraud/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { only, statement } from '../../platform/db/statement.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Subject } from './subjects.ts'

type Row = Omit<FraudListEntry, 'kind'> & Readonly<{ subject: string }>

const ENTRY = `id, list, subject, reason, expires_at as "expiresAt", created_by as "createdBy",
  created_at as "createdAt"`

const putEntry = statement<Row>(
  'fraud.put_list_entry',
  `insert into fraud.list_entries (id, list, subject, reason, expires_at, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (subject) do update set id = excluded.id, list = excluded.list,
     reason = excluded.reason, expires_at = excluded.expires_at,
     created_by = excluded.created_by, created_at = excluded.created_at
   returning ${ENTRY}`,
)

const listEntries = statement<Row>(
  'fraud.list_list_entries',
  `select ${ENTRY} from fraud.list_entries where id < $1 order by id desc limit $2`,
)

const deleteEntry = statement<{ id: string }>(
  'fraud.delete_list_entry',
  'delete from fraud.list_entries where id = $1 returning id',
)

const deleteExpired = statement(
  'fraud.sweep_list_entries',
  'delete from fraud.list_entries where expires_at <= $1',
)

const LAST = '~'

export type Lists = Readonly<{
  /** Lists a subject; replaces what was said of it before. */
  put(
    input: Pick<FraudListEntry, 'list' | 'reason' | 'expiresAt'> &
      Readonly<{ subject: Subject; by: string }>,
  ): Promise<FraudListEntry>
  list(input: { before: string | null; limit: number }): Promise<FraudListEntry[]>
  /** @throws not_found */
  remove(input: { entryId: string }): Promise<void>
  dropExpired(): Promise<void>
}>

type Deps = Readonly<{ db: Database; clock: Clock; ids: Ids }>

/** Who is always allowed, and who never. */
export function createLists({ db, clock, ids }: Deps): Lists {
  return {
    async put({ subject, list, reason, expiresAt, by }) {
      const now = clock.now().toISOString()
      const values = [ids.make('fle'), list, subject.key, reason, expiresAt, by, now]
      return toEntry(only(await putEntry(db, values)))
    },
    async list({ before, limit }) {
      return (await listEntries(db, [before ?? LAST, limit])).map(toEntry)
    },
    async remove({ entryId }) {
      if ((await deleteEntry(db, [entryId])).length === 0) throw generalProblem('not_found')
    },
    async dropExpired() {
      await deleteExpired(db, [clock.now().toISOString()])
    },
  }
}

function toEntry({ subject, ...entry }: Row): FraudListEntry {
  return { ...entry, kind: subject.slice(0, subject.indexOf(':')) as FraudListEntry['kind'] }
}

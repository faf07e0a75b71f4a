import type { Database } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import type { AuditEntry } from './entry.ts'

export type ListedEntry = AuditEntry & Readonly<{ seq: number; hash: string }>

type Row = Readonly<{ seq: number; entry: AuditEntry; hash: string }>

const COLUMNS = `seq, entry::jsonb as entry, encode(hash, 'hex') as hash`

const listAll = statement<Row>(
  'platform.list_audit_log',
  `select ${COLUMNS} from platform.audit_log where seq < $1 order by seq desc limit $2`,
)
const listBy = (column: 'actor' | 'action' | 'entity_id') =>
  statement<Row>(
    `platform.list_audit_log_by_${column}`,
    `select ${COLUMNS} from platform.audit_log
     where ${column} = $3 and seq < $1 order by seq desc limit $2`,
  )
const LISTS = {
  entityId: listBy('entity_id'),
  actor: listBy('actor'),
  action: listBy('action'),
} as const

export type AuditQuestion = Readonly<{
  /** One of these at most: what the list is by. */
  by?: Readonly<{ field: keyof typeof LISTS; value: string }> | undefined
  /** Entries before this one. */
  before: number
  limit: number
}>

/** Entries, the newest first. */
export async function listAuditLog(
  db: Database,
  { by, before, limit }: AuditQuestion,
): Promise<ListedEntry[]> {
  const rows = by
    ? await LISTS[by.field](db, [before, limit, by.value])
    : await listAll(db, [before, limit])
  return rows.map(({ seq, hash, entry }) => ({ seq, hash, ...entry }))
}

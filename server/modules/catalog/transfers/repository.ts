import type { ImportRowError } from '#contracts/catalog/import.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { ExportOptions } from '../flows/export-products.ts'
import type { ImportFormat } from '../flows/import-batches.ts'

export type ImportSettings = ImportFormat & Readonly<{ name: string | null; dryRun: boolean }>
export type ExportSettings = Pick<ExportOptions, 'format' | 'seller'> &
  Readonly<{ packed: boolean }>

export type TransferState = 'waiting' | 'running' | 'finished' | 'failed' | 'cancelled'

/** A job as it stands; counts of an import are those of all its runs. */
export type Transfer = Readonly<{
  id: string
  state: TransferState
  askedBy: string
  bytes: number
  hasFile: boolean
  bytesRead: number
  rows: number
  products: number
  total: number
  changed: number
  errors: number
  problem: string | null
  createdAt: string
  startedAt: string | null
  endedAt: string | null
}> &
  (
    | Readonly<{ kind: 'import'; settings: ImportSettings }>
    | Readonly<{ kind: 'export'; settings: ExportSettings }>
  )

// The importer keeps counts of its own, under the job's key, which outlive a run that was killed.
const COLUMNS = `t.id, t.kind, t.state, t.settings, t.asked_by as "askedBy", t.bytes,
  t.has_file as "hasFile",
  t.bytes_read as "bytesRead", coalesce(i.last_row, t.rows) as rows,
  coalesce(i.products, t.products) as products, t.total, coalesce(i.changed, t.changed) as changed,
  coalesce(i.errors, t.errors) as errors, t.problem, t.created_at as "createdAt",
  t.started_at as "startedAt", t.ended_at as "endedAt"`
const COUNTS = `left join catalog.imports i on i.key = 'transfer:' || t.id`

/** The key under which the importer knows a job. */
export const importKey = (id: string) => `transfer:${id}`

export const insertTransfer = statement(
  'catalog.insert_transfer',
  `insert into catalog.transfers (id, kind, key, settings, asked_by, bytes, has_file)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (key) do nothing`,
)

export const findTransferByKey = statement<{ id: string }>(
  'catalog.find_transfer_by_key',
  'select id from catalog.transfers where key = $1',
)

export const findTransfer = statement<Transfer>(
  'catalog.find_transfer',
  `select ${COLUMNS} from catalog.transfers t ${COUNTS} where t.id = $1 and t.kind = $2`,
)

export const listTransfers = statement<Transfer>(
  'catalog.list_transfers',
  `select ${COLUMNS} from catalog.transfers t ${COUNTS}
   where t.kind = $1 and t.id < $2 order by t.id desc limit $3`,
)

/** The oldest job that waits, or whose runner has died. */
export const claimTransfer = statement<{ id: string; kind: Transfer['kind'] }>(
  'catalog.claim_transfer',
  `update catalog.transfers
   set state = 'running', runner = $1, lease_until = now() + make_interval(secs => $2),
       started_at = coalesce(started_at, now()), problem = null
   where id = (
     select id from catalog.transfers
     where state in ('waiting', 'running') and coalesce(lease_until, '-infinity') < now()
     order by id limit 1 for update skip locked
   )
   returning id, kind`,
)

/** Tells how far it is, and that its runner lives. @returns none if it is not the runner's any more. */
export const beatTransfer = statement<{ id: string }>(
  'catalog.beat_transfer',
  `update catalog.transfers
   set lease_until = now() + make_interval(secs => $3), bytes_read = $4, rows = $5, products = $6,
       total = $7, changed = $8, errors = $9
   where id = $1 and runner = $2 and state = 'running' returning id`,
)

/** Ends a run. `waiting` gives it to the next who looks. */
export const endTransfer = statement<{ id: string }>(
  'catalog.end_transfer',
  `update catalog.transfers
   set state = $3, problem = $4, bytes = $5, has_file = $6, lease_until = null, runner = null,
       ended_at = case when $3 = 'waiting' then null else now() end
   where id = $1 and runner = $2 and state = 'running' returning id`,
)

export const cancelTransfer = statement<{ id: string }>(
  'catalog.cancel_transfer',
  `update catalog.transfers
   set state = 'cancelled', ended_at = now(), lease_until = null, runner = null
   where id = $1 and kind = $2 and state in ('waiting', 'running') returning id`,
)

export const resumeTransfer = statement<{ id: string }>(
  'catalog.resume_transfer',
  `update catalog.transfers set state = 'waiting', problem = null, ended_at = null
   where id = $1 and kind = 'import' and state in ('cancelled', 'failed') and has_file returning id`,
)

/** Wrong rows after a row and field. A rehearsal has no import, and keeps them under its own id. */
export const listTransferErrors = statement<ImportRowError>(
  'catalog.list_transfer_errors',
  `select e.row_number as "row", e.field, e.message
   from catalog.import_errors e
   where e.import_id = coalesce((select i.id from catalog.imports i where i.key = $1), $2)
     and (e.row_number, e.field) > ($3::bigint, $4)
   order by e.row_number, e.field limit $5`,
)

export const usedBytes = statement<{ bytes: number }>(
  'catalog.used_bytes',
  'select coalesce(sum(bytes), 0)::bigint as bytes from catalog.transfers where has_file',
)

/** Takes the files from jobs that ended long ago. */
export const forgetFiles = statement<{ id: string }>(
  'catalog.forget_files',
  `update catalog.transfers set has_file = false
   where has_file and ended_at < now() - make_interval(days => $1) returning id`,
)

export const listKeptFiles = statement<{ id: string }>(
  'catalog.list_kept_files',
  `select id from unnest($1::text[]) as k (id)
   where exists (select from catalog.transfers t
                 where t.id = k.id and (t.has_file or t.state in ('waiting', 'running')))`,
)

import type { ImportRowError } from '#contracts/catalog/import.ts'
import { statement } from '../../../platform/db/statement.ts'

/** What is known of an import by its key; it is where a repetition goes on. */
export type ImportRecord = Readonly<{
  id: string
  source: string
  state: 'running' | 'finished'
  lastRow: number
  products: number
  changed: number
  errors: number
}>

export const beginImport = statement<ImportRecord>(
  'catalog.begin_import',
  `insert into catalog.imports (id, key, source) values ($1, $2, $3)
   on conflict (key) do update set updated_at = now()
   returning id, source, state, last_row as "lastRow", products, changed, errors`,
)

// A batch that was written and not yet kept here is written once more, which changes nothing.
export const moveImport = statement<{ id: string }>(
  'catalog.move_import',
  `update catalog.imports
   set last_row = $2, products = products + $3, changed = changed + $4, errors = errors + $5,
       updated_at = now()
   where id = $1 and last_row < $2 returning id`,
)

export const keepImportErrors = statement(
  'catalog.keep_import_errors',
  `insert into catalog.import_errors (import_id, row_number, field, message)
   select distinct on (row_number, field) $1, row_number, field, message
   from unnest($2::bigint[], $3::text[], $4::text[]) as e (row_number, field, message)
   order by row_number, field
   on conflict do nothing`,
)

export const finishImport = statement(
  'catalog.finish_import',
  `update catalog.imports set state = 'finished', updated_at = now() where id = $1`,
)

export const listImportErrors = statement<ImportRowError>(
  'catalog.list_import_errors',
  `select row_number as "row", field, message from catalog.import_errors
   where import_id = $1 order by row_number, field limit $2`,
)

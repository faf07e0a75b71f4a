import type { CatalogChange } from '#contracts/catalog/admin-schemas.ts'
import { auditChanges } from '../../../platform/audit-log/record.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement, type Tx } from '../../../platform/db/statement.ts'
import type { Diff } from '../../../platform/diff.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import type { Ids } from '../../../platform/ids.ts'

export type Change = Readonly<{
  action: string
  entity: 'category' | 'product' | 'variant' | 'offer' | 'translation'
  entityId: string
  /** The product or category that it belongs to. */
  subjectId: string
  diff: Diff
}>

const insertChanges = statement(
  'catalog.insert_changes',
  `insert into catalog.changes (id, actor, action, entity, entity_id, subject_id, diff)
   select id, $2, action, entity, entity_id, subject_id, diff
   from unnest($1::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
     as c (id, action, entity, entity_id, subject_id, diff)`,
)

const COLUMNS = `id, actor, action, entity, entity_id as "entityId", subject_id as "subjectId",
  diff, changed_at as "changedAt"`

const listChangesOfSubject = statement<CatalogChange>(
  'catalog.list_changes_of_subject',
  `select ${COLUMNS} from catalog.changes
   where subject_id = $1 and id < $2 order by id desc limit $3`,
)

const listChangesOfEntity = statement<CatalogChange>(
  'catalog.list_changes_of_entity',
  `select ${COLUMNS} from catalog.changes
   where entity_id = $1 and id < $2 order by id desc limit $3`,
)

const listChangesByActor = statement<CatalogChange>(
  'catalog.list_changes_by_actor',
  `select ${COLUMNS} from catalog.changes
   where actor = $1 and id < $2 order by id desc limit $3`,
)

const listAllChanges = statement<CatalogChange>(
  'catalog.list_all_changes',
  `select ${COLUMNS} from catalog.changes where id < $1 order by id desc limit $2`,
)

/** Keeps who changed what, in the transaction of the change. */
export async function recordChanges(
  tx: Tx,
  ids: Ids,
  actor: string,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return
  await insertChanges(tx, [
    changes.map(() => ids.make('chg')),
    actor,
    changes.map(({ action }) => action),
    changes.map(({ entity }) => entity),
    changes.map(({ entityId }) => entityId),
    changes.map(({ subjectId }) => subjectId),
    changes.map(({ diff }) => JSON.stringify(diff)),
  ])
  const audited = changes.map(({ entity, action, entityId, diff }) => ({
    actor,
    action: `catalog.${entity}.${action}`,
    entityId,
    diff,
  }))
  await auditChanges(tx, ids, audited)
}

type Asked = Readonly<{
  subjectId?: string | undefined
  entityId?: string | undefined
  actor?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}>

/** Greater than every id. */
const NEWEST = 'd'
const PAGE = 50

/** Changes newest first, of what is asked for most closely. @throws validation_failed */
export async function listChanges(
  db: Database,
  { subjectId, entityId, actor, cursor, limit = PAGE }: Asked,
): Promise<{ items: CatalogChange[]; nextCursor: string | null }> {
  const before = cursor === undefined ? NEWEST : decodeCursor(cursor, ['string'])[0]
  const filters = [
    [listChangesOfEntity, entityId],
    [listChangesOfSubject, subjectId],
    [listChangesByActor, actor],
  ] as const
  const driver = filters.find(([, value]) => value !== undefined)
  const rows = driver
    ? await driver[0](db, [driver[1], before, limit])
    : await listAllChanges(db, [before, limit])
  const items = rows.filter(
    (row) =>
      (subjectId === undefined || row.subjectId === subjectId) &&
      (actor === undefined || row.actor === actor),
  )
  const last = rows.at(-1)
  return { items, nextCursor: last && rows.length === limit ? encodeCursor([last.id]) : null }
}

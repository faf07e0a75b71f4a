import type { BulkEdit, BulkTarget } from '#contracts/catalog/admin-schemas.ts'
import { productChanged } from '#contracts/catalog/events.ts'
import { type FieldError, generalProblem } from '#contracts/kit/problem.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { shardOf } from '../../../platform/ids.ts'
import { checkAttributes } from '../attribute-schema.ts'
import type { TreeNode } from '../category-tree.ts'
import type { AttributeEntry } from '../model.ts'
import { recordChanges } from './changes.ts'
import { type AdminDeps, type Command, categoryOf, keyOf, refuseFaults } from './deps.ts'
import { listProducts } from './list-products.ts'
import { refuseUnsellable } from './products.ts'
import { type BulkRow, lockProducts, updateProducts } from './products-repository.ts'

type Wanted = Readonly<{ id: string; version?: number | undefined }>

type Edited = Readonly<{ id: string; version: number; changed: boolean }>

const LIMIT = 1_000

/**
 * One edit of many products: all of them or none, in a fixed number of statements.
 * @throws not_found, precondition_failed, validation_failed, naming the products
 */
export async function bulkEdit(
  deps: AdminDeps,
  { actor, target, edit }: Command<{ target: BulkTarget; edit: BulkEdit }>,
): Promise<{ items: Edited[]; nextCursor: string | null }> {
  const { db, outbox, categories } = deps
  if (edit.categoryId !== undefined)
    await categoryOf(categories, edit.categoryId, 'body.edit.categoryId')
  const tree = await categories.byId()
  const { wanted, nextCursor } = await findWanted(deps, target)
  for (const { id } of wanted) keyOf('prd', id)
  const items = await db.tx((tx) => apply(tx, deps, { actor, wanted, edit, tree }))
  outbox.appended.strike()
  return { items, nextCursor }
}

async function findWanted(
  { db }: AdminDeps,
  target: BulkTarget,
): Promise<{ wanted: readonly Wanted[]; nextCursor: string | null }> {
  if ('products' in target) {
    const byId = new Map(target.products.map((product) => [product.id, product]))
    return { wanted: [...byId.values()], nextCursor: null }
  }
  const { filter, cursor, limit = LIMIT } = target
  const { items, nextCursor } = await listProducts(db, { ...filter, cursor, limit })
  return { wanted: items.map(({ id }) => ({ id })), nextCursor }
}

type Work = Readonly<{
  actor: string
  wanted: readonly Wanted[]
  edit: BulkEdit
  tree: ReadonlyMap<string, TreeNode>
}>

async function apply(
  tx: Tx,
  { outbox, ids }: AdminDeps,
  { actor, wanted, edit, tree }: Work,
): Promise<Edited[]> {
  const sorted = wanted.map(({ id }) => id).sort()
  const rows = await lockProducts(tx, [sorted.map(shardOf), sorted])
  const found = new Map(rows.map((row) => [row.id, row]))
  refuseStrangers(wanted, found)
  const edits = rows.map((before) => {
    const after = edited(before, edit)
    return { before, after, diff: diffOf(before, after) }
  })
  const changed = edits.filter(({ diff }) => Object.keys(diff).length > 0)
  refuseFaults(changed.flatMap(({ after }) => faultsOf(after, tree)))
  const published = changed.filter(
    ({ before, after }) => after.status === 'active' && before.status !== 'active',
  )
  await refuseUnsellable(
    tx,
    published.map(({ after: { id } }) => [shardOf(id), id]),
  )
  const versions = await write(
    tx,
    changed.map(({ after }) => after),
  )
  await recordChanges(
    tx,
    ids,
    actor,
    changed.map(({ after: { id }, diff }) => ({
      action: 'bulk_edited',
      entity: 'product',
      entityId: id,
      subjectId: id,
      diff,
    })),
  )
  await outbox.append(
    tx,
    changed.map(({ after: { id } }) => ({
      spec: productChanged,
      aggregateId: id,
      payload: { productId: id, version: versions.get(id) as number },
    })),
  )
  return wanted.map(({ id }) => ({
    id,
    version: versions.get(id) ?? (found.get(id) as BulkRow).version,
    changed: versions.has(id),
  }))
}

/** @throws not_found, precondition_failed */
function refuseStrangers(wanted: readonly Wanted[], found: ReadonlyMap<string, BulkRow>): void {
  const missing = wanted.filter(({ id }) => !found.has(id)).map(({ id }) => id)
  if (missing.length > 0) throw generalProblem('not_found', { data: { productIds: missing } })
  const newer = wanted.filter(
    ({ id, version }) => version !== undefined && version !== found.get(id)?.version,
  )
  if (newer.length === 0) return
  const versions = newer.map(({ id }) => ({ id, version: found.get(id)?.version }))
  throw generalProblem('precondition_failed', { data: { products: versions } })
}

function edited(before: BulkRow, edit: BulkEdit): BulkRow {
  return {
    ...before,
    status: edit.status ?? before.status,
    categoryId: edit.categoryId ?? before.categoryId,
    brand: edit.brand === undefined ? before.brand : edit.brand,
    taxClass: edit.taxClass ?? before.taxClass,
    isFeatured: edit.isFeatured ?? before.isFeatured,
    attributes: mergeAttributes(before.attributes, edit.attributes ?? {}),
  }
}

/** Attributes keep their order; new ones come last, those set to null go. */
function mergeAttributes(
  before: readonly AttributeEntry[],
  edit: NonNullable<BulkEdit['attributes']>,
): AttributeEntry[] {
  const merged = new Map<string, AttributeEntry['value'] | null>(
    before.map(({ name, value }) => [name, value]),
  )
  for (const [name, value] of Object.entries(edit)) merged.set(name, value)
  return [...merged].flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
}

function faultsOf(after: BulkRow, tree: ReadonlyMap<string, TreeNode>): FieldError[] {
  const rules = tree.get(after.categoryId)?.attributeSchema
  if (!rules) return []
  return checkAttributes(rules, after.attributes, 'body.edit.attributes').map(
    ({ path, message }) => ({ path, message: `${message} (product ${after.id})` }),
  )
}

async function write(tx: Tx, rows: readonly BulkRow[]): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map()
  const updated = await updateProducts(tx, [
    rows.map(({ id }) => shardOf(id)),
    rows.map(({ id }) => id),
    rows.map(({ status }) => status),
    rows.map(({ categoryId }) => categoryId),
    rows.map(({ brand }) => brand),
    rows.map(({ taxClass }) => taxClass),
    rows.map(({ isFeatured }) => isFeatured),
    rows.map(({ attributes }) => JSON.stringify(attributes)),
  ])
  return new Map(updated.map(({ id, version }) => [id, version]))
}

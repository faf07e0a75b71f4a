import type {
  AdminCategory,
  AdminCategoryItem,
  AttributeSchema,
  CategoryEdit,
  NewCategory,
} from '#contracts/catalog/admin-schemas.ts'
import { categoriesChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { only, type Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import type { EffectiveSchema } from '../attribute-schema.ts'
import { slugWords } from '../slug.ts'
import {
  type CategoryRecord,
  insertCategory,
  listCategoriesAfter,
  lockCategory,
  lockTree,
  moveBranch,
  readCategory,
  updateAttributeSchema,
  updateCategory,
} from './categories-repository.ts'
import { type Change, recordChanges } from './changes.ts'
import type { AdminDeps, Command } from './deps.ts'
import { present } from './view.ts'

type Versioned = Readonly<{ id: string; version: number }>

const EVENT_IDS = 1_000

/** Runs one change of the tree: what it did is told, and this process reads the tree anew. */
async function change<T>(
  { db, outbox, ids, categories }: AdminDeps,
  actor: string,
  work: (tx: Tx) => Promise<{ result: T; changedIds: readonly string[]; record: Change | null }>,
): Promise<T> {
  const result = await db.tx(async (tx) => {
    await lockTree(tx)
    const { result, changedIds, record } = await work(tx)
    if (record) await recordChanges(tx, ids, actor, [record])
    for (let from = 0; from < changedIds.length; from += EVENT_IDS) {
      const categoryIds = changedIds.slice(from, from + EVENT_IDS)
      const aggregateId = categoryIds[0] as string
      await outbox.append(tx, [{ spec: categoriesChanged, aggregateId, payload: { categoryIds } }])
    }
    return result
  })
  categories.drop()
  outbox.appended.strike()
  return result
}

async function lockSeen(
  tx: Tx,
  categoryId: string,
  expected: number | undefined,
): Promise<CategoryRecord> {
  const [before] = await lockCategory(tx, [categoryId])
  if (!before) throw generalProblem('not_found')
  expectVersion(expected, before.version)
  return before
}

const recordOf = (action: string, id: string, diff: Change['diff']): Change => ({
  action,
  entity: 'category',
  entityId: id,
  subjectId: id,
  diff,
})

/** @throws not_found if there is no such parent, catalog.duplicate on a code or slug in use */
export function createCategory(
  deps: AdminDeps,
  { actor, category }: Command<{ category: NewCategory }>,
): Promise<Versioned> {
  const id = deps.ids.make('cat')
  return change(deps, actor, async (tx) => {
    const parent =
      category.parentId === null ? undefined : await lockSeen(tx, category.parentId, undefined)
    const code = category.code ?? id.slice(id.indexOf('_') + 1)
    const words = slugWords(category.name) || code
    const slug = category.slug ?? (parent ? `${parent.slug}/${words}` : words)
    const [made] = await insertCategory(tx, [
      id,
      code,
      category.name,
      slug,
      category.description ?? null,
      parent?.id ?? null,
      `${parent?.path ?? ''}${code}/`,
      (parent?.level ?? 0) + 1,
      category.sortOrder ?? 0,
    ])
    if (!made) {
      const errors = [{ path: 'body', message: `code ${code} or slug ${slug} is in use` }]
      throw catalogProblem('catalog.duplicate', { errors })
    }
    const record = recordOf('created', id, diffOf({}, { ...category, code, slug }))
    return { result: { id, version: 1 }, changedIds: [id], record }
  })
}

/** @throws not_found, precondition_failed, catalog.duplicate */
export function editCategory(
  deps: AdminDeps,
  { actor, expectedVersion, categoryId, edit }: Command<{ categoryId: string; edit: CategoryEdit }>,
): Promise<Versioned> {
  return change(deps, actor, async (tx) => {
    const before = await lockSeen(tx, categoryId, expectedVersion)
    const after = {
      name: edit.name ?? before.name,
      slug: edit.slug ?? before.slug,
      description: edit.description === undefined ? before.description : edit.description,
      sortOrder: edit.sortOrder ?? before.sortOrder,
      isActive: edit.status === undefined ? before.isActive : edit.status === 'active',
    }
    const diff = diffOf(before, after)
    if (Object.keys(diff).length === 0)
      return { result: { id: categoryId, version: before.version }, changedIds: [], record: null }
    const { name, slug, description, sortOrder, isActive } = after
    const [updated] = await updateCategory(tx, [
      categoryId,
      name,
      slug,
      description,
      sortOrder,
      isActive,
    ])
    if (!updated) {
      const errors = [{ path: 'body.slug', message: 'is the slug of another category' }]
      throw catalogProblem('catalog.duplicate', { errors })
    }
    const record = recordOf('edited', categoryId, diff)
    const result = { id: categoryId, version: updated.version }
    return { result, changedIds: [categoryId], record }
  })
}

/** @throws not_found, precondition_failed, catalog.category_cycle */
export function moveCategory(
  deps: AdminDeps,
  command: Command<{ categoryId: string; parentId: string | null }>,
): Promise<Versioned & Readonly<{ moved: number }>> {
  const { actor, expectedVersion, categoryId, parentId } = command
  return change(deps, actor, async (tx) => {
    const before = await lockSeen(tx, categoryId, expectedVersion)
    const parent = parentId === null ? null : await lockSeen(tx, parentId, undefined)
    if (before.parentId === parentId) {
      const result = { id: categoryId, version: before.version, moved: 0 }
      return { result, changedIds: [], record: null }
    }
    if (parent?.path.startsWith(before.path)) throw catalogProblem('catalog.category_cycle')
    const rows = await moveBranch(tx, [
      categoryId,
      parentId,
      before.path,
      `${parent?.path ?? ''}${before.code}/`,
      (parent?.level ?? 0) + 1 - before.level,
    ])
    const { version } = rows.find((row) => row.id === categoryId) as Versioned
    const record = recordOf('moved', categoryId, diffOf(before, { parentId }))
    const result = { id: categoryId, version, moved: rows.length }
    return { result, changedIds: rows.map((row) => row.id), record }
  })
}

/** @throws not_found, precondition_failed */
export function setAttributeSchema(
  deps: AdminDeps,
  command: Command<{ categoryId: string; schema: AttributeSchema | null }>,
): Promise<Versioned> {
  const { actor, expectedVersion, categoryId, schema } = command
  return change(deps, actor, async (tx) => {
    const before = await lockSeen(tx, categoryId, expectedVersion)
    const diff = diffOf(before, { attributeSchema: schema })
    if (Object.keys(diff).length === 0)
      return { result: { id: categoryId, version: before.version }, changedIds: [], record: null }
    const json = schema === null ? null : JSON.stringify(schema)
    const { version } = only(await updateAttributeSchema(tx, [categoryId, json]))
    const record = recordOf('attribute_schema_set', categoryId, diff)
    return { result: { id: categoryId, version }, changedIds: [categoryId], record }
  })
}

/** @throws not_found */
export async function getCategory(
  { db }: AdminDeps,
  categoryId: string,
): Promise<{ category: AdminCategory; schema: AttributeSchema | null }> {
  const [row] = await readCategory(db, [categoryId])
  if (!row) throw generalProblem('not_found')
  return { category: toAdminCategory(row), schema: row.attributeSchema }
}

function toAdminCategory<Row extends CategoryRecord>(row: Row) {
  const { path: _, isActive, attributeSchema: __, description, ...category } = row
  const status: AdminCategory['status'] = isActive ? 'active' : 'archived'
  return { ...category, ...present({ description }), status }
}

type Asked = Readonly<{
  parentId?: string | undefined
  status?: AdminCategory['status'] | undefined
  cursor?: string | undefined
  limit?: number | undefined
}>

const PAGE = 50

/** Categories in the order of the tree, or those right below one. @throws validation_failed */
export async function listCategories(
  { db }: AdminDeps,
  { parentId, status, cursor, limit = PAGE }: Asked,
): Promise<{ items: AdminCategoryItem[]; nextCursor: string | null }> {
  const [after] = cursor === undefined ? [''] : decodeCursor(cursor, ['string'])
  const isActive = status === undefined ? null : status === 'active'
  const rows = await listCategoriesAfter(db, [after, parentId ?? null, isActive, limit])
  const last = rows.at(-1)
  return {
    items: rows.map(toAdminCategory),
    nextCursor: last && rows.length === limit ? encodeCursor([last.path]) : null,
  }
}

/** The rules that hold for products of a category. @throws not_found */
export async function effectiveSchema(
  { categories }: AdminDeps,
  categoryId: string,
): Promise<EffectiveSchema> {
  const node = await categories.find(categoryId)
  if (node?.ref.id !== categoryId) throw generalProblem('not_found')
  return node.attributeSchema
}

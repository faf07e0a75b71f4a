import { generalProblem } from '#contracts/kit/problem.ts'
import { searchProblem } from '#contracts/search/problems.ts'
import type {
  NewRule,
  NewSynonym,
  SearchChange,
  SearchRule,
  SearchSynonym,
} from '#contracts/search/schemas.ts'
import { auditChanges } from '../../../platform/audit-log/record.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only, type Statement, type Tx } from '../../../platform/db/statement.ts'
import { type Diff, diffOf } from '../../../platform/diff.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import type { Ids } from '../../../platform/ids.ts'
import {
  countAll,
  insertChange,
  listAllChanges,
  listChangesOfEntity,
  moveVersion,
  rules,
  synonyms,
} from './repository.ts'

type Deps = Readonly<{
  db: Database
  ids: Ids
  /** Called after a change, so that this process keeps it at once. */
  onChanged(): Promise<unknown>
}>

/** Who asks, and which version he saw; any, if that is undefined. */
type Command<T> = Readonly<{ actor: string; expectedVersion?: number | undefined }> & T

type Stored = Readonly<{ id: string; version: number; createdAt: string; updatedAt: string }>

/** One kind of record with its statements, and the columns of what an operator writes. */
type Kind<Row extends Stored, Written> = Readonly<{
  entity: SearchChange['entity']
  prefix: 'syn' | 'rul'
  statements: Readonly<
    Record<'list' | 'find' | 'lock' | 'insert' | 'update', Statement<Row>> & {
      remove: Statement<Record<string, never>>
    }
  >
  /** All fields, those that were left out as they then are. */
  fields(written: Written): Omit<Row, keyof Stored>
  columns(fields: Omit<Row, keyof Stored>): unknown[]
}>

/** What all processes keep in memory must stay small. */
const MOST = { synonym: 10_000, rule: 2_000 } as const
const PAGE = 50
/** Greater than every id. */
const NEWEST = '~'

const SYNONYMS: Kind<SearchSynonym, NewSynonym> = {
  entity: 'synonym',
  prefix: 'syn',
  statements: synonyms,
  fields: ({ from, to, oneWay = false, locale = null, enabled = true }) => ({
    from,
    to,
    oneWay,
    locale,
    enabled,
  }),
  columns: ({ from, to, oneWay, locale, enabled }) => [from, to, oneWay, locale, enabled],
}

const RULES: Kind<SearchRule, NewRule> = {
  entity: 'rule',
  prefix: 'rul',
  statements: rules,
  fields: (written) => ({
    name: written.name,
    condition: written.condition,
    effect: written.effect,
    priority: written.priority ?? 0,
    startsAt: written.startsAt ? new Date(written.startsAt).toISOString() : null,
    endsAt: written.endsAt ? new Date(written.endsAt).toISOString() : null,
    enabled: written.enabled ?? true,
  }),
  columns: ({ name, condition, effect, priority, startsAt, endsAt, enabled }) => [
    name,
    JSON.stringify(condition),
    JSON.stringify(effect),
    priority,
    startsAt,
    endsAt,
    enabled,
  ],
}

/** What operators do with synonyms or with rules. */
export type Records<Row, Written> = Readonly<{
  list(page: PageOf): Promise<{ items: Row[]; nextCursor: string | null }>
  /** @throws not_found */
  get(id: string): Promise<Row>
  /** @throws search.too_many */
  create(command: Command<{ written: Written }>): Promise<Row>
  /** The same again changes nothing. @throws not_found, precondition_failed */
  replace(command: Command<{ id: string; written: Written }>): Promise<Row>
  /** @throws not_found, precondition_failed */
  remove(command: Command<{ id: string }>): Promise<void>
}>

type PageOf = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

export function createAdministration(deps: Deps) {
  return {
    synonyms: recordsOf(deps, SYNONYMS),
    rules: recordsOf(deps, RULES),
    /** Who changed what, newest first. */
    changes: ({ entityId, ...page }: PageOf & Readonly<{ entityId?: string | undefined }>) =>
      paged(page, (place) =>
        entityId === undefined
          ? listAllChanges(deps.db, place)
          : listChangesOfEntity(deps.db, [...place, entityId]),
      ),
  }
}

export type Administration = ReturnType<typeof createAdministration>

function recordsOf<Row extends Stored, Written>(
  deps: Deps,
  kind: Kind<Row, Written>,
): Records<Row, Written> {
  const { db, ids } = deps
  const { statements, entity } = kind

  /** One write: counted by the version, kept among the changes. */
  async function change<T>(
    { actor }: Readonly<{ actor: string }>,
    work: (tx: Tx) => Promise<{ result: T; record: Recorded | null }>,
  ): Promise<T> {
    const result = await db.tx(async (tx) => {
      await moveVersion(tx)
      const { result, record } = await work(tx)
      if (record) {
        const diff = JSON.stringify(record.diff)
        await insertChange(tx, [ids.make('chg'), actor, record.action, entity, record.id, diff])
        const action = `search.${entity}.${record.action}`
        await auditChanges(tx, ids, [{ actor, action, entityId: record.id, diff: record.diff }])
      }
      return result
    })
    await deps.onChanged()
    return result
  }

  async function lockSeen(tx: Tx, id: string, expected: number | undefined): Promise<Row> {
    const [before] = await statements.lock(tx, [id])
    if (!before) throw generalProblem('not_found')
    expectVersion(expected, before.version)
    return before
  }

  return {
    list: (page) => paged(page, (place) => statements.list(db, place)),
    async get(id) {
      const [row] = await statements.find(db, [id])
      if (!row) throw generalProblem('not_found')
      return row
    },
    create: (command) =>
      change(command, async (tx) => {
        if (only(await countAll(tx))[entity] >= MOST[entity])
          throw searchProblem('search.too_many', { detail: `At most ${MOST[entity]}` })
        const fields = kind.fields(command.written)
        const id = ids.make(kind.prefix)
        const result = only(await statements.insert(tx, [id, ...kind.columns(fields)]))
        return { result, record: { action: 'created', id, diff: diffOf({}, fields) } }
      }),
    replace: (command) =>
      change(command, async (tx) => {
        const { id, written, expectedVersion } = command
        const before = await lockSeen(tx, id, expectedVersion)
        const fields = kind.fields(written)
        const diff = diffOf(before, fields)
        if (Object.keys(diff).length === 0) return { result: before, record: null }
        const result = only(await statements.update(tx, [id, ...kind.columns(fields)]))
        return { result, record: { action: 'edited', id, diff } }
      }),
    remove: (command) =>
      change(command, async (tx) => {
        const { id, expectedVersion } = command
        const before = await lockSeen(tx, id, expectedVersion)
        await statements.remove(tx, [id])
        const { id: _, version: _seen, createdAt: _made, updatedAt: _changed, ...fields } = before
        const gone = Object.fromEntries(Object.keys(fields).map((field) => [field, null]))
        return { result: undefined, record: { action: 'removed', id, diff: diffOf(fields, gone) } }
      }),
  }
}

type Recorded = Readonly<{ action: SearchChange['action']; id: string; diff: Diff }>

/** A page of a list whose newest come first. @throws validation_failed */
async function paged<Row extends Readonly<{ id: string }>>(
  { cursor, limit = PAGE }: PageOf,
  read: (place: [before: string, limit: number]) => Promise<Row[]>,
): Promise<{ items: Row[]; nextCursor: string | null }> {
  const before = cursor === undefined ? NEWEST : String(decodeCursor(cursor, ['string'])[0])
  const items = await read([before, limit])
  const last = items.at(-1)
  return { items, nextCursor: last && items.length === limit ? encodeCursor([last.id]) : null }
}

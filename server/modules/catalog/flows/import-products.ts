import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImportRowError } from '#contracts/catalog/import.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { sqlState } from '../../../platform/db/database.ts'
import { only } from '../../../platform/db/statement.ts'
import { recountCategories } from '../repository.ts'
import { type ImportBatch, type ImportFormat, readBatches } from './import-batches.ts'
import type { ImporterDeps } from './import-deps.ts'
import { listSellerIds } from './import-directory.ts'
import { type ImportSource, openBytes } from './import-lines.ts'
import { mergeEntries } from './import-merge.ts'
import {
  beginImport,
  finishImport,
  type ImportRecord,
  keepImportErrors,
  listImportErrors,
  moveImport,
} from './import-record.ts'
import { type ResolvedEntry, resolveEntries } from './import-resolve.ts'
import type { ImportEntry, ImportWorld } from './import-rows.ts'
import { refreshStatistics } from './statistics.ts'

export type ImportProgress = Readonly<{
  rows: number
  products: number
  changed: number
  errors: number
  /** Of the file as it is, packed or not. */
  bytesRead: number
  bytesTotal: number | undefined
}>

export type ImportOptions = ImportSource &
  ImportFormat &
  Readonly<{
    /** The same key goes on where it was stopped, and does nothing once it is finished. */
    key: string
    /** Checks and looks up everything, and writes nothing. */
    dryRun?: boolean
    /** Whether pictures that rows name by address are fetched, soon after; true unless told. */
    fetchImages?: boolean
    onProgress?: (progress: ImportProgress) => void
    /** Told of every wrong row; the report keeps the first ones alone. */
    onError?: (error: ImportRowError) => void
  }>

export type ImportReport = Readonly<{
  importId: string
  rows: number
  /** Products of valid rows. */
  products: number
  /** Products that are not as they were. */
  changed: number
  errors: number
  firstErrors: readonly ImportRowError[]
}>

type Outcome = { written: ResolvedEntry[]; changed: number; errors: ImportRowError[] }

const FIRST_ERRORS = 1_000
/** One writer leaves cores idle while rows are made ready for it, and while it waits for the disk. */
const WRITERS = 3
const LEVELS_PER_CALL = 5_000

/**
 * Imports a file of products. While rows are read and checked, batches before them are written and
 * their stock is handed over, a few at once; in the file's order their rows are then done.
 * @throws catalog.import_failed if the key belongs to another file, or the file cannot be read at all.
 */
export async function importProducts(
  deps: ImporterDeps,
  options: ImportOptions,
): Promise<ImportReport> {
  const name = 'file' in options ? basename(options.file) : 'stream'
  const bytesTotal = 'file' in options ? (await stat(options.file)).size : undefined
  const source = bytesTotal === undefined ? name : `${name} (${bytesTotal} bytes)`
  const record = await openRecord(deps, options, source)
  if (record.state === 'finished') return report(deps, record)
  await refreshStatistics(deps.db)
  const progress = { rows: record.lastRow, products: 0, changed: 0, errors: 0, bytesRead: 0 }
  const firstErrors: ImportRowError[] = []
  const fetchImages = options.fetchImages ?? true
  const write = createWriter(deps, { importId: record.id, fetchImages })

  async function settle(batch: ImportBatch, outcome: Outcome): Promise<void> {
    const errors = [...batch.errors, ...outcome.errors].sort((a, b) => a.row - b.row)
    if (!options.dryRun) await keepProgress(deps, record.id, batch.lastRow, outcome, errors)
    progress.rows = batch.lastRow
    progress.products += outcome.written.length
    progress.changed += outcome.changed
    progress.errors += errors.length
    firstErrors.push(...errors.slice(0, FIRST_ERRORS - firstErrors.length))
    for (const error of errors) options.onError?.(error)
    options.onProgress?.({ ...progress, bytesTotal })
  }

  async function outcomeOf(batch: ImportBatch): Promise<Outcome> {
    if (options.dryRun) return rehearse(deps, batch.entries, fetchImages)
    const outcome = await write(batch.entries)
    await handStock(deps, `${options.key}:${batch.lastRow}`, outcome.written)
    return outcome
  }
  const bytes = await openBytes(options, (count) => {
    progress.bytesRead += count
  })
  const batches = readBatches(bytes, options, await readWorld(deps), record.lastRow)
  await runBatches(batches, outcomeOf, settle)
  if (options.dryRun) return { importId: record.id, ...progress, firstErrors }
  await finishImport(deps.db, [record.id])
  await recountCategories(deps.db)
  deps.categories.drop()
  return report(deps, only(await beginImport(deps.db, [record.id, options.key, source])))
}

/**
 * Writes batches, a few at once, and settles each after those before it. Batches that speak of one
 * record are written one after the other, as they stand in the file.
 */
async function runBatches(
  batches: AsyncIterable<ImportBatch>,
  write: (batch: ImportBatch) => Promise<Outcome>,
  settle: (batch: ImportBatch, outcome: Outcome) => Promise<void>,
): Promise<void> {
  const writing: { names: ReadonlySet<string>; done: Promise<unknown> }[] = []
  let settled: Promise<void> = Promise.resolve()
  try {
    for await (const batch of batches) {
      while (writing.length >= WRITERS || writing.some(({ names }) => meets(names, batch.names))) {
        await writing.shift()?.done
      }
      const outcome = write(batch)
      const before = settled
      const done = Promise.all([outcome, before])
      settled = done.then(([result]) => settle(batch, result))
      // Whoever waits hears of a failure; until then it is nobody's.
      for (const promise of [done, settled]) promise.catch(() => {})
      writing.push({ names: batch.names, done })
    }
    await settled
  } catch (error) {
    // What is under way is brought to its end: nothing is written behind the caller's back.
    await Promise.allSettled([...writing.map(({ done }) => done), settled])
    throw error
  }
}

function meets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return !a.isDisjointFrom(b)
}

async function openRecord(
  { db, ids }: ImporterDeps,
  { key, dryRun }: ImportOptions,
  source: string,
): Promise<ImportRecord> {
  const id = ids.make('imp')
  if (dryRun) {
    return { id, source, state: 'running', lastRow: 0, products: 0, changed: 0, errors: 0 }
  }
  const record = only(await beginImport(db, [id, key, source]))
  if (record.source === source) return record
  const detail = `The import ${key} was begun with ${record.source}, not ${source}`
  throw catalogProblem('catalog.import_failed', { detail })
}

async function report({ db }: ImporterDeps, record: ImportRecord): Promise<ImportReport> {
  const firstErrors = await listImportErrors(db, [record.id, FIRST_ERRORS])
  const { id, lastRow, products, changed, errors } = record
  return { importId: id, rows: lastRow, products, changed, errors, firstErrors }
}

async function readWorld(deps: ImporterDeps): Promise<ImportWorld> {
  deps.categories.drop()
  const [categories, sellers, warehouses, { currencies }] = await Promise.all([
    deps.categories.byCode(),
    listSellerIds(deps.db),
    deps.inventory.warehouses(),
    deps.pricing.markets(),
  ])
  return {
    categories,
    sellers: new Map(sellers.map(({ code, id }) => [code, id])),
    warehouses: new Set(warehouses.map(({ code }) => code)),
    currencies: new Set(currencies),
  }
}

async function rehearse(
  deps: ImporterDeps,
  entries: readonly ImportEntry[],
  fetchImages: boolean,
): Promise<Outcome> {
  const options = { areNew: false, fetchImages }
  const { resolved, errors } = await resolveEntries(deps, entries, options)
  return { written: [...resolved], changed: 0, errors: [...errors] }
}

type Writing = Readonly<{ importId: string; fetchImages: boolean }>

/**
 * Writes batches. After one that was new as a whole the next is taken for new without a look, as
 * is the first: a first load spares the look-ups, and what is known is refused at once by the first
 * directory that it is copied into.
 */
function createWriter(deps: ImporterDeps, writing: Writing) {
  let areNew = true
  return async (entries: readonly ImportEntry[]): Promise<Outcome> => {
    const outcome = await writeEntries(deps, writing, entries, { areNew, mayRetry: true })
    areNew = outcome.written.every(({ isNew }) => isNew)
    return outcome
  }
}

/**
 * Writes a batch. If the database refuses it, it is tried again from the look-up on (it was not
 * new, or another import has been quicker), then halved until the row at fault stands alone.
 */
async function writeEntries(
  deps: ImporterDeps,
  writing: Writing,
  entries: readonly ImportEntry[],
  { areNew, mayRetry }: Readonly<{ areNew: boolean; mayRetry: boolean }>,
): Promise<Outcome> {
  if (entries.length === 0) return { written: [], changed: 0, errors: [] }
  const { fetchImages } = writing
  const { resolved, errors } = await resolveEntries(deps, entries, { areNew, fetchImages })
  try {
    const { db, outbox } = deps
    const changed =
      resolved.length === 0 ? 0 : await db.tx((tx) => mergeEntries(tx, outbox, writing, resolved))
    outbox.appended.strike()
    return { written: [...resolved], changed, errors: [...errors] }
  } catch (error) {
    // Data that a column or constraint does not take, or a rival's locks; else it is no row's fault.
    if (!/^(?:2[123]|40)/.test(sqlState(error) ?? '')) throw error
    const write = (part: readonly ImportEntry[], again: boolean) =>
      writeEntries(deps, writing, part, { areNew: false, mayRetry: again })
    if (areNew) await refreshStatistics(deps.db)
    // What was taken for new has not been looked at yet.
    if (areNew || mayRetry) return write(entries, areNew)
    if (entries.length === 1) return { written: [], changed: 0, errors: [refusal(entries, error)] }
    const half = Math.ceil(entries.length / 2)
    const first = await write(entries.slice(0, half), false)
    const second = await write(entries.slice(half), false)
    return {
      written: [...first.written, ...second.written],
      changed: first.changed + second.changed,
      errors: [...first.errors, ...second.errors],
    }
  }
}

function refusal(entries: readonly ImportEntry[], error: unknown): ImportRowError {
  const { constraint, column } = error as { constraint?: string; column?: string }
  const rule = constraint ?? column ?? sqlState(error)
  return { row: entries[0]?.row ?? 0, field: '', message: `is refused by the database (${rule})` }
}

/** Gives the rows' stock to the inventory, whose key makes a repetition harmless. */
async function handStock(
  { inventory }: ImporterDeps,
  key: string,
  written: readonly ResolvedEntry[],
): Promise<void> {
  const levels: { offerId: string; warehouseCode: string; quantity: number }[] = []
  let isNew = true
  for (const { variants } of written) {
    for (const { offers } of variants) {
      for (const { id, offer, isNew: isNewOffer } of offers) {
        isNew &&= isNewOffer
        for (const warehouseCode in offer.stock) {
          const quantity = offer.stock[warehouseCode] as number
          levels.push({ offerId: id, warehouseCode, quantity })
        }
      }
    }
  }
  for (let from = 0; from < levels.length; from += LEVELS_PER_CALL) {
    const part = levels.slice(from, from + LEVELS_PER_CALL)
    await inventory.importLevels({ key: `${key}:${from}`, levels: part, isNew })
  }
}

async function keepProgress(
  { db }: ImporterDeps,
  importId: string,
  lastRow: number,
  { written, changed }: Outcome,
  errors: readonly ImportRowError[],
): Promise<void> {
  await db.tx(async (tx) => {
    const moved = await moveImport(tx, [importId, lastRow, written.length, changed, errors.length])
    if (moved.length === 0 || errors.length === 0) return
    await keepImportErrors(tx, [
      importId,
      errors.map((error) => error.row),
      errors.map((error) => error.field),
      errors.map((error) => error.message),
    ])
  })
}

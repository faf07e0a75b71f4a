import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ImportRowError } from '#contracts/catalog/import.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { ExportJob, ImportJob } from '#contracts/catalog/transfers.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import { writeCell } from '../../../platform/csv-cells.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only } from '../../../platform/db/statement.ts'
import { decodeCursor, encodeCursor } from '../../../platform/http/cursor.ts'
import type { Ids } from '../../../platform/ids.ts'
import { listSellerIds } from '../flows/import-directory.ts'
import { expectRoom, extensionOf, fileOf, receive } from './files.ts'
import {
  cancelTransfer,
  type ExportSettings,
  findTransfer,
  findTransferByKey,
  type ImportSettings,
  importKey,
  insertTransfer,
  listTransferErrors,
  listTransfers,
  resumeTransfer,
  type Transfer,
} from './repository.ts'

export type TransferDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  chance: Chance
  folder: string
}>

type Kind = Transfer['kind']
type Asked = Readonly<{ actor: string; key: string | undefined }>
type Page = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

const LAST = 'trf_~'
const PAGE = 50
const ERRORS_PAGE = 1_000

/**
 * Takes a file in and queues its import. The same caller's key is the same job.
 * @throws catalog.transfers_full, payload_too_large, validation_failed
 */
export async function startImport(
  { db, ids, folder }: TransferDeps,
  {
    actor,
    key,
    settings,
    upload,
  }: Asked & Readonly<{ settings: ImportSettings; upload: AsyncIterable<Uint8Array> | undefined }>,
): Promise<ImportJob> {
  if (!upload) throw generalProblem('validation_failed', { detail: 'A file is expected' })
  const id = ids.make('trf')
  const jobKey = key === undefined ? id : `import ${actor} ${key}`
  const [known] = await findTransferByKey(db, [jobKey])
  if (known) return getImport({ db }, known.id)
  await expectRoom(db, folder)
  const file = fileOf(folder, { id, kind: 'import', settings })
  const bytes = await receive(upload, file)
  await insertTransfer(db, [id, 'import', jobKey, JSON.stringify(settings), actor, bytes, true])
  const kept = only(await findTransferByKey(db, [jobKey]))
  // The same key came twice at once: the other's file is the one.
  if (kept.id !== id) await rm(file, { force: true })
  return getImport({ db }, kept.id)
}

/** Queues an export. @throws catalog.transfers_full; not_found if there is no such seller */
export async function startExport(
  { db, ids, folder }: TransferDeps,
  { actor, settings }: Readonly<{ actor: string; settings: ExportSettings }>,
): Promise<ExportJob> {
  const { seller } = settings
  if (seller !== undefined && !(await listSellerIds(db)).some(({ code }) => code === seller))
    throw generalProblem('validation_failed', {
      errors: [{ path: 'body.seller', message: `is no seller: ${seller}` }],
    })
  await expectRoom(db, folder)
  const id = ids.make('trf')
  await insertTransfer(db, [id, 'export', id, JSON.stringify(settings), actor, 0, false])
  return getExport({ db }, id)
}

type Db = Pick<TransferDeps, 'db'>

export async function getImport({ db }: Db, id: string): Promise<ImportJob> {
  return toImportJob(await get(db, id, 'import'))
}

export async function getExport({ db }: Db, id: string): Promise<ExportJob> {
  return toExportJob(await get(db, id, 'export'))
}

export async function listImports({ db }: Db, page: Page) {
  return list(db, 'import', page, toImportJob)
}

export async function listExports({ db }: Db, page: Page) {
  return list(db, 'export', page, toExportJob)
}

/** @throws not_found; catalog.transfer_ended if it is over. */
export async function cancel({ db }: Db, id: string, kind: Kind): Promise<void> {
  await get(db, id, kind)
  if ((await cancelTransfer(db, [id, kind])).length === 0)
    throw catalogProblem('catalog.transfer_ended', { detail: 'It has ended already' })
}

/** @throws not_found; catalog.transfer_ended if it is not over, or its file is gone. */
export async function resume({ db }: Db, id: string): Promise<void> {
  await get(db, id, 'import')
  if ((await resumeTransfer(db, [id])).length === 0)
    throw catalogProblem('catalog.transfer_ended', {
      detail: 'Only what was cancelled or has failed is resumed, while its file is kept',
    })
}

export async function listErrors({ db }: Db, id: string, { cursor, limit = PAGE }: Page) {
  await get(db, id, 'import')
  const after = cursor === undefined ? START : decodeCursor(cursor, ['number', 'string'])
  const items = await listTransferErrors(db, [importKey(id), id, ...after, limit])
  const last = items.at(-1)
  const nextCursor = last && items.length === limit ? encodeCursor([last.row, last.field]) : null
  return { items, nextCursor }
}

/** All wrong rows as CSV, read page by page while they are sent. */
export async function streamErrors({ db }: Db, id: string): Promise<Readable> {
  await get(db, id, 'import')
  async function* pages(): AsyncGenerator<string> {
    yield 'row,field,message\n'
    let after: readonly (string | number)[] = START
    for (;;) {
      const errors = await listTransferErrors(db, [importKey(id), id, ...after, ERRORS_PAGE])
      const last = errors.at(-1)
      if (!last) return
      yield errors.map(errorLine).join('')
      after = [last.row, last.field]
    }
  }
  return Readable.from(pages())
}

/** What an export wrote, with the name under which it is to be kept. @throws not_found */
export async function openExport({ db, folder }: TransferDeps, id: string) {
  const transfer = await get(db, id, 'export')
  if (!transfer.hasFile)
    throw generalProblem('not_found', { detail: 'There is no file (any more)' })
  const stream = createReadStream(fileOf(folder, transfer))
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve())
    stream.once('error', () =>
      reject(generalProblem('not_found', { detail: 'The file is not on this machine' })),
    )
  })
  return {
    stream,
    bytes: transfer.bytes,
    name: `products-${transfer.createdAt.slice(0, 10)}${extensionOf(transfer.settings)}`,
  }
}

const START = [-1, ''] as const

function errorLine({ row, field, message }: ImportRowError): string {
  return `${row},${writeCell(field)},${writeCell(message)}\n`
}

async function get<K extends Kind>(db: Database, id: string, kind: K) {
  const [found] = await findTransfer(db, [id, kind])
  if (!found) throw generalProblem('not_found')
  return found as Transfer & Readonly<{ kind: K }>
}

async function list<K extends Kind, Job>(
  db: Database,
  kind: K,
  { cursor, limit = PAGE }: Page,
  toJob: (transfer: Transfer & Readonly<{ kind: K }>) => Job,
) {
  const [before] = cursor === undefined ? [LAST] : decodeCursor(cursor, ['string'])
  const rows = (await listTransfers(db, [kind, before, limit])) as (Transfer &
    Readonly<{ kind: K }>)[]
  const last = rows.at(-1)
  return {
    items: rows.map(toJob),
    nextCursor: last && rows.length === limit ? encodeCursor([last.id]) : null,
  }
}

function jobOf({ id, state, settings, problem, askedBy, createdAt, startedAt, endedAt }: Transfer) {
  const { format } = settings
  return { id, state, format, problem, askedBy, createdAt, startedAt, endedAt }
}

function toImportJob(transfer: Transfer & Readonly<{ kind: 'import' }>): ImportJob {
  const { bytes, bytesRead, rows, products, changed, errors, settings, state, hasFile } = transfer
  return {
    ...jobOf(transfer),
    name: settings.name,
    dryRun: settings.dryRun,
    bytes,
    bytesRead,
    rows,
    products,
    changed,
    errors,
    resumable: hasFile && (state === 'cancelled' || state === 'failed'),
  }
}

function toExportJob(transfer: Transfer & Readonly<{ kind: 'export' }>): ExportJob {
  const { settings, products, total, bytes, hasFile, id } = transfer
  return {
    ...jobOf(transfer),
    seller: settings.seller ?? null,
    packed: settings.packed,
    products,
    total,
    bytes,
    file: hasFile ? `/api/v1/admin/exports/${id}/file` : null,
  }
}

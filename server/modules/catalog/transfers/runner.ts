import { existsSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import type { ImportRowError } from '#contracts/catalog/import.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import { type Database, isBusyError, isConnectionError } from '../../../platform/db/database.ts'
import { only } from '../../../platform/db/statement.ts'
import type { Log } from '../../../platform/log.ts'
import { keepImportErrors } from '../flows/import-record.ts'
import type { CatalogImporter } from '../flows/importer.ts'
import { fileOf } from './files.ts'
import {
  beatTransfer,
  claimTransfer,
  endTransfer,
  findTransfer,
  importKey,
  type Transfer,
  type TransferState,
} from './repository.ts'

export type RunnerDeps = Readonly<{
  db: Database
  clock: Clock
  chance: Chance
  log: Log
  importer: CatalogImporter
  /** Where files of jobs are; processes that run jobs share it. */
  folder: string
}>

/** A runner that has said nothing for so long is dead, and another goes on with its job. */
const LEASE_SECONDS = 30
const BEAT_MS = 2_000

type Counts = {
  bytesRead: number
  rows: number
  products: number
  total: number
  changed: number
  errors: number
}

/** Runs the jobs that wait, one at a time in each process. */
export function createTransferRunner(deps: RunnerDeps) {
  const { db, log } = deps
  const runner = Buffer.from(deps.chance.bytes(9)).toString('base64url')
  let current: Readonly<{ stop: AbortController; done: Promise<void> }> | undefined

  return {
    /** Begins with the oldest job that waits, if none runs here. */
    async look(): Promise<void> {
      if (current) return
      const [claimed] = await claimTransfer(db, [runner, LEASE_SECONDS])
      if (!claimed) return
      const transfer = only(await findTransfer(db, [claimed.id, claimed.kind]))
      const stop = new AbortController()
      const done = runTransfer(deps, runner, transfer, stop)
        .catch((error: unknown) => {
          log.warn({ transfer: transfer.id, error: String(error) }, 'job could not be ended')
        })
        .finally(() => {
          current = undefined
        })
      current = { stop, done }
    },
    /** What runs stops after its batch, and is gone on with by the next who looks. */
    async stop(): Promise<void> {
      current?.stop.abort()
      await current?.done
    },
  }
}

async function runTransfer(
  deps: RunnerDeps,
  runner: string,
  transfer: Transfer,
  stop: AbortController,
): Promise<void> {
  const { db, clock } = deps
  const { bytesRead, rows, products, total, changed, errors } = transfer
  const counts: Counts = { bytesRead, rows, products, total, changed, errors }
  const beat = async () => {
    const cells = [counts.bytesRead, counts.rows, counts.products, counts.total]
    const all = [transfer.id, runner, LEASE_SECONDS, ...cells, counts.changed, counts.errors]
    // It was cancelled, or somebody took us for dead.
    if ((await beatTransfer(db, all)).length === 0) stop.abort()
  }
  const beating = new AbortController()
  const beats = (async () => {
    while (!beating.signal.aborted) {
      await clock.sleep(BEAT_MS, beating.signal)
      // While the database is away the job fails by itself.
      await beat().catch(() => {})
    }
  })()
  const end = await run(deps, transfer, counts, stop.signal)
  beating.abort()
  await beats
  await beat()
  const file = fileOf(deps.folder, transfer)
  const keeps = transfer.kind === 'export' ? end.state === 'finished' : end.state !== 'finished'
  const bytes = keeps ? await sizeOf(file) : transfer.bytes
  const hasFile = keeps && bytes > 0
  const ended = await endTransfer(db, [transfer.id, runner, end.state, end.problem, bytes, hasFile])
  if (ended.length > 0 && !keeps) await rm(file, { force: true })
}

type End = Readonly<{ state: TransferState; problem: string | null }>

async function run(
  deps: RunnerDeps,
  transfer: Transfer,
  counts: Counts,
  signal: AbortSignal,
): Promise<End> {
  try {
    if (transfer.kind === 'import') await runImport(deps, transfer, counts, signal)
    else await runExport(deps, transfer, counts, signal)
    return { state: 'finished', problem: null }
  } catch (error) {
    // Stopped with the process, or the database was away: it is gone on with.
    if (signal.aborted || isConnectionError(error) || isBusyError(error))
      return { state: 'waiting', problem: null }
    if (error instanceof Problem) return { state: 'failed', problem: error.message }
    deps.log.error({ transfer: transfer.id, error: String(error) }, 'job failed')
    return { state: 'failed', problem: `The job broke off: ${(error as Error).message}` }
  }
}

async function runImport(
  deps: RunnerDeps,
  transfer: Transfer & Readonly<{ kind: 'import' }>,
  counts: Counts,
  signal: AbortSignal,
): Promise<void> {
  const file = fileOf(deps.folder, transfer)
  if (!existsSync(file)) throw new Error('its file is not on this machine')
  const { dryRun, name: _name, ...format } = transfer.settings
  const faults = createFaultKeeper(deps.db, transfer.id)
  const report = await deps.importer.importProducts({
    file,
    ...format,
    key: importKey(transfer.id),
    dryRun,
    onProgress(progress) {
      signal.throwIfAborted()
      Object.assign(counts, progress)
    },
    ...(dryRun ? { onError: faults.add } : {}),
  })
  Object.assign(counts, { rows: report.rows, products: report.products, errors: report.errors })
  await faults.close()
}

const FAULTS_AT_ONCE = 1_000

/** A rehearsal writes no import; what it finds is kept under the job's own id, some at a time. */
function createFaultKeeper(db: Database, transferId: string) {
  let held: ImportRowError[] = []
  let kept: Promise<unknown> = Promise.resolve()
  const flush = () => {
    const faults = held
    held = []
    kept = kept.then(() =>
      keepImportErrors(db, [
        transferId,
        faults.map(({ row }) => row),
        faults.map(({ field }) => field),
        faults.map(({ message }) => message),
      ]),
    )
    // Whoever closes hears of a failure; until then it is nobody's.
    kept.catch(() => {})
  }
  return {
    add(fault: ImportRowError): void {
      held.push(fault)
      if (held.length >= FAULTS_AT_ONCE) flush()
    },
    async close(): Promise<void> {
      if (held.length > 0) flush()
      await kept
    },
  }
}

async function runExport(
  deps: RunnerDeps,
  transfer: Transfer & Readonly<{ kind: 'export' }>,
  counts: Counts,
  signal: AbortSignal,
): Promise<void> {
  const { packed: _packed, ...settings } = transfer.settings
  const { products } = await deps.importer.exportProducts({
    ...settings,
    file: fileOf(deps.folder, transfer),
    onProgress(done, total) {
      signal.throwIfAborted()
      Object.assign(counts, { products: done, total })
    },
  })
  counts.products = products
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size
}

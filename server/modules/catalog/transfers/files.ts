import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { MAX_IMPORT_BYTES } from '#contracts/catalog/transfers.ts'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only } from '../../../platform/db/statement.ts'
import { writeWhole } from '../../../platform/whole-file.ts'
import { forgetFiles, listKeptFiles, type Transfer, usedBytes } from './repository.ts'

/** All files together; the disk keeps at least as much free as one import may take. */
const MAX_KEPT_BYTES = 5 * MAX_IMPORT_BYTES
const KEPT_DAYS = 7
/** A file of no job that is younger may be one that is still coming in. */
const STRAY_MS = 2 * 3_600_000

/** Where a job's file is. */
export function fileOf(
  folder: string,
  transfer: Pick<Transfer, 'id' | 'kind' | 'settings'>,
): string {
  if (transfer.kind === 'import') return join(folder, `${transfer.id}.upload`)
  return join(folder, `${transfer.id}${extensionOf(transfer.settings)}`)
}

export function extensionOf(settings: Transfer['settings']): string {
  return `.${settings.format}${'packed' in settings && settings.packed ? '.gz' : ''}`
}

/** @throws catalog.transfers_full if files take up all the room that they may. */
export async function expectRoom(db: Database, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const { bytes } = only(await usedBytes(db))
  const { bavail, bsize } = await statfs(folder)
  if (bytes < MAX_KEPT_BYTES && bavail * bsize > MAX_IMPORT_BYTES) return
  throw catalogProblem('catalog.transfers_full')
}

/**
 * Takes a file in as it comes.
 * @returns its bytes.
 * @throws payload_too_large; validation_failed if the sender stops half-way or sends nothing.
 */
export async function receive(stream: AsyncIterable<Uint8Array>, file: string): Promise<number> {
  let size = 0
  async function* counted() {
    for await (const chunk of stream) {
      size += chunk.length
      if (size > MAX_IMPORT_BYTES) {
        const detail = `A file has at most ${MAX_IMPORT_BYTES / 2 ** 30} GiB; pack it by gzip.`
        throw generalProblem('payload_too_large', { detail })
      }
      yield chunk
    }
  }
  try {
    await writeWhole(file, counted)
  } catch (error) {
    if (error instanceof Problem) throw error
    // A full disk is ours to see to; everything else is a sender who went away.
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw catalogProblem('catalog.transfers_full')
    throw generalProblem('validation_failed', { detail: 'The file ended before it was whole.' })
  }
  if (size > 0) return size
  await rm(file, { force: true })
  throw generalProblem('validation_failed', { detail: 'The file is empty.' })
}

/** Removes files of jobs that ended long ago, and those that belong to none. @returns how many. */
export async function sweepFiles(
  { db, clock }: Readonly<{ db: Database; clock: Clock }>,
  folder: string,
): Promise<number> {
  await forgetFiles(db, [KEPT_DAYS])
  const names = await readdir(folder).catch((): string[] => [])
  const idOf = (name: string) => name.split('.')[0] as string
  const kept = new Set((await listKeptFiles(db, [names.map(idOf)])).map(({ id }) => id))
  const before = clock.now().getTime() - STRAY_MS
  let removed = 0
  for (const name of names.filter((one) => !kept.has(idOf(one)))) {
    const file = join(folder, name)
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (mtimeMs >= before) continue
    await rm(file, { force: true })
    removed += 1
  }
  return removed
}

import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { generalProblem, Problem } from '#contracts/kit/problem.ts'
import { MAX_UPLOAD_BYTES } from '#contracts/media/routes.ts'
import type { Chance } from '../../platform/chance.ts'
import type { Clock } from '../../platform/clock.ts'
import { writeWhole } from '../../platform/whole-file.ts'
import { drawName } from './files.ts'

/** A file that has come whole, and the key that its bytes give it. */
export type Received = Readonly<{ file: string; key: string }>

const STALE_MS = 3_600_000

/**
 * Takes bytes as they come into a file of its own, which the caller removes; no more than the limit.
 * @throws payload_too_large, validation_failed if the sender stops half-way
 */
export async function receive(
  stream: AsyncIterable<Uint8Array>,
  { folder, chance }: Readonly<{ folder: string; chance: Chance }>,
): Promise<Received> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, drawName(chance))
  const hash = createHash('sha256')
  let size = 0
  async function* counted() {
    for await (const chunk of stream) {
      size += chunk.length
      if (size > MAX_UPLOAD_BYTES) throw tooLarge()
      hash.update(chunk)
      yield chunk
    }
  }
  try {
    await writeWhole(file, counted)
  } catch (error) {
    if (error instanceof Problem || isOurs(error)) throw error
    throw generalProblem('validation_failed', { detail: 'The file ended before it was whole.' })
  }
  return { file, key: hash.digest('hex') }
}

/** Removes what processes that were killed had not finished taking in. */
export async function dropStale(folder: string, clock: Clock): Promise<void> {
  const before = clock.now().getTime() - STALE_MS
  for (const name of await readdir(folder).catch((): string[] => [])) {
    const file = join(folder, name)
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
    if (mtimeMs < before) await rm(file, { force: true })
  }
}

export function tooLarge(): Problem {
  const detail = `A picture has at most ${MAX_UPLOAD_BYTES / 2 ** 20} MB.`
  return generalProblem('payload_too_large', { detail })
}

/** Whether it is the disk that fails, not the sender. */
function isOurs(error: unknown): boolean {
  return /^(ENOSPC|EDQUOT|EROFS|EACCES|EIO|EMFILE|ENOENT)$/.test(
    String((error as NodeJS.ErrnoException).code),
  )
}

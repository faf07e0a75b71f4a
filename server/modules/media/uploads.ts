import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import type { Problem } from '#contracts/kit/problem.ts'
import { mediaProblem } from '#contracts/media/problems.ts'
import { MAX_UPLOAD_BYTES } from '#contracts/media/routes.ts'
import type { Chance } from '../../platform/chance.ts'
import type { Database } from '../../platform/db/database.ts'
import { only } from '../../platform/db/statement.ts'
import type { Gate } from '../../platform/gate.ts'
import {
  PublicFetchError,
  type PublicFetchOptions,
  publicFetch,
} from '../../platform/net/public-fetch.ts'
import { inspect } from './inspect.ts'
import { receive, tooLarge } from './intake.ts'
import { drawMaster } from './pictures.ts'
import { callOff, renew } from './removal.ts'
import { type FileRow, insertFile, insertSource, readFiles } from './repository.ts'
import type { MediaStore } from './stores/store.ts'

/** How the internet is reached; tests put another in its place. */
export type World = Pick<PublicFetchOptions, 'resolve' | 'isAllowed' | 'ports'>

export type UploadDeps = Readonly<{
  db: Database
  chance: Chance
  store: MediaStore
  /** Where files stand while they come. */
  incoming: string
  gate: Gate
  world?: World
}>

type Origin = Readonly<{ actor: string; sourceUrl?: string }>

export type Added = Readonly<{ file: FileRow; isNew: boolean }>

const FETCH_DEADLINE_MS = 20_000

/**
 * Keeps a picture under the hash of its bytes. What is kept is drawn anew from it; of a file that is
 * refused nothing stays.
 * @throws payload_too_large, media.empty and all that can be wrong with a picture
 */
export async function addPicture(
  deps: UploadDeps,
  stream: AsyncIterable<Uint8Array>,
  origin: Origin,
): Promise<Added> {
  const { file, key } = await receive(stream, { folder: deps.incoming, chance: deps.chance })
  try {
    await renew(deps.db, [key], { isShown: false })
    const [known] = await readFiles(deps.db, [[key]])
    if (known) return { file: known, isNew: false }
    // Only pictures that are worked on are in memory.
    return await deps.gate(async () => keep(deps, key, await readFile(file), origin))
  } finally {
    await rm(file, { force: true })
  }
}

/** The bytes first: a row never names a picture that is not there. */
async function keep(
  { db, store }: UploadDeps,
  key: string,
  bytes: Buffer,
  { actor, sourceUrl }: Origin,
): Promise<Added> {
  const master = await drawMaster(bytes, inspect(bytes))
  await callOff(db, key)
  await store.put(key, master.bytes)
  const { width, height, color, format } = master
  const cells = [key, width, height, color, format, master.bytes.length, sourceUrl ?? null, actor]
  const [inserted] = await insertFile(db, cells)
  if (inserted) return { file: inserted, isNew: true }
  return { file: only(await readFiles(db, [[key]])), isNew: false }
}

/**
 * Fetches a picture from a public address and keeps it.
 * @throws media.address_refused, media.fetch_failed, and as `addPicture`
 */
export async function addFromUrl(
  deps: UploadDeps,
  { url, actor }: Readonly<{ url: string; actor: string }>,
): Promise<Added> {
  try {
    const { body, declaredBytes } = await publicFetch({
      url,
      deadlineMs: FETCH_DEADLINE_MS,
      headers: { accept: 'image/avif,image/webp,image/*', 'user-agent': 'Stoa' },
      ...deps.world,
    })
    if (declaredBytes > MAX_UPLOAD_BYTES) throw tooLarge()
    const added = await addPicture(deps, body, { actor, sourceUrl: url })
    await insertSource(deps.db, [hashUrl(url), url, added.file.key])
    return added
  } catch (error) {
    throw error instanceof PublicFetchError ? refusal(error) : error
  }
}

export function hashUrl(url: string): string {
  return createHash('sha256').update(url).digest('hex')
}

const UNANSWERED: ReadonlySet<string> = new Set(['unreachable', 'status', 'unknown_host'])

function refusal({ fault, message }: PublicFetchError): Problem {
  if (UNANSWERED.has(fault)) return mediaProblem('media.fetch_failed', { detail: message })
  const errors = [{ path: 'body.url', message }]
  return mediaProblem('media.address_refused', { detail: message, errors })
}

import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { IndexCursor, IndexStore, SearchIndex } from './port.ts'
import { startThreadedIndex } from './threads/threaded-index.ts'

const MANIFEST = 'manifest.json'
/** Stands in the folder of a build until it is finished. */
const UNFINISHED = 'unfinished'
const LOCK = 'process'
const MOST_COPIES = 64

/** Copies that this process has taken; a lock with our own number that is not here is stale. */
const taken = new Set<string>()

export type ThreadStoreOptions = Readonly<{
  folder: string
  clock: Clock
  log: Log
  /** How many threads answer searches. */
  readers?: number
  /** After how many documents a build keeps its progress. */
  keepEvery?: number
}>

/**
 * Indexes in threads of this process, kept in a folder:
 *
 *     copy-0/            one for each process that shares the folder
 *       process          the number of the process that has it
 *       index-000007/    a build; the newest that is whole counts
 */
export function createThreadStore({
  folder,
  clock,
  log,
  readers,
  keepEvery,
}: ThreadStoreOptions): IndexStore {
  const folders = new Map<SearchIndex, string>()
  let claimed: Promise<string> | undefined
  let last = 0

  function copy(): Promise<string> {
    claimed ??= claimCopy(folder)
    return claimed
  }

  async function builds(): Promise<string[]> {
    const home = await copy()
    // Any file here may be deleted while the shop runs.
    await mkdir(home, { recursive: true })
    const names = await readdir(home)
    return names.filter((name) => /^index-\d+$/.test(name)).sort()
  }

  async function begin(path: string, mode: 'open' | 'build') {
    const task = { folder: path, mode, ...(keepEvery !== undefined && { keepEvery }) }
    const started = await startThreadedIndex(task, {
      clock,
      ...(readers !== undefined && { readers }),
    })
    folders.set(started.index, path)
    return started
  }

  async function isUnfinished(path: string): Promise<boolean> {
    return (await readdir(path)).includes(UNFINISHED)
  }

  /** A build that was begun and left, if it can be gone on with; the others are deleted. */
  async function goOn(
    canGoOn: (cursor: IndexCursor) => Promise<boolean>,
  ): Promise<SearchIndex | null> {
    const home = await copy()
    const inUse = new Set(folders.values())
    for (const name of (await builds()).reverse()) {
      const path = join(home, name)
      if (inUse.has(path) || !(await isUnfinished(path))) continue
      const begun = await begin(path, 'build').catch(() => null)
      const progress = begun?.index.progress()
      if (begun && progress && (await canGoOn(progress.cursor))) return begun.index
      await begun?.index.close()
      if (begun) folders.delete(begun.index)
      await rm(path, { recursive: true, force: true })
    }
    return null
  }

  return {
    answers: () => true,
    leads: async () => true,
    async open() {
      const home = await copy()
      for (const name of (await builds()).reverse()) {
        last = Math.max(last, numberOf(name))
        const path = join(home, name)
        const names = await readdir(path)
        if (!names.includes(MANIFEST) || names.includes(UNFINISHED)) continue
        try {
          const { index, loaded } = await begin(path, 'open')
          if (loaded.cursor) return index
          await index.close()
        } catch (error) {
          log.warn({ folder: path, error: String(error) }, 'the kept search index cannot be used')
        }
      }
      return null
    },
    async create(canGoOn) {
      const home = await copy()
      const begun = await goOn(canGoOn)
      if (begun) return begun
      last = Math.max(last, ...(await builds()).map(numberOf), 0) + 1
      const path = join(home, `index-${String(last).padStart(6, '0')}`)
      await mkdir(path, { recursive: true })
      await writeFile(join(path, UNFINISHED), '')
      const { index } = await begin(path, 'build')
      return index
    },
    async adopt(index) {
      const home = await copy()
      for (const known of folders.keys()) if (known.failure.aborted) folders.delete(known)
      const own = folders.get(index)
      if (own !== undefined) await rm(join(own, UNFINISHED), { force: true })
      const inUse = new Set(folders.values())
      for (const name of await builds()) {
        const path = join(home, name)
        if (!inUse.has(path) && !(await isUnfinished(path)))
          await rm(path, { recursive: true, force: true })
      }
    },
    async close() {
      if (!claimed) return
      const home = await claimed
      claimed = undefined
      taken.delete(home)
      await rm(join(home, LOCK), { force: true })
    },
  }
}

function numberOf(name: string): number {
  return Number(name.slice(name.indexOf('-') + 1))
}

/** Takes the first copy that no living process has. */
async function claimCopy(folder: string): Promise<string> {
  for (let number = 0; number < MOST_COPIES; number += 1) {
    const path = join(folder, `copy-${number}`)
    await mkdir(path, { recursive: true })
    if (await claim(path)) return path
  }
  throw new Error(`All ${MOST_COPIES} copies of the search index in ${folder} are taken`)
}

async function claim(path: string): Promise<boolean> {
  const lock = join(path, LOCK)
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      taken.add(path)
      return true
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => '0'))
    if (owner === process.pid ? taken.has(path) : isAlive(owner)) return false
    await unlink(lock).catch(() => {})
  }
  return false
}

function isAlive(owner: number): boolean {
  if (owner === 0) return false
  try {
    process.kill(owner, 0)
    return true
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM'
  }
}

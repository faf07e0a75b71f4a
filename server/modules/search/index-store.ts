import { mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { IndexStore, SearchIndex } from './port.ts'
import { startIndexThread } from './threaded-index.ts'

const MANIFEST = 'manifest.json'
const LOCK = 'process'
const MOST_COPIES = 64

/** Copies that this process has taken; a lock with our own number that is not here is stale. */
const taken = new Set<string>()

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
}: Readonly<{ folder: string; clock: Clock; log: Log }>): IndexStore {
  const folders = new Map<SearchIndex, string>()
  let claimed: Promise<string> | undefined
  let last = 0

  function copy(): Promise<string> {
    claimed ??= claimCopy(folder)
    return claimed
  }

  async function builds(): Promise<string[]> {
    const names = await readdir(await copy())
    return names.filter((name) => /^index-\d+$/.test(name)).sort()
  }

  async function begin(path: string, mode: 'open' | 'build') {
    const started = await startIndexThread({ folder: path, mode }, clock)
    folders.set(started.index, path)
    return started
  }

  return {
    answers: () => true,
    leads: async () => true,
    async open() {
      const home = await copy()
      for (const name of (await builds()).reverse()) {
        last = Math.max(last, numberOf(name))
        const path = join(home, name)
        if (!(await readdir(path)).includes(MANIFEST)) continue
        try {
          const { index, loaded } = await begin(path, 'open')
          if (loaded) return index
          await index.close()
        } catch (error) {
          log.warn({ folder: path, error: String(error) }, 'the kept search index cannot be used')
        }
      }
      return null
    },
    async create() {
      const home = await copy()
      last = Math.max(last, ...(await builds()).map(numberOf), 0) + 1
      const { index } = await begin(join(home, `index-${String(last).padStart(6, '0')}`), 'build')
      return index
    },
    async adopt(index) {
      const home = await copy()
      for (const known of folders.keys()) if (known.failure.aborted) folders.delete(known)
      const inUse = new Set([folders.get(index), ...folders.values()])
      for (const name of await builds()) {
        const path = join(home, name)
        if (!inUse.has(path)) await rm(path, { recursive: true, force: true })
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

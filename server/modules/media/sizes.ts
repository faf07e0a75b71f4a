import { join } from 'node:path'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { MediaFormat, MediaWidth } from '#contracts/media/addresses.ts'
import type { Chance } from '../../platform/chance.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Gate } from '../../platform/gate.ts'
import { readIfThere, writeWhole } from './files.ts'
import { drawSize } from './pictures.ts'
import { readFiles } from './repository.ts'
import type { MediaStore } from './stores/store.ts'

export type Size = Readonly<{ key: string; width: MediaWidth; format: MediaFormat }>

type Deps = Readonly<{
  db: Database
  chance: Chance
  store: MediaStore
  /** Sizes that were made; it may be emptied at any time. */
  folder: string
  gate: Gate
}>

/** Where the sizes of one picture are. */
export function sizesFolder(folder: string, key: string): string {
  return join(folder, key.slice(0, 2), key.slice(2, 4), key)
}

/**
 * Gives pictures in the sizes that are asked for. Each is made once, by one caller for all who ask
 * at that moment, and kept on the disk.
 */
export function createSizes({ db, chance, store, folder, gate }: Deps) {
  const underway = new Map<string, Promise<Buffer>>()

  async function make(file: string, { key, width, format }: Size): Promise<Buffer> {
    const [known] = await readFiles(db, [[key]])
    if (!known) throw generalProblem('not_found')
    const bytes = await gate(async () => {
      const master = await store.get(key)
      if (!master) throw new Error(`The store has lost the picture ${key}`)
      return drawSize(master, { width, format })
    })
    await writeWhole(file, bytes, chance)
    return bytes
  }

  return {
    /** @throws not_found, unavailable if too many are to be made */
    async get(size: Size): Promise<Buffer> {
      const { key, width, format } = size
      const file = join(sizesFolder(folder, key), `${width}.${format}`)
      const shared = underway.get(file)
      if (shared) return shared
      const kept = await readIfThere(file)
      if (kept) return kept
      const again = underway.get(file)
      if (again) return again
      const making = make(file, size).finally(() => underway.delete(file))
      underway.set(file, making)
      return making
    },
  }
}

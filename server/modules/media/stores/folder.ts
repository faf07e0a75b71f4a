import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Chance } from '../../../platform/chance.ts'
import { readIfThere, writeWhole } from '../files.ts'
import type { MediaStore } from './store.ts'

/** Masters in a folder, spread over 65,536 below it. */
export function createFolderStore({
  folder,
  chance,
}: Readonly<{ folder: string; chance: Chance }>): MediaStore {
  const fileOf = (key: string) => join(folder, key.slice(0, 2), key.slice(2, 4), key)
  return {
    put: (key, bytes) => writeWhole(fileOf(key), bytes, chance),
    get: (key) => readIfThere(fileOf(key)),
    remove: (key) => rm(fileOf(key), { force: true }),
  }
}

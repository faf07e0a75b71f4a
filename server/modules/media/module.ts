import { join } from 'node:path'
import type { Chance } from '../../platform/chance.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { createGate } from '../../platform/gate.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { MediaApi, MediaFile } from './api.ts'
import { dropStale } from './intake.ts'
import { hasUnseen, removeUnused, renew } from './removal.ts'
import { type FileRow, readFiles, readSources } from './repository.ts'
import { createRoutes } from './routes.ts'
import { createSizes, sizesFolder } from './sizes.ts'
import { createFolderStore } from './stores/folder.ts'
import { createS3Store, type S3Settings } from './stores/s3.ts'
import { addFromUrl, hashUrl, type World } from './uploads.ts'

export type MediaDeps = Readonly<{
  db: Database
  chance: Chance
  clock: Clock
  /** Masters, unless S3 has them; sizes that were made; files on their way in. */
  folder: string
  s3?: S3Settings
  world?: World
}>

/** Two pictures at once: the pool of threads that also reads files and resolves names has four. */
const AT_ONCE = 2
const WAITING = 200

/** Pictures: taken in, drawn anew, kept by their content and given in sizes. */
export function createMedia(deps: MediaDeps): ModuleParts<MediaApi> {
  const { db, chance, clock, folder, s3, world } = deps
  const gate = createGate({ concurrency: AT_ONCE, waiting: WAITING })
  const store = s3
    ? createS3Store(s3)
    : createFolderStore({ folder: join(folder, 'masters'), chance })
  const sizesIn = join(folder, 'sizes')
  const sizes = createSizes({ db, chance, store, folder: sizesIn, gate })
  const folderOf = (key: string) => sizesFolder(sizesIn, key)
  const incoming = join(folder, 'incoming')
  const uploads = { db, chance, store, incoming, gate, ...(world ? { world } : {}) }
  return {
    api: {
      describe: (input) => describe(db, input),
      async addFromUrl(input) {
        const { file } = await addFromUrl(uploads, input)
        await renew(db, [file.key], { isShown: true })
        return toFile(file)
      },
      hasUnseen: () => hasUnseen(db),
      renew: ({ keys }) => renew(db, keys, { isShown: true }),
      removeUnused: ({ signal }) => removeUnused({ db, store, folderOf }, signal),
    },
    routes: createRoutes({ ...uploads, sizes }),
    consumers: [],
    tickers: [],
    jobs: [],
    start: () => dropStale(incoming, clock),
  }
}

async function describe(
  db: Database,
  { keys, urls = [] }: Parameters<MediaApi['describe']>[0],
): ReturnType<MediaApi['describe']> {
  const found = urls.length === 0 ? [] : await readSources(db, [[...new Set(urls)].map(hashUrl)])
  const wanted = [...new Set([...keys, ...found.map(({ key }) => key)])]
  // In this order: what is found afterwards is not removed before the product has it.
  await renew(db, wanted, { isShown: true })
  const files = wanted.length === 0 ? [] : await readFiles(db, [wanted])
  const sources = Object.fromEntries(found.map(({ url, key }) => [url, key]))
  return { files: files.map(toFile), sources }
}

function toFile({ key, width, height, color }: FileRow): MediaFile {
  return { key, width, height, color }
}

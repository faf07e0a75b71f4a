import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  DamagedIndexError,
  type IndexNews,
  loadSearchEngine,
  PRODUCT_SYNONYMS,
  type SearchChange,
  type SearchDocument,
  type SearchEngine,
} from '../engine/index.ts'
import { createFingerprints, type Fingerprints, fingerprintOf } from '../fingerprints.ts'
import type { BuildProgress, IndexCursor, SearchIndex } from '../port.ts'

/** What the thread is started with. */
export type ThreadTask = Readonly<{
  folder: string
  /** `open` loads what the folder holds, `build` begins an index or goes on with one. */
  mode: 'open' | 'build'
  /** After how many documents a build keeps its progress. */
  keepEvery?: number
}>

/** The calls that cross to the thread: those of the port, but for what the near side and readers do. */
export type ThreadCalls = Omit<
  SearchIndex,
  'cursor' | 'progress' | 'learn' | 'failure' | 'close' | 'search' | 'suggest'
> &
  Readonly<{
    /** From now on readers are told of everything, and answers come after they were. */
    publish(): Promise<void>
  }>

/** What the folder held. */
export type Loaded = Readonly<{ cursor: IndexCursor | null; progress: BuildProgress | null }>

export type IndexThread = Readonly<{ calls: ThreadCalls; loaded: Loaded }>

/** As many documents make one segment while building, so that few have to be merged. */
const BUILD_BATCH = 16_384
/** What a kill costs at most, of a small catalogue; of a big one a tenth of what is done. */
const KEEP_EVERY = 4 * BUILD_BATCH

const OPTIONS = { synonyms: PRODUCT_SYNONYMS }

/**
 * The thread that changes the index: an engine and what it knows of its products. Synchronous inside,
 * so that what is kept on disk is of one moment.
 * @param tell tells the threads that answer searches what is new, and waits until they know
 * @throws DamagedIndexError
 */
export function createIndexThread(
  { folder, mode, keepEvery = KEEP_EVERY }: ThreadTask,
  tell: (news: IndexNews) => Promise<void>,
): IndexThread {
  mkdirSync(folder, { recursive: true })
  const engine = loadSearchEngine(folder, OPTIONS)
  const mark = parseMark(engine.cursor())
  const prints = createFingerprints(mark === null ? undefined : readPrints(folder, mark))
  const waiting: SearchDocument[] = []
  let building = mode === 'build'
  let progress = progressOf(mark)
  let keptAt = progress?.done ?? 0
  let publishing = false

  async function publish(): Promise<void> {
    const news = publishing ? engine.publish() : null
    if (news) await tell(news)
  }

  function flush(): void {
    if (waiting.length === 0) return
    engine.apply(waiting.map((document) => ({ kind: 'upsert', document })))
    waiting.length = 0
  }

  function build(documents: readonly SearchDocument[], reached: BuildProgress | undefined): number {
    for (const document of documents) prints.note(document.id, fingerprintOf(document))
    waiting.push(...documents)
    if (waiting.length >= BUILD_BATCH) flush()
    progress = reached ?? progress
    if (reached && reached.done - keptAt >= Math.max(keepEvery, reached.done / 10)) {
      flush()
      const { cursor, after, done } = reached
      save({ ...cursor, build: { after, done } })
      keptAt = done
    }
    return documents.length
  }

  function save(at: Mark): void {
    const written = writePrints(folder, at, prints)
    engine.apply([], written.mark)
    engine.save(folder)
    for (const name of readdirSync(folder)) {
      if (name.startsWith(PRINTS) && name !== written.file) rmSync(join(folder, name))
    }
  }

  return {
    loaded: { cursor: progress === null ? cursorOf(mark) : null, progress },
    calls: {
      publish() {
        publishing = true
        return publish()
      },
      async apply({ documents, gone, cursor, progress: reached }) {
        if (building && gone.length === 0 && cursor === undefined) return build(documents, reached)
        flush()
        const changes = changesOf(engine, prints, { documents, gone })
        engine.apply(changes, cursor && JSON.stringify(cursor))
        await publish()
        return changes.length
      },
      async finish(cursor) {
        flush()
        if (engine.figures().segments > 1) engine.merge()
        building = false
        progress = null
        save(cursor)
        await publish()
      },
      async keep({ merge }) {
        if (merge && engine.needsMerge()) await engine.mergeInBackground()
        await publish()
        save(cursorOf(parseMark(engine.cursor())) ?? START)
      },
      async refreshSuggestions(queries) {
        engine.refreshSuggestions(queries)
        await publish()
      },
      beginSweep: async () => prints.beginSweep(),
      endSweep: async () =>
        prints.unseen() === 0 ? [] : [...engine.ids()].filter((id) => !prints.wasSeen(id)),
      figures: async () => engine.figures(),
    },
  }
}

const START: IndexCursor = { position: 0, eventId: '' }

/** What has to be done so that the index holds these documents and not the ones that are gone. */
function changesOf(
  engine: SearchEngine,
  prints: Fingerprints,
  batch: Readonly<{ documents: readonly SearchDocument[]; gone: readonly string[] }>,
): SearchChange[] {
  const changes: SearchChange[] = []
  for (const document of batch.documents) {
    const difference = prints.note(document.id, fingerprintOf(document))
    if (difference === 'content') changes.push({ kind: 'upsert', document })
    if (difference === 'live') {
      const { id, prices, inStock, onSale, rating, reviewCount, popularity } = document
      const patch = { prices, inStock, onSale, rating, reviewCount, popularity }
      changes.push({ kind: 'patch', id, patch })
    }
  }
  for (const id of batch.gone) {
    prints.forget(id)
    if (engine.has(id)) changes.push({ kind: 'delete', id })
  }
  return changes
}

const PRINTS = 'prints-'

/** The engine's cursor: ours, which file of fingerprints belongs to it, and how far a build is. */
type Mark = IndexCursor &
  Readonly<{ prints?: string; build?: Readonly<{ after: string; done: number }> }>

function parseMark(text: string | null): Mark | null {
  return text === null ? null : (JSON.parse(text) as Mark)
}

function cursorOf(mark: Mark | null): IndexCursor | null {
  return mark && { position: mark.position, eventId: mark.eventId }
}

function progressOf(mark: Mark | null): BuildProgress | null {
  const cursor = cursorOf(mark)
  return cursor && mark?.build ? { cursor, ...mark.build } : null
}

/** Writes the fingerprints under a new name; they count once the engine's manifest names them. */
function writePrints(folder: string, mark: Mark, prints: Fingerprints) {
  const bytes = prints.encode()
  const checksum = crc32(bytes).toString(16)
  const file = `${PRINTS}${mark.position}-${bytes.length}-${checksum}`
  writeFileSync(join(folder, `${file}.tmp`), bytes, { flush: true })
  renameSync(join(folder, `${file}.tmp`), join(folder, file))
  return { file, mark: JSON.stringify({ ...mark, prints: file } satisfies Mark) }
}

/** @throws DamagedIndexError */
function readPrints(folder: string, { prints }: Mark): Uint8Array {
  try {
    const bytes = readFileSync(join(folder, prints ?? ''))
    if (crc32(bytes).toString(16) === prints?.split('-').at(-1)) return bytes
  } catch (cause) {
    throw new DamagedIndexError(`The fingerprints in ${folder} cannot be read`, { cause })
  }
  throw new DamagedIndexError(`The fingerprints in ${folder} do not match their checksum`)
}

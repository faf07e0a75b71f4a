import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import {
  createSearchEngine,
  DamagedIndexError,
  loadSearchEngine,
  PRODUCT_SYNONYMS,
  type SearchChange,
  type SearchDocument,
  type SearchEngine,
} from './engine/index.ts'
import { createFingerprints, type Fingerprints, fingerprintOf } from './fingerprints.ts'
import type { IndexCursor, SearchIndex } from './port.ts'

/** What the thread is started with. */
export type ThreadTask = Readonly<{
  folder: string
  /** `open` loads what the folder holds, `build` begins an empty index. */
  mode: 'open' | 'build'
}>

/** The calls that cross to the thread: those of the port, but for what the near side knows. */
export type ThreadCalls = Omit<SearchIndex, 'cursor' | 'progress' | 'learn' | 'failure' | 'close'>

export type IndexThread = Readonly<{
  calls: ThreadCalls
  /** Where the loaded index stands; null: the folder held none. */
  loaded: IndexCursor | null
}>

/** As many documents make one segment while building, so that few have to be merged. */
const BUILD_BATCH = 16_384

const OPTIONS = { synonyms: PRODUCT_SYNONYMS }

/**
 * The far side of the index: an engine and what it knows of its products. Synchronous inside, so
 * that what is kept on disk is of one moment.
 * @throws DamagedIndexError
 */
export function createIndexThread({ folder, mode }: ThreadTask): IndexThread {
  if (mode === 'build') mkdirSync(folder, { recursive: true })
  const engine = mode === 'open' ? loadSearchEngine(folder, OPTIONS) : createSearchEngine(OPTIONS)
  const mark = engine.cursor()
  const prints = createFingerprints(mark === null ? undefined : readPrints(folder, mark))
  const counts = new Map<string, number>()
  const waiting: SearchDocument[] = []
  let building = mode === 'build'

  function flush(): void {
    if (waiting.length === 0) return
    engine.apply(waiting.map((document) => ({ kind: 'upsert', document })))
    waiting.length = 0
  }

  function build(documents: readonly SearchDocument[]): number {
    for (const document of documents) prints.note(document.id, fingerprintOf(document))
    waiting.push(...documents)
    if (waiting.length >= BUILD_BATCH) flush()
    return documents.length
  }

  function save(cursor: IndexCursor): void {
    counts.clear()
    const written = writePrints(folder, cursor, prints)
    engine.apply([], written.mark)
    engine.save(folder)
    for (const name of readdirSync(folder)) {
      if (name.startsWith(PRINTS) && name !== written.file) rmSync(join(folder, name))
    }
  }

  const position = (): IndexCursor => parseMark(engine.cursor()) ?? START

  return {
    loaded: parseMark(mark),
    calls: {
      search: async (query) => engine.search(query),
      suggest: async (input) => suggest(engine, counts, input),
      async apply({ documents, gone, cursor }) {
        if (building && gone.length === 0) return build(documents)
        flush()
        const changes = changesOf(engine, prints, { documents, gone })
        engine.apply(changes, cursor && JSON.stringify(cursor))
        return changes.length
      },
      async finish(cursor) {
        flush()
        if (engine.figures().segments > 1) engine.merge()
        building = false
        save(cursor)
      },
      async keep({ merge }) {
        if (merge && engine.needsMerge()) await engine.mergeInBackground()
        save(position())
      },
      refreshSuggestions: async (queries) => engine.refreshSuggestions(queries),
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

/** Completions, and each category with how many products it has. */
function suggest(
  engine: SearchEngine,
  counts: Map<string, number>,
  { text, limit }: Readonly<{ text: string; limit: number }>,
) {
  const found = engine.suggest(text, { limit })
  const countOf = (id: string): number => {
    const known = counts.get(id)
    if (known !== undefined) return known
    const { total } = engine.search({ filters: { categories: [id] }, limit: 0, facets: false })
    counts.set(id, total)
    return total
  }
  return {
    completions: found.completions.map((completion) => completion.text),
    categories: found.categories.flatMap(({ id }) =>
      id === undefined ? [] : [{ id, count: countOf(id) }],
    ),
    productIds: found.productIds,
  }
}

const PRINTS = 'prints-'

/** The engine's cursor: ours, and which file of fingerprints belongs to it. */
type Mark = IndexCursor & Readonly<{ prints?: string }>

function parseMark(text: string | null): IndexCursor | null {
  if (text === null) return null
  const { position, eventId } = JSON.parse(text) as Mark
  return { position, eventId }
}

/** Writes the fingerprints under a new name; they count once the engine's manifest names them. */
function writePrints(folder: string, cursor: IndexCursor, prints: Fingerprints) {
  const bytes = prints.encode()
  const checksum = crc32(bytes).toString(16)
  const file = `${PRINTS}${cursor.position}-${bytes.length}-${checksum}`
  writeFileSync(join(folder, `${file}.tmp`), bytes, { flush: true })
  renameSync(join(folder, `${file}.tmp`), join(folder, file))
  return { file, mark: JSON.stringify({ ...cursor, prints: file } satisfies Mark) }
}

/** @throws DamagedIndexError */
function readPrints(folder: string, mark: string): Uint8Array {
  const { prints } = JSON.parse(mark) as Mark
  try {
    const bytes = readFileSync(join(folder, prints ?? ''))
    if (crc32(bytes).toString(16) === prints?.split('-').at(-1)) return bytes
  } catch (cause) {
    throw new DamagedIndexError(`The fingerprints in ${folder} cannot be read`, { cause })
  }
  throw new DamagedIndexError(`The fingerprints in ${folder} do not match their checksum`)
}

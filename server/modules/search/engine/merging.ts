import { Worker } from 'node:worker_threads'
import { copyLive, copyMarket, createLiveColumns, marketOf } from './segment/live.ts'
import { GONE, type MergeResult } from './segment/merge-types.ts'
import type { MergeTask } from './segment/merge-worker.ts'
import { openSegment, type Segment } from './segment/segment.ts'
import { deletedIn, type EngineState } from './state.ts'

/** Deltas and deletions past this share of the index are worth a merge. */
const MERGE_SHARE = 0.1
const MOST_SEGMENTS = 16

/** Whether a merge of everything would pay. */
export function needsMerge(segments: readonly Segment[]): boolean {
  const documents = segments.reduce((sum, segment) => sum + segment.documents, 0)
  const largest = Math.max(0, ...segments.map((segment) => segment.documents))
  const deleted = segments.reduce((sum, segment) => sum + deletedIn(segment), 0)
  const loose = documents - largest + deleted
  return segments.length > MOST_SEGMENTS || (documents > 0 && loose / documents > MERGE_SHARE)
}

/**
 * Puts a merged segment in the place of its sources. Prices, stock and deletions are copied now, not
 * when the merge began, so that nothing that changed meanwhile is lost.
 */
export function replaceMerged(
  state: EngineState,
  sources: readonly Segment[],
  result: MergeResult,
): void {
  const documents = openSegment(result.buffer, createLiveColumns(0)).documents
  const live = createLiveColumns(documents)
  sources.forEach((source, s) => {
    const places = result.places[s]!
    for (let from = 0; from < source.documents; from++) {
      if (places[from] !== GONE) {
        copyLive({ live: source.live, document: from }, { live, document: places[from]! })
      }
    }
  })
  const markets = new Set(sources.flatMap((source) => [...source.live.markets.keys()]))
  for (const key of markets) {
    const columns = marketOf(live, key)
    sources.forEach((source, s) => {
      copyMarketOf(source, key, { columns, places: result.places[s]! })
    })
  }
  const replaced = new Set(sources)
  const merged = openSegment(result.buffer, live)
  const rest = state.segments.filter((segment) => !replaced.has(segment))
  state.segments = documents === 0 ? rest : [merged, ...rest]
}

function copyMarketOf(
  source: Segment,
  key: string,
  to: Readonly<{ columns: ReturnType<typeof marketOf>; places: Uint32Array }>,
): void {
  const columns = source.live.markets.get(key)
  for (let from = 0; columns !== undefined && from < source.documents; from++) {
    const document = to.places[from]!
    if (document !== GONE) {
      copyMarket({ columns, document: from }, { columns: to.columns, document })
    }
  }
}

/** Merges the present segments in a worker thread and adopts the result. */
export async function mergeBeside(state: EngineState): Promise<void> {
  const sources = state.segments
  if (sources.length === 0) {
    return
  }
  state.merging = new Set(sources)
  try {
    const task: MergeTask = sources.map(({ buffer, live }) => ({
      buffer,
      deleted: live.deleted.slice(),
    }))
    replaceMerged(state, sources, await runWorker(task))
  } finally {
    state.merging = null
  }
}

function runWorker(task: MergeTask): Promise<MergeResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./segment/merge-worker.ts', import.meta.url), {
      workerData: task,
    })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => {
      reject(new Error(`The merge worker ended with code ${code}`))
    })
  })
}

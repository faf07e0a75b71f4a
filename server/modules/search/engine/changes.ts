import { replaceMerged } from './merging.ts'
import { buildSegment } from './segment/build.ts'
import { markDeleted, patchLive } from './segment/live.ts'
import { mergeSegments } from './segment/merge.ts'
import type { Segment } from './segment/segment.ts'
import { type EngineState, locate } from './state.ts'
import type { MarketPrice, SearchChange, SearchDocument, SearchPatch } from './types.ts'

/** Small segments are merged on the spot while that takes some tens of milliseconds at most. */
const SMALL_MERGE_DOCUMENTS = 16_384
const MOST_SMALL_SEGMENTS = 8
const BUILD_BATCH = 32_768

/** Applies changes in order. Words are indexed before the old versions go, so no search misses one. */
export function applyChanges(state: EngineState, changes: readonly SearchChange[]): void {
  changes.forEach(assertChange)
  const pending = new Map<string, SearchDocument>()
  const gone = new Set<string>()
  for (const change of changes) {
    if (change.kind === 'upsert') {
      pending.set(change.document.id, change.document)
      gone.delete(change.document.id)
    } else if (change.kind === 'delete') {
      pending.delete(change.id)
      gone.add(change.id)
    } else {
      applyPatch(state, pending, gone, change)
    }
  }
  const documents = [...pending.values()]
  state.defaultMarket ??= firstMarket(documents)
  const built = batches(documents).map((batch) =>
    buildSegment(batch, { analyser: state.analyser, plain: state.options.plain ?? false }),
  )
  for (const id of [...gone, ...pending.keys()]) {
    const place = locate(state.segments, id)
    if (place !== null) {
      markDeleted(place.segment.live, place.document)
      state.deletions?.push([place.segment, place.document])
    }
  }
  state.segments = [...state.segments, ...built]
  mergeSmall(state)
  mergeTiers(state)
}

function applyPatch(
  state: EngineState,
  pending: Map<string, SearchDocument>,
  gone: ReadonlySet<string>,
  change: Extract<SearchChange, { kind: 'patch' }>,
): void {
  const document = pending.get(change.id)
  if (document !== undefined) {
    pending.set(change.id, patchDocument(document, change.patch))
    return
  }
  const place = gone.has(change.id) ? null : locate(state.segments, change.id)
  if (place !== null) {
    patchLive(place.segment.live, place.document, change.patch)
  }
}

/** The same as `patchLive`, for a document that is not indexed yet. */
function patchDocument(document: SearchDocument, patch: SearchPatch): SearchDocument {
  const { prices = [], ...rest } = patch
  const flags = {
    ...(patch.inStock !== undefined && { inStock: patch.inStock }),
    ...(patch.onSale !== undefined && { onSale: patch.onSale }),
  }
  const byMarket = new Map<string, MarketPrice>()
  for (const price of document.prices) {
    byMarket.set(`${price.market}:${price.currency}`, { ...price, ...flags })
  }
  for (const price of prices) {
    const key = `${price.market}:${price.currency}`
    byMarket.set(key, { ...byMarket.get(key), ...price })
  }
  return { ...document, ...rest, prices: [...byMarket.values()] }
}

function batches(documents: readonly SearchDocument[]): SearchDocument[][] {
  const count = Math.ceil(documents.length / BUILD_BATCH)
  return Array.from({ length: count }, (_, i) =>
    documents.slice(i * BUILD_BATCH, (i + 1) * BUILD_BATCH),
  )
}

function firstMarket(documents: readonly SearchDocument[]) {
  const price = documents.flatMap((document) => document.prices)[0]
  return price ? { market: price.market, currency: price.currency } : null
}

/** Keeps the number of small segments down. While a merge runs beside, its sources stay as they are. */
function mergeSmall(state: EngineState): void {
  const small = state.segments.filter(
    (segment) => segment.documents <= SMALL_MERGE_DOCUMENTS / 2 && !state.merging?.has(segment),
  )
  const documents = small.reduce((sum, segment) => sum + segment.documents, 0)
  if (small.length > MOST_SMALL_SEGMENTS && documents <= SMALL_MERGE_DOCUMENTS) {
    mergeNow(state, small)
  } else if (small.length > MOST_SMALL_SEGMENTS) {
    const bySize = small.toSorted((a, b) => a.documents - b.documents)
    mergeNow(state, bySize.slice(0, MOST_SMALL_SEGMENTS))
  }
}

/** So many segments of one size make one of the next, which keeps their number and the work low. */
const TIER = 16
const LARGEST_TIER_DOCUMENTS = SMALL_MERGE_DOCUMENTS * TIER * TIER * TIER

function mergeTiers(state: EngineState): void {
  for (let least = SMALL_MERGE_DOCUMENTS / 2; least < LARGEST_TIER_DOCUMENTS; least *= TIER) {
    const tier = state.segments.filter(
      (segment) =>
        segment.documents > least &&
        segment.documents <= least * TIER &&
        !state.merging?.has(segment),
    )
    if (tier.length > TIER) {
      mergeNow(state, tier)
    }
  }
}

/**
 * Merges segments at once.
 * @throws Error when a worker is merging one of them
 */
export function mergeNow(state: EngineState, segments: readonly Segment[]): void {
  if (segments.some((segment) => state.merging?.has(segment))) {
    throw new Error('A merge is running beside; wait for it')
  }
  const sources = segments.map((segment) => ({ segment, deleted: segment.live.deleted }))
  replaceMerged(state, segments, mergeSegments(sources))
}

/** Everything is checked before anything changes. */
function assertChange(change: SearchChange): void {
  if (change.kind === 'upsert') {
    assertDocument(change.document)
  } else if (change.kind === 'patch') {
    assertPrices(change.patch.prices ?? [])
  }
}

function assertDocument(document: SearchDocument): void {
  if (document.id === '' || document.id.includes('\u0000')) {
    throw new RangeError('A search document needs an id')
  }
  assertPrices(document.prices)
}

function assertPrices(prices: readonly MarketPrice[]): void {
  for (const { amount } of prices) {
    if (!Number.isSafeInteger(amount) || amount < 0) {
      throw new RangeError(`A price is a whole number of minor units from 0, not ${amount}`)
    }
  }
}

import type { Segment } from '../segment/segment.ts'
import type { FacetCounts } from './counts.ts'
import { restoreTally, type Tally } from './tally.ts'

/** A tally without the memory for entries that it has not met. */
type PackedTally = Readonly<{ entries: Uint32Array; counts: Uint32Array }>

/**
 * How often each brand, path and option is among the documents that certain words and filters find. It
 * holds until one of the segment's documents is deleted: nothing in it changes in place, unlike prices
 * and ratings, which are counted anew.
 */
export type KeptCounts = Readonly<{
  deletions: number
  brands: PackedTally
  paths: PackedTally
  options: PackedTally
  /** Whether any of it is of a sample. */
  sampled: boolean
  bytes: number
}>

/** Counting fewer documents costs no more than keeping their counts. */
export const LEAST_KEPT_DOCUMENTS = 1_000
const MOST_BYTES = 16 * 1024 * 1024

type Shelf = { readonly kept: Map<string, KeptCounts>; bytes: number }

const shelves = new WeakMap<Segment['columns'], Shelf>()

function shelfOf({ columns }: Segment): Shelf {
  const shelf = shelves.get(columns) ?? { kept: new Map<string, KeptCounts>(), bytes: 0 }
  shelves.set(columns, shelf)
  return shelf
}

/** What was counted before for the same words and filters; null when it no longer holds. */
export function findKept(segment: Segment, key: string): KeptCounts | null {
  const shelf = shelfOf(segment)
  const found = shelf.kept.get(key)
  if (found === undefined) return null
  shelf.kept.delete(key)
  if (found.deletions !== segment.live.deletions[0]) {
    shelf.bytes -= found.bytes
    return null
  }
  shelf.kept.set(key, found)
  return found
}

/** Keeps what was counted; those not asked for longest make room. */
export function keepCounts(counts: FacetCounts, key: string, sampled: boolean): void {
  const { segment } = counts
  const [brands, paths] = [pack(counts.brands), pack(counts.paths)]
  const options = pack(counts.options.tally)
  const bytes = 2 * key.length + sizeOf(brands) + sizeOf(paths) + sizeOf(options)
  const deletions = segment.live.deletions[0]!
  const shelf = shelfOf(segment)
  shelf.bytes += bytes - (shelf.kept.get(key)?.bytes ?? 0)
  shelf.kept.set(key, { deletions, brands, paths, options, sampled, bytes })
  for (const [oldest, { bytes: freed }] of shelf.kept) {
    if (shelf.bytes <= MOST_BYTES) break
    shelf.kept.delete(oldest)
    shelf.bytes -= freed
  }
}

/** Puts kept counts in the place of counting. */
export function restoreCounts(counts: FacetCounts, kept: KeptCounts): void {
  restoreTally(counts.brands, kept.brands)
  restoreTally(counts.paths, kept.paths)
  restoreTally(counts.options.tally, kept.options)
}

function pack({ counts, met, size }: Tally): PackedTally {
  const entries = met.slice(0, size)
  return { entries, counts: entries.map((entry) => counts[entry]!) }
}

function sizeOf({ entries }: PackedTally): number {
  return 2 * entries.byteLength
}

/**
 * Counts by dictionary number, and which numbers were met: a query pays for what its matches have, not
 * for the size of the dictionary.
 */
export type Tally = {
  readonly counts: Uint32Array
  /** The first `size` are the numbers with a count, in the order in which they were met. */
  readonly met: Uint32Array
  size: number
}

export function createTally(entries: number): Tally {
  return { counts: new Uint32Array(entries), met: new Uint32Array(entries), size: 0 }
}

/** Back to nothing; costs a step for each number that was met. */
export function clearTally(tally: Tally): void {
  const { counts, met } = tally
  for (let i = 0; i < tally.size; i++) {
    counts[met[i]!] = 0
  }
  tally.size = 0
}

export function addTo(tally: Tally, entry: number, weight: number): void {
  const { counts } = tally
  const before = counts[entry]!
  if (before === 0) {
    tally.met[tally.size++] = entry
  }
  counts[entry] = before + weight
}

/** Adds the entry that a column has for each of these documents. */
export function addColumn(
  tally: Tally,
  column: Uint32Array,
  documents: Uint32Array,
  weight: number,
): void {
  const { counts, met } = tally
  let size = tally.size
  for (let i = 0; i < documents.length; i++) {
    const entry = column[documents[i]!]!
    const before = counts[entry]!
    if (before === 0) {
      met[size++] = entry
    }
    counts[entry] = before + weight
  }
  tally.size = size
}

/**
 * Adds the list that each of these documents stands in, where documents of one list stand together: what
 * stands one after the other is told by the list's bounds, without a look at the document.
 * @param starts of each list its first document, and the end of the last
 */
export function addRuns(
  tally: Tally,
  starts: Uint32Array,
  documents: Uint32Array,
  weight: number,
): void {
  let i = 0
  while (i < documents.length) {
    const list = listOf(starts, documents[i]!)
    const [from, to] = [starts[list]!, starts[list + 1]!]
    const first = i
    while (i < documents.length && documents[i]! >= from && documents[i]! < to) i++
    addTo(tally, list, (i - first) * weight)
  }
}

/** The last list that begins at a document or before it. */
function listOf(starts: Uint32Array, document: number): number {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (starts[middle]! <= document) low = middle
    else high = middle
  }
  return low
}

/** Fills an empty tally with entries and their counts. */
export function restoreTally(
  tally: Tally,
  { entries, counts }: Readonly<{ entries: Uint32Array; counts: Uint32Array }>,
): void {
  tally.met.set(entries)
  tally.size = entries.length
  for (let i = 0; i < entries.length; i++) {
    tally.counts[entries[i]!] = counts[i]!
  }
}

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

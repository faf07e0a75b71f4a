import { crc32 } from 'node:zlib'
import type { SearchDocument } from './engine/index.ts'

/** What a document is made of, in two numbers: words and structure; prices, stock and ratings. */
export type Fingerprint = Readonly<{ content: number; live: number }>

export type Difference = 'none' | 'live' | 'content'

/**
 * What the index knows of each product, in 17 bytes: enough to tell whether a document read anew
 * differs, without keeping documents. A table of open addressing, keyed by 64 bits of the id's hash.
 */
export type Fingerprints = Readonly<{
  /** How this document differs from the one noted last; notes it, and that it was seen. */
  note(id: string, fingerprint: Fingerprint): Difference
  forget(id: string): void
  /** Nothing has been seen from now on. */
  beginSweep(): void
  /** Whether the id was noted since `beginSweep`. */
  wasSeen(id: string): boolean
  /** How many are known and were not seen. */
  unseen(): number
  encode(): Uint8Array
}>

const WORDS = 4
const LEAST_SLOTS = 1024
const MOST_FULL = 0.7

const SEEN = 1
const GONE = 2

/** @param bytes of `encode`. @throws RangeError if they cannot be. */
export function createFingerprints(bytes?: Uint8Array): Fingerprints {
  if (bytes && bytes.length % (WORDS * 4) !== 0) throw new RangeError('Fingerprints are cut short')
  const given = bytes ? new Uint32Array(new Uint8Array(bytes).buffer) : new Uint32Array(0)
  let slots = slotsFor(given.length / WORDS)
  let table = new Uint32Array(slots * WORDS)
  let marks = new Uint8Array(slots)
  let used = 0
  for (let from = 0; from < given.length; from += WORDS) put(given.subarray(from, from + WORDS), 0)

  /** The slot of a key, or the free one where it belongs. */
  function find(high: number, low: number): number {
    for (let slot = low % slots; ; slot = slot + 1 === slots ? 0 : slot + 1) {
      const at = slot * WORDS
      if (table[at] === 0) return slot
      if (table[at] === high && table[at + 1] === low) return slot
    }
  }

  function put(entry: Uint32Array, mark: number): void {
    const slot = find(entry[0]!, entry[1]!)
    table.set(entry, slot * WORDS)
    marks[slot] = mark
    used += 1
  }

  /** Visits the entries of products that are in the index. */
  function walk(visit: (entry: Uint32Array, mark: number) => void): void {
    for (let slot = 0; slot < slots; slot += 1) {
      const mark = marks[slot]!
      if (table[slot * WORDS] !== 0 && (mark & GONE) === 0) {
        visit(table.subarray(slot * WORDS, (slot + 1) * WORDS), mark)
      }
    }
  }

  function count(wanted: (mark: number) => boolean): number {
    let found = 0
    walk((_entry, mark) => {
      if (wanted(mark)) found += 1
    })
    return found
  }

  function grow(): void {
    const size = count(() => true)
    const living = { entries: new Uint32Array(size * WORDS), marks: new Uint8Array(size) }
    let place = 0
    walk((entry, mark) => {
      living.entries.set(entry, place * WORDS)
      living.marks[place] = mark
      place += 1
    })
    slots = slotsFor(place)
    table = new Uint32Array(slots * WORDS)
    marks = new Uint8Array(slots)
    used = 0
    for (let i = 0; i < place; i += 1) {
      put(living.entries.subarray(i * WORDS, (i + 1) * WORDS), living.marks[i]!)
    }
  }

  return {
    note(id, { content, live }) {
      if (used >= slots * MOST_FULL) grow()
      const [high, low] = keyOf(id)
      const slot = find(high, low)
      const at = slot * WORDS
      const known = table[at] === high && table[at + 1] === low
      const fresh = !known || (marks[slot]! & GONE) !== 0
      const difference = fresh || table[at + 2] !== content ? 'content' : 'live'
      const same = difference === 'live' && table[at + 3] === live
      if (!known) used += 1
      table[at] = high
      table[at + 1] = low
      table[at + 2] = content
      table[at + 3] = live
      marks[slot] = SEEN
      return same ? 'none' : difference
    },
    forget(id) {
      const [high, low] = keyOf(id)
      const slot = find(high, low)
      if (table[slot * WORDS] === high && table[slot * WORDS + 1] === low) marks[slot] = GONE
    },
    beginSweep() {
      for (let slot = 0; slot < slots; slot += 1) marks[slot]! &= ~SEEN
    },
    wasSeen(id) {
      const [high, low] = keyOf(id)
      return (marks[find(high, low)]! & SEEN) !== 0
    },
    unseen: () => count((mark) => (mark & SEEN) === 0),
    encode() {
      const all = new Uint32Array(count(() => true) * WORDS)
      let at = 0
      walk((entry) => {
        all.set(entry, at)
        at += WORDS
      })
      return new Uint8Array(all.buffer)
    },
  }
}

/** The fingerprint of a document. */
export function fingerprintOf(document: SearchDocument): Fingerprint {
  const { prices, inStock, onSale, rating, reviewCount, popularity, ...content } = document
  const live = { prices, inStock, onSale, rating, reviewCount, popularity }
  // A patch can change a price and cannot take one away: how many there are belongs to the content.
  const markets = prices.map(({ market, currency }) => `${market} ${currency}`)
  return {
    content: crc32(JSON.stringify({ ...content, markets })),
    live: crc32(JSON.stringify(live)),
  }
}

function slotsFor(entries: number): number {
  return Math.max(LEAST_SLOTS, Math.ceil((entries * 2) / MOST_FULL))
}

/** Two independent 32-bit hashes of a text (murmur's mixing), the first never zero. */
function keyOf(id: string): readonly [number, number] {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let i = 0; i < id.length; i += 1) {
    const code = id.charCodeAt(i)
    high = Math.imul(high ^ code, 2654435761)
    low = Math.imul(low ^ code, 1597334677)
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909)
  return [(high | 1) >>> 0, low >>> 0]
}

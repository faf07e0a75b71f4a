/** Many strings in two flat columns: `bytes` end to end as UTF-8, `offsets` one longer than the count. */
export type StringTable = Readonly<{ offsets: Uint32Array; bytes: Uint8Array }>

export function countOf(table: StringTable): number {
  return table.offsets.length - 1
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) {
      return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
    }
    text += String.fromCharCode(byte)
  }
  return text
}

export function stringAt(table: StringTable, index: number): string {
  return decode(table.bytes, table.offsets[index]!, table.offsets[index + 1]!)
}

/** Orders two entries, of one table or of two, by their bytes. */
export function compareEntries(a: StringTable, i: number, b: StringTable, j: number): number {
  const startA = a.offsets[i]!
  const startB = b.offsets[j]!
  const lengthA = a.offsets[i + 1]! - startA
  const lengthB = b.offsets[j + 1]! - startB
  const shared = Math.min(lengthA, lengthB)
  for (let k = 0; k < shared; k++) {
    const difference = a.bytes[startA + k]! - b.bytes[startB + k]!
    if (difference !== 0) {
      return difference
    }
  }
  return lengthA - lengthB
}

/** Negative when the entry is before `key`; 0 also when it only begins with it, if `prefix`. */
export function compareToKey(
  table: StringTable,
  index: number,
  key: Uint8Array,
  prefix = false,
): number {
  const start = table.offsets[index]!
  const length = table.offsets[index + 1]! - start
  const shared = Math.min(length, key.length)
  for (let k = 0; k < shared; k++) {
    const difference = table.bytes[start + k]! - key[k]!
    if (difference !== 0) {
      return difference
    }
  }
  return prefix && length >= key.length ? 0 : length - key.length
}

/** The first entry not before `key`; with `after`, the first entry past all that begin with it. */
export function lowerBound(table: StringTable, key: Uint8Array, after = false): number {
  let low = 0
  let high = countOf(table)
  while (low < high) {
    const middle = (low + high) >>> 1
    const order = compareToKey(table, middle, key, after)
    if (order < 0 || (after && order === 0)) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

/** The index of `key` in a sorted table, or -1. */
export function findString(table: StringTable, key: Uint8Array): number {
  const index = lowerBound(table, key)
  return index < countOf(table) && compareToKey(table, index, key, false) === 0 ? index : -1
}

/** Orders strings as their UTF-8 bytes are ordered, which for a surrogate pair is not `<`. */
export function compareAsBytes(a: string, b: string): number {
  if (a === b) {
    return 0
  }
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) {
      const wideX = x >= 0xd800 && x < 0xe000
      const wideY = y >= 0xd800 && y < 0xe000
      return wideX === wideY ? x - y : wideX ? 1 : -1
    }
  }
  return a.length - b.length
}

/** Packs strings into a table of their own. */
export function packStrings(strings: readonly string[]): StringTable {
  const offsets = new Uint32Array(strings.length + 1)
  let total = 0
  strings.forEach((text, i) => {
    total += Buffer.byteLength(text)
    offsets[i + 1] = total
  })
  const bytes = Buffer.allocUnsafe(total)
  strings.forEach((text, i) => {
    bytes.write(text, offsets[i]!)
  })
  return { offsets, bytes }
}

export type MergedStrings = Readonly<{
  table: StringTable
  /** For each source, where each of its entries is in the merged table. */
  places: readonly Uint32Array[]
}>

/** Merges sorted tables into one without repeats. */
export function mergeTables(tables: readonly StringTable[]): MergedStrings {
  const places = tables.map((table) => new Uint32Array(countOf(table)))
  const capacity = tables.reduce((sum, table) => sum + countOf(table), 0)
  const offsets = new Uint32Array(capacity + 1)
  const bytes = new Uint8Array(tables.reduce((sum, table) => sum + table.bytes.length, 0))
  const merged = { offsets, bytes }
  let count = 0
  walkMerged(tables, (source, index) => {
    const table = tables[source]!
    if (count === 0 || compareEntries(merged, count - 1, table, index) !== 0) {
      const start = table.offsets[index]!
      const end = table.offsets[index + 1]!
      bytes.set(table.bytes.subarray(start, end), offsets[count]!)
      offsets[count + 1] = offsets[count]! + end - start
      count++
    }
    places[source]![index] = count - 1
  })
  return {
    table: { offsets: offsets.slice(0, count + 1), bytes: bytes.slice(0, offsets[count]!) },
    places,
  }
}

/** Visits the entries of sorted tables in one order; equal entries come in the order of the tables. */
function walkMerged(
  tables: readonly StringTable[],
  visit: (source: number, index: number) => void,
): void {
  walkInOrder(
    tables.map(countOf),
    (a, i, b, j) => compareEntries(tables[a]!, i, tables[b]!, j),
    visit,
  )
}

/**
 * Visits the entries of several sorted lists in one order; equal ones come in the order of the lists.
 * @param compare orders entry `i` of list `a` and entry `j` of list `b`
 */
export function walkInOrder(
  lengths: readonly number[],
  compare: (a: number, i: number, b: number, j: number) => number,
  visit: (source: number, index: number) => void,
): void {
  const next = new Uint32Array(lengths.length)
  const heap = lengths.map((_, source) => source).filter((source) => lengths[source]! > 0)
  const before = (a: number, b: number): boolean => {
    const order = compare(a, next[a]!, b, next[b]!)
    return order < 0 || (order === 0 && a < b)
  }
  for (let i = (heap.length >> 1) - 1; i >= 0; i--) {
    siftDown(heap, i, before)
  }
  while (heap.length > 0) {
    const source = heap[0]!
    visit(source, next[source]!)
    next[source]!++
    if (next[source]! >= lengths[source]!) {
      const last = heap.pop()!
      if (heap.length > 0) {
        heap[0] = last
      }
    }
    siftDown(heap, 0, before)
  }
}

function siftDown(heap: number[], from: number, before: (a: number, b: number) => boolean): void {
  let at = from
  for (;;) {
    const left = 2 * at + 1
    if (left >= heap.length) {
      return
    }
    const right = left + 1
    const child = right < heap.length && before(heap[right]!, heap[left]!) ? right : left
    if (!before(heap[child]!, heap[at]!)) {
      return
    }
    const moved = heap[at]!
    heap[at] = heap[child]!
    heap[child] = moved
    at = child
  }
}

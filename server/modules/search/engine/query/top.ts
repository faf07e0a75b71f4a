/**
 * The best documents met so far: highest key first, of equal keys the one of lower id.
 */
export type TopList = {
  /** A key below this needs no offer. */
  least: number
  readonly offer: (document: number, key: number) => void
  /** Best first; the list is empty then. */
  readonly drain: () => readonly TopEntry[]
}

export type TopEntry = Readonly<{ document: number; key: number }>

/** Only what comes after this counts: lower keys, and of equal ones documents from this rank on. */
export type TopBound = Readonly<{ key: number; rank: number }>

/** @param ranks of each document by its id */
export function createTopList(capacity: number, ranks: Uint32Array, bound?: TopBound): TopList {
  const keys = new Float64Array(capacity)
  const documents = new Uint32Array(capacity)
  let size = 0
  const worse = (a: number, b: number): boolean =>
    keys[a]! < keys[b]! || (keys[a] === keys[b] && ranks[documents[a]!]! > ranks[documents[b]!]!)
  const swap = (a: number, b: number): void => {
    const key = keys[a]!
    const document = documents[a]!
    keys[a] = keys[b]!
    documents[a] = documents[b]!
    keys[b] = key
    documents[b] = document
  }
  const siftDown = (): void => {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= size) {
        return
      }
      const child = left + 1 < size && worse(left + 1, left) ? left + 1 : left
      if (!worse(child, at)) {
        return
      }
      swap(child, at)
      at = child
    }
  }
  const put = (at: number, document: number, key: number): void => {
    keys[at] = key
    documents[at] = document
  }
  const list: TopList = {
    least: capacity === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
    offer: (document, key) => {
      if (bound && isBefore(bound, key, ranks[document]!)) return
      if (size === capacity) {
        if (key < list.least || (key === list.least && ranks[document]! > ranks[documents[0]!]!)) {
          return
        }
        put(0, document, key)
        siftDown()
        list.least = keys[0]!
        return
      }
      put(size, document, key)
      for (let at = size++; at > 0; ) {
        const parent = (at - 1) >> 1
        if (!worse(at, parent)) {
          break
        }
        swap(at, parent)
        at = parent
      }
      if (size === capacity) {
        list.least = keys[0]!
      }
    },
    drain: () => {
      const drained: TopEntry[] = new Array(size)
      while (size > 0) {
        size -= 1
        swap(0, size)
        siftDown()
        drained[size] = { document: documents[size]!, key: keys[size]! }
      }
      return drained
    },
  }
  return list
}

function isBefore(bound: TopBound, key: number, rank: number): boolean {
  return key > bound.key || (key === bound.key && rank < bound.rank)
}

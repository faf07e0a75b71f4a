/** A run of bytes inside a larger block. */
export type ByteRun = Readonly<{ bytes: Uint8Array; start: number; end: number }>

const WIDTH = 64
const rows = [new Uint8Array(WIDTH), new Uint8Array(WIDTH), new Uint8Array(WIDTH)] as const

/**
 * The least number of insertions, deletions, replacements and swaps of neighbours that turn one
 * word into the other; more than `limit` is told as `limit + 1`.
 */
export function withinEdits(word: Uint8Array, other: ByteRun, limit: number): number {
  const n = word.length
  const m = other.end - other.start
  if (Math.abs(n - m) > limit || n >= WIDTH || m >= WIDTH) {
    return limit + 1
  }
  let [before, last, row]: readonly Uint8Array[] = rows
  for (let j = 0; j <= m; j++) {
    last![j] = j
  }
  for (let i = 1; i <= n; i++) {
    row![0] = i
    let least = i
    for (let j = 1; j <= m; j++) {
      const letter = other.bytes[other.start + j - 1]!
      const same = word[i - 1] === letter
      let cost = Math.min(last![j - 1]! + (same ? 0 : 1), last![j]! + 1, row![j - 1]! + 1)
      const swapped = i > 1 && j > 1 && word[i - 2] === letter
      if (swapped && word[i - 1] === other.bytes[other.start + j - 2]) {
        cost = Math.min(cost, before![j - 2]! + 1)
      }
      row![j] = cost
      least = Math.min(least, cost)
    }
    if (least > limit) {
      return limit + 1
    }
    ;[before, last, row] = [last, row, before]
  }
  return Math.min(last![m]!, limit + 1)
}

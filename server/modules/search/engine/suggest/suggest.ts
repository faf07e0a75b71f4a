import type { Segment } from '../segment/segment.ts'
import type { Suggestion } from '../types.ts'
import { type Entry, gatherEntries, keyOf, type PopularQuery } from './entries.ts'

/** Completes what is being typed. */
export type Suggester = Readonly<{
  complete: (
    text: string,
    limit: number,
  ) => Readonly<{ completions: readonly Suggestion[]; categories: readonly Suggestion[] }>
}>

const LETTERS = 'abcdefghijklmnopqrstuvwxyz '
const MAX_LENGTH = 60
const LEAST_TYPO_LENGTH = 4
/** Ranges longer than this keep their best entries ready. */
const LONG_RANGE = 512
const KEPT_READY = 64

export function createSuggester(
  segments: readonly Segment[],
  queries: readonly PopularQuery[],
): Suggester {
  return completeFrom(gatherEntries(segments, queries))
}

/** @param entries in the order of their keys */
export function completeFrom(entries: readonly Entry[]): Suggester {
  const ready = new Map<string, readonly Entry[]>()
  const bestOf = (prefix: string): readonly Entry[] => {
    const known = ready.get(prefix)
    if (known !== undefined) {
      return known
    }
    const from = firstAtLeast(entries, prefix)
    const to = firstAtLeast(entries, `${prefix}\uffff`)
    const best = entries
      .slice(from, to)
      .sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
      .slice(0, KEPT_READY)
    if (to - from > LONG_RANGE) {
      ready.set(prefix, best)
    }
    return best
  }
  return {
    complete: (text, limit) => {
      const folded = keyOf(text.slice(0, MAX_LENGTH))
      const prefix = /\s$/.test(text) && folded !== '' ? `${folded} ` : folded
      if (prefix === '') {
        return { completions: [], categories: [] }
      }
      const found = bestOf(prefix)
      return split(found.length > 0 ? found : bestNear(prefix, entries, bestOf), limit)
    },
  }
}

function split(found: readonly Entry[], limit: number) {
  const suggestions = found.map((entry) => entry.suggestion)
  const texts = new Set<string>()
  const completions = suggestions
    .filter(({ kind }) => kind !== 'category')
    .filter(({ text }) => {
      const key = text.toLowerCase()
      const fresh = !texts.has(key)
      texts.add(key)
      return fresh
    })
  return {
    completions: completions.slice(0, limit),
    categories: suggestions.filter(({ kind }) => kind === 'category').slice(0, limit),
  }
}

function firstAtLeast(entries: readonly Entry[], key: string): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (entries[middle]!.key < key) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return low
}

/** The best completions of all prefixes that are one edit away; the first letter is trusted. */
function bestNear(
  prefix: string,
  entries: readonly Entry[],
  bestOf: (prefix: string) => readonly Entry[],
): readonly Entry[] {
  if (prefix.length < LEAST_TYPO_LENGTH) {
    return []
  }
  const found = new Set<Entry>()
  for (const near of editsOf(prefix)) {
    if (entries[firstAtLeast(entries, near)]?.key.startsWith(near)) {
      for (const entry of bestOf(near)) {
        found.add(entry)
      }
    }
  }
  return [...found].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1))
}

function editsOf(prefix: string): Set<string> {
  const edits = new Set<string>()
  for (let i = 1; i <= prefix.length; i++) {
    const before = prefix.slice(0, i)
    const after = prefix.slice(i)
    if (/^\d/.test(after)) {
      continue
    }
    if (after !== '') {
      edits.add(before + after.slice(1))
    }
    if (after.length > 1) {
      edits.add(before + after[1]! + after[0]! + after.slice(2))
    }
    for (const letter of LETTERS) {
      edits.add(before + letter + after)
      if (after !== '') {
        edits.add(before + letter + after.slice(1))
      }
    }
  }
  edits.delete(prefix)
  return edits
}

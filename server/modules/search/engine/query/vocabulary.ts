import { markOf, unmarked } from '../analysis/languages.ts'
import { letterMask, MAX_FUZZY_LENGTH } from '../segment/fuzzy.ts'
import { documentFrequency, type Segment } from '../segment/segment.ts'
import { lowerBound, stringAt } from '../segment/strings.ts'
import { findTerm } from '../segment/terms.ts'
import { withinEdits } from './edits.ts'

/** The words of all segments together. It remembers what it looked up, so it is for these segments only. */
export type Vocabulary = Readonly<{
  documents: number
  /** In how many documents a term is, deleted ones included until they are merged away. */
  frequencyOf: (term: string) => number
  /** The most frequent terms that begin with `prefix`, `prefix` itself excluded. */
  completionsOf: (prefix: string, limit: number) => readonly string[]
  /** Existing terms close to a misspelt one of this many letters as written, best first. */
  correctionsOf: (word: string, letters: number, limit: number) => readonly Correction[]
}>

export type Correction = Readonly<{ term: string; edits: number; frequency: number; cost: number }>

const encoder = new TextEncoder()
const MAX_PREFIX_SCAN = 20_000
const MAX_REMEMBERED = 50_000

/** One edit from 4 letters, two from 8; none for words that are not plain letters. */
export function editsAllowed(word: string, letters: number): number {
  if (!/^[a-z]{3,}$/.test(unmarked(word)) || letters < 4 || word.length > MAX_FUZZY_LENGTH) {
    return 0
  }
  return letters >= 8 ? 2 : 1
}

export function createVocabulary(segments: readonly Segment[]): Vocabulary {
  const known = new Map<string, number>()
  const frequencyOf = (term: string): number => {
    let frequency = known.get(term)
    if (frequency === undefined) {
      frequency = countDocuments(segments, term)
      if (known.size >= MAX_REMEMBERED) {
        known.clear()
      }
      known.set(term, frequency)
    }
    return frequency
  }
  return {
    documents: segments.reduce((sum, segment) => sum + segment.documents, 0),
    frequencyOf,
    completionsOf: (prefix, limit) => completions(segments, prefix, limit),
    correctionsOf: (word, letters, limit) => corrections(segments, word, letters, limit),
  }
}

function countDocuments(segments: readonly Segment[], term: string): number {
  let sum = 0
  for (const segment of segments) {
    const found = findTerm(segment, term)
    sum += found >= 0 ? documentFrequency(segment, found) : 0
  }
  return sum
}

function completions(segments: readonly Segment[], prefix: string, limit: number): string[] {
  const key = encoder.encode(prefix)
  const frequency = new Map<string, number>()
  for (const segment of segments) {
    const from = lowerBound(segment.terms, key)
    const to = Math.min(lowerBound(segment.terms, key, true), from + MAX_PREFIX_SCAN)
    const best: number[] = []
    for (let term = from; term < to; term++) {
      insertByFrequency(segment, best, term, limit)
    }
    for (const term of best) {
      const text = stringAt(segment.terms, term)
      frequency.set(text, (frequency.get(text) ?? 0) + documentFrequency(segment, term))
    }
  }
  frequency.delete(prefix)
  return [...frequency]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, limit)
    .map(([term]) => term)
}

function insertByFrequency(segment: Segment, best: number[], term: number, limit: number): void {
  const frequency = documentFrequency(segment, term)
  const last = best.at(-1)
  if (best.length === limit && frequency <= documentFrequency(segment, last!)) {
    return
  }
  let at = best.length
  while (at > 0 && documentFrequency(segment, best[at - 1]!) < frequency) {
    at--
  }
  best.splice(at, 0, term)
  best.length = Math.min(best.length, limit)
}

function corrections(
  segments: readonly Segment[],
  word: string,
  letters: number,
  limit: number,
): Correction[] {
  const allowed = editsAllowed(word, letters)
  if (allowed === 0) {
    return []
  }
  const key = encoder.encode(word)
  const mark = markOf(word)
  const found = new Map<string, { edits: number; frequency: number }>()
  for (const segment of segments) {
    scanFuzzy(segment, key, allowed, (term, edits) => {
      const text = stringAt(segment.terms, term)
      if (markOf(text) !== mark) return
      const frequency = documentFrequency(segment, term)
      const known = found.get(text)
      found.set(text, { edits, frequency: frequency + (known?.frequency ?? 0) })
    })
  }
  return [...found]
    .filter(([, { frequency }]) => frequency > 0)
    .map(([term, each]) => ({ term, ...each }))
    .map((each) => ({ ...each, cost: correctionCost(word, each) }))
    .sort((a, b) => a.cost - b.cost || (a.term < b.term ? -1 : 1))
    .slice(0, limit)
}

/** Fewer edits, then the same first letter (it is seldom mistyped), then the more frequent word. */
export function correctionCost(
  word: string,
  { term, edits, frequency }: Omit<Correction, 'cost'>,
): number {
  const otherStart = unmarked(term)[0] === unmarked(word)[0] ? 0 : 1
  return edits * 12 + otherStart * 8 - Math.log2(frequency)
}

function scanFuzzy(
  segment: Segment,
  key: Uint8Array,
  allowed: number,
  visit: (term: number, edits: number) => void,
): void {
  const { fuzzyStart, fuzzyTerm, fuzzyMask } = segment.columns
  const mask = letterMask(key, 0, key.length)
  const shortest = Math.max(3, key.length - allowed)
  const longest = Math.min(MAX_FUZZY_LENGTH, key.length + allowed)
  for (let i = fuzzyStart[shortest]!; i < fuzzyStart[longest + 1]!; i++) {
    let difference = mask ^ fuzzyMask[i]!
    let letters = 0
    for (; difference !== 0 && letters <= 2 * allowed; letters++) {
      difference &= difference - 1
    }
    if (letters <= 2 * allowed) {
      const term = fuzzyTerm[i]!
      const start = segment.terms.offsets[term]!
      const candidate = { bytes: segment.terms.bytes, start, end: segment.terms.offsets[term + 1]! }
      const edits = withinEdits(key, candidate, allowed)
      if (edits > 0 && edits <= allowed) {
        visit(term, edits)
      }
    }
  }
}

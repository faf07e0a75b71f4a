import { fold } from '../analysis/fold.ts'
import { pluralOf } from '../analysis/stem.ts'
import { isTranslationAt } from '../segment/fuzzy.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf, stringAt } from '../segment/strings.ts'
import type { Suggestion } from '../types.ts'

/** A completion that may be offered, with how much it is wanted. */
export type Entry = Readonly<{ key: string; suggestion: Suggestion; weight: number }>

/** A query that shoppers made, with how often. */
export type PopularQuery = Readonly<{ text: string; count: number }>

const SAMPLE_DOCUMENTS = 100_000
const MOST_PHRASES = 30_000
const LEAST_COUNT = 2
export const STOP_WORDS = new Set([
  'and',
  'the',
  'for',
  'with',
  'of',
  'in',
  'to',
  'by',
  'on',
  'a',
  'or',
])

export function keyOf(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}.]+/gu, ' ')
    .trim()
}

function addCount<Key>(counts: Map<Key, number>, key: Key, count = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + count)
}

/** How many living documents each dictionary entry has, from a per-document column. */
function tally(segment: Segment, column: Uint32Array, size: number): Uint32Array {
  const counts = new Uint32Array(size)
  for (let document = 0; document < segment.documents; document++) {
    counts[column[document]!]! += segment.live.deleted[document] === 0 ? 1 : 0
  }
  return counts
}

function brandEntries(segments: readonly Segment[]): Entry[] {
  const counts = new Map<string, number>()
  for (const segment of segments) {
    tally(segment, segment.columns.brand, countOf(segment.brands)).forEach((count, brand) => {
      addCount(counts, stringAt(segment.brands, brand), count)
    })
  }
  return [...counts]
    .filter(([brand, count]) => brand !== '' && count > 0)
    .map(([text, count]) => brandEntry(text, count))
}

export function brandEntry(text: string, count: number): Entry {
  return {
    key: keyOf(text),
    suggestion: { kind: 'brand', text },
    weight: Math.log2(1 + count) + 2,
  }
}

function categoryEntries(segments: readonly Segment[]): Entry[] {
  const counts = new Map<string, { text: string; count: number }>()
  for (const segment of segments) {
    const { path, pathStart, pathCategories } = segment.columns
    tally(segment, path, pathStart.length - 1).forEach((count, list) => {
      for (let i = pathStart[list]!; i < pathStart[list + 1]!; i++) {
        const id = stringAt(segment.categories, pathCategories[i]!)
        const text = stringAt(segment.categoryNames, pathCategories[i]!)
        counts.set(id, { text, count: count + (counts.get(id)?.count ?? 0) })
      }
    })
  }
  return [...counts]
    .filter(([, { count }]) => count > 0)
    .map(([id, { text, count }]) => categoryEntry(id, text, count))
}

export function categoryEntry(id: string, text: string, count: number): Entry {
  return {
    key: keyOf(text),
    suggestion: { kind: 'category', text, id },
    weight: Math.log2(1 + count) + 1,
  }
}

/** Which terms may begin, continue or end a phrase: words of letters. */
function wordTerms(segment: Segment): Uint8Array {
  const allowed = new Uint8Array(countOf(segment.terms))
  const { fuzzyTerm } = segment.columns
  for (const term of fuzzyTerm) {
    if (isTranslationAt(segment.terms, term)) continue
    allowed[term] = STOP_WORDS.has(stringAt(segment.terms, term)) ? 0 : 1
  }
  return allowed
}

function countPhrases(segment: Segment, stride: number): Map<string, number> {
  const allowed = wordTerms(segment)
  const { nameStart, nameTerms } = segment.columns
  const terms = allowed.length
  const visitPairs = (visit: (pair: number, next: number | null) => void): void => {
    for (let document = 0; document < segment.documents; document += stride) {
      const end = nameStart[document + 1]!
      for (let i = nameStart[document]!; i + 1 < end; i++) {
        const [first, second] = [nameTerms[i]!, nameTerms[i + 1]!]
        if (allowed[first] === 1 && allowed[second] === 1 && first !== second) {
          const third = i + 2 < end ? nameTerms[i + 2]! : null
          visit(first * terms + second, third !== null && allowed[third] === 1 ? third : null)
        }
      }
    }
  }
  const pairs = new Map<number, number>()
  visitPairs((pair) => {
    addCount(pairs, pair)
  })
  const frequent = [...pairs].filter(([, count]) => count >= LEAST_COUNT)
  const rank = new Map(frequent.map(([pair], i) => [pair, i]))
  const triples = new Map<number, number>()
  visitPairs((pair, third) => {
    const known = third === null ? undefined : rank.get(pair)
    if (known !== undefined) {
      addCount(triples, known * terms + third!)
    }
  })
  const phrases = new Map<string, number>()
  const wordsOf = (pair: number): string =>
    `${stringAt(segment.terms, Math.floor(pair / terms))} ${stringAt(segment.terms, pair % terms)}`
  for (const [pair, count] of frequent) {
    addCount(phrases, wordsOf(pair), count * stride)
  }
  for (const [triple, count] of triples) {
    if (count >= LEAST_COUNT) {
      const [pair] = frequent[Math.floor(triple / terms)]!
      addCount(
        phrases,
        `${wordsOf(pair)} ${stringAt(segment.terms, triple % terms)}`,
        count * stride,
      )
    }
  }
  return phrases
}

function phraseEntries(segments: readonly Segment[]): Entry[] {
  const documents = segments.reduce((sum, segment) => sum + segment.documents, 0)
  const stride = Math.max(1, Math.ceil(documents / SAMPLE_DOCUMENTS))
  const counts = new Map<string, number>()
  const plurals = new Map<string, number>()
  for (const segment of segments) {
    for (const [phrase, count] of countPhrases(segment, stride)) {
      addCount(counts, phrase, count)
    }
    for (const term of segment.columns.fuzzyTerm) {
      const { postingStart, termPluralShare } = segment.columns
      const frequency = postingStart[term + 1]! - postingStart[term]!
      if (frequency >= 3 && !isTranslationAt(segment.terms, term)) {
        const word = stringAt(segment.terms, term)
        addCount(counts, word, frequency)
        plurals.set(word, termPluralShare[term]!)
      }
    }
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_PHRASES)
    .map(([phrase, count]) => {
      const last = phrase.slice(phrase.lastIndexOf(' ') + 1)
      const plural = (plurals.get(last) ?? 0) > 127
      const text = plural ? phrase.slice(0, phrase.length - last.length) + pluralOf(last) : phrase
      return phraseEntry(text, count)
    })
}

export function phraseEntry(text: string, count: number): Entry {
  return { key: text, suggestion: { kind: 'query', text }, weight: Math.log2(1 + count) }
}

/** Everything that may complete a prefix, the strongest entry of each text and kind. */
export function gatherEntries(
  segments: readonly Segment[],
  queries: readonly PopularQuery[],
): readonly Entry[] {
  return sortEntries([
    ...queries.map(queryEntry),
    ...brandEntries(segments),
    ...categoryEntries(segments),
    ...phraseEntries(segments),
  ])
}

export function queryEntry({ text, count }: PopularQuery): Entry {
  return {
    key: keyOf(text),
    suggestion: { kind: 'query', text: text.trim() },
    weight: Math.log2(1 + count) + 6,
  }
}

/** The strongest entry of each text and kind, in the order of their keys. */
export function sortEntries(all: readonly Entry[]): readonly Entry[] {
  const best = new Map<string, Entry>()
  for (const entry of all) {
    const id = `${entry.suggestion.kind} ${entry.suggestion.id ?? ''} ${entry.key}`
    if (entry.key !== '' && (best.get(id)?.weight ?? -1) < entry.weight) {
      best.set(id, entry)
    }
  }
  return [...best.values()].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

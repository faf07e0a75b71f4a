import { analyse, type Token } from '../analysis/tokens.ts'
import type { Synonym } from '../types.ts'

/** Looks up what else a word, or a run of words, may be called. */
export type SynonymTable = Readonly<{
  /** For the word at `i`: lists of terms, each of which may stand for it. */
  alternativesFor: (tokens: readonly Token[], i: number) => readonly (readonly string[])[]
  /** The whole text with one run of words said otherwise, in every way. */
  rephrase: (terms: readonly string[]) => readonly (readonly string[])[]
}>

const LONGEST_RUN = 3

/**
 * Builds the table. A run of several words is replaced as a whole: each of its words may be met by
 * all words of the synonym.
 */
export function createSynonyms(synonyms: readonly Synonym[]): SynonymTable {
  const table = new Map<string, (readonly string[])[]>()
  const termsOf = (text: string): readonly string[] => analyse(text).map((token) => token.term)
  const add = (from: readonly string[], to: readonly string[]): void => {
    const key = from.join(' ')
    if (key !== to.join(' ') && from.length > 0 && to.length > 0) {
      table.set(key, [...(table.get(key) ?? []), to])
    }
  }
  for (const synonym of synonyms) {
    const from = termsOf(synonym.from)
    for (const each of synonym.to) {
      const to = termsOf(each)
      add(from, to)
      if (!synonym.oneWay) {
        add(to, from)
        synonym.to.forEach((other) => {
          add(to, termsOf(other))
        })
      }
    }
  }
  return {
    alternativesFor: (tokens, i) => lookUp(table, tokens, i),
    rephrase: (terms) => rephrase(table, terms),
  }
}

/** One table and further lines of it, for one query. */
export function withSynonyms(
  table: SynonymTable,
  more: readonly Synonym[] | undefined,
): SynonymTable {
  if (!more?.length) return table
  const further = createSynonyms(more)
  return {
    alternativesFor: (tokens, i) => [
      ...table.alternativesFor(tokens, i),
      ...further.alternativesFor(tokens, i),
    ],
    rephrase: (terms) => [...table.rephrase(terms), ...further.rephrase(terms)],
  }
}

function rephrase(
  table: ReadonlyMap<string, readonly (readonly string[])[]>,
  terms: readonly string[],
): readonly (readonly string[])[] {
  const found: (readonly string[])[] = []
  for (let from = 0; from < terms.length; from++) {
    for (let to = from + 1; to <= Math.min(terms.length, from + LONGEST_RUN); to++) {
      for (const instead of table.get(terms.slice(from, to).join(' ')) ?? []) {
        found.push([...terms.slice(0, from), ...instead, ...terms.slice(to)])
      }
    }
  }
  return found
}

function lookUp(
  table: ReadonlyMap<string, readonly (readonly string[])[]>,
  tokens: readonly Token[],
  i: number,
): readonly (readonly string[])[] {
  if (table.size === 0) {
    return []
  }
  const found: (readonly string[])[] = []
  for (let from = Math.max(0, i - LONGEST_RUN + 1); from <= i; from++) {
    for (let to = i + 1; to <= Math.min(tokens.length, from + LONGEST_RUN); to++) {
      const key = tokens.slice(from, to).map((token) => token.term)
      found.push(...(table.get(key.join(' ')) ?? []))
    }
  }
  return found
}

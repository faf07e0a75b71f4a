import {
  isStopWord,
  nounsOf,
  readWords,
  termIn,
  translatedTerm,
  unmarked,
} from '../analysis/languages.ts'
import { plainTerms } from '../analysis/plain.ts'
import { pluralOf, stem } from '../analysis/stem.ts'
import { analyse, hasDigit, type Token } from '../analysis/tokens.ts'
import { inverseFrequency } from '../segment/scoring.ts'
import type { SynonymTable } from './synonyms.ts'
import type { Vocabulary } from './vocabulary.ts'

export type AlternativeKind =
  | 'exact'
  | 'translated'
  | 'joined'
  | 'split'
  | 'synonym'
  | 'measure'
  | 'prefix'
  | 'typo'

/** One way to meet a word: all of `terms` in one document. */
export type Alternative = Readonly<{
  terms: readonly string[]
  weight: number
  kind: AlternativeKind
}>

/** A word of the query with all the ways to meet it. */
export type Clause = Readonly<{
  word: string
  alternatives: readonly Alternative[]
  inverseFrequency: number
  /** `with`, `the`: adds to the score, need not match. */
  optional: boolean
}>

export type QueryPlan = Readonly<{
  clauses: readonly Clause[]
  correctedQuery: string | null
  /** Where words are met as translations: those of them that may say what the thing is, the likeliest first. */
  nouns: readonly string[]
}>

export type PlanOptions = Readonly<{
  prefix: boolean
  correctTypos: boolean
  synonyms: SynonymTable
  /** In whose translations the words are looked for too. */
  languages?: readonly string[] | undefined
}>

/** Words and letters past these are ignored, which bounds the work for any input. */
const MAX_WORDS = 12
export const MAX_TEXT = 500
const MAX_COMPLETIONS = 24

/** What another way to say a word counts; the word itself counts 1. */
const ALTERNATIVE_WEIGHTS = { joined: 0.6, split: 0.8, synonym: 0.6, measure: 0.6 } as const

const STOP_WORDS = new Set(
  'a an and are as at by for from in is it of on or that the this to with w your'.split(' '),
)

/** Reads a query and finds, for each of its words, every way to meet it. */
export function planQuery(text: string, vocabulary: Vocabulary, options: PlanOptions): QueryPlan {
  const { languages = [] } = options
  const tokens = readWords(text.slice(0, MAX_TEXT), languages).slice(0, MAX_WORDS)
  const isStop = (token: Token): boolean =>
    STOP_WORDS.has(token.surface) || languages.some((language) => isStopWord(language, token))
  const anyContent = tokens.some((token) => !isStop(token))
  const found = tokens.map((_, i) => alternativesOf(tokens, i, vocabulary, options))
  const unfinished = options.prefix && /[\p{L}\p{N}]$/u.test(text)
  const corrected = tokens.map((token, i) => {
    const last = unfinished && i === tokens.length - 1
    if (last) {
      addCompletions(found[i]!, token, vocabulary, languages)
    }
    return options.correctTypos ? correct(found[i]!, token, vocabulary, languages) : null
  })
  const meant = corrected.map((word, i) =>
    word === null ? tokens[i]! : wordToken(word, tokens[i]!),
  )
  corrected.forEach((word, i) => {
    if (word !== null) found[i]!.push(...alternativesOf(meant, i, vocabulary, options))
  })
  const clauses = tokens.map((token, i) => ({
    word: token.surface,
    alternatives: distinctAlternatives(found[i]!),
    inverseFrequency: clauseWeight(found[i]!, vocabulary),
    optional: anyContent && isStop(token),
  }))
  return {
    clauses: distinctClauses(clauses),
    correctedQuery: corrected.some((word) => word !== null)
      ? tokens.map((token, i) => corrected[i] ?? token.surface).join(' ')
      : null,
    nouns: languages.flatMap((language) => translatedNouns(language, meant, vocabulary)),
  }
}

function translatedNouns(
  language: string,
  tokens: readonly Token[],
  vocabulary: Vocabulary,
): readonly string[] {
  return nounsOf(language, tokens)
    .map((token) => translatedTerm(language, token))
    .filter((term) => vocabulary.frequencyOf(term) > 0)
}

/** The word that was meant, so that it is met in all the ways that it is when it is spelt right. */
function wordToken(word: string, written: Token): Token {
  return analyse(word)[0] ?? written
}

/** The plan of the plain baseline: each word as it stands, and nothing required. */
export function planPlainQuery(text: string, vocabulary: Vocabulary): QueryPlan {
  const words = [...new Set(plainTerms(text.slice(0, MAX_TEXT)))].slice(0, MAX_WORDS)
  const clauses = words.map((word) => ({
    word,
    alternatives: [{ terms: [word], weight: 1, kind: 'exact' as const }],
    inverseFrequency: inverseFrequency(vocabulary.documents, vocabulary.frequencyOf(word)),
    optional: false,
  }))
  return { clauses, correctedQuery: null, nouns: [] }
}

/** Every exact way to meet the word at `i`, with its neighbours in view. */
function alternativesOf(
  tokens: readonly Token[],
  i: number,
  vocabulary: Vocabulary,
  options: PlanOptions,
): Alternative[] {
  const { languages = [] } = options
  const own = ownAlternatives(tokens, i, vocabulary, options)
  if (languages.length === 0) return own
  const translated = languages.flatMap((language) =>
    translatedAlternatives({ tokens, i, vocabulary, options }, language),
  )
  // A guess is not worth making where the word itself is known.
  return translated.length === 0
    ? own
    : [...own.filter(({ kind }) => kind !== 'split'), ...translated]
}

/** The ways to meet the word at `i` in translations. */
function translatedAlternatives(
  {
    tokens,
    i,
    vocabulary,
    options,
  }: Readonly<{
    tokens: readonly Token[]
    i: number
    vocabulary: Vocabulary
    options: PlanOptions
  }>,
  language: string,
): Alternative[] {
  const token = tokens[i]!
  const say = (word: string): string => termIn(language, word)
  const result: Alternative[] = []
  const add = (terms: readonly string[], weight: number): void => {
    if (terms.every((term) => vocabulary.frequencyOf(term) > 0)) {
      result.push({ terms, weight, kind: 'translated' })
    }
  }
  add(token.pairs?.map(say) ?? [translatedTerm(language, token)], 1)
  for (const joined of joinedForms(tokens, i, say)) add([joined], ALTERNATIVE_WEIGHTS.joined)
  for (const terms of options.synonyms.alternativesFor(tokens, i)) {
    add(terms.map(say), ALTERNATIVE_WEIGHTS.synonym)
  }
  if (result.length === 0 && !hasDigit(token.term)) {
    const parts = bestSplit(token.surface, vocabulary, say)
    if (parts) add(parts, ALTERNATIVE_WEIGHTS.split)
  }
  return result
}

/** The ways to meet it in the shop's own language. */
function ownAlternatives(
  tokens: readonly Token[],
  i: number,
  vocabulary: Vocabulary,
  options: PlanOptions,
): Alternative[] {
  const token = tokens[i]!
  const result: Alternative[] = []
  const add = (terms: readonly string[], weight: number, kind: AlternativeKind): void => {
    if (terms.every((term) => vocabulary.frequencyOf(term) > 0)) {
      result.push({ terms, weight, kind })
    }
  }
  add(token.pairs ?? [token.term], 1, 'exact')
  for (const joined of joinedForms(tokens, i, stem)) {
    add([joined], ALTERNATIVE_WEIGHTS.joined, 'joined')
  }
  for (const terms of options.synonyms.alternativesFor(tokens, i)) {
    add(terms, ALTERNATIVE_WEIGHTS.synonym, 'synonym')
  }
  if (/^\d{2,}$/.test(token.term)) {
    add([`${token.term}in`], ALTERNATIVE_WEIGHTS.measure, 'measure')
    add([`${token.term}gb`], ALTERNATIVE_WEIGHTS.measure, 'measure')
  }
  const border = /^([a-z]{2,})(\d+)$/.exec(token.term)
  if (border) {
    add([border[1]!, border[2]!], ALTERNATIVE_WEIGHTS.split, 'split')
  } else if (result.length === 0 && !hasDigit(token.term)) {
    const parts = bestSplit(token.surface, vocabulary, stem)
    if (parts) {
      add(parts, ALTERNATIVE_WEIGHTS.split, 'split')
    }
  }
  return result
}

/** `air pods` → `airpod` for both words; `le-40b650` → `le40b650` for both parts. */
function joinedForms(
  tokens: readonly Token[],
  i: number,
  termOf: (word: string) => string,
): string[] {
  const forms: string[] = []
  for (let from = i; from >= 0 && from > i - 4; from--) {
    const { joined, span } = tokens[from]!
    if (joined !== undefined && from + span! > i) {
      forms.push(termOf === stem ? joined : termOf(joined))
    }
  }
  for (const from of [i - 1, i]) {
    const first = tokens[from]
    const second = tokens[from + 1]
    if (first && second && !STOP_WORDS.has(first.surface) && !STOP_WORDS.has(second.surface)) {
      forms.push(termOf((first.surface + second.surface).replace(/[^\p{L}\p{N}]/gu, '')))
    }
  }
  return forms
}

/** Splits an unknown word in two known ones, the rarer of them as frequent as possible. */
function bestSplit(
  word: string,
  vocabulary: Vocabulary,
  termOf: (word: string) => string,
): readonly string[] | null {
  let best: readonly string[] | null = null
  let bestFrequency = 0
  for (let at = 3; at <= word.length - 3; at++) {
    const parts = [termOf(word.slice(0, at)), termOf(word.slice(at))]
    const frequency = Math.min(...parts.map(vocabulary.frequencyOf))
    if (frequency > bestFrequency) {
      best = parts
      bestFrequency = frequency
    }
  }
  return best
}

function addCompletions(
  found: Alternative[],
  token: Token,
  vocabulary: Vocabulary,
  languages: readonly string[],
): void {
  for (const prefix of waysToWrite(token, languages)) {
    for (const term of vocabulary.completionsOf(prefix, MAX_COMPLETIONS)) {
      const closeness = unmarked(prefix).length / unmarked(term).length
      found.push({ terms: [term], weight: 0.4 + 0.4 * closeness, kind: 'prefix' })
    }
  }
}

/** A word as terms begin with it, and as the one that it would be itself. */
export function waysToWrite(token: Token, languages: readonly string[]): ReadonlySet<string> {
  const { surface, term } = token
  const translated = languages.map((language) => translatedTerm(language, token))
  return new Set([surface, term, ...translated])
}

/** So much more frequent than a word's split must a correction of two edits be to be likelier. */
const TWO_EDITS_OVER_SPLIT = 16

/**
 * Adds the nearest known words to one that nothing meets, or puts them in the place of a split that is
 * less likely: `laptpo` is a laptop, though some names have `lap` and `tpo`.
 * @returns the word to show instead; null when it stays
 */
function correct(
  found: Alternative[],
  token: Token,
  vocabulary: Vocabulary,
  languages: readonly string[],
): string | null {
  const split = found.length === 1 && isGuessedSplit(found[0]!, token) ? found[0]! : null
  if (found.length > 0 && split === null) {
    return null
  }
  const letters = token.surface.length
  const candidates = [...waysToWrite(token, languages)]
    .flatMap((word) =>
      vocabulary.correctionsOf(word, letters, 3).map((each) => ({ ...each, from: word })),
    )
    .sort((a, b) => a.cost - b.cost)
  const best = candidates[0]
  if (best === undefined) {
    return null
  }
  if (split !== null) {
    const parts = Math.min(...split.terms.map(vocabulary.frequencyOf))
    if (best.frequency < parts * (best.edits === 1 ? 1 : TWO_EDITS_OVER_SPLIT)) {
      return null
    }
    found.length = 0
  }
  for (const each of candidates.filter((candidate) => candidate.edits === best.edits)) {
    found.push({ terms: [each.term], weight: each === best ? 0.9 : 0.5, kind: 'typo' })
  }
  const plural = best.from === token.term && best.from !== token.surface
  return plural && token.surface.endsWith('s') ? pluralOf(best.term) : unmarked(best.term)
}

function isGuessedSplit({ kind }: Alternative, { term }: Token): boolean {
  return kind === 'split' && !hasDigit(term)
}

function clauseWeight(alternatives: readonly Alternative[], vocabulary: Vocabulary): number {
  const frequencies = alternatives.map(({ terms }) =>
    Math.min(...terms.map(vocabulary.frequencyOf)),
  )
  const prefixes = alternatives.every(({ kind }) => kind === 'prefix')
  const frequency = prefixes
    ? frequencies.reduce((sum, each) => sum + each, 0)
    : Math.max(0, ...frequencies.filter((_, i) => alternatives[i]!.kind !== 'prefix'))
  return inverseFrequency(vocabulary.documents, Math.min(vocabulary.documents, frequency))
}

function distinctAlternatives(alternatives: readonly Alternative[]): readonly Alternative[] {
  const known = new Map<string, Alternative>()
  for (const alternative of alternatives) {
    const key = alternative.terms.toSorted().join(' ')
    const before = known.get(key)
    if (before === undefined || before.weight < alternative.weight) {
      known.set(key, alternative)
    }
  }
  return [...known.values()]
}

/** A word said twice counts once. */
function distinctClauses(clauses: readonly Clause[]): readonly Clause[] {
  const known = new Set<string>()
  return clauses.filter(({ alternatives, word }) => {
    const key = alternatives[0]?.terms.join(' ') ?? `?${word}`
    const first = !known.has(key)
    known.add(key)
    return first
  })
}

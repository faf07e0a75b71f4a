import { readTranslation } from '../analysis/languages.ts'
import { plainTerms } from '../analysis/plain.ts'
import type { Token } from '../analysis/tokens.ts'
import type { SearchDocument, Translation } from '../types.ts'
import { createGrowable, createInterner, type GrowableNumbers, type Interner } from './growable.ts'
import { FIELD_SCORING, type FieldScoring, impactOf, occurrenceWeight } from './scoring.ts'

/** The words of a batch of documents, before they are sorted. */
export type WordBatch = Readonly<{
  terms: Interner
  /** Occurrences of each term, and those of its plural. */
  occurrences: readonly number[]
  plurals: readonly number[]
  postingTerm: GrowableNumbers
  postingDocument: GrowableNumbers
  postingImpact: GrowableNumbers
  nameStart: GrowableNumbers
  nameTerms: GrowableNumbers
}>

export type Analyser = (text: string) => readonly Token[]

const MAX_NAME_TERMS = 64
/** What `15in` counts in a text that says 15.6 inches. */
const COARSE_WEIGHT = 0.7

/** Adds up the words of one document at a time. */
type Meeting = Readonly<{
  batch: WordBatch
  meet: (term: string, document: number, weight: number) => number
  meetToken: (token: Token, document: number, weight: number) => number
  /** Turns what was met into postings. */
  flush: (document: number) => void
}>

function createMeeting(): Meeting {
  const [occurrences, plurals, frequency, seenIn]: number[][] = [[], [], [], []]
  const touched: number[] = []
  const batch: WordBatch = {
    terms: createInterner(),
    occurrences: occurrences!,
    plurals: plurals!,
    postingTerm: createGrowable(1 << 16),
    postingDocument: createGrowable(1 << 16),
    postingImpact: createGrowable(1 << 16),
    nameStart: createGrowable(),
    nameTerms: createGrowable(),
  }
  const meet = (term: string, document: number, weight: number): number => {
    const id = batch.terms.idOf(term)
    if (seenIn![id] !== document) {
      seenIn![id] = document
      frequency![id] = weight
      occurrences![id] = (occurrences![id] ?? 0) + 1
      touched.push(id)
    } else {
      frequency![id]! += weight
    }
    return id
  }
  const meetToken = (token: Token, document: number, weight: number): number => {
    const id = meet(token.term, document, weight)
    if (token.surface !== token.term) {
      plurals![id] = (plurals![id] ?? 0) + 1
    }
    if (token.joined !== undefined) {
      meet(token.joined, document, weight)
    }
    if (token.coarse !== undefined) {
      meet(token.coarse, document, weight * COARSE_WEIGHT)
    }
    return id
  }
  const flush = (document: number): void => {
    for (const id of touched) {
      batch.postingTerm.push(id)
      batch.postingDocument.push(document)
      batch.postingImpact.push(impactOf(frequency![id]!))
    }
    touched.length = 0
  }
  return { batch, meet, meetToken, flush }
}

/** Reads the words of documents, which must come in the order of their numbers. */
export function createWordReader(analyser: Analyser): Readonly<{
  add: (source: SearchDocument, document: number) => void
  addPlain: (source: SearchDocument, document: number, averageLength: number) => void
  batch: WordBatch
}> {
  const { batch, meet, meetToken, flush } = createMeeting()
  const meetTokens = (tokens: readonly Token[], document: number, field: FieldScoring): void => {
    const weight = occurrenceWeight(field, tokens.length)
    for (const token of tokens) {
      meetToken(token, document, weight)
    }
  }
  const meetField = (text: string, document: number, field: FieldScoring): void => {
    meetTokens(analyser(text), document, field)
  }
  const addName = (tokens: readonly Token[], document: number): void => {
    const weight = occurrenceWeight(FIELD_SCORING.name, tokens.length)
    tokens.forEach((token, position) => {
      const id = meetToken(token, document, weight)
      if (position < MAX_NAME_TERMS) {
        batch.nameTerms.push(id)
      }
    })
  }
  const addTranslation = ({ language, name, description }: Translation, document: number): void => {
    addName(readTranslation(analyser, name, language), document)
    const tokens = readTranslation(analyser, description, language)
    meetTokens(tokens, document, FIELD_SCORING.description)
  }
  return {
    batch,
    add: (source, document) => {
      batch.nameStart.push(batch.nameTerms.size())
      addName(analyser(source.fields.name), document)
      for (const each of source.fields.translations ?? []) addTranslation(each, document)
      meetField(source.brand, document, FIELD_SCORING.brand)
      meetField(source.fields.categoryNames.join(' '), document, FIELD_SCORING.category)
      for (const identifier of source.fields.identifiers) {
        meetField(identifier, document, FIELD_SCORING.identifier)
      }
      for (const value of shortValues(source.variants)) {
        meetField(value, document, FIELD_SCORING.option)
      }
      meetField(source.fields.attributesText, document, FIELD_SCORING.attributes)
      meetField(source.fields.description, document, FIELD_SCORING.description)
      flush(document)
    },
    addPlain: (source, document, averageLength) => {
      batch.nameStart.push(0)
      const words = plainTerms(plainText(source))
      const weight = occurrenceWeight({ weight: 1, b: 0.75, averageLength }, words.length)
      for (const word of words) {
        meet(word, document, weight)
      }
      flush(document)
    },
  }
}

const MAX_SHORT_VALUE = 20
const MAX_SHORT_VALUES = 64
const NO_DESCRIPTION = /^(?:[\d.,]+|yes|no|none|other)$/i

/** What a facet shows as a choice, such as `Red` and `15.6 in`: asked for, it means this very attribute. */
function shortValues(variants: SearchDocument['variants']): ReadonlySet<string> {
  const values = new Set<string>()
  for (const variant of variants) {
    for (const { value } of variant) {
      if (value.length <= MAX_SHORT_VALUE && !NO_DESCRIPTION.test(value)) values.add(value)
      if (values.size >= MAX_SHORT_VALUES) return values
    }
  }
  return values
}

/** What the plain baseline searches: name and description as one field. */
export function plainText(source: SearchDocument): string {
  return `${source.fields.name} ${source.fields.description}`
}

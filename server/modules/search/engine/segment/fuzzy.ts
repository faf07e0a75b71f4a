import { countOf, type StringTable } from './strings.ts'

/** Before and after the language of a translation's word. */
const MARK = 58

/** Longer terms are not offered as corrections. */
export const MAX_FUZZY_LENGTH = 24
const MIN_FUZZY_LENGTH = 3

/** Terms that may be corrections, in groups of one length, each with the set of its letters. */
export type FuzzyColumns = Readonly<{ start: Uint32Array; term: Uint32Array; mask: Uint32Array }>

function isLowerLetters(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!
    if (byte < 97 || byte > 122) {
      return false
    }
  }
  return true
}

/** Whether a term is a word of a translation. */
export function isTranslationAt({ bytes, offsets }: StringTable, term: number): boolean {
  return bytes[offsets[term]!] === MARK
}

/** Where a term's letters begin: after its language, if it has one. */
function lettersFrom(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== MARK) return start
  const mark = bytes.indexOf(MARK, start + 1)
  return mark < 0 || mark >= end ? start : mark + 1
}

/** One bit for each of the 26 letters. */
export function letterMask(bytes: Uint8Array, start: number, end: number): number {
  let mask = 0
  for (let i = lettersFrom(bytes, start, end); i < end; i++) {
    mask |= 1 << (bytes[i]! - 97)
  }
  return mask
}

/** Only terms of plain letters: model numbers and measures are never offered as corrections. */
export function buildFuzzy(terms: StringTable): FuzzyColumns {
  const start = new Uint32Array(MAX_FUZZY_LENGTH + 2)
  const count = countOf(terms)
  const eligible: number[] = []
  for (let term = 0; term < count; term++) {
    const from = terms.offsets[term]!
    const to = terms.offsets[term + 1]!
    const length = to - from
    if (length >= MIN_FUZZY_LENGTH && length <= MAX_FUZZY_LENGTH) {
      if (isLowerLetters(terms.bytes, lettersFrom(terms.bytes, from, to), to)) {
        eligible.push(term)
        start[length + 1]!++
      }
    }
  }
  for (let length = 1; length < start.length; length++) {
    start[length]! += start[length - 1]!
  }
  const next = start.slice()
  const term = new Uint32Array(eligible.length)
  const mask = new Uint32Array(eligible.length)
  for (const candidate of eligible) {
    const from = terms.offsets[candidate]!
    const to = terms.offsets[candidate + 1]!
    const place = next[to - from]!++
    term[place] = candidate
    mask[place] = letterMask(terms.bytes, from, to)
  }
  return { start, term, mask }
}

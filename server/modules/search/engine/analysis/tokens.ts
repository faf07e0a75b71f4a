import { fold } from './fold.ts'
import { stem } from './stem.ts'
import { canonicalNumber, canonicalUnit, measureOf } from './units.ts'

/** A word of a text in its indexed form. */
export type Token = Readonly<{
  /** Singular, folded; a measure is one term, such as `500gb`. */
  term: string
  /** As written, folded. */
  surface: string
  /** The whole hyphenated word in one, on its first part only: `le40b650` for `LE-40B650`. */
  joined?: string
  /** How many tokens the joined form spans. */
  span?: number
  /** A second, coarser term for the same place: `15in` for `15.6in`. */
  coarse?: string
  /** Of a question's word in a script without spaces: the pairs of letters by which it is met. */
  pairs?: readonly string[]
}>

const CHUNK = /[\p{L}\p{N}]+(?:[-_./&'+,*][\p{L}\p{N}]+)*"?/gu
const CONNECTORS = /[-_./&'+,*]/
const WIDE_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u
const WIDE_RUNS = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+)/u
const MAX_TERM_LENGTH = 40
const MAX_CACHE = 200_000

/** Terms with a digit name models and measures: they are matched as written, never corrected. */
export function hasDigit(term: string): boolean {
  return /\d/.test(term)
}

function tokenOf(part: string): Token {
  const measure = measureOf(part)
  if (measure !== undefined) {
    return measureToken(measure, part)
  }
  const clipped = part.length > MAX_TERM_LENGTH ? part.slice(0, MAX_TERM_LENGTH) : part
  return { term: stem(clipped), surface: clipped }
}

function measureToken(measure: string, surface: string): Token {
  const fraction = /^(\d+)\.\d+in$/.exec(measure)
  return fraction
    ? { term: measure, surface, coarse: `${fraction[1]}in` }
    : { term: measure, surface }
}

/** Whether there are letters of a script without spaces. */
export function isWide(text: string): boolean {
  return WIDE_SCRIPT.test(text)
}

export function pairsOf(word: string): Token[] {
  const letters = [...word]
  if (letters.length === 1) {
    return [{ term: word, surface: word }]
  }
  return letters.slice(1).map((letter, i) => {
    const pair = letters[i]! + letter
    return { term: pair, surface: pair }
  })
}

function tokensOfChunk(chunk: string): Token[] {
  if (isWide(chunk)) {
    const parts = chunk
      .replace(/["'.,/&+*_-]/g, '')
      .split(WIDE_RUNS)
      .filter(Boolean)
    return parts.flatMap((part) => (isWide(part) ? pairsOf(part) : tokensOfChunk(part)))
  }
  const measure = measureOf(chunk)
  if (measure !== undefined) {
    return [measureToken(measure, chunk)]
  }
  const bare = chunk.endsWith('"') ? chunk.slice(0, -1) : chunk
  const number = canonicalNumber(bare)
  if (number !== undefined) {
    return [{ term: number, surface: bare }]
  }
  if (!CONNECTORS.test(bare)) {
    return [tokenOf(bare)]
  }
  const words = bare.replace(/'s(?=$|[-_./&+,*])/g, 's').replace(/'/g, '')
  const parts = words.split(CONNECTORS)
  const tokens = parts.map(tokenOf)
  const joined = stem(parts.join(''))
  if (tokens.length === 1 || joined.length > MAX_TERM_LENGTH) {
    return tokens
  }
  return [{ ...tokens[0]!, joined, span: tokens.length }, ...tokens.slice(1)]
}

/** `55`, `in` → `55in`, wherever a unit follows its number as a word of its own. */
function joinMeasures(tokens: readonly Token[]): Token[] {
  const result: Token[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!
    const next = tokens[i + 1]
    const unit = next && !next.joined && /^[\d.]+$/.test(token.term) && canonicalUnit(next.surface)
    if (unit && !token.joined && !(unit === 'in' && Number(token.term) < 3)) {
      result.push(measureToken(token.term + unit, `${token.surface} ${next.surface}`))
      i++
    } else {
      result.push(token)
    }
  }
  return result
}

/** Long words with a digit are mostly SKUs and GTINs: they come once and are not worth remembering. */
function isIdentifier(chunk: string): boolean {
  return chunk.length > 6 && hasDigit(chunk)
}

/**
 * An analyser that remembers the words it has met, because the words of a catalogue recur. Its
 * memory is bounded.
 */
export function createAnalyser(): (text: string) => readonly Token[] {
  const known = new Map<string, readonly Token[]>()
  return (text) => {
    const chunks = fold(text).match(CHUNK)
    if (chunks === null) {
      return []
    }
    const tokens: Token[] = []
    let numbers = false
    for (const chunk of chunks) {
      let found = known.get(chunk)
      if (found === undefined) {
        found = tokensOfChunk(chunk)
        if (known.size >= MAX_CACHE) {
          known.clear()
        }
        if (!isIdentifier(chunk)) {
          known.set(chunk, found)
        }
      }
      for (const token of found) {
        numbers ||= token.term.charCodeAt(0) < 58
        tokens.push(token)
      }
    }
    return numbers ? joinMeasures(tokens) : tokens
  }
}

const analyseOnce = createAnalyser()

/** The tokens of a text, in order. */
export function analyse(text: string): readonly Token[] {
  return analyseOnce(text)
}

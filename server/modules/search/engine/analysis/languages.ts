import { fold } from './fold.ts'
import { analyse, hasDigit, isWide, pairsOf, type Token } from './tokens.ts'

/**
 * Words of translations are terms of their own, with the language before them (`:de:kamera`). No word of
 * the shop's own language begins so: who asks in that one meets none of them, by correction neither.
 */
const MARK = ':'

/** The language of a term with the marks around it; empty for the shop's own. */
export function markOf(term: string): string {
  return term.startsWith(MARK) ? term.slice(0, term.indexOf(MARK, 1) + 1) : ''
}

/** A term without its language. */
export function unmarked(term: string): string {
  return term.slice(markOf(term).length)
}

/** A folded word as translations in this language are indexed by it. */
export function termIn(language: string, word: string): string {
  const plain = hasDigit(word) ? word : (STEMS[language]?.(word) ?? word)
  return `${MARK}${language}${MARK}${plain}`
}

/** The same of a token: measures and numbers are read alike in all languages. */
export function translatedTerm(language: string, { term, surface }: Token): string {
  return termIn(language, hasDigit(term) ? term : surface)
}

/**
 * A translated text as it is indexed. Scripts without spaces are kept as pairs of letters; a letter is
 * kept by itself too, for many a word has but one, unless it is of those that bend words and join them.
 */
export function readTranslation(
  analyser: (text: string) => readonly Token[],
  text: string,
  language: string,
): readonly Token[] {
  const tokens = analyser(text)
  return tokens.flatMap((token, i): Token[] => {
    const term = translatedTerm(language, token)
    const { joined, coarse, surface } = token
    if (isWide(surface)) return wideTokens(language, surface, tokens[i + 1]?.surface)
    return [
      {
        term,
        surface: term,
        ...(joined !== undefined && { joined: termIn(language, joined) }),
        ...(coarse !== undefined && { coarse: termIn(language, coarse) }),
      },
    ]
  })
}

/** A pair with its first letter; at the end of a run with its second one too. */
function wideTokens(language: string, pair: string, next: string | undefined): Token[] {
  const [first = '', second] = [...pair]
  const term = termIn(language, pair)
  if (second === undefined) return [{ term, surface: term }]
  const token = { term, surface: term }
  const alone = isHiragana(first) ? token : { ...token, coarse: termIn(language, first) }
  const goesOn = next?.startsWith(second) ?? false
  if (goesOn || isHiragana(second)) return [alone]
  const last = termIn(language, second)
  return [alone, { term: last, surface: last }]
}

/** The words of a question. Of scripts without spaces they are those that a dictionary tells. */
export function readWords(text: string, languages: readonly string[]): readonly Token[] {
  const [language] = languages
  if (language === undefined || !isWide(text)) return analyse(text)
  return fold(text)
    .split(WIDE_RUNS)
    .flatMap((part): readonly Token[] => {
      if (!isWide(part)) return analyse(part)
      return [...segmenterOf(language).segment(part)].map(({ segment }) => ({
        term: segment,
        surface: segment,
        pairs: pairsOf(segment).map(({ term }) => term),
      }))
    })
}

const WIDE_RUNS = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+)/u
const segmenters = new Map<string, Intl.Segmenter>()

function segmenterOf(language: string): Intl.Segmenter {
  const segmenter =
    segmenters.get(language) ?? new Intl.Segmenter(language, { granularity: 'word' })
  segmenters.set(language, segmenter)
  return segmenter
}

function isHiragana(word: string): boolean {
  return /^\p{Script=Hiragana}+$/u.test(word)
}

/** Words that need not match: they tell how others belong together. */
export function isStopWord(language: string, { surface, pairs }: Token): boolean {
  if (pairs !== undefined) return surface.length < 3 && isHiragana(surface)
  return STOP_WORDS[language]?.has(surface) ?? false
}

const STOP_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  de: new Set(
    'der die das den dem des ein eine einen mit ohne fur und oder zum zur von im'.split(' '),
  ),
  es: new Set('el la los las un una unos unas de del con sin para por y o en al'.split(' ')),
  ar: new Set('في من مع على الى إلى و أو او عن'.split(' ').map(fold)),
}

/** What the thing is stands before these; after them, what it is for. */
const COMPLEMENTS = new Set(['mit', 'ohne', 'fur', 'zum', 'zur', 'con', 'sin', 'para'])

/** In these languages the noun comes first (`impresora láser`), in others last (`Laserdrucker`). */
const NOUN_FIRST = new Set(['es', 'fr', 'it', 'pt', 'ca', 'ro', 'ar', 'he'])
const MOST_NOUNS = 3

/** Words that may say what the thing is, the likeliest first. */
export function nounsOf(language: string, tokens: readonly Token[]): readonly Token[] {
  const end = tokens.findIndex(({ surface }, i) => i > 0 && COMPLEMENTS.has(surface))
  const words = (end < 0 ? tokens : tokens.slice(0, end)).filter(
    (token) => !hasDigit(token.term) && !isStopWord(language, token),
  )
  return (NOUN_FIRST.has(language) ? words : words.toReversed()).slice(0, MOST_NOUNS)
}

/** Which languages words in these letters are of. */
const SCRIPTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, ['ja']],
  [/\p{Script=Han}/u, ['ja', 'zh']],
  [/\p{Script=Arabic}/u, ['ar']],
  [/\p{Script=Hangul}/u, ['ko']],
  [/\p{Script=Cyrillic}/u, ['ru']],
  [/\p{Script=Greek}/u, ['el']],
  [/\p{Script=Hebrew}/u, ['he']],
]

const LATIN_ONLY = /^[\p{Script=Latin}\p{Script=Common}]*$/u

/**
 * The languages in whose translations a text is looked for: the shopper's, and those that its letters tell.
 * @param locale such as `de-AT`; undefined, or the shop's own, is none
 */
export function languagesOf(text: string, locale: string | undefined): readonly string[] {
  const said = locale === undefined ? [] : [languageOf(locale)]
  if (LATIN_ONLY.test(text)) return said
  const told = SCRIPTS.find(([letters]) => letters.test(text))?.[1] ?? []
  return [...new Set([...said.filter((each) => told.includes(each)), ...told, ...said])]
}

/** `de-AT` → `de`: a word is looked for in all variants of its language. */
export function languageOf(locale: string): string {
  return locale.split('-', 1)[0]!.toLowerCase()
}

/** Brings words of one language to a common form, lightly: number and gender, no meaning. */
const STEMS: Readonly<Record<string, (word: string) => string>> = {
  de: stemGerman,
  es: stemSpanish,
  ar: stemArabic,
}

/** Source: Lucene's GermanNormalizationFilter (`ae` is `ä`) and, with -ern and -sen besides, GermanMinimalStemFilter. */
function stemGerman(folded: string): string {
  const word = folded.replace(/([ao])e/g, '$1').replace(/(?<![aeiouq])ue/g, 'u')
  if (word.length < 5) return word
  if (word.length > 6 && word.endsWith('nen')) return word.slice(0, -3)
  if (word.length > 6 && word.endsWith('ern')) return word.slice(0, -3)
  const sibilant = word.search(/se[nsr]?$/)
  if (sibilant >= 4) return word.slice(0, sibilant)
  if (word.length > 5 && /e[nsr]$/.test(word)) return word.slice(0, -2)
  return /[nesr]$/.test(word) ? word.slice(0, -1) : word
}

/** Source: Lucene's SpanishLightStemmer. */
function stemSpanish(word: string): string {
  if (word.length < 5) return word
  if (/[oae]$/.test(word)) return word.slice(0, -1)
  if (/eses$/.test(word)) return word.slice(0, -2)
  if (/ces$/.test(word)) return `${word.slice(0, -3)}z`
  return /[oae]s$/.test(word) ? word.slice(0, -2) : word
}

const ARABIC_ENDINGS = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي'] as const

/** Source: Lucene's ArabicNormalizer and ArabicStemmer (light10); accents and hamzas are folded before. */
function stemArabic(folded: string): string {
  let word = folded.replace(/ـ/g, '').replace(/ى/g, 'ي').replace(/ة/g, 'ه')
  const article = /^(?:وال|بال|كال|فال|ال|لل)(?=..)/u.exec(word)?.[0] ?? ''
  word = article === '' ? word.replace(/^و(?=...)/u, '') : word.slice(article.length)
  for (const ending of ARABIC_ENDINGS) {
    if (word.endsWith(ending) && word.length >= ending.length + 2) {
      word = word.slice(0, -ending.length)
    }
  }
  return word
}

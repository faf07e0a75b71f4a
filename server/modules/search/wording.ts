import { fold } from './engine/analysis/fold.ts'
import { termIn, unmarked } from './engine/analysis/languages.ts'

/**
 * How words of translations are written. The index knows them in short (`kopfhor`); the names of the
 * products that it found have them in full (`Kopfhörer`).
 */
type Names = readonly string[]

const MOST_REMEMBERED = 32
const segmenters = new Map<string, Intl.Segmenter>()

/** The words of a name as they are written there. */
function wordsOf(name: string, language: string): readonly string[] {
  let segmenter = segmenters.get(language)
  if (segmenter === undefined) {
    if (segmenters.size >= MOST_REMEMBERED) segmenters.clear()
    segmenter = new Intl.Segmenter(language, { granularity: 'word' })
    segmenters.set(language, segmenter)
  }
  return [...segmenter.segment(name)].flatMap(({ segment, isWordLike }) =>
    isWordLike ? [segment] : [],
  )
}

/** A corrected query with its words as names have them. */
export function respell(corrected: string, names: Names, languages: readonly string[]): string {
  const written = new Map<string, string>()
  for (const language of languages) {
    for (const word of names.flatMap((name) => wordsOf(name, language))) {
      const term = unmarked(termIn(language, fold(word)))
      if (!written.has(term)) written.set(term, word)
    }
  }
  return corrected
    .split(' ')
    .map((word) => written.get(word) ?? word)
    .join(' ')
}

/**
 * What is being typed with its last word as the names of products go on with it, what most of them have first.
 * @param text its last word may be unfinished
 */
export function completeBy(names: Names, text: string, language: string): readonly string[] {
  const [, head = '', last = ''] = /^(.*?)(\S*)$/s.exec(text) ?? []
  const beginning = fold(last)
  if (beginning === '') return []
  const counts = new Map<string, number>()
  for (const name of names) {
    for (const word of new Set(wordsBeginning(wordsOf(name, language), beginning))) {
      counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([word]) => head + word)
}

/** Words, or runs of them in scripts without spaces, that begin so. */
function wordsBeginning(words: readonly string[], beginning: string): string[] {
  return words.flatMap((first, from) => {
    let run = first
    for (let to = from + 1; fold(run).length < beginning.length; to++) {
      const next = words[to]
      if (next === undefined || !beginning.startsWith(fold(run))) return []
      run += next
    }
    return fold(run).startsWith(beginning) ? [run] : []
  })
}

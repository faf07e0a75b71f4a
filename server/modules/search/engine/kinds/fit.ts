import type { Segment } from '../segment/segment.ts'
import { lexiconOf } from './lexicon.ts'
import type { KindFactors } from './recognise.ts'

/** The most that a name may take from its product's score. */
const MOST_EFFECT = 0.5
/** Names differ: one is a misfit when its words are of the kind 2.8 times (2^1.5) less than usual. */
const USUAL_SPREAD = 1.5
const MOST_KINDS = 256

const known = new WeakMap<Segment['columns'], Map<string, Map<number, number>>>()

/**
 * Prepares to tell how well products' names fit the kind that they are filed under. Shops file things
 * wrongly, and of what is filed under `Laptops` the words `for laptop` stand in the names of those that
 * are none: names there say `notebook`, `Core i5`, `8 GB`, and seldom `backpack`.
 * @param byPath what the query's kinds give to each category path
 * @returns for a document the mean of log2 of its words' shares that are of the kind; null for a
 * document of another kind, or whose words tell nothing
 */
export function fitReader(segment: Segment, kinds: KindFactors, byPath: Float32Array): FitReader {
  const reader = readers.get(byPath) ?? createFitReader(segment, kinds, byPath)
  readers.set(byPath, reader)
  return reader
}

type FitReader = (document: number) => number | null

/** By the factors, which are of one segment and one query's kinds. */
const readers = new WeakMap<Float32Array, FitReader>()

function createFitReader(segment: Segment, kinds: KindFactors, byPath: Float32Array): FitReader {
  const wanted = new Uint8Array(byPath.length)
  for (let each = 0; each < wanted.length; each++) wanted[each] = Number(byPath[each]! > 1)
  const tellings = tellingsOf(segment, kinds)
  const { nameStart, nameTerms, path } = segment.columns
  const { countNames, telling } = lexiconOf(segment)

  function tell(term: number): number {
    const { inside, total } = countNames(term, wanted)
    return Math.log2((inside + 0.1) / (total + 0.2))
  }

  return (document) => {
    if (wanted[path[document]!] === 0) return null
    let sum = 0
    let words = 0
    for (let i = nameStart[document]!; i < nameStart[document + 1]!; i++) {
      const term = nameTerms[i]!
      if (((telling[term >>> 5]! >>> (term & 31)) & 1) === 0) continue
      let told = tellings.get(term)
      if (told === undefined) {
        told = tell(term)
        tellings.set(term, told)
      }
      sum += told
      words += told === 0 ? 0 : 1
    }
    return words === 0 ? null : sum / words
  }
}

/** What scores are multiplied with for their fits: less than 1 for those far below the middle one. */
export function fitBoosts(fits: readonly (number | null)[]): readonly number[] {
  const known = new Float64Array(fits.length)
  let size = 0
  for (const fit of fits) {
    if (fit !== null) known[size++] = fit
  }
  const least = (size === 0 ? 0 : nthOf(known, size, size >> 1)) - USUAL_SPREAD
  return fits.map((fit) =>
    fit === null || fit >= least ? 1 : 1 - MOST_EFFECT * Math.tanh(least - fit),
  )
}

/** The number that stands at a place when the first `size` are in order; moves them. Source: Hoare's selection. */
function nthOf(numbers: Float64Array, size: number, place: number): number {
  let [low, high] = [0, size - 1]
  while (low < high) {
    const pivot = numbers[place]!
    let [left, right] = [low, high]
    while (left <= right) {
      while (numbers[left]! < pivot) left++
      while (numbers[right]! > pivot) right--
      if (left > right) break
      const moved = numbers[left]!
      numbers[left++] = numbers[right]!
      numbers[right--] = moved
    }
    if (right < place) low = left
    if (left > place) high = right
  }
  return numbers[place]!
}

/** What was found out before of the words of names, for these kinds. */
function tellingsOf(segment: Segment, kinds: KindFactors): Map<number, number> {
  const key = [...kinds].flatMap(([category, factor]) => (factor > 1 ? [category] : [])).join()
  const byKinds = known.get(segment.columns) ?? new Map<string, Map<number, number>>()
  known.set(segment.columns, byKinds)
  if (!byKinds.has(key) && byKinds.size >= MOST_KINDS) byKinds.clear()
  const tellings = byKinds.get(key) ?? new Map<number, number>()
  byKinds.set(key, tellings)
  return tellings
}

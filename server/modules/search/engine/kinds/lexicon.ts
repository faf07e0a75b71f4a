import { fold } from '../analysis/fold.ts'
import { analyse } from '../analysis/tokens.ts'
import { isTranslationAt } from '../segment/fuzzy.ts'
import type { Segment } from '../segment/segment.ts'
import { countOf, type StringTable, stringAt } from '../segment/strings.ts'
import { findTerm } from '../segment/terms.ts'
import { type KindPhrase, phrasesOf } from './phrases.ts'

/** A category as one segment knows it. */
export type KindCategory = Readonly<{
  id: string
  parent: string | null
  phrases: readonly KindPhrase[]
  /** Products in its branch, deleted ones included until they are merged away. */
  products: number
}>

/**
 * What a segment's words say of kinds of things. It depends on nothing but the segment's own block of
 * memory, so it is made once and kept as long as the segment.
 */
export type Lexicon = Readonly<{
  segment: Segment
  categories: readonly KindCategory[]
  /** Brands, folded, and how many products each has. */
  brands: ReadonlyMap<string, number>
  /** Words that are the whole value of an attribute: `red`, `wireless`. */
  values: ReadonlySet<string>
  /** In how many names, of a sample, a word is, by category path. */
  namesWith: (term: string) => readonly PathCount[]
  /** In how many names of the sample a word is, and in how many of those on the wanted paths. */
  countNames: (term: number, wanted: Uint8Array) => Readonly<{ inside: number; total: number }>
  /** Whether a word is in so many of these names that they tell something: bit `term & 31` of word `term >>> 5`. */
  telling: Uint32Array
}>

export type PathCount = Readonly<{ path: readonly string[]; count: number }>

const MOST_OPTIONS = 200_000
const SAMPLED_DOCUMENTS = 32_768
/** A word of fewer names tells nothing. */
const LEAST_NAMES = 3
const known = new WeakMap<Segment['columns'], Lexicon>()

export function lexiconOf(segment: Segment): Lexicon {
  let lexicon = known.get(segment.columns)
  if (lexicon === undefined) {
    lexicon = {
      segment,
      categories: readCategories(segment),
      brands: readBrands(segment),
      values: readValues(segment),
      ...readNames(segment),
    }
    known.set(segment.columns, lexicon)
  }
  return lexicon
}

function readCategories(segment: Segment): KindCategory[] {
  const { pathStart, pathCategories, pathDocumentStart } = segment.columns
  const size = countOf(segment.categories)
  const products = new Uint32Array(size)
  const parents = new Int32Array(size).fill(-1)
  for (let path = 0; path + 1 < pathStart.length; path++) {
    const documents = pathDocumentStart[path + 1]! - pathDocumentStart[path]!
    for (let i = pathStart[path]!; i < pathStart[path + 1]!; i++) {
      products[pathCategories[i]!]! += documents
      parents[pathCategories[i]!] = i === pathStart[path] ? -1 : pathCategories[i - 1]!
    }
  }
  return Array.from({ length: size }, (_, category) => ({
    id: stringAt(segment.categories, category),
    parent: parents[category]! < 0 ? null : stringAt(segment.categories, parents[category]!),
    phrases: phrasesOf(stringAt(segment.categoryNames, category)),
    products: products[category]!,
  }))
}

function readBrands({ brands, columns }: Segment): Map<string, number> {
  const counts = new Map<string, number>()
  for (let brand = 0; brand < countOf(brands); brand++) {
    const name = termsOf(stringAt(brands, brand)).join(' ')
    const products = columns.brandStart[brand + 1]! - columns.brandStart[brand]!
    if (name !== '') counts.set(name, (counts.get(name) ?? 0) + products)
  }
  return counts
}

function readValues({ options }: Segment): Set<string> {
  const values = new Set<string>()
  for (let option = 0; option < Math.min(countOf(options), MOST_OPTIONS); option++) {
    const value = stringAt(options, option).split('\u0000')[1] ?? ''
    if (value.length <= 20 && /^\p{L}+$/u.test(value)) values.add(termsOf(fold(value)).join(' '))
  }
  return values
}

function termsOf(text: string): string[] {
  return analyse(text).map(({ term }) => term)
}

/** Counts pairs of a name's word and a path by sorting them, which needs no table of all pairs. */
function readNames(segment: Segment): Pick<Lexicon, 'namesWith' | 'countNames' | 'telling'> {
  const { nameStart, nameTerms, path } = segment.columns
  const paths = readPaths(segment)
  const stride = Math.max(1, Math.ceil(segment.documents / SAMPLED_DOCUMENTS))
  const pairs: number[] = []
  for (let document = 0; document < segment.documents; document += stride) {
    for (let i = nameStart[document]!; i < nameStart[document + 1]!; i++) {
      pairs.push(nameTerms[i]! * paths.length + path[document]!)
    }
  }
  const sorted = Float64Array.from(pairs).sort()
  return {
    namesWith: (text) => {
      const term = findTerm(segment, text)
      return term < 0 ? [] : countRuns(sorted, { term, paths })
    },
    countNames: (term, wanted) => {
      const from = firstFrom(sorted, term * paths.length)
      const to = firstFrom(sorted, (term + 1) * paths.length)
      let inside = 0
      for (let at = from; at < to; at++) inside += wanted[sorted[at]! - term * paths.length]!
      return { inside, total: to - from }
    },
    telling: readTelling(sorted, paths.length, segment.terms),
  }
}

/** Words of translations say of no name in the shop's own language how usual it is. */
function readTelling(sorted: Float64Array, paths: number, terms: StringTable): Uint32Array {
  const telling = new Uint32Array((countOf(terms) + 31) >>> 5)
  for (let from = 0; from < sorted.length; ) {
    const term = Math.floor(sorted[from]! / paths)
    const end = (term + 1) * paths
    let to = from + 1
    while (to < sorted.length && sorted[to]! < end) to++
    if (to - from >= LEAST_NAMES && !isTranslationAt(terms, term)) {
      telling[term >>> 5]! |= 1 << (term & 31)
    }
    from = to
  }
  return telling
}

function readPaths({ categories, columns }: Segment): string[][] {
  const ids = Array.from({ length: countOf(categories) }, (_, i) => stringAt(categories, i))
  const { pathStart, pathCategories } = columns
  return Array.from({ length: pathStart.length - 1 }, (_, path) =>
    Array.from(pathCategories.subarray(pathStart[path]!, pathStart[path + 1]!), (i) => ids[i]!),
  )
}

function countRuns(
  sorted: Float64Array,
  { term, paths }: Readonly<{ term: number; paths: readonly (readonly string[])[] }>,
): PathCount[] {
  const counts = new Map<number, number>()
  for (let at = firstFrom(sorted, term * paths.length); at < sorted.length; at++) {
    const path = sorted[at]! - term * paths.length
    if (path >= paths.length) break
    counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  return [...counts].map(([path, count]) => ({ path: paths[path]!, count }))
}

function firstFrom(sorted: Float64Array, least: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

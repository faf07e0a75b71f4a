import type { Segment } from '../segment/segment.ts'
import { type KindCategory, type Lexicon, lexiconOf, type PathCount } from './lexicon.ts'
import type { KindPhrase } from './phrases.ts'

/** A way to name a category. */
export type KindName = Readonly<{ phrase: KindPhrase; category: string }>

/** What all segments together know of kinds of things. */
export type Kinds = Readonly<{
  /** The names that end in this word. */
  namesEndingIn: (head: string) => readonly KindName[]
  /** Categories that have this word in their names before the noun: of `camera`, `Camera Bags`. */
  categoriesFor: (modifier: string) => readonly string[]
  products: (category: string) => number
  isWithin: (category: string, ancestor: string) => boolean
  /** How many products a brand of this name has. */
  brandProducts: (name: string) => number
  isValue: (word: string) => boolean
  /** In how many names, of a sample, a word is, by category path. */
  namesWith: (word: string) => readonly PathCount[]
  /** The deepest category that most names with this word are filed under; null if there is none. */
  usualCategory: (word: string) => string | null
}>

/** A segment with less than this share of the products has no say until it is merged. */
const LEAST_SHARE = 0.1
const MOST_REMEMBERED = 10_000
/** This share of the names, and so many at least, have to be of one category to tell of it. */
const USUAL_SHARE = 0.6
const LEAST_NAMES = 3

/** Remembers the kinds of the segments that it was asked for last. */
export function createKindsReader(): (segments: readonly Segment[]) => Kinds {
  let last: readonly Segment[] = []
  let kinds = gatherKinds([])
  return (segments) => {
    const largest = Math.max(0, ...segments.map(({ documents }) => documents))
    const weighty = segments.filter(({ documents }) => documents >= largest * LEAST_SHARE)
    if (weighty.length !== last.length || weighty.some((segment, i) => segment !== last[i])) {
      last = weighty
      kinds = gatherKinds(weighty.map(lexiconOf))
    }
    return kinds
  }
}

/** What these lexica know together. */
export function gatherKinds(
  lexica: readonly Omit<Lexicon, 'segment' | 'countNames' | 'telling'>[],
): Kinds {
  const categories = new Map<string, KindCategory>()
  const [names, purposes] = [new Map<string, KindName[]>(), new Map<string, string[]>()]
  const brands = new Map<string, number>()
  for (const lexicon of lexica) {
    for (const category of lexicon.categories) {
      addCategory({ categories, names, purposes }, category)
    }
    for (const [name, count] of lexicon.brands) brands.set(name, (brands.get(name) ?? 0) + count)
  }
  const namesWith = remember((word) => lexica.flatMap((lexicon) => lexicon.namesWith(word)))
  return {
    namesEndingIn: (head) => names.get(head) ?? [],
    categoriesFor: (modifier) => purposes.get(modifier) ?? [],
    products: (category) => categories.get(category)?.products ?? 0,
    isWithin: (category, ancestor) => isWithin(categories, category, ancestor),
    brandProducts: (name) => brands.get(name) ?? 0,
    isValue: (word) => lexica.some(({ values }) => values.has(word)),
    namesWith,
    usualCategory: remember((word) => usualCategory(namesWith(word))),
  }
}

function remember<Answer>(find: (word: string) => Answer): (word: string) => Answer {
  const known = new Map<string, Answer>()
  return (word) => {
    const before = known.get(word)
    if (before !== undefined) return before
    const answer = find(word)
    if (known.size >= MOST_REMEMBERED) known.clear()
    known.set(word, answer)
    return answer
  }
}

function usualCategory(names: readonly PathCount[]): string | null {
  const total = names.reduce((sum, { count }) => sum + count, 0)
  if (total < LEAST_NAMES) return null
  const counts = new Map<string, number>()
  let deepest: string | null = null
  let depth = 1
  for (const { path, count } of names) {
    for (const [level, category] of path.entries()) {
      const sum = (counts.get(category) ?? 0) + count
      counts.set(category, sum)
      if (sum >= total * USUAL_SHARE && level >= depth) {
        deepest = category
        depth = level
      }
    }
  }
  return deepest
}

type Directory = Readonly<{
  categories: Map<string, KindCategory>
  names: Map<string, KindName[]>
  purposes: Map<string, string[]>
}>

function addCategory({ categories, names, purposes }: Directory, category: KindCategory): void {
  const { id, phrases } = category
  const before = categories.get(id)
  categories.set(id, { ...category, products: category.products + (before?.products ?? 0) })
  if (before !== undefined) return
  for (const phrase of phrases) {
    const head = phrase.at(-1)!
    names.set(head, [...(names.get(head) ?? []), { phrase, category: id }])
    for (const word of phrase.slice(0, -1)) {
      purposes.set(word, [...(purposes.get(word) ?? []), id])
    }
  }
}

function isWithin(
  categories: ReadonlyMap<string, KindCategory>,
  category: string,
  ancestor: string,
): boolean {
  for (let at: string | null = category; at !== null; at = categories.get(at)?.parent ?? null) {
    if (at === ancestor) return true
  }
  return false
}

import { analyse, hasDigit } from '../analysis/tokens.ts'
import type { SynonymTable } from '../query/synonyms.ts'
import type { KindName, Kinds } from './kinds.ts'

/** What the score of products in a category's branch is multiplied with; the deepest category decides. */
export type KindFactors = ReadonlyMap<string, number>

/** How sure it is that a category is meant, and what that is worth. */
const FACTORS = {
  /** The whole query, but for brands, measures and values of attributes, is its name. */
  exact: 3.4,
  /** The query has its name and more words before it. */
  named: 2.2,
  /** The query is a kind of which this category is a sort: `phone` of `mobile phones`. */
  sort: 2.6,
  /** The query's noun is the category's, but they differ in what stands before it. */
  related: 1.5,
  /** Products with the query's noun in their names are mostly filed there. */
  learned: 1.5,
} as const

type Certainty = keyof typeof FACTORS
const CERTAINTIES = Object.keys(FACTORS) as readonly Certainty[]

const MAX_WORDS = 12
const MAX_PHRASINGS = 12
/** After these comes what the thing is for, not what it is. */
const COMPLEMENTS = new Set(['for', 'with', 'without', 'to', 'compatible'])
const STOP_WORDS = new Set(
  'a an and are as at by from in is it of on or that the this w your'.split(' '),
)
/** How many words may stand after the noun, as in `mouse wireless black`. */
const MOST_TRAILING = 3

type Recognised = Readonly<{ certainty: Certainty; matched: number; weights: KindFactors }>

/**
 * Tells which kind of thing a query asks for: what its head noun is, as names of categories, and, for
 * words that name none, as the names of products have it. `laptop bag` is a bag, `ink for printer` is ink.
 */
export function recogniseKinds(text: string, kinds: Kinds, synonyms: SynonymTable): KindFactors {
  const terms = nounPhrase(analyse(text).map(({ term }) => term))
  const phrasings = [terms, ...synonyms.rephrase(terms)].slice(0, MAX_PHRASINGS)
  const found = phrasings
    .map((phrasing) => recognise(phrasing, kinds))
    .filter((each) => each !== null)
    .sort((a, b) => compare(a, b))
  const best = found[0]
  if (best === undefined) return new Map()
  const factors = new Map<string, number>()
  for (const each of found) {
    if (compare(each, best) > 0 && each.certainty !== best.certainty) break
    for (const [category, weight] of each.weights) {
      const factor = 1 + (FACTORS[each.certainty] - 1) * weight
      factors.set(category, Math.max(factor, factors.get(category) ?? 1))
    }
  }
  return factors
}

/**
 * The same for words met as translations: as names of products have them, since categories have none.
 * @param nouns terms that may say what the thing is, the likeliest first
 */
export function kindsOfNouns(nouns: readonly string[], kinds: Kinds): KindFactors {
  for (const noun of nouns) {
    const usual = kinds.usualCategory(noun)
    if (usual !== null) return new Map([[usual, FACTORS.learned]])
  }
  return new Map()
}

function compare(a: Recognised, b: Recognised): number {
  return (
    CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) || b.matched - a.matched
  )
}

function nounPhrase(terms: readonly string[]): readonly string[] {
  const end = terms.findIndex((term, i) => i > 0 && COMPLEMENTS.has(term))
  return (end < 0 ? terms : terms.slice(0, end))
    .filter((term) => !STOP_WORDS.has(term) && !hasDigit(term))
    .slice(0, MAX_WORDS)
}

/** Words without those that name a brand, unless nothing else is said. */
function withoutBrands(terms: readonly string[], kinds: Kinds): readonly string[] {
  const isBrand = (from: number, to: number): boolean => {
    const name = terms.slice(from, to).join(' ')
    const brand = kinds.brandProducts(name)
    if (brand === 0) return false
    const kind = kinds.namesEndingIn(name).filter(({ phrase }) => phrase.length === 1)
    return brand > Math.max(0, ...kind.map(({ category }) => kinds.products(category)))
  }
  return terms.filter(
    (_, i) => !isBrand(i, i + 1) && !isBrand(i, i + 2) && !(i > 0 && isBrand(i - 1, i + 1)),
  )
}

function recognise(terms: readonly string[], kinds: Kinds): Recognised | null {
  const words = withoutBrands(terms, kinds)
  for (let last = words.length - 1; last >= Math.max(0, words.length - MOST_TRAILING); last--) {
    const names = kinds.namesEndingIn(words[last]!)
    if (names.length > 0) {
      const found = narrow(byName(words.slice(0, last + 1), names, kinds), words, kinds)
      return last === words.length - 1 ? found : { ...found, certainty: 'related' }
    }
    const usual = kinds.usualCategory(words[last]!)
    if (usual !== null) return { certainty: 'learned', matched: 1, weights: new Map([[usual, 1]]) }
  }
  return null
}

/** The last word of a query, if it says what the thing is: no name of a kind of thing ends in others. */
export function headNoun(text: string, kinds: Kinds): string | null {
  const words = withoutBrands(nounPhrase(analyse(text).map(({ term }) => term)), kinds)
  const last = words.at(-1)
  return last !== undefined && kinds.namesEndingIn(last).length > 0 ? last : null
}

/** The categories whose names fit best. */
function byName(said: readonly string[], names: readonly KindName[], kinds: Kinds): Recognised {
  const graded = names.map((name) => ({ name, ...grade(said, name, kinds) }))
  const best = graded.toSorted(compareGrades)[0]!
  const equal = graded.filter((each) => compareGrades(each, best) === 0)
  const chosen = equal.filter(
    ({ name: { category } }) =>
      !equal.some(
        ({ name }) => name.category !== category && kinds.isWithin(name.category, category),
      ),
  )
  const evidence = new Map(
    chosen.map(({ name: { category, phrase } }) => {
      const beside = said.filter((word) => !phrase.includes(word))
      return [category, evidenceFor(category, beside, kinds)]
    }),
  )
  const beside = accessoriesWithin([...evidence.keys()], said.at(-1)!, kinds)
  const none = [...evidence.values()].every((count) => count === 0)
  const counts = [...evidence].map(
    ([category, count]) => [category, none ? kinds.products(category) : count] as const,
  )
  const most = Math.max(1, ...counts.map(([, count]) => count))
  return {
    certainty: best.certainty,
    matched: best.matched,
    weights: new Map([
      ...counts.map(([category, count]) => [category, Math.sqrt(count / most)] as const),
      ...beside.map((category) => [category, 0] as const),
    ]),
  }
}

/** Under `Phones` there may be `Phone Cases`, which are no phones. */
function accessoriesWithin(chosen: readonly string[], noun: string, kinds: Kinds): string[] {
  const sorts = new Set(kinds.namesEndingIn(noun).map(({ category }) => category))
  return kinds
    .categoriesFor(noun)
    .filter((category) => !sorts.has(category) && !chosen.includes(category))
    .filter((category) => chosen.some((general) => kinds.isWithin(category, general)))
}

type Grade = Readonly<{ certainty: Certainty; matched: number }>

function compareGrades(a: Grade, b: Grade): number {
  return (
    CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) || b.matched - a.matched
  )
}

function grade(said: readonly string[], { phrase }: KindName, kinds: Kinds): Grade {
  const more = said.some((word) => !phrase.includes(word) && !kinds.isValue(word))
  const matched = phrase.filter((word) => said.includes(word)).length
  if (matched === phrase.length) return { certainty: more ? 'named' : 'exact', matched }
  return { certainty: more ? 'related' : 'sort', matched }
}

/** How many names of products in the branch have the words that the category's own name lacks. */
function evidenceFor(category: string, words: readonly string[], kinds: Kinds): number {
  return words.reduce(
    (sum, word) =>
      sum +
      kinds
        .namesWith(word)
        .filter(({ path }) => path.includes(category))
        .reduce((count, each) => count + each.count, 0),
    0,
  )
}

/** `notebook computer`: a computer, and of these the kind that its other word names. */
function narrow(found: Recognised, words: readonly string[], kinds: Kinds): Recognised {
  const general = [...found.weights].filter(([, weight]) => weight > 0)
  const within = words.slice(0, -1).flatMap((word) =>
    kinds
      .namesEndingIn(word)
      .filter(({ phrase }) => phrase.every((each) => words.includes(each)))
      .filter(({ category }) =>
        general.some(([above]) => above !== category && kinds.isWithin(category, above)),
      ),
  )
  if (within.length === 0) return found
  return { ...found, weights: new Map(within.map(({ category }) => [category, 1])) }
}

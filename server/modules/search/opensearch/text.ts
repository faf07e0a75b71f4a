import type { Token } from '../engine/analysis/tokens.ts'
import type { KindFactors } from '../engine/kinds/recognise.ts'
import { OUT_OF_STOCK_FACTOR } from '../engine/query/collect.ts'
import { type Clause as Word, waysToWrite } from '../engine/query/plan.ts'
import { nameBoosts } from '../engine/query/rerank.ts'
import { IMPACT_UNIT } from '../engine/segment/scoring.ts'
import { featureOf } from './documents.ts'
import type { Clause } from './filters.ts'

/**
 * What makes a score. It is the embedded engine's formula, said to OpenSearch:
 * text × kind × coverage × phrase × popularityAndRating × stock.
 */
export type Scoring = Readonly<{
  words: readonly Word[]
  /** The deepest category first. */
  kinds: KindFactors
  /** Products that can be bought now. */
  inStock: Clause
}>

/** Names of the parts of a query, by which the answer tells which of them a product met. */
export const named = {
  kind: (category: string) => `kind ${category}`,
  covered: (place: number) => `covered ${place}`,
  neighbours: (place: number) => `neighbours ${place}`,
  soldOut: 'sold out',
}

/** More ways than these to say a word are not looked for in names. */
const MOST_NAME_TERMS = 16

/** The words must be met, but for those that are optional; filters come beside. */
export function wordsQuery(words: readonly Word[], filter: readonly Clause[]): Clause {
  const [required, optional] = [words.filter(isRequired), words.filter(({ optional }) => optional)]
  return {
    bool: {
      filter,
      must: required.map(wordQuery),
      should: optional.filter(({ alternatives }) => alternatives.length > 0).map(wordQuery),
    },
  }
}

function isRequired({ optional }: Word): boolean {
  return !optional
}

/** The best of all ways to meet a word, times how rare the word is. */
function wordQuery({ alternatives, inverseFrequency }: Word): Clause {
  if (alternatives.length === 0) return { match_none: {} }
  const queries = alternatives.map(({ terms, weight }) => {
    const boost = (weight * inverseFrequency) / IMPACT_UNIT / terms.length
    const each = terms.map((term) => impactOf(term, boost))
    return each.length === 1 ? each[0] : { bool: { must: each } }
  })
  return queries.length === 1 ? (queries[0] as Clause) : { dis_max: { queries } }
}

function impactOf(term: string, boost: number): Clause {
  return { rank_feature: { field: `impacts.${featureOf(term)}`, linear: {}, boost } }
}

export function scoredQuery(query: Clause, scoring: Scoring): Clause {
  const ranked = withPhrases(withCoverage(withKinds(query, scoring), scoring), scoring)
  return withPriorAndStock(ranked, scoring.inStock)
}

/** Without words, what can be bought comes first, and of that what others like. */
export function browsedQuery(query: Clause, inStock: Clause): Clause {
  return {
    function_score: {
      query,
      functions: [PRIOR, { filter: inStock, weight: 1 }],
      score_mode: 'sum',
      boost_mode: 'replace',
    },
  }
}

const PRIOR = { field_value_factor: { field: 'prior', missing: 1 } }

function withPriorAndStock(query: Clause, inStock: Clause): Clause {
  const soldOut = { bool: { must_not: inStock, _name: named.soldOut } }
  return {
    function_score: {
      query,
      functions: [PRIOR, { filter: soldOut, weight: OUT_OF_STOCK_FACTOR }],
      score_mode: 'multiply',
      boost_mode: 'multiply',
    },
  }
}

/** The first kind that a product is of decides. */
function withKinds(query: Clause, { kinds }: Scoring): Clause {
  const functions = [...kinds].map(([id, weight]) => ({
    filter: { term: { categories: { value: id, _name: named.kind(id) } } },
    weight,
  }))
  if (functions.length === 0) return query
  return {
    function_score: { query, functions, score_mode: 'first', boost_mode: 'multiply' },
  }
}

/** The share of the query, by weight, that the name has. */
function withCoverage(query: Clause, { words }: Scoring): Clause {
  const weight = words.reduce((sum, word) => sum + word.inverseFrequency, 0)
  if (weight === 0) return query
  return addUp(
    query,
    words.map((word, place) => ({
      filter: { terms: { name: nameTerms(word), _name: named.covered(place) } },
      weight: nameBoosts({ coverage: word.inverseFrequency / weight, phrase: 0 }).coverage - 1,
    })),
  )
}

/** The share of neighbouring words that are neighbours in the name, in order. */
function withPhrases(query: Clause, { words }: Scoring): Clause {
  if (words.length < 2) return query
  const weight = nameBoosts({ coverage: 0, phrase: 1 / (words.length - 1) }).phrase - 1
  return addUp(
    query,
    words.slice(1).flatMap((word, place) => {
      const [before, after] = [words[place] as Word, word].map(anyTerm)
      if (!before || !after) return []
      const near = { clauses: [before, after], slop: 0, in_order: true }
      return [{ filter: { span_near: { ...near, _name: named.neighbours(place) } }, weight }]
    }),
  )
}

function addUp(query: Clause, functions: readonly object[]): Clause {
  return {
    function_score: {
      query,
      functions: [{ weight: 1 }, ...functions],
      score_mode: 'sum',
      boost_mode: 'multiply',
    },
  }
}

function nameTerms({ alternatives }: Word): string[] {
  return [...new Set(alternatives.flatMap(({ terms }) => terms))].slice(0, MOST_NAME_TERMS)
}

function anyTerm(word: Word): Clause | undefined {
  const clauses = nameTerms(word).map((term) => ({ span_term: { name: term } }))
  return clauses.length === 0 ? undefined : { span_or: { clauses } }
}

/** What an unfinished word's beginning counts, beside the word itself. */
const BEGINNING_WEIGHT = 0.4

/** Products for what is being typed: the last word may be met by its beginning. */
export function prefixQuery(
  words: readonly Word[],
  {
    last,
    languages,
    filter,
  }: Readonly<{
    last: Token | undefined
    languages: readonly string[]
    filter: readonly Clause[]
  }>,
): Clause {
  const unfinished = last && words.find(({ word }) => word === last.surface)
  const beginnings = [...(last ? waysToWrite(last, languages) : [])].map((value) => ({
    prefix: { words: { value, boost: BEGINNING_WEIGHT } },
  }))
  const rest = words.filter((word) => word !== unfinished)
  const query = wordsQuery(rest, filter)
  const { bool } = query as { bool: { must: readonly Clause[] } }
  const ending = unfinished && {
    dis_max: {
      queries: [
        ...beginnings,
        ...(unfinished.alternatives.length > 0 ? [wordQuery(unfinished)] : []),
      ],
    },
  }
  return {
    function_score: {
      query: { bool: { ...bool, must: [...bool.must, ...(ending ? [ending] : [])] } },
      functions: [PRIOR],
      boost_mode: 'multiply',
    },
  }
}

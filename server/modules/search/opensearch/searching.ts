import { analyse } from '../engine/analysis/tokens.ts'
import {
  MAX_ATTRIBUTE_FILTERS,
  MAX_POSITION,
  type SearchQuery,
  type SearchResult,
} from '../engine/index.ts'
import {
  headNoun,
  type KindFactors,
  kindsOfNouns,
  recogniseKinds,
} from '../engine/kinds/recognise.ts'
import { MAX_TEXT, planQuery, type QueryPlan } from '../engine/query/plan.ts'
import { type SynonymTable, withSynonyms } from '../engine/query/synonyms.ts'
import type { OpenSearchClient } from './client.ts'
import type { Directory, DirectoryKeeper } from './directory.ts'
import { explainHit } from './explain.ts'
import { createRelaxer } from './relaxing.ts'
import { createRequest, DEFAULT_LIMIT, type FoundPage, type RequestBody } from './request.ts'
import { named } from './text.ts'
import type { Words } from './vocabulary.ts'

export type SearchParts = Readonly<{
  client: OpenSearchClient
  /** The index, or the alias, that is searched. */
  target: () => string
  words: Words
  directory: DirectoryKeeper
  synonyms: SynonymTable
  /** With fewer matches than this, products that lack a word are shown too. */
  relaxBelow: number
}>

/** Searches as the embedded engine does: it plans the words, and OpenSearch finds. */
export function createSearching(parts: SearchParts): (query: SearchQuery) => Promise<SearchResult> {
  const relax = createRelaxer(parts)

  return async (query) => {
    assertBounds(query)
    const synonyms = withSynonyms(parts.synonyms, query.synonyms)
    const plan = await planFor(parts, query, synonyms)
    if ((query.text ?? '').trim() !== '' && plan.clauses.length === 0) return nothing(plan)
    const directory = await parts.directory.current(query.filters?.categories)
    const ranked = (query.sort ?? 'relevance') === 'relevance'
    const text = plan.correctedQuery ?? query.text ?? ''
    const { kinds, noun } =
      ranked && plan.clauses.length > 0 ? await kindsOf(directory, synonyms, plan, text) : NO_KINDS
    const request = createRequest({ query, directory, kinds })
    const strict = await ask(parts, request.body(plan.clauses))
    const kept = await relax({
      words: plan.clauses,
      total: strict.hits.total.value,
      request,
      noun: areOfTheKind(strict, kinds) ? noun : null,
    })
    const page = kept ? await ask(parts, request.body(kept.words)) : strict
    return {
      hits: page.hits.hits.map((hit) => ({
        id: hit._id,
        score: hit._score ?? 0,
        ...(query.explain && {
          explanation: explainHit(hit, { words: kept?.words ?? plan.clauses, kinds }),
        }),
      })),
      next: request.next(page),
      total: page.hits.total.value,
      facets: request.readFacets(page.aggregations),
      correctedQuery: plan.correctedQuery,
      // Where no more is found without a word, all of it has the word.
      droppedWords: kept && page.hits.total.value > strict.hits.total.value ? kept.dropped : [],
    }
  }
}

/** @throws RangeError as the embedded engine does */
function assertBounds({ page = 1, limit = DEFAULT_LIMIT, filters, after }: SearchQuery): void {
  if (!Number.isInteger(page) || !Number.isInteger(limit) || page < 1 || limit < 0) {
    throw new RangeError('page is a whole number from 1, limit one from 0')
  }
  if (!after && page * limit > MAX_POSITION) {
    throw new RangeError(`page × limit is at most ${MAX_POSITION}`)
  }
  if ((filters?.attributes?.length ?? 0) > MAX_ATTRIBUTE_FILTERS) {
    throw new RangeError(`At most ${MAX_ATTRIBUTE_FILTERS} attribute filters`)
  }
}

function planFor(
  { words }: SearchParts,
  query: SearchQuery,
  synonyms: SynonymTable,
): Promise<QueryPlan> {
  const correctTypos = query.correctTypos ?? true
  const { prefix = false, languages } = query
  const options = { prefix, correctTypos, synonyms, languages }
  return words.plan((vocabulary) => planQuery(query.text ?? '', vocabulary, options))
}

/** The kinds of things that a text asks for, and which of its words says so. */
type Asked = Readonly<{ kinds: KindFactors; noun: string | null }>

const NO_KINDS: Asked = { kinds: new Map(), noun: null }

/** Whether most of the hits are of the kind that the words ask for. */
function areOfTheKind({ hits: { hits } }: FoundPage, kinds: KindFactors): boolean {
  const right = hits.filter(({ matched_queries: met = [] }) => {
    const decides = [...kinds].find(([category]) => met.includes(named.kind(category)))
    return decides !== undefined && decides[1] > 1
  })
  return right.length * 2 > hits.length
}

async function kindsOf(
  directory: Directory,
  synonyms: SynonymTable,
  { nouns }: QueryPlan,
  text: string,
): Promise<Asked> {
  if (nouns.length > 0) {
    const kinds = kindsOfNouns(nouns, await directory.kindsFor(nouns))
    return { kinds: deepestFirst(kinds, directory), noun: null }
  }
  const said = text.slice(0, MAX_TEXT)
  const terms = analyse(said).map(({ term }) => term)
  const words = [terms, ...synonyms.rephrase(terms)].flat()
  const kinds = await directory.kindsFor([...new Set(words)])
  const factors = recogniseKinds(said, kinds, synonyms)
  return { kinds: deepestFirst(factors, directory), noun: headNoun(said, kinds) }
}

function deepestFirst(kinds: KindFactors, { category }: Directory): KindFactors {
  const depthOf = (id: string | null): number =>
    id === null ? 0 : 1 + depthOf(category(id)?.parent ?? null)
  return new Map(
    [...kinds]
      .map(([id, factor]) => ({ id, factor, depth: depthOf(id) }))
      .sort((a, b) => b.depth - a.depth || b.factor - a.factor || (a.id < b.id ? -1 : 1))
      .map(({ id, factor }) => [id, factor]),
  )
}

function nothing({ correctedQuery }: QueryPlan): SearchResult {
  return { hits: [], total: 0, facets: null, correctedQuery, droppedWords: [] }
}

/** @throws Error if OpenSearch had to stop before it was through */
async function ask({ client, target }: SearchParts, body: RequestBody): Promise<FoundPage> {
  const page = await client.call<FoundPage>({ method: 'POST', path: `/${target()}/_search`, body })
  if (page.timed_out) throw new Error('OpenSearch did not get through the search in time')
  return page
}

import { createKindsReader } from './kinds/kinds.ts'
import type { Readings } from './query/context.ts'
import { createMatcher } from './query/match.ts'
import { search } from './query/search.ts'
import { createSynonyms, type SynonymTable } from './query/synonyms.ts'
import { createVocabulary } from './query/vocabulary.ts'
import { type LiveColumns, type MarketColumns, markDeleted } from './segment/live.ts'
import { openSegment, type Segment } from './segment/segment.ts'
import type { EngineState } from './state.ts'
import type { Entry } from './suggest/entries.ts'
import { completeFrom, createSuggester, type Suggester } from './suggest/suggest.ts'
import type { EngineOptions, Market, SearchQuery, SearchResult, Suggestions } from './types.ts'

/**
 * What the thread that changes an index tells those that only read it. Words, prices and stock are
 * shared memory; which documents are deleted is told, so that a product's old version goes in the same
 * moment in which its new one comes.
 */
export type IndexNews = Readonly<{
  /** All segments by number, in their order; with their memory when they are new. */
  segments: readonly Readonly<{ number: number; memory?: SegmentMemory }>[]
  /** Markets that segments got since they were told. */
  markets: readonly Readonly<{ number: number; markets: LiveColumns['markets'] }>[]
  deleted: readonly (readonly [number: number, document: number])[]
  defaultMarket: Market | null
  /** When they were gathered anew. */
  suggestions?: readonly Entry[]
}>

type SegmentMemory = Readonly<{ buffer: SharedArrayBuffer; live: LiveColumns }>

export type Publisher = Readonly<{
  /** What is new since the last call; null when nothing is that has to be told. */
  publish: () => IndexNews | null
  suggest: (entries: readonly Entry[]) => void
}>

type Told = { readonly number: number; markets: number }

/** Keeps account of what readers know. */
export function createPublisher(state: EngineState): Publisher {
  const told = new Map<Segment, Told>()
  let before: readonly Segment[] | null = null
  let suggestions: readonly Entry[] | undefined
  let last = 0

  function describe(segment: Segment): IndexNews['segments'][number] {
    const known = told.get(segment)
    if (known !== undefined) return { number: known.number }
    last += 1
    told.set(segment, { number: last, markets: segment.live.markets.size })
    const { buffer, live } = segment
    const [deleted, living] = [Uint8Array.from(live.deleted), Uint32Array.from(live.living)]
    const memory = { buffer, live: { ...live, deleted, living } }
    return { number: last, memory }
  }

  function newMarkets(): IndexNews['markets'] {
    return state.segments.flatMap((segment) => {
      const known = told.get(segment)
      const { markets } = segment.live
      if (known === undefined || known.markets === markets.size) return []
      known.markets = markets.size
      return [{ number: known.number, markets: new Map<string, MarketColumns>(markets) }]
    })
  }

  return {
    suggest: (entries) => {
      suggestions = entries
    },
    publish: () => {
      const markets = newMarkets()
      const deleted = (state.deletions ?? []).flatMap(([segment, document]) => {
        const known = told.get(segment)
        return known === undefined ? [] : [[known.number, document] as const]
      })
      state.deletions = []
      const same = before === state.segments && markets.length + deleted.length === 0
      if (same && suggestions === undefined) return null
      before = state.segments
      const segments = state.segments.map(describe)
      for (const segment of told.keys()) {
        if (!state.segments.includes(segment)) told.delete(segment)
      }
      const news = { segments, markets, deleted, defaultMarket: state.defaultMarket }
      const all = suggestions === undefined ? news : { ...news, suggestions }
      suggestions = undefined
      return all
    },
  }
}

/** What is searched: the engine's own state, or a reader's. */
export type Searched = {
  segments: readonly Segment[]
  defaultMarket: Market | null
  synonyms: SynonymTable
  suggester: Suggester | null
  readonly options: EngineOptions
}

export type Runner = (query: SearchQuery, enough?: number) => SearchResult

/** Runs queries on the present segments; what it knows of their words lasts until they change. */
export function createRunner(searched: Searched): Runner {
  const matcher = createMatcher()
  const readKinds = createKindsReader()
  let vocabulary = createVocabulary(searched.segments)
  let readings: Readings = new Map()
  let known = searched.segments
  let knownSynonyms = searched.synonyms
  return (query, enough) => {
    if (known !== searched.segments) {
      vocabulary = createVocabulary(searched.segments)
      known = searched.segments
      readings = new Map()
    }
    if (knownSynonyms !== searched.synonyms) {
      knownSynonyms = searched.synonyms
      readings = new Map()
    }
    const { segments, synonyms, defaultMarket, options } = searched
    const kinds = () => readKinds(segments)
    const read = { segments, vocabulary, readings, synonyms, kinds }
    return search({ ...read, matcher, defaultMarket, options }, query, enough)
  }
}

const SUGGESTED_PRODUCTS = 5
/** A suggestion looks at the first products that fit, not at all of them. */
const ENOUGH_FOR_SUGGESTING = 10_000

export type SuggestOptions = Readonly<{
  limit?: number
  market?: Market
  /** In whose translations the words are looked for too. */
  languages?: readonly string[] | undefined
}>

/** Completes what is being typed; product ids come from a prefix search of bounded work. */
export function suggestFrom(
  searched: Searched,
  run: Runner,
  text: string,
  { limit = 8, market, languages }: SuggestOptions = {},
): Suggestions {
  searched.suggester ??= createSuggester(searched.segments, [])
  const wanted = { text, prefix: true, limit: SUGGESTED_PRODUCTS, ...(market && { market }) }
  const { hits } = run({ ...wanted, ...(languages && { languages }) }, ENOUGH_FOR_SUGGESTING)
  return {
    ...searched.suggester.complete(text, limit),
    productIds: hits.map(({ id }) => id),
  }
}

/** Answers queries from what another thread publishes. One caller at a time; synchronous. */
export type SearchReader = Readonly<{
  take: (news: IndexNews) => void
  search: (query: SearchQuery) => SearchResult
  suggest: (text: string, options?: SuggestOptions) => Suggestions
}>

export function createSearchReader(options: EngineOptions = {}): SearchReader {
  const searched: Searched = {
    segments: [],
    defaultMarket: null,
    synonyms: createSynonyms(options.synonyms ?? []),
    suggester: completeFrom([]),
    options,
  }
  const run = createRunner(searched)
  let known = new Map<number, Segment>()
  return {
    take: (news) => {
      const before = known
      known = new Map(
        news.segments.map(({ number, memory }) => [
          number,
          memory ? openSegment(memory.buffer, memory.live) : before.get(number)!,
        ]),
      )
      for (const { number, markets } of news.markets) {
        const segment = known.get(number)
        for (const [key, columns] of markets) segment?.live.markets.set(key, columns)
      }
      for (const [number, document] of news.deleted) {
        const segment = known.get(number)
        if (segment !== undefined) markDeleted(segment.live, document)
      }
      const segments = [...known.values()]
      const same = segments.length === before.size
      if (!same || segments.some((segment, i) => segment !== searched.segments[i])) {
        searched.segments = segments
      }
      searched.defaultMarket = news.defaultMarket
      if (news.suggestions) searched.suggester = completeFrom(news.suggestions)
    },
    search: (query) => run(query),
    suggest: (text, wanted) => suggestFrom(searched, run, text, wanted),
  }
}

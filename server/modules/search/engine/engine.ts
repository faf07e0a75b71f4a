import { createAnalyser } from './analysis/tokens.ts'
import { applyChanges, mergeNow } from './changes.ts'
import { createKindsReader } from './kinds/kinds.ts'
import { mergeBeside, needsMerge } from './merging.ts'
import { createMatcher } from './query/match.ts'
import { search } from './query/search.ts'
import { createSynonyms } from './query/synonyms.ts'
import { createVocabulary } from './query/vocabulary.ts'
import { type EngineFigures, type EngineState, figuresOf, livingIds, locate } from './state.ts'
import { loadSnapshot, type Snapshot, saveSnapshot } from './store/files.ts'
import type { PopularQuery } from './suggest/entries.ts'
import { createSuggester } from './suggest/suggest.ts'
import type {
  EngineOptions,
  Market,
  SearchChange,
  SearchQuery,
  SearchResult,
  Suggestions,
  Synonym,
} from './types.ts'

const SUGGESTED_PRODUCTS = 5
/** A suggestion looks at the first products that fit, not at all of them. */
const ENOUGH_FOR_SUGGESTING = 10_000

/** An index in memory. One caller at a time: every call but `mergeInBackground` is synchronous. */
export type SearchEngine = Readonly<{
  /**
   * Applies changes in their order and moves the cursor, all or nothing as far as searches see. A
   * change may come twice. A patch or delete of an unknown id does nothing.
   * @param cursor where in the caller's log these changes end
   */
  apply: (changes: readonly SearchChange[], cursor?: string) => void
  /** @throws RangeError for a page past 10,000 hits or more than 30 attribute filters */
  search: (query: SearchQuery) => SearchResult
  /** Completes what is being typed; product ids come from a prefix search of bounded work. */
  suggest: (text: string, options?: Readonly<{ limit?: number; market?: Market }>) => Suggestions
  /** Gathers completions anew from the catalogue and from what shoppers asked. */
  refreshSuggestions: (queries: readonly PopularQuery[]) => void
  setSynonyms: (synonyms: readonly Synonym[]) => void
  has: (id: string) => boolean
  /** Every id in the index, in order; for finding drift. */
  ids: () => Iterable<string>
  cursor: () => string | null
  figures: () => EngineFigures
  /** Whether a merge would pay: many deltas, or many deleted documents. */
  needsMerge: () => boolean
  /**
   * Merges everything into one segment, now.
   * @throws Error while a merge runs in the background
   */
  merge: () => void
  /** The same in a worker thread, while searches and changes go on. Resolves when it is in use. */
  mergeInBackground: () => Promise<void>
  /** Writes the index and its cursor to a folder. */
  save: (folder: string) => void
}>

/** An empty index. */
export function createSearchEngine(options: EngineOptions = {}): SearchEngine {
  return engineOver({ segments: [], cursor: null, defaultMarket: null }, options)
}

/**
 * The index of a folder, or an empty one (with a null cursor) where none was saved.
 * @throws DamagedIndexError when a file is missing or altered: delete the folder and rebuild
 */
export function loadSearchEngine(folder: string, options: EngineOptions = {}): SearchEngine {
  const snapshot = loadSnapshot(folder, options.plain ?? false)
  return engineOver(snapshot ?? { segments: [], cursor: null, defaultMarket: null }, options)
}

type Runner = (query: SearchQuery, enough?: number) => SearchResult

/** Runs queries on the present segments; what it knows of their words lasts until they change. */
function createRunner(state: EngineState): Runner {
  const matcher = createMatcher()
  const readKinds = createKindsReader()
  let vocabulary = createVocabulary(state.segments)
  let known = state.segments
  return (query, enough) => {
    if (known !== state.segments) {
      vocabulary = createVocabulary(state.segments)
      known = state.segments
    }
    const { segments, synonyms, defaultMarket, options } = state
    const kinds = () => readKinds(segments)
    const context = { segments, vocabulary, synonyms, kinds, matcher, defaultMarket, options }
    return search(context, query, enough)
  }
}

function engineOver(snapshot: Snapshot, options: EngineOptions): SearchEngine {
  const state: EngineState = {
    ...snapshot,
    synonyms: createSynonyms(options.synonyms ?? []),
    suggester: null,
    merging: null,
    analyser: createAnalyser(),
    options,
  }
  const run = createRunner(state)
  let merging: Promise<void> | null = null
  return {
    apply: (changes, cursor) => {
      applyChanges(state, changes)
      state.cursor = cursor ?? state.cursor
    },
    search: (query) => run(query),
    suggest: (text, wanted = {}) => {
      const limit = wanted.limit ?? 8
      state.suggester ??= createSuggester(state.segments, [])
      const wantedProducts = {
        text,
        prefix: true,
        limit: SUGGESTED_PRODUCTS,
        ...(wanted.market && { market: wanted.market }),
      }
      const products = run(wantedProducts, ENOUGH_FOR_SUGGESTING)
      return {
        ...state.suggester.complete(text, limit),
        productIds: products.hits.map((hit) => hit.id),
      }
    },
    refreshSuggestions: (queries) => {
      state.suggester = createSuggester(state.segments, queries)
    },
    setSynonyms: (synonyms) => {
      state.synonyms = createSynonyms(synonyms)
    },
    has: (id) => locate(state.segments, id) !== null,
    ids: () => livingIds(state.segments),
    cursor: () => state.cursor,
    figures: () => figuresOf(state.segments),
    needsMerge: () => needsMerge(state.segments),
    merge: () => {
      mergeNow(state, state.segments)
    },
    mergeInBackground: () => {
      merging ??= mergeBeside(state).finally(() => {
        merging = null
      })
      return merging
    },
    save: (folder) => {
      saveSnapshot(folder, state, options.plain ?? false)
    },
  }
}

import { createAnalyser } from './analysis/tokens.ts'
import { applyChanges, mergeNow } from './changes.ts'
import { mergeBeside, needsMerge } from './merging.ts'
import { createSynonyms } from './query/synonyms.ts'
import {
  createPublisher,
  createRunner,
  type IndexNews,
  type SuggestOptions,
  suggestFrom,
} from './sharing.ts'
import { type EngineFigures, type EngineState, figuresOf, livingIds, locate } from './state.ts'
import { loadSnapshot, type Snapshot, saveSnapshot } from './store/files.ts'
import { gatherEntries, type PopularQuery } from './suggest/entries.ts'
import { completeFrom } from './suggest/suggest.ts'
import type {
  EngineOptions,
  SearchChange,
  SearchQuery,
  SearchResult,
  Suggestions,
  Synonym,
} from './types.ts'

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
  suggest: (text: string, options?: SuggestOptions) => Suggestions
  /** Gathers completions anew from the catalogue and from what shoppers asked. */
  refreshSuggestions: (queries: readonly PopularQuery[]) => void
  /** What readers in other threads have to be told since the last call; null if nothing. */
  publish: () => IndexNews | null
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

function engineOver(snapshot: Snapshot, options: EngineOptions): SearchEngine {
  const state: EngineState = {
    ...snapshot,
    synonyms: createSynonyms(options.synonyms ?? []),
    suggester: null,
    merging: null,
    deletions: null,
    analyser: createAnalyser(),
    options,
  }
  const run = createRunner(state)
  const publisher = createPublisher(state)
  let merging: Promise<void> | null = null
  return {
    apply: (changes, cursor) => {
      applyChanges(state, changes)
      state.cursor = cursor ?? state.cursor
    },
    search: (query) => run(query),
    suggest: (text, wanted) => suggestFrom(state, run, text, wanted),
    refreshSuggestions: (queries) => {
      const entries = gatherEntries(state.segments, queries)
      state.suggester = completeFrom(entries)
      publisher.suggest(entries)
    },
    publish: publisher.publish,
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

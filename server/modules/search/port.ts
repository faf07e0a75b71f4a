import type {
  EngineFigures,
  PopularQuery,
  SearchDocument,
  SearchQuery,
  SearchResult,
} from './engine/index.ts'

/** Where in the event stream an index stands. The event's id tells one database from another. */
export type IndexCursor = Readonly<{ position: number; eventId: string }>

/** Documents as they are now, and ids of products that are no longer sold. */
export type IndexBatch = Readonly<{
  documents: readonly SearchDocument[]
  gone: readonly string[]
  /** Where the index stands once this is applied. */
  cursor?: IndexCursor
}>

export type IndexSuggestions = Readonly<{
  completions: readonly string[]
  categories: readonly Readonly<{ id: string; count: number }>[]
  productIds: readonly string[]
}>

/**
 * One index of products, wherever it is kept: today in a thread of this process, another day in
 * OpenSearch. Any call may be made while others are under way.
 */
export type SearchIndex = Readonly<{
  /** Where it stands; null if it was never applied a cursor. */
  cursor(): IndexCursor | null
  search(query: SearchQuery): Promise<SearchResult>
  suggest(input: Readonly<{ text: string; limit: number }>): Promise<IndexSuggestions>
  /**
   * Brings these products up to date; what is the same already costs nothing. While the index is
   * being built, a batch may wait for others before it can be found.
   * @returns how many differed.
   */
  apply(batch: IndexBatch): Promise<number>
  /** Makes everything that was applied findable and fast. Ends building. */
  finish(cursor: IndexCursor): Promise<void>
  /** Puts the index and its cursor where `IndexStore.open` finds them; first merges if it pays. */
  keep(options: Readonly<{ merge: boolean }>): Promise<void>
  /** Gathers completions anew from the index and from what shoppers asked. */
  refreshSuggestions(queries: readonly PopularQuery[]): Promise<void>
  /** From now on notes which products are applied. */
  beginSweep(): Promise<void>
  /** Ids in the index that no batch has named since `beginSweep`. */
  endSweep(): Promise<readonly string[]>
  figures(): Promise<EngineFigures>
  /** Aborted when the index can serve no more; the reason says why. */
  readonly failure: AbortSignal
  close(): Promise<void>
}>

/** Where indexes are kept. */
export type IndexStore = Readonly<{
  /** The index that was kept last; null if there is none, or it is damaged. */
  open(): Promise<SearchIndex | null>
  /** An empty index beside the others, to be built. */
  create(): Promise<SearchIndex>
  /** From now on `open` finds this one; the files of those that are closed are deleted. */
  adopt(index: SearchIndex): Promise<void>
  close(): Promise<void>
}>

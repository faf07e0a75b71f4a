import type { Metric } from 'prom-client'
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
  /** Where the stream stood before the documents were read: an older state never replaces a newer one. */
  asOf: number
  /** While the index is being built: how far it is once this is applied. */
  progress?: BuildProgress
}>

/** How far a build is, so that another process can go on with it. */
export type BuildProgress = Readonly<{
  /** Where the stream stood at the beginning. */
  cursor: IndexCursor
  /** The last product of the catalogue's pages so far. */
  after: string
  done: number
}>

export type SuggestRequest = Readonly<{
  text: string
  limit: number
  /** In whose translations the words are looked for too. */
  languages?: readonly string[] | undefined
}>

export type IndexSuggestions = Readonly<{
  completions: readonly string[]
  categories: readonly Readonly<{ id: string; count: number }>[]
  productIds: readonly string[]
}>

/**
 * One index of products, wherever it is kept: in a thread of this process, or in OpenSearch, where
 * other processes share it. Any call may be made while others are under way.
 */
export type SearchIndex = Readonly<{
  /** Where it stands; null if it was never applied a cursor. */
  cursor(): IndexCursor | null
  search(query: SearchQuery): Promise<SearchResult>
  suggest(input: SuggestRequest): Promise<IndexSuggestions>
  /**
   * Brings these products up to date; what is the same already costs nothing. While the index is
   * being built, a batch may wait for others before it can be found.
   * @returns how many differed.
   */
  apply(batch: IndexBatch): Promise<number>
  /** How far the build is that another process has left; null for a new index. */
  progress(): BuildProgress | null
  /** Learns what other processes did to it. @returns whether searches may answer otherwise now */
  learn(): Promise<boolean>
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
  start?(): Promise<void>
  /** Whether it is worth asking anything: false while an engine elsewhere does not answer. */
  answers(): boolean
  /** Whether this process keeps the index up to date: of those that share one, one at a time does. */
  leads(): Promise<boolean>
  /** The index that was kept last; null if there is none, or it is damaged. */
  open(): Promise<SearchIndex | null>
  /**
   * An index beside the others, to be built: empty, or one that was begun and left.
   * @param canGoOn whether a build that began there can still be gone on with
   */
  create(canGoOn: (cursor: IndexCursor) => Promise<boolean>): Promise<SearchIndex>
  /** From now on `open` finds this one; the files of those that are closed are deleted. */
  adopt(index: SearchIndex): Promise<void>
  close(): Promise<void>
  /** What `/metrics` tells of it. */
  readonly metrics?: readonly Metric[]
}>

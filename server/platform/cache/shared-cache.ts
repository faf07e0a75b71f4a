import type { Metric } from 'prom-client'

/**
 * A second level of cache that the processes of one shop share. Its values are copies of what the
 * database says, each with the position in the event stream up to which it is certain to be
 * complete (`asOf`). Processes that follow the stream tell the cache what each part of it made
 * void, and a value older than that is neither given out nor taken in: whoever was slow cannot
 * bring back what was. It never fails and never keeps anyone waiting.
 */
export type SharedCache = Readonly<{
  /** Undefined if it is not there, or cannot be had in time. */
  get(address: CacheAddress): Promise<CachedValue | undefined>
  /** Kept unless something newer is there, or the group was dropped at a later position. */
  set(value: NewValue): void
  /**
   * Of the stream's part from `after` to `upTo`: these groups are void as they were before. All
   * that is asked afterwards sees it. Every process tells of every part, in order; who comes first
   * does the work.
   */
  drop(part: DroppedPart): void
  start(options: SharedCacheStart): void
  stop(): Promise<void>
  isUp(): boolean
  readonly metrics: readonly Metric[]
}>

/** A value's group, which is dropped as a whole, and its name therein. */
export type CacheAddress = Readonly<{ group: string; name: string }>

export type CachedValue = Readonly<{ value: Buffer; asOf: number; lifeMs: number }>

export type NewValue = CacheAddress & CachedValue

export type DroppedPart = Readonly<{
  after: number
  upTo: number
  groups: readonly string[] | 'all'
}>

export type SharedCacheStart = Readonly<{
  /** Names the database whose stream counts the positions: two of them share nothing. */
  namespace: string
  /** Up to where this process has followed the stream. */
  position(): number
  /** Another process has followed the stream further than this one. */
  onMoved(): void
}>

/** Nothing is shared: the process's own cache and the database are all there is. */
export const noSharedCache: SharedCache = {
  get: async () => undefined,
  set() {},
  drop() {},
  start() {},
  stop: async () => {},
  isUp: () => false,
  metrics: [],
}

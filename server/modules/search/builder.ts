import type { Clock } from '../../platform/clock.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Log } from '../../platform/log.ts'
import type { PopularQuery } from './engine/index.ts'
import type { IndexCursor, IndexStore, SearchIndex } from './port.ts'
import { canFollow, headOf, type Replica } from './replica.ts'
import type { Source } from './source.ts'

/** Builds an index beside the one that serves. One build at a time; who asks meanwhile joins it. */
export type Builder = Readonly<{
  /** @returns whether the new index serves now; why not, the log says. */
  build(onProgress?: (done: number) => void): Promise<boolean>
  building(): boolean
  /** How many products the build under way has come to; 0 when none is. */
  built(): number
  /** Resolves when no build is under way. */
  settled(): Promise<void>
}>

/** How many products are read at once. To read a page and to hand it over holds up whoever asks meanwhile. */
const PAGE = 1_000
const PAGE_BESIDE_SEARCHES = 100
/** After a failed build the next one that nobody asked for waits. */
const PAUSE_MS = 5_000

type Deps = Readonly<{
  store: IndexStore
  outbox: Outbox
  source: Source
  clock: Clock
  log: Log
  popularQueries(): Promise<readonly PopularQuery[]>
  replicaOf(index: SearchIndex): Replica
  /** Whether another index serves meanwhile: if none does, one that is a little behind is better. */
  serving(): boolean
  /** Puts the finished index in the place of the old one. */
  adopt(replica: Replica): Promise<void>
  signal: AbortSignal
}>

export function createBuilder(deps: Deps): Builder {
  const { store, outbox, source, clock, log, signal } = deps
  const listeners = new Set<(done: number) => void>()
  let underway: Promise<boolean> | undefined
  let reached = 0
  let over: Promise<void> = Promise.resolve()

  /** Reads the whole catalogue, or what is left of it: a page is indexed while the next one is read. */
  async function fill(index: SearchIndex, cursor: IndexCursor): Promise<void> {
    const before = index.progress()
    reached = before?.done ?? 0
    const size = () => (deps.serving() ? PAGE_BESIDE_SEARCHES : PAGE)
    let page = await source.page(before?.after ?? null, size())
    while (page.last !== null) {
      signal.throwIfAborted()
      const done = reached + page.size
      const progress = { cursor, after: page.last, done }
      const batch = { ...page.batch, asOf: cursor.position, progress }
      const [next] = await Promise.all([source.page(page.last, size()), index.apply(batch)])
      reached = done
      for (const tell of listeners) tell(done)
      page = next
    }
  }

  async function run(): Promise<void> {
    const startedAt = clock.monotonicMs()
    const index = await store.create((cursor) => canFollow(outbox, cursor))
    try {
      const cursor = index.progress()?.cursor ?? (await headOf(outbox))
      await fill(index, cursor)
      await index.finish(cursor)
      await index.refreshSuggestions(await deps.popularQueries())
      const replica = deps.replicaOf(index)
      while (deps.serving() && (await replica.follow()) > 0) signal.throwIfAborted()
      await deps.adopt(replica)
      const { documents } = await index.figures()
      const tookMs = Math.round(clock.monotonicMs() - startedAt)
      log.info({ documents, tookMs }, 'the search index is built')
    } catch (error) {
      await index.close()
      throw error
    }
  }

  /** A failed build keeps its place for a while: whoever asks for an index then asks in vain. */
  function begin(): Promise<boolean> {
    const built = run().then(
      () => true,
      (error: unknown) => {
        if (!signal.aborted) log.error({ error: String(error) }, 'the search index is not built')
        return false
      },
    )
    underway = built
    over = built
      .then((succeeded) => (succeeded ? undefined : clock.sleep(PAUSE_MS, signal)))
      .finally(() => {
        underway = undefined
        reached = 0
        listeners.clear()
      })
    return built
  }

  return {
    build(onProgress) {
      if (onProgress) listeners.add(onProgress)
      return underway ?? begin()
    },
    building: () => underway !== undefined,
    built: () => reached,
    settled: () => over,
  }
}

import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Log } from '../../platform/log.ts'
import { createBuilder } from './builder.ts'
import type { PopularQuery } from './engine/index.ts'
import type { IndexStore, SearchIndex } from './port.ts'
import { canFollow, createReplica, LostPlace, type Replica } from './replica.ts'
import type { Source } from './source.ts'
import { createSweeper } from './sweeper.ts'

export type KeeperDeps = Readonly<{
  store: IndexStore
  outbox: Outbox
  source: Source
  clock: Clock
  log: Log
  /** What shoppers ask for most. */
  popularQueries(): Promise<readonly PopularQuery[]>
}>

/** Keeps one index open, fresh and whole. */
export type Keeper = Readonly<{
  /** The index to ask; null while there is none. */
  index(): SearchIndex | null
  /** Moves whenever searches may answer otherwise than before. */
  version(): number
  building(): boolean
  /** How many products the index that is being built has so far. */
  built(): number
  /** How many documents differed without an event to tell. */
  mended(): number
  rebuild(onProgress?: (done: number) => void): Promise<number>
  verify(): Promise<{ documents: number; mended: number }>
  /** One page of the slow comparison that never ends. */
  sweepOn(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}>

/** How long an idle tail sleeps when nobody in its process wakes it. */
const IDLE_MS = 100
const PAUSE_MS = 500
/** The first start waits this long for a small catalogue's index, so that nobody meets a lesser search. */
const PATIENCE_MS = 3_000
const KEEP_MS = 120_000
const REFRESH_MS = 6 * 3_600_000

export function createKeeper(deps: KeeperDeps): Keeper {
  const { store, outbox, source, clock, log } = deps
  const stopping = new AbortController()
  let current: Replica | null = null
  let version = 0
  let running: Promise<void> = Promise.resolve()
  let keeping: Promise<void> = Promise.resolve()
  let keptAt = 0
  let keptVersion = 0
  let refreshedAt = 0

  const onChanged = (): void => {
    version += 1
  }
  const replicaOf = (index: SearchIndex): Replica =>
    createReplica(index, { outbox, source, onChanged, onManyAffected: () => sweeper.hurry() })
  const sweeper = createSweeper()
  const builder = createBuilder({
    ...deps,
    replicaOf,
    signal: stopping.signal,
    serving: () => current !== null,
    async adopt(next) {
      const old = current
      use(next)
      await old?.index.close()
      await store.adopt(next.index)
    },
  })

  function use(replica: Replica): void {
    current = replica
    sweeper.restart()
    version += 1
    refreshedAt = clock.monotonicMs()
    keptAt = clock.monotonicMs()
    keptVersion = version
  }

  async function openKept(): Promise<void> {
    const index = await store.open()
    if (!index) return
    const cursor = index.cursor()
    const follows = cursor !== null && (await canFollow(outbox, cursor))
    await index.refreshSuggestions(await deps.popularQueries())
    use(replicaOf(index))
    await store.adopt(index)
    if (!follows && (await store.leads())) {
      log.warn({ cursor }, 'the kept search index cannot catch up: it is built anew beside')
      void builder.build()
    }
  }

  /** Saves now and then, beside everything else. */
  function keep(index: SearchIndex, { merge = true } = {}): Promise<void> {
    keptAt = clock.monotonicMs()
    keptVersion = version
    keeping = keeping
      .then(() => index.keep({ merge }))
      .catch((error: unknown) => log.warn({ error: String(error) }, 'the search index is not kept'))
    return keeping
  }

  async function maintain(index: SearchIndex): Promise<void> {
    const now = clock.monotonicMs()
    if (version !== keptVersion && now - keptAt > KEEP_MS) void keep(index)
    if (now - refreshedAt > REFRESH_MS) {
      refreshedAt = now
      await index.refreshSuggestions(await deps.popularQueries())
    }
  }

  /** Builds an index, or waits for the process that does. */
  async function beginWithout(): Promise<void> {
    if (builder.building()) return
    if (await store.leads()) void builder.build()
    else await openKept()
  }

  /** One round of the tail. @returns how much there was to do. */
  async function round(): Promise<number> {
    if (!store.answers()) return 0
    if (current?.index.failure.aborted) {
      log.error({ error: String(current.index.failure.reason) }, 'the search index has failed')
      current = null
      version += 1
      await openKept()
    }
    if (!current) {
      await beginWithout()
      return 0
    }
    if (await current.index.learn()) onChanged()
    const passed = (await store.leads()) ? await current.follow() : 0
    await maintain(current.index)
    return passed
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const heard = outbox.moved.strikes()
      try {
        if ((await round()) === 0) await outbox.moved.wait(heard, IDLE_MS, stopping.signal)
      } catch (error) {
        if (stopping.signal.aborted) return
        log.warn({ error: String(error) }, 'the search index cannot follow the events')
        if (error instanceof LostPlace) void builder.build()
        await clock.sleep(PAUSE_MS, stopping.signal)
      }
    }
  }

  async function present(): Promise<Replica> {
    if (!current) await builder.build()
    if (!current) throw generalProblem('unavailable', { retryAfterSeconds: 5 })
    return current
  }

  return {
    index: () =>
      current?.index.failure.aborted === false && store.answers() ? current.index : null,
    version: () => version,
    building: builder.building,
    built: builder.built,
    mended: sweeper.mended,
    async rebuild(onProgress) {
      if (!(await builder.build(onProgress))) {
        throw generalProblem('unavailable', { retryAfterSeconds: 5 })
      }
      const { documents } = await (await present()).index.figures()
      return documents
    },
    verify: async () => sweeper.verify(await present()),
    async sweepOn() {
      if (!current || current.index.failure.aborted || !store.answers()) return
      if (await store.leads()) await sweeper.step(current)
    },
    async start() {
      await store.start?.()
      await openKept().catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the search index cannot be opened')
      })
      if (!current && store.answers() && (await store.leads())) {
        const built = builder.build()
        await Promise.race([built, clock.sleep(PATIENCE_MS, stopping.signal)])
      }
      running = run()
    },
    async stop() {
      stopping.abort()
      await running
      await builder.settled()
      await keeping
      if (current && !current.index.failure.aborted) {
        await keep(current.index, { merge: false })
        await current.index.close()
      }
      await store.close()
    },
  }
}

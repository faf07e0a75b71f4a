import type { EventEnvelope } from '#contracts/kit/event.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { BatcherFull } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { type Database, isConnectionError, sqlState } from '../db/database.ts'
import type { Log } from '../log.ts'
import type { Consumer } from './consumer.ts'
import { type DeliveredEvent, type Feed, FeedMoved } from './feed.ts'
import { takeNew } from './inbox.ts'
import { parkEvent } from './parked.ts'

const BATCH = 500
const ATTEMPTS = 5

export type ConsumerRunner = Readonly<{
  /** Handles everything that waits, then returns; for tests, simulation and start-up. */
  drain(): Promise<number>
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}>

type Deps = Readonly<{ db: Database; feed: Feed; clock: Clock; log: Log }>

/** Delivers what one feed brings to one consumer, in order, at least once, applied once. */
export function createConsumerRunner(
  consumer: Consumer,
  { db, feed, clock, log }: Deps,
): ConsumerRunner {
  const sort = sorterOf(consumer)

  /**
   * One batch. @returns how many events were passed.
   * @throws HandlingFailed if it is the events' fault, and not the database's or a rival's.
   */
  async function step(limit: number): Promise<number> {
    const batch = await feed.next(limit)
    if (batch.length === 0) return 0
    const { wanted, hopeless } = sort(batch)
    let handed: readonly EventEnvelope[] = []
    try {
      await db.tx(async (tx) => {
        await feed.lock(tx)
        const fresh = await takeNew(tx, consumer.name, wanted)
        handed = fresh
        if (fresh.length > 0) await consumer.handle(tx, fresh)
        for (const { event, error } of hopeless)
          await parkEvent(tx, consumer.name, event, { error, attempts: 1 })
        await feed.settle(tx, batch)
      })
    } catch (error) {
      const [first] = handed
      if (!first || isPassing(error)) throw error
      throw new HandlingFailed({ first, batch }, error)
    }
    await feed.settled(batch)
    for (const { event, error } of hopeless) tellParked(event, error)
    return batch.length
  }

  /** Puts an event aside with its error, so that one bad event stops nobody. */
  async function park({ first, batch }: Failed, cause: unknown): Promise<void> {
    const error = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
    await db.tx(async (tx) => {
      await feed.lock(tx)
      await parkEvent(tx, consumer.name, first, { error, attempts: ATTEMPTS })
      await feed.settle(tx, batch)
    })
    await feed.settled(batch)
    tellParked(first, error)
  }

  function tellParked({ id, type }: EventEnvelope, error: string): void {
    log.error({ consumer: consumer.name, event: id, type, error }, 'event parked')
  }

  let limit = BATCH
  let attempts = 0

  /**
   * A batch that fails is halved until the event at fault stands alone. That one is tried again
   * with growing pauses, then parked. Batches grow again with each that succeeds.
   */
  async function stepOrPark(signal?: AbortSignal): Promise<number> {
    try {
      const passed = await step(limit)
      limit = Math.min(BATCH, limit * 2)
      attempts = 0
      if (passed > 0) tellOthers()
      return passed
    } catch (error) {
      if (error instanceof FeedMoved) return 1
      if (!(error instanceof HandlingFailed) || signal?.aborted) throw error
      await isolate(error, signal).catch((failure: unknown) => {
        if (!(failure instanceof FeedMoved)) throw failure
      })
      return 1
    }
  }

  async function isolate(
    { failed, cause }: HandlingFailed,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (failed.batch.length > 1) {
      limit = Math.ceil(failed.batch.length / 2)
      return
    }
    attempts += 1
    if (attempts >= ATTEMPTS) {
      await park(failed, cause)
      attempts = 0
      return
    }
    log.warn(
      { consumer: consumer.name, attempt: attempts, error: String(cause) },
      'consumer failed, trying again',
    )
    await clock.sleep(20 * 2 ** attempts, signal)
  }

  /** The batch is committed: what fails from here on is not its events' fault. */
  function tellOthers(): void {
    try {
      consumer.afterCommit?.()
    } catch (error) {
      log.warn({ consumer: consumer.name, error: String(error) }, 'telling of events failed')
    }
  }

  return {
    async drain() {
      let all = 0
      for (let passed = await stepOrPark(); passed > 0; passed = await stepOrPark()) all += passed
      return all
    },
    async run(signal) {
      while (!signal.aborted) {
        const heard = feed.heard()
        const passed = await stepOrPark(signal).catch(async (error: unknown) => {
          feed.forget()
          log.warn(
            { consumer: consumer.name, error: String(error) },
            'consumer waits for its database',
          )
          await clock.sleep(500, signal)
          return 1
        })
        if (passed === 0) await feed.wait(heard, signal)
      }
      await feed.close()
    },
  }
}

type Sorted = Readonly<{
  wanted: EventEnvelope[]
  hopeless: Readonly<{ event: EventEnvelope; error: string }>[]
}>

/**
 * Tells apart what the consumer handles, what does not concern it, and what it should handle and
 * cannot: a message that cannot be read, a version of its event that it does not know yet.
 */
function sorterOf({ events }: Consumer): (batch: readonly DeliveredEvent[]) => Sorted {
  const types = new Set(events.map((spec) => spec.type))
  const newest = new Map<string, number>()
  for (const { name, version } of events.map((spec) => nameOf(spec.type)))
    newest.set(name, Math.max(version, newest.get(name) ?? 0))
  return (batch) => {
    const sorted: Sorted = { wanted: [], hopeless: [] }
    for (const event of batch) {
      if (event.unreadable !== undefined) {
        sorted.hopeless.push({ event, error: event.unreadable })
        continue
      }
      const { name, version } = nameOf(event.type)
      if (types.has(event.type)) sorted.wanted.push(event)
      else if (version > (newest.get(name) ?? Number.POSITIVE_INFINITY))
        sorted.hopeless.push({ event, error: `The version of ${event.type} is not known here` })
    }
    return sorted
  }
}

/** `orders.order_created.v1` is `orders.order_created` in version 1. */
function nameOf(type: string): Readonly<{ name: string; version: number }> {
  const match = /^(.*)\.v(\d+)$/.exec(type)
  return { name: match?.[1] ?? type, version: Number(match?.[2] ?? 0) }
}

type Failed = Readonly<{ first: EventEnvelope; batch: readonly DeliveredEvent[] }>

/** The consumer's own code, or what it wrote, failed. */
class HandlingFailed extends Error {
  readonly failed: Failed
  constructor(failed: Failed, cause: unknown) {
    super('A consumer failed', { cause })
    this.failed = failed
  }
}

/** A rival's lock, a deadlock, a full disk: no event's fault. A statement that takes too long may be. */
const PASSING_STATES = /^(55P03|40P01|40001|53...|25006)$/

/** Whether waiting is enough: the database or another module is away, or too busy. */
function isPassing(error: unknown): boolean {
  return (
    isConnectionError(error) ||
    PASSING_STATES.test(sqlState(error) ?? '') ||
    error instanceof BatcherFull ||
    (error instanceof Problem && error.status === 503)
  )
}

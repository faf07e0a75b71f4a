import type { EventEnvelope, EventPayload, EventSpec } from '#contracts/kit/event.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { BatcherFull } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { type Database, isConnectionError } from '../db/database.ts'
import { type Queryable, statement, type Tx } from '../db/statement.ts'
import type { Log } from '../log.ts'
import { createCursor } from './cursor.ts'
import type { Outbox } from './outbox.ts'

/**
 * A reaction to events. Deliveries may come twice; the inbox lets an event's effect happen once,
 * because both are in one transaction.
 */
export type Consumer = Readonly<{
  /** `module.what_it_does`, unique and lasting: its cursor is kept under this name. */
  name: string
  events: readonly EventSpec[]
  /** Handles a bounded batch in order. What it writes through `tx` commits with the cursor. */
  handle(tx: Tx, events: readonly EventEnvelope[]): Promise<void>
  /** Called after the commit; for telling others in this process. */
  afterCommit?(): void
}>

/** Narrows an envelope to a declared event. */
export function isEvent<E extends EventSpec>(
  spec: E,
  event: EventEnvelope,
): event is EventEnvelope<EventPayload<E>> {
  return event.type === spec.type
}

const BATCH = 500
const ATTEMPTS = 5

const takeIntoInbox = statement<{ event_id: string }>(
  'platform.take_into_inbox',
  `insert into platform.inbox (consumer, event_id)
   select $1, e from unnest($2::text[]) as e order by e
   on conflict do nothing returning event_id`,
)
const parkEvent = statement(
  'platform.park_event',
  `insert into platform.parked_events
     (consumer, event_id, position, type, aggregate_id, payload, headers, error, attempts)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
)

export type ConsumerRunner = Readonly<{
  /** Handles everything that waits, then returns; for tests, simulation and start-up. */
  drain(): Promise<number>
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}>

type Deps = Readonly<{ db: Database; outbox: Outbox; source: string; clock: Clock; log: Log }>

/** Delivers one source's stream to one consumer, in order, at least once, applied once. */
export function createConsumerRunner(
  consumer: Consumer,
  { db, outbox, source, clock, log }: Deps,
): ConsumerRunner {
  const wanted = new Set(consumer.events.map((spec) => spec.type))
  const place = createCursor({ consumer: consumer.name, source })

  /** Where the next batch begins; loaded once, then kept. The row stays the truth. */
  let known: number | undefined

  async function cursor(): Promise<number> {
    return known ?? place.read(db)
  }

  /**
   * One batch. @returns how many events the cursor passed.
   * @throws HandlingFailed if it is the events' fault, and not the database's or a rival's.
   */
  async function step(limit: number): Promise<number> {
    const after = await cursor()
    known = after
    const batch = await outbox.read(after, limit)
    if (batch.length === 0) return 0
    const end = batch.at(-1)?.position ?? after
    const relevant = batch.filter((event) => wanted.has(event.type))
    let handed: readonly EventEnvelope[] = []
    try {
      await db.tx(async (tx) => {
        await lockAt(tx, after)
        const fresh = await onlyNew(tx, relevant)
        handed = fresh
        if (fresh.length > 0) await consumer.handle(tx, fresh)
        await place.move(tx, end)
      })
    } catch (error) {
      const [first] = handed
      if (!first || isPassing(error)) throw error
      throw new HandlingFailed({ first, after, size: batch.length }, error)
    }
    known = end
    return batch.length
  }

  /** Holds the cursor's row. @throws if another process has moved it meanwhile. */
  async function lockAt(tx: Tx, position: number): Promise<void> {
    if (await place.lockAt(tx, position)) return
    known = undefined
    throw new CursorMoved()
  }

  async function onlyNew(
    tx: Queryable,
    events: readonly EventEnvelope[],
  ): Promise<EventEnvelope[]> {
    if (events.length === 0) return []
    const taken = await takeIntoInbox(tx, [consumer.name, events.map((event) => event.id)])
    const ids = new Set(taken.map((row) => row.event_id))
    return events.filter((event) => ids.has(event.id))
  }

  /** Puts an event aside with its error, so that one bad event stops nobody. */
  async function park({ first: event, after }: Failed, error: unknown): Promise<void> {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    await db.tx(async (tx) => {
      await lockAt(tx, after)
      await parkEvent(tx, [
        consumer.name,
        event.id,
        event.position,
        event.type,
        event.aggregateId,
        JSON.stringify(event.payload),
        JSON.stringify(event.headers),
        message,
        ATTEMPTS,
      ])
      await place.move(tx, event.position)
    })
    known = event.position
    log.error(
      { consumer: consumer.name, event: event.id, type: event.type, error: message },
      'event parked',
    )
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
      if (error instanceof CursorMoved) return 1
      if (!(error instanceof HandlingFailed) || signal?.aborted) throw error
      await isolate(error, signal).catch((failure: unknown) => {
        if (!(failure instanceof CursorMoved)) throw failure
      })
      return 1
    }
  }

  async function isolate(
    { failed, cause }: HandlingFailed,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    if (failed.size > 1) {
      limit = Math.ceil(failed.size / 2)
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
        const heard = outbox.moved.strikes()
        const passed = await stepOrPark(signal).catch(async (error: unknown) => {
          known = undefined
          log.warn(
            { consumer: consumer.name, error: String(error) },
            'consumer waits for its database',
          )
          await clock.sleep(500, signal)
          return 1
        })
        if (passed === 0) await outbox.moved.wait(heard, IDLE_MS, signal)
      }
    },
  }
}

type Failed = Readonly<{ first: EventEnvelope; after: number; size: number }>

/** The consumer's own code, or what it wrote, failed. */
class HandlingFailed extends Error {
  readonly failed: Failed
  constructor(failed: Failed, cause: unknown) {
    super('A consumer failed', { cause })
    this.failed = failed
  }
}

/** Whether waiting is enough: the database or another module is away, or too busy. */
function isPassing(error: unknown): boolean {
  return (
    isConnectionError(error) ||
    error instanceof BatcherFull ||
    (error instanceof Problem && error.status === 503)
  )
}

/** Another process delivers to the same consumer and was quicker. */
class CursorMoved extends Error {}

/** How long an idle consumer or sequencer sleeps when nobody in its process wakes it. */
export const IDLE_MS = 50

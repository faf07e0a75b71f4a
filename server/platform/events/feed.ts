import type { EventEnvelope } from '#contracts/kit/event.ts'
import type { Tx } from '../db/statement.ts'

/** An event as a feed brings it; `unreadable` says why it is none. */
export type DeliveredEvent = EventEnvelope & Readonly<{ unreadable?: string }>

/** Where a consumer's events come from: the stream in the database, or Kafka. */
export type Feed = Readonly<{
  /** The next events, at most `limit`; the same ones again until they are settled. */
  next(limit: number): Promise<readonly DeliveredEvent[]>
  /** Keeps rivals off, in the transaction of the effect. @throws FeedMoved if one was quicker. */
  lock(tx: Tx): Promise<void>
  /** Notes in the transaction of the effect that the batch was handled. */
  settle(tx: Tx, batch: readonly DeliveredEvent[]): Promise<void>
  /** The transaction has committed. */
  settled(batch: readonly DeliveredEvent[]): Promise<void>
  /** What is kept in memory of the place may be wrong: look again. */
  forget(): void
  heard(): number
  /** Resolves when there may be more since `heard`, after a while, or when the signal aborts. */
  wait(heard: number, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}>

/** Another process delivers to the same consumer and was quicker. */
export class FeedMoved extends Error {}

import type { EventEnvelope, EventPayload, EventSpec } from '#contracts/kit/event.ts'
import type { Tx } from '../db/statement.ts'

/**
 * A reaction to events. Deliveries may come twice; the inbox lets an event's effect happen once,
 * because both are in one transaction. Of one aggregate they come in order; of several they may
 * not, where they come by Kafka.
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

import type { z } from 'zod'

export type EventSpec = Readonly<{
  /** `module.fact_in_past_tense.vN`; a released version never changes. */
  type: string
  /** What the event is about; its id is the key that keeps order. */
  aggregate: string
  summary: string
  payload: z.ZodType
}>

/** Declares an event as data. */
export function event<const E extends EventSpec>(spec: E): E {
  return spec
}

export type EventPayload<E extends EventSpec> = z.output<E['payload']>

/** An event as consumers receive it. */
export type EventEnvelope<P = unknown> = Readonly<{
  id: string
  /** Gap-free place in its source's stream; consumers' cursors count it. */
  position: number
  type: string
  aggregateId: string
  payload: P
  /** W3C trace context and request id of the cause. */
  headers: Readonly<Record<string, string>>
  createdAt: string
}>

import type { EventEnvelope, EventSpec } from '#contracts/kit/event.ts'
import type { DeliveredEvent } from '../events/feed.ts'

/** A message's value: JSON of the envelope, and the version of its schema by itself. */
export function toValue(event: EventEnvelope): string {
  return JSON.stringify({ ...event, schemaVersion: schemaVersionOf(event.type) })
}

function schemaVersionOf(type: string): number {
  return Number(/\.v(\d+)$/.exec(type)?.[1] ?? 0)
}

/** Where a message lies. */
export type MessagePlace = Readonly<{ topic: string; partition: number; offset: bigint }>

/**
 * Reads a message. What is no event of ours, or has a payload that its schema refuses, is told as
 * unreadable, under a name made of its place.
 */
export function readMessage(
  value: Buffer | undefined,
  place: MessagePlace,
  specs: ReadonlyMap<string, EventSpec>,
): DeliveredEvent {
  const text = value?.toString() ?? ''
  const event = parse(text)
  if (typeof event === 'string') return unreadable(text, place, event)
  const payload = specs.get(event.type)?.payload.safeParse(event.payload)
  if (payload && !payload.success) return { ...event, unreadable: payload.error.message }
  const { id, position, type, aggregateId, headers, createdAt } = event
  return { id, position, type, aggregateId, payload: event.payload, headers, createdAt }
}

function parse(text: string): EventEnvelope | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'The message is no JSON'
  }
  const event = value as Partial<Record<keyof EventEnvelope, unknown>> | null
  const isEvent =
    typeof event === 'object' &&
    event !== null &&
    ['id', 'type', 'aggregateId', 'createdAt'].every(
      (name) => typeof event[name as keyof EventEnvelope] === 'string',
    ) &&
    Number.isSafeInteger(event.position) &&
    typeof event.headers === 'object' &&
    'payload' in event
  return isEvent ? (event as EventEnvelope) : 'The message is no event'
}

function unreadable(
  text: string,
  { topic, partition, offset }: MessagePlace,
  reason: string,
): DeliveredEvent {
  return {
    id: `kafka:${topic}:${partition}:${offset}`,
    position: 0,
    type: 'unreadable',
    aggregateId: topic,
    payload: { text: text.replaceAll('\0', '').slice(0, 100_000) },
    headers: {},
    createdAt: new Date(0).toISOString(),
    unreadable: reason,
  }
}

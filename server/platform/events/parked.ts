import type { EventEnvelope } from '#contracts/kit/event.ts'
import { type Database, isConnectionError } from '../db/database.ts'
import { type Queryable, statement, type Tx } from '../db/statement.ts'
import type { Consumer } from './consumer.ts'
import { takeNew } from './inbox.ts'

/** An event that a consumer could not handle, put aside with the reason. */
export type ParkedEvent = Readonly<{
  consumer: string
  eventId: string
  position: number
  type: string
  aggregateId: string
  payload: unknown
  error: string
  attempts: number
  parkedAt: string
}>

type ParkedRow = ParkedEvent &
  Readonly<{ headers: Record<string, string>; createdAt: string | null }>

const COLUMNS = `consumer, event_id as "eventId", position, type, aggregate_id as "aggregateId",
  error, attempts, parked_at as "parkedAt"`

const insertParked = statement(
  'platform.park_event',
  `insert into platform.parked_events
     (consumer, event_id, position, type, aggregate_id, payload, headers, error, attempts, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
)
const lockParked = statement<ParkedRow>(
  'platform.lock_parked',
  `select ${COLUMNS}, payload, headers, created_at as "createdAt"
   from platform.parked_events where consumer = $1 and event_id = $2 for update`,
)
const deleteParked = statement(
  'platform.delete_parked',
  'delete from platform.parked_events where consumer = $1 and event_id = $2',
)
const noteFailure = statement(
  'platform.note_parked_failure',
  `update platform.parked_events set attempts = attempts + 1, error = $3
   where consumer = $1 and event_id = $2`,
)
const listParkedRows = statement<ParkedEvent>(
  'platform.list_parked',
  `select ${COLUMNS}, case when octet_length(payload::text) < 8000 then payload end as payload
   from platform.parked_events
   where (consumer, event_id) > ($1, $2) and ($3::text is null or consumer = $3)
   order by consumer, event_id limit $4`,
)

/** Puts an event aside. One that is there already stays as it is. */
export async function parkEvent(
  tx: Tx,
  consumer: string,
  event: EventEnvelope,
  { error, attempts }: Readonly<{ error: string; attempts: number }>,
): Promise<void> {
  await insertParked(tx, [
    consumer,
    event.id,
    event.position,
    event.type,
    event.aggregateId,
    JSON.stringify(event.payload),
    JSON.stringify(event.headers),
    error,
    attempts,
    event.createdAt,
  ])
}

/** Parked events after a place of the list, by consumer and id; long payloads are left out. */
export function listParked(
  on: Queryable,
  {
    after,
    consumer,
    limit,
  }: Readonly<{
    after?: readonly [consumer: string, eventId: string] | undefined
    consumer?: string | undefined
    limit: number
  }>,
): Promise<ParkedEvent[]> {
  const [name, id] = after ?? ['', '']
  return listParkedRows(on, [name, id, consumer ?? null, limit])
}

export type ReturnOutcome = 'handled' | 'not_parked' | 'no_consumer' | Readonly<{ failed: string }>

/**
 * Hands a parked event to its consumer once more, later ones of the same aggregate having gone
 * before. What fails again stays parked, with the new reason.
 */
export async function returnParked(
  db: Database,
  consumers: readonly Consumer[],
  { consumer: name, eventId }: Readonly<{ consumer: string; eventId: string }>,
): Promise<ReturnOutcome> {
  const consumer = consumers.find((one) => one.name === name)
  if (!consumer) return 'no_consumer'
  try {
    const outcome = await db.tx(async (tx): Promise<ReturnOutcome> => {
      const [parked] = await lockParked(tx, [name, eventId])
      if (!parked) return 'not_parked'
      if (!consumer.events.some(({ type }) => type === parked.type))
        throw new Error(`${name} does not know ${parked.type}`)
      const { position, type, aggregateId, payload, headers, parkedAt } = parked
      const createdAt = parked.createdAt ?? parkedAt
      const event = { id: eventId, position, type, aggregateId, payload, headers, createdAt }
      const fresh = await takeNew(tx, name, [event])
      if (fresh.length > 0) await consumer.handle(tx, fresh)
      await deleteParked(tx, [name, eventId])
      return 'handled'
    })
    if (outcome === 'handled') consumer.afterCommit?.()
    return outcome
  } catch (error) {
    if (isConnectionError(error)) throw error
    const failed = error instanceof Error ? error.message : String(error)
    await noteFailure(db, [name, eventId, failed])
    return { failed }
  }
}

/** Forgets a parked event: it is never to be handled. @returns whether it was there. */
export function dropParked(
  db: Database,
  { consumer, eventId }: Readonly<{ consumer: string; eventId: string }>,
): Promise<boolean> {
  return db.tx(async (tx) => {
    const [parked] = await lockParked(tx, [consumer, eventId])
    if (parked) await deleteParked(tx, [consumer, eventId])
    return parked !== undefined
  })
}

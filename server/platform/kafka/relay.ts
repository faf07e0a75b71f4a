import { Producer, stringSerializers } from '@platformatic/kafka'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import type { Outbox } from '../events/outbox.ts'
import { IDLE_MS, moveCursor, readPlace } from '../events/stream-feed.ts'
import type { Log } from '../log.ts'
import { clientOptions, type KafkaLine, prepareTopics, topicOf } from './line.ts'
import { toValue } from './message.ts'

const NAME = 'platform.kafka_relay'
const BATCH = 500
const PAUSE_MS = 500
/** A cluster that was not known, or was wiped, is given so much of the past: less than inboxes keep. */
const CATCH_UP_DAYS = 7
/** Any number, the same in all processes of a shop: whose turn it is to relay. */
const TURN = 7_402_661

const takeTurn = statement<{ mine: boolean }>(
  'platform.take_relay_turn',
  `select pg_try_advisory_lock(${TURN}) as mine`,
)
const createdAtRow = statement<{ old: boolean }>(
  'platform.is_event_old',
  `select created_at < now() - make_interval(days => $2) as old
   from platform.events where position >= $1 order by position limit 1`,
)
const dropOtherPlaces = statement(
  'platform.drop_other_relay_places',
  `delete from platform.consumer_cursors where consumer = '${NAME}' and source <> $1`,
)

export type RelayDeps = Readonly<{
  line: KafkaLine
  /** Every type that may be told, so that their topics are there. */
  eventTypes: readonly string[]
  db: Database
  outbox: Outbox
  clock: Clock
  log: Log
}>

/**
 * Copies the stream to Kafka, at least once: one topic a module, keyed by the aggregate, so that
 * an aggregate's events stay in order. One process does it at a time. Its place is a cursor in the
 * database, of this cluster: one that was wiped is another, and is given the last days again.
 * While Kafka is away the stream waits; it is not trimmed before the cursor has passed it.
 */
export function createRelay(deps: RelayDeps): (signal: AbortSignal) => Promise<void> {
  const { clock, log } = deps
  return async (signal) => {
    while (!signal.aborted) {
      await relayWhileMine(deps, signal).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'the relay waits for Kafka or its database')
      })
      await clock.sleep(PAUSE_MS, signal)
    }
  }
}

/** Relays while this process has the turn. @throws when Kafka or the database is away. */
async function relayWhileMine(deps: RelayDeps, signal: AbortSignal): Promise<void> {
  const { db, outbox, line } = deps
  const client = await db.connect()
  let lost = false
  client.on('end', () => {
    lost = true
  })
  try {
    const [turn] = await takeTurn(client)
    if (!turn?.mine) return
    const cluster = await prepareTopics(line, deps.eventTypes)
    let position = await placeOf(deps, cluster)
    const producer = new Producer({
      ...clientOptions(line),
      serializers: stringSerializers,
      acks: -1,
    })
    try {
      while (!signal.aborted && !lost) {
        const heard = outbox.moved.strikes()
        const events = await outbox.read(position, BATCH)
        if (events.length === 0) {
          await outbox.moved.wait(heard, IDLE_MS, signal)
          continue
        }
        await producer.send({
          messages: events.map((event) => ({
            topic: topicOf(line, event.type),
            key: event.aggregateId,
            value: toValue(event),
            headers: { type: event.type, id: event.id },
          })),
        })
        position = events.at(-1)?.position ?? position
        await moveCursor(db, [NAME, cluster, position])
      }
    } finally {
      await producer.close().catch(() => {})
    }
  } finally {
    // With its connection the turn is given back.
    client.release(true)
  }
}

/** Where the relay to this cluster stands. */
async function placeOf({ db, outbox }: RelayDeps, cluster: string): Promise<number> {
  const start = await youngestOld(db, await outbox.head())
  const place = await readPlace(db, { name: NAME, source: cluster, start })
  await dropOtherPlaces(db, [cluster])
  return place
}

/** The last position whose event is older than what is given again; by halving, as positions follow time. */
async function youngestOld(db: Database, head: number): Promise<number> {
  let [from, to] = [0, head]
  while (from < to) {
    const middle = Math.ceil((from + to) / 2)
    const [row] = await createdAtRow(db, [middle, CATCH_UP_DAYS])
    if (row?.old) from = middle
    else to = middle - 1
  }
  return from
}

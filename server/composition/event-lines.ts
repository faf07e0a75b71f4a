import { allEvents } from '#contracts/events.ts'
import type { Config } from '../config.ts'
import type { BackgroundDeps } from '../platform/background.ts'
import { createKafkaFeed } from '../platform/kafka/kafka-feed.ts'
import type { KafkaLine } from '../platform/kafka/line.ts'
import { createRelay } from '../platform/kafka/relay.ts'

/** By configuration: the relay of the stream to Kafka, and consumers that take their events from there. */
export function eventLines(
  config: Pick<Config, 'KAFKA_BROKERS' | 'KAFKA_PREFIX' | 'KAFKA_PARTITIONS' | 'EVENTS_FROM'>,
  { db, outbox, clock, log }: Pick<BackgroundDeps, 'db' | 'outbox' | 'clock' | 'log'>,
): Pick<BackgroundDeps, 'feedOf' | 'loops'> {
  const { KAFKA_BROKERS: brokers, KAFKA_PREFIX: prefix, KAFKA_PARTITIONS: partitions } = config
  if (!brokers) return {}
  const line: KafkaLine = { brokers, prefix, partitions }
  const eventTypes = allEvents.map(({ type }) => type)
  return {
    loops: [createRelay({ line, eventTypes, db, outbox, clock, log })],
    ...(config.EVENTS_FROM === 'kafka'
      ? { feedOf: (consumer) => createKafkaFeed(consumer, { line, clock, log }) }
      : {}),
  }
}

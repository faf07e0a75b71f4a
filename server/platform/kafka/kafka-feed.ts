import { Consumer as KafkaConsumer, type Message, type MessagesStream } from '@platformatic/kafka'
import type { Clock } from '../clock.ts'
import type { Consumer } from '../events/consumer.ts'
import type { DeliveredEvent, Feed } from '../events/feed.ts'
import { createGong } from '../gong.ts'
import type { Log } from '../log.ts'
import { clientOptions, type KafkaLine, topicOf } from './line.ts'
import { readMessage } from './message.ts'

type Raw = Message<Buffer, Buffer, Buffer, Buffer>
type Held = Readonly<{ message: Raw; event: DeliveredEvent }>

/** Messages read ahead; what comes beyond waits at the broker. */
const MOST_HELD = 2_000
const IDLE_MS = 1_000
const PAUSE_MS = 1_000

/**
 * What Kafka brings to one consumer: a group of its name, of which each process of the shop is a
 * member. Offsets are committed after the effect's transaction; what comes twice the inbox stops.
 */
export function createKafkaFeed(
  consumer: Consumer,
  { line, clock, log }: Readonly<{ line: KafkaLine; clock: Clock; log: Log }>,
): Feed {
  const specs = new Map(consumer.events.map((spec) => [spec.type, spec]))
  const topics = [...new Set(consumer.events.map(({ type }) => topicOf(line, type)))].sort()
  const ending = new AbortController()
  const arrived = createGong(clock)
  const room = createGong(clock)
  let held: Held[] = []
  let client: KafkaConsumer | undefined
  let pumping: Promise<void> | undefined

  async function pump(): Promise<void> {
    while (!ending.signal.aborted) {
      await follow().catch((error: unknown) => {
        log.warn({ consumer: consumer.name, error: String(error) }, 'consumer waits for Kafka')
      })
      await clock.sleep(PAUSE_MS, ending.signal)
    }
  }

  /** Reads until the line breaks. */
  async function follow(): Promise<void> {
    const groupId = `${line.prefix}.${consumer.name}`
    const member = new KafkaConsumer({
      ...clientOptions(line),
      groupId,
      sessionTimeout: 10_000,
      heartbeatInterval: 2_000,
    })
    member.on('error', () => {})
    client = member
    let stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | undefined
    const stop = () => void stream?.close().catch(() => {})
    ending.signal.addEventListener('abort', stop)
    try {
      stream = await member.consume({
        topics,
        mode: 'committed',
        fallbackMode: 'earliest',
        autocommit: false,
        maxWaitTime: 250,
      })
      for await (const message of stream) {
        held.push({ message, event: readMessage(message.value, message, specs) })
        arrived.strike()
        while (held.length >= MOST_HELD && !ending.signal.aborted)
          await room.wait(room.strikes(), IDLE_MS, ending.signal)
        if (ending.signal.aborted) break
      }
    } finally {
      ending.signal.removeEventListener('abort', stop)
      // What was read and not handled comes again, to whoever is given its partition.
      held = []
      client = undefined
      await member.close(true).catch(() => {})
    }
  }

  return {
    async next(limit) {
      pumping ??= pump()
      return held.slice(0, limit).map(({ event }) => event)
    },
    async lock() {},
    async settle() {},
    async settled(batch) {
      const done = new Set(batch)
      const messages = held.filter(({ event }) => done.has(event)).map(({ message }) => message)
      held = held.filter(({ event }) => !done.has(event))
      room.strike()
      const last = new Map(
        messages.map((message) => [`${message.topic} ${message.partition}`, message]),
      )
      const offsets = [...last.values()].map(({ topic, partition, offset, leaderEpoch }) => {
        return { topic, partition, offset: offset + 1n, leaderEpoch }
      })
      if (offsets.length === 0) return
      await client?.commit({ offsets }).catch((error: unknown) => {
        // Harmless: the messages come again, and the inbox knows them.
        log.warn({ consumer: consumer.name, error: String(error) }, 'offsets were not committed')
      })
    },
    forget() {},
    heard: arrived.strikes,
    wait: (heard, signal) => arrived.wait(heard, IDLE_MS, signal),
    async close() {
      ending.abort()
      await pumping
    },
  }
}

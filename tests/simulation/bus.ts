import type { EventEnvelope } from '#contracts/kit/event.ts'
import type { Feed } from '../../server/platform/events/feed.ts'
import type { Faults } from './process.ts'
import type { Draw } from './scheduler.ts'
import type { StreamRow, Tables } from './twins/tables.ts'

/**
 * The message bus as Kafka is at its worst: at least once, in order for each aggregate alone,
 * late, and forgetful of what was delivered.
 */
export type Bus = Readonly<{
  feed(consumer: string): Feed
  /** Whether everything was delivered to this consumer. */
  isEmpty(consumer: string): boolean
}>

export function createBus({
  t,
  draw,
  faults,
}: Readonly<{ t: Tables; draw: Draw; faults: Faults }>): Bus {
  const delivered = new Map<string, Set<string>>()
  const doneBy = (consumer: string) => {
    const done = delivered.get(consumer) ?? new Set<string>()
    delivered.set(consumer, done)
    return done
  }
  const inOrder = () => t.stream.committed().sort((a, b) => a.position - b.position)
  const isFlawed = () => faults.on && draw.chance(faults.bus)

  /** Some of what waits: of each aggregate its oldest events, the aggregates in any order. */
  function some(waiting: readonly StreamRow[]): StreamRow[] {
    const queues = [...Map.groupBy(waiting, ({ aggregateId }) => aggregateId).values()]
    const taken: StreamRow[] = []
    for (let left = draw.below(waiting.length + 1); left > 0; left -= 1) {
      const queue = draw.pick(queues.filter(({ length }) => length > 0))
      taken.push(queue.shift() as StreamRow)
    }
    return taken
  }

  return {
    isEmpty: (consumer) => t.stream.committed().every(({ id }) => doneBy(consumer).has(id)),
    feed(consumer) {
      const done = doneBy(consumer)
      return {
        async next(limit) {
          const all = inOrder()
          const waiting = all.filter(({ id }) => !done.has(id))
          const again = isFlawed() ? all.filter(({ id }) => done.has(id)).slice(-3) : []
          const fresh = isFlawed() ? some(waiting) : waiting
          return [...again, ...fresh].slice(0, limit).map(toEnvelope)
        },
        async lock() {},
        async settle() {},
        async settled(batch) {
          for (const { id } of batch) if (!isFlawed()) done.add(id)
        },
        forget() {},
        heard: () => 0,
        wait: async () => {},
        close: async () => {},
      }
    },
  }
}

function toEnvelope({
  id,
  position,
  type,
  aggregateId,
  payload,
  createdAt,
}: StreamRow): EventEnvelope {
  return { id, position, type, aggregateId, payload, headers: {}, createdAt }
}

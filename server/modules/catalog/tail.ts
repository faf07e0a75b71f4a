import type { EventEnvelope } from '#contracts/kit/event.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Log } from '../../platform/log.ts'

/** How long a node's tail sleeps when nobody in its process wakes it. */
const IDLE_MS = 100
const BATCH = 1_000

export type Tail = Readonly<{ start(): Promise<void>; stop(): Promise<void> }>

/**
 * Follows the event stream on this node, from the moment it starts, for what lives in this
 * process's memory alone. It keeps no cursor: a node that starts anew has nothing to forget.
 */
export function createTail({
  outbox,
  clock,
  log,
  onEvents,
}: Readonly<{
  outbox: Outbox
  clock: Clock
  log: Log
  onEvents(events: readonly EventEnvelope[]): void
}>): Tail {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  async function run(head: number): Promise<void> {
    let position = head
    while (!stopping.signal.aborted) {
      const heard = outbox.moved.strikes()
      try {
        const events = await outbox.read(position, BATCH)
        if (events.length > 0) onEvents(events)
        position = events.at(-1)?.position ?? position
        if (events.length === 0) await outbox.moved.wait(heard, IDLE_MS, stopping.signal)
      } catch (error) {
        log.warn({ error: String(error) }, 'the catalogue cannot follow the events')
        await clock.sleep(500, stopping.signal)
      }
    }
  }

  return {
    async start() {
      running = run(await outbox.head())
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

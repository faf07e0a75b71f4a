import type { EventEnvelope } from '#contracts/kit/event.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Outbox } from './outbox.ts'

/** How long a node's tail sleeps when nobody in its process wakes it. */
const IDLE_MS = 100
const BATCH = 1_000

/** A part of the stream: what comes after one position, up to another. */
export type StreamPart = Readonly<{ after: number; upTo: number }>

export type Tail = Readonly<{
  start(): Promise<void>
  stop(): Promise<void>
  /** Up to where the stream was followed; 0 before the start. */
  position(): number
  /** Looks at once: another process says that the stream has moved. */
  wake(): void
}>

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
  /** Must not wait: whoever reads from now on reads as of the part's end. */
  onEvents(events: readonly EventEnvelope[], part: StreamPart): void
}>): Tail {
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let position = 0
  let nap = new AbortController()

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const heard = outbox.moved.strikes()
      if (nap.signal.aborted) nap = new AbortController()
      try {
        const events = await outbox.read(position, BATCH)
        const upTo = events.at(-1)?.position ?? position
        if (events.length > 0) onEvents(events, { after: position, upTo })
        position = upTo
        if (events.length === 0) await outbox.moved.wait(heard, IDLE_MS, nap.signal)
      } catch (error) {
        log.warn({ error: String(error) }, 'the events cannot be followed')
        await clock.sleep(500, stopping.signal)
      }
    }
  }

  return {
    async start() {
      position = await outbox.head()
      running = run()
    },
    position: () => position,
    wake: () => nap.abort(),
    async stop() {
      stopping.abort()
      nap.abort()
      await running
    },
  }
}

import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Outbox } from './outbox.ts'
import { IDLE_MS } from './stream-feed.ts'

/**
 * Moves waiting events into the stream until the signal aborts. Any number may run: the stream's
 * head row lets one move at a time.
 */
export async function runSequencer(
  { outbox, clock, log }: Readonly<{ outbox: Outbox; clock: Clock; log: Log }>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const heard = outbox.appended.strikes()
    const moved = await outbox.sequence().catch(async (error: unknown) => {
      log.warn({ error: String(error) }, 'the event stream waits for its database')
      await clock.sleep(500, signal)
      return 0
    })
    if (moved > 0) outbox.moved.strike()
    else await outbox.appended.wait(heard, IDLE_MS, signal)
  }
}

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../clock.ts'

/** Header that carries how many milliseconds the caller will still wait. */
export const DEADLINE_HEADER = 'x-stoa-deadline-ms'

/** When the answer must be there, on the clock that never jumps. */
const deadline = new AsyncLocalStorage<number>()

/** Runs `work`, whose own calls to other processes end when its caller stops waiting. */
export function withDeadline<T>({ clock, ms }: { clock: Clock; ms: number }, work: () => T): T {
  const at = clock.monotonicMs() + ms
  return deadline.run(Math.min(at, deadline.getStore() ?? at), work)
}

/** Milliseconds that a call may take: its own limit, or what its caller has left. */
export function remainingMs({ clock, ms }: { clock: Clock; ms: number }): number {
  const at = deadline.getStore()
  return at === undefined ? ms : Math.min(ms, at - clock.monotonicMs())
}

import type { Clock } from '../clock.ts'

/**
 * A circuit breaker. Closed, it lets calls through; after several failures in a row it opens and
 * refuses at once; after a while it is half open and lets one call through, whose outcome closes it
 * or opens it for longer. Ours, because those of npm read the machine's clock themselves.
 */
export type Breaker = Readonly<{
  /** @returns 0 if the call may be made, else the milliseconds until the next may. */
  admit(): number
  succeeded(): void
  failed(): void
  state(): 'closed' | 'open' | 'half-open'
}>

export type BreakerOptions = Readonly<{
  clock: Clock
  /** Failures in a row that open it. */
  failures?: number
  /** How long it stays open at first; each failed probe doubles it. */
  openMs?: number
  maxOpenMs?: number
}>

export function createBreaker({
  clock,
  failures = 5,
  openMs = 500,
  maxOpenMs = 15_000,
}: BreakerOptions): Breaker {
  let inARow = 0
  let openFor = openMs
  let openUntil: number | undefined
  let probing = false

  function open(): void {
    openUntil = clock.monotonicMs() + openFor
    openFor = Math.min(openFor * 2, maxOpenMs)
    probing = false
  }

  return {
    admit() {
      if (openUntil === undefined) return 0
      const left = openUntil - clock.monotonicMs()
      if (left > 0) return left
      if (probing) return openMs
      probing = true
      return 0
    },
    succeeded() {
      inARow = 0
      openFor = openMs
      openUntil = undefined
      probing = false
    },
    failed() {
      inARow += 1
      // Calls that were under way when it opened do not open it for longer.
      if (openUntil === undefined ? inARow >= failures : probing) open()
    },
    state() {
      if (openUntil === undefined) return 'closed'
      return openUntil > clock.monotonicMs() ? 'open' : 'half-open'
    },
  }
}

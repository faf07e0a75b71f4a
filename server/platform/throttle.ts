import type { Clock } from './clock.ts'

/**
 * How tries are slowed down: `free` of them at once, then after each a wait that doubles from
 * `firstWaitMs` to `longestWaitMs`. What was counted is forgotten `forgetMs` after the last try.
 */
export type ThrottlePolicy = Readonly<{
  free: number
  firstWaitMs: number
  longestWaitMs: number
  forgetMs: number
}>

export type Throttle = Readonly<{
  /**
   * Counts a try before it is made, so that tries at the same moment do not slip through.
   * @returns 0 if it may be made, else how long to wait; a try that has to wait is not counted.
   */
  take(key: string, policy: ThrottlePolicy): Promise<number>
  /** Forgets what was counted: the try was a success. */
  forget(key: string): Promise<void>
}>

/** The wait after a number of tries. */
function waitAfter(tries: number, policy: ThrottlePolicy): number {
  if (tries < policy.free) return 0
  return Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** Math.min(tries - policy.free, 30))
}

const KEPT = 100_000

/** Counts in this process's memory; the least lately used are forgotten first when it is full. */
export function createLocalThrottle(clock: Clock, kept = KEPT): Throttle {
  const counts = new Map<string, { tries: number; openAt: number; endsAt: number }>()
  return {
    async take(key, policy) {
      const now = clock.now().getTime()
      const found = counts.get(key)
      const live = found && found.endsAt > now ? found : { tries: 0, openAt: 0, endsAt: 0 }
      if (live.openAt > now) return live.openAt - now
      const tries = live.tries + 1
      counts.delete(key)
      counts.set(key, {
        tries,
        openAt: now + waitAfter(tries, policy),
        endsAt: now + policy.forgetMs,
      })
      if (counts.size > kept) counts.delete(counts.keys().next().value as string)
      return 0
    },
    async forget(key) {
      counts.delete(key)
    },
  }
}

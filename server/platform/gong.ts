import type { Clock } from './clock.ts'

/**
 * Wakes sleepers of this process. A strike between `strikes` being read and `wait` being called is
 * not missed: `wait` returns at once if there was one.
 */
export type Gong = Readonly<{
  strikes(): number
  strike(): void
  /** Resolves at the next strike after `since`, after `ms`, or when the signal aborts. */
  wait(since: number, ms: number, signal: AbortSignal): Promise<void>
}>

export function createGong(clock: Clock): Gong {
  let count = 0
  let sleepers: AbortController[] = []
  return {
    strikes: () => count,
    strike() {
      count += 1
      const woken = sleepers
      sleepers = []
      for (const sleeper of woken) sleeper.abort()
    },
    async wait(since, ms, signal) {
      if (count !== since || signal.aborted) return
      const sleeper = new AbortController()
      const stop = () => sleeper.abort()
      sleepers.push(sleeper)
      signal.addEventListener('abort', stop)
      await clock.sleep(ms, sleeper.signal)
      signal.removeEventListener('abort', stop)
      sleepers = sleepers.filter((other) => other !== sleeper)
    },
  }
}

import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from './clock.ts'

/** Lets a few in at once; the others wait their turn. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

export type GateOptions = Readonly<{
  concurrency: number
  /** How many may wait; whoever comes then is refused by `unavailable`. */
  waiting: number
  /** Whose turn comes later than this is refused as well: nobody waits for that answer any more. */
  patience?: Readonly<{ ms: number; clock: Pick<Clock, 'monotonicMs'> }>
}>

type Waiting = Readonly<{ since: number; enter(): void; giveUp(reason: unknown): void }>

const tooMany = () => generalProblem('unavailable', { retryAfterSeconds: 2 })

export function createGate({ concurrency, waiting, patience }: GateOptions): Gate {
  const queue: Waiting[] = []
  const longestMs = patience?.ms ?? Number.POSITIVE_INFINITY
  const now = () => patience?.clock.monotonicMs() ?? 0
  let free = concurrency

  function letNextIn(): void {
    let next = queue.shift()
    while (next && now() - next.since > longestMs) {
      next.giveUp(tooMany())
      next = queue.shift()
    }
    if (next) next.enter()
    else free += 1
  }

  return async (work) => {
    if (free > 0) free -= 1
    else if (queue.length >= waiting) throw tooMany()
    else {
      await new Promise<void>((enter, giveUp) => queue.push({ since: now(), enter, giveUp }))
    }
    try {
      return await work()
    } finally {
      letNextIn()
    }
  }
}

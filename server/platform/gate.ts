import { generalProblem } from '#contracts/kit/problem.ts'

/** Lets a few in at once; the others wait their turn. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>

/** @param waiting how many may wait; whoever comes then is refused by `unavailable`. */
export function createGate({
  concurrency,
  waiting,
}: Readonly<{ concurrency: number; waiting: number }>): Gate {
  const queue: (() => void)[] = []
  let free = concurrency
  return async (work) => {
    if (free > 0) free -= 1
    else if (queue.length >= waiting) throw generalProblem('unavailable', { retryAfterSeconds: 2 })
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free += 1
    }
  }
}

import type { Clock } from '../../clock.ts'

const PER_SECOND = 100
const LONGEST_MS = 60_000

/**
 * When whoever is turned away is to come again: so many a second that they are refused or served
 * beside the work that is going on. A crowd that came again at once would be all that there is to do.
 */
export function createComebacks(clock: Pick<Clock, 'monotonicMs'>): () => number {
  let lastMs = 0
  return () => {
    const now = clock.monotonicMs()
    lastMs = Math.min(Math.max(lastMs, now) + 1_000 / PER_SECOND, now + LONGEST_MS)
    return Math.ceil((lastMs - now) / 1_000)
  }
}

import type { Reservation } from './api.ts'

/**
 * What this process held last, so that who commits at once need not ask where it lies. What has
 * become of a hold its rows alone say.
 */
export type RecentHolds = Readonly<{
  add(hold: Reservation): void
  /** Once for each `add`. */
  take(key: string): Reservation | undefined
}>

const CAPACITY = 4_096

export function createRecentHolds(): RecentHolds {
  const holds = new Map<string, Reservation>()
  return {
    add(hold) {
      holds.set(hold.key, hold)
      if (holds.size <= CAPACITY) return
      const [oldest = ''] = holds.keys()
      holds.delete(oldest)
    },
    take(key) {
      const hold = holds.get(key)
      holds.delete(key)
      return hold
    },
  }
}

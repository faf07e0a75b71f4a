import type { Clock } from '../../platform/clock.ts'

/**
 * Offers of which this process lately had too little for somebody. Nothing is decided by it: it
 * tells where looking before locking is worth a question.
 */
export type ScarceOffers = Readonly<{
  add(offerIds: Iterable<string>): void
  has(offerId: string): boolean
}>

const KEPT_MS = 30_000
const CAPACITY = 1_000

export function createScarceOffers(clock: Clock): ScarceOffers {
  const shortUntil = new Map<string, number>()
  return {
    add(offerIds) {
      for (const offerId of offerIds) {
        shortUntil.delete(offerId)
        shortUntil.set(offerId, clock.monotonicMs() + KEPT_MS)
      }
      for (const oldest of shortUntil.keys()) {
        if (shortUntil.size <= CAPACITY) return
        shortUntil.delete(oldest)
      }
    },
    has: (offerId) => (shortUntil.get(offerId) ?? 0) > clock.monotonicMs(),
  }
}

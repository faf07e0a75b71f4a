import type { Clock } from './clock.ts'

/** How much may be taken: `burst` at once, and `perSecond` come back. */
export type BucketPolicy = Readonly<{ burst: number; perSecond: number }>

export type Taken = Readonly<{
  /** 0 if it may be done, else how long to wait. */
  waitMs: number
  /** What may still be taken at once. */
  remaining: number
}>

export type TokenBuckets = Readonly<{
  /** Takes one; what is refused is not counted. */
  take(key: string, policy: BucketPolicy): Promise<Taken>
  /** Takes one at once. @returns false, and takes nothing, where `take` would have to ask or refuse */
  takeNow(key: string, policy: BucketPolicy): boolean
}>

/**
 * The bucket as one number, the moment at which it is full again (the cell rate algorithm): each
 * one taken moves it on by an interval, and it may lie no further ahead than the whole burst.
 */
function takeFrom(
  fullAt: number,
  { now, policy }: Readonly<{ now: number; policy: BucketPolicy }>,
): Taken & Readonly<{ fullAt: number }> {
  const intervalMs = 1_000 / policy.perSecond
  const mostMs = policy.burst * intervalMs
  const next = Math.max(fullAt, now) + intervalMs
  const over = next - now - mostMs
  // What binary fractions leave behind is no reason to wait.
  if (over > 1e-6) return { waitMs: over, remaining: 0, fullAt }
  return { waitMs: 0, remaining: Math.floor(-over / intervalMs + 1e-6), fullAt: next }
}

const KEPT = 100_000

/** Buckets in this process's memory; the least lately used are forgotten first when it is full. */
export function createLocalBuckets(clock: Clock, kept = KEPT): TokenBuckets {
  const moments = new Map<string, number>()

  function take(key: string, policy: BucketPolicy): Taken {
    const now = clock.monotonicMs()
    const taken = takeFrom(moments.get(key) ?? 0, { now, policy })
    if (taken.waitMs === 0) {
      moments.delete(key)
      moments.set(key, taken.fullAt)
      if (moments.size > kept) moments.delete(moments.keys().next().value as string)
    }
    return taken
  }

  return {
    take: async (key, policy) => take(key, policy),
    takeNow: (key, policy) => take(key, policy).waitMs === 0,
  }
}

import type { Clock } from '../../platform/clock.ts'

/**
 * Answers of the index by question: the least recently asked go first. Whoever asks while the same
 * is being answered waits for that answer.
 */
export type ResultCache<Value> = Readonly<{
  /** @param version of the index: an answer of another one is not given. */
  get(key: string, version: number, load: () => Promise<Value>): Promise<Value>
  hits(): number
}>

/** Source: design 5, lifetimes of caches. */
const LIFETIME_MS = 15 * 60_000

export function createResultCache<Value>({
  clock,
  most,
}: Readonly<{ clock: Clock; most: number }>): ResultCache<Value> {
  const kept = new Map<
    string,
    Readonly<{ version: number; until: number; value: Promise<Value> }>
  >()
  let hits = 0

  return {
    hits: () => hits,
    get(key, version, load) {
      const found = kept.get(key)
      kept.delete(key)
      if (found?.version === version && found.until > clock.monotonicMs()) {
        kept.set(key, found)
        hits += 1
        return found.value
      }
      const value = load()
      kept.set(key, { version, until: clock.monotonicMs() + LIFETIME_MS, value })
      value.catch(() => {
        if (kept.get(key)?.value === value) kept.delete(key)
      })
      for (const oldest of kept.keys()) {
        if (kept.size <= most) break
        kept.delete(oldest)
      }
      return value
    },
  }
}

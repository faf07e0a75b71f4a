import type { Clock } from '../../platform/clock.ts'

/** How long a process believes what it has read, if no event says otherwise before. */
const CACHE_MS = 30_000
const CACHE_MAX = 20_000

/** What a credential was found to open. */
export type Found<Value> = Readonly<{
  value: Value
  accountId: string
  /** Another name to find it by: the session's, the key's. */
  name: string
  /** When it ends by itself. */
  endsAtMs: number
}>

/**
 * What credentials open, by the credential itself: to hash it would cost more than all else that is done for a call
 * whose caller is known. Known from memory until an event tells that an account has changed.
 */
export type AccessCache<Value> = Readonly<{
  /** From memory alone. */
  known(key: string): Value | undefined
  /** By `read`, whose answer is kept unless a change was heard meanwhile. */
  learn(key: string, read: () => Promise<Found<Value> | undefined>): Promise<Value | undefined>
  named(name: string): Value | undefined
  forget(accountId: string): void
}>

export function createAccessCache<Value>({
  clock,
}: Readonly<{ clock: Clock }>): AccessCache<Value> {
  const entries = new Map<string, Found<Value> & Readonly<{ until: number }>>()
  const keysByName = new Map<string, string>()
  /** Grows with each change that is heard: what was read before it is not kept. */
  let changes = 0
  const nowMs = () => clock.now().getTime()

  function drop(key: string): void {
    const name = entries.get(key)?.name
    if (name !== undefined) keysByName.delete(name)
    entries.delete(key)
  }

  return {
    known(key) {
      const entry = entries.get(key)
      return entry && entry.until > nowMs() ? entry.value : undefined
    },
    async learn(key, read) {
      drop(key)
      const before = changes
      const found = await read()
      if (found && changes === before) {
        entries.set(key, { ...found, until: Math.min(nowMs() + CACHE_MS, found.endsAtMs) })
        keysByName.set(found.name, key)
        if (entries.size > CACHE_MAX) drop(entries.keys().next().value as string)
      }
      return found?.value
    },
    named: (name) => entries.get(keysByName.get(name) ?? '')?.value,
    forget(accountId) {
      changes += 1
      for (const [key, entry] of entries) if (entry.accountId === accountId) drop(key)
    },
  }
}

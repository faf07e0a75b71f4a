import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** An attempt that was turned away: who, at what, why. */
export type Refusal = Readonly<{ actor: string; action: string; code: string }>

export type Refusals<Told extends Refusal> = Readonly<{
  /** Never waits, never fails. */
  add(refusal: Told): void
  /** Writes what is due, or all that waits. @returns how many entries were written. */
  flush(options?: Readonly<{ all: boolean }>): Promise<number>
}>

/** Who tries the same again is told of once a minute, with how often. */
const EVERY_MS = 60_000
/** Different attempts of one actor that are told apart. */
const MOST_OF_ONE = 50
const MOST = 5_000
/** What stands for further actions, of which only the number is told. */
const FURTHER = 'further'

type Window<Told> = { first: Told; times: number; dueAtMs: number }

/**
 * Attempts that were turned away, on their way into the audit log, bounded so that nobody can flood it: the first of a
 * kind is written with the next flush, what follows within a minute as one entry with its number.
 */
export function createRefusals<Told extends Refusal>({
  clock,
  log,
  write,
}: Readonly<{
  clock: Clock
  log: Log
  write(refusal: Told, times: number): Promise<void>
}>): Refusals<Told> {
  const windows = new Map<string, Window<Told>>()
  const kindsOf = new Map<string, number>()
  let dropped = 0
  const nowMs = () => clock.now().getTime()

  function forget(key: string, actor: string): void {
    windows.delete(key)
    const left = (kindsOf.get(actor) ?? 1) - 1
    if (left === 0) kindsOf.delete(actor)
    else kindsOf.set(actor, left)
  }

  function open(key: string, first: Told): void {
    if (windows.size >= MOST) {
      dropped += 1
      return
    }
    windows.set(key, { first, times: 1, dueAtMs: nowMs() })
    kindsOf.set(first.actor, (kindsOf.get(first.actor) ?? 0) + 1)
  }

  return {
    add(refusal) {
      const { actor, action, code } = refusal
      const own = `${actor} ${action} ${code}`
      const isOneTooMany = !windows.has(own) && (kindsOf.get(actor) ?? 0) >= MOST_OF_ONE
      const key = isOneTooMany ? `${actor} ${FURTHER}` : own
      const window = windows.get(key)
      if (!window) return open(key, isOneTooMany ? { ...refusal, action: FURTHER } : refusal)
      if (window.times === 0) window.first = isOneTooMany ? window.first : refusal
      window.times += 1
    },
    async flush({ all } = { all: false }) {
      let written = 0
      for (const [key, window] of windows) {
        if (!all && window.dueAtMs > nowMs()) continue
        const { times, first } = window
        if (times === 0) forget(key, first.actor)
        else {
          await write(first, times)
          window.times -= times
          window.dueAtMs = nowMs() + EVERY_MS
          written += 1
        }
      }
      if (dropped > 0) log.warn({ dropped }, 'refused attempts of staff are not in the audit log')
      dropped = 0
      return written
    },
  }
}

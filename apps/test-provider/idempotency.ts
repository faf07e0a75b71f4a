import { createHash } from 'node:crypto'
import { ProviderProblem } from './problem.ts'

/** `neverComes`: the work is done and recorded, but whoever asks by POST hears nothing. */
export type Answer = Readonly<{ status: number; body: string; neverComes: boolean }>

type Entry = {
  readonly hash: string
  readonly startedAt: number
  answer: Answer | undefined
}

/** Answers are kept a day, as the contract promises. */
export const KEPT_MS = 24 * 60 * 60 * 1000

/** One key, one effect: who comes again with the same body hears the same answer. */
export type IdempotencyKeys = Readonly<{
  /** Claims a key. An answer means that the work was done before. @throws 409, 422 */
  begin: (request: Readonly<{ key: string; hash: string; now: Date }>) => Answer | undefined
  finish: (request: Readonly<{ key: string; answer: Answer }>) => void
  /** Frees a key whose work never began, so that the same request may be sent again. */
  abandon: (key: string) => void
  restore: (request: Readonly<{ key: string; hash: string; at: Date; answer: Answer }>) => void
  isRunning: (key: string) => boolean
}>

/** Hash of what was asked. `body` is the validated value: the order of its fields is the schema's. */
export function hashRequest(path: string, body: unknown): string {
  return createHash('sha256')
    .update(path)
    .update('\n')
    .update(JSON.stringify(body))
    .digest('base64url')
}

export function createIdempotencyKeys(): IdempotencyKeys {
  const entries = new Map<string, Entry>()

  function forgetOld(now: number): void {
    // The map keeps the order of arrival: the oldest stand first.
    for (const [key, entry] of entries) {
      if (now - entry.startedAt < KEPT_MS) return
      entries.delete(key)
    }
  }

  return {
    begin({ key, hash, now }) {
      forgetOld(now.getTime())
      const entry = entries.get(key)
      if (entry === undefined) {
        const startedAt = now.getTime()
        entries.set(key, { hash, startedAt, answer: undefined })
        return undefined
      }
      if (entry.hash !== hash) {
        const detail = 'This Idempotency-Key was used with another request.'
        throw new ProviderProblem(422, 'idempotency_key_reused', detail)
      }
      if (entry.answer === undefined) throw inProgress()
      return entry.answer
    },
    finish({ key, answer }) {
      const entry = entries.get(key)
      if (entry !== undefined) entry.answer = answer
    },
    abandon(key) {
      entries.delete(key)
    },
    restore({ key, hash, at, answer }) {
      entries.delete(key)
      entries.set(key, { hash, startedAt: at.getTime(), answer })
    },
    isRunning(key) {
      const entry = entries.get(key)
      return entry !== undefined && entry.answer === undefined
    },
  }
}

export function inProgress(): ProviderProblem {
  const detail = 'The first request with this Idempotency-Key is still running.'
  return new ProviderProblem(409, 'idempotency_in_progress', detail)
}

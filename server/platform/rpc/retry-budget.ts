/**
 * Keeps retries a small part of all calls, so that a server in trouble is not drowned in them: each
 * call earns a tenth of a retry, and at most ten are saved up.
 */
export type RetryBudget = Readonly<{
  earn(): void
  /** Whether a retry may be made; then it is spent. */
  spend(): boolean
}>

const EARNED_PER_CALL = 0.1
const SAVED_AT_MOST = 10

export function createRetryBudget(): RetryBudget {
  let saved = SAVED_AT_MOST
  return {
    earn() {
      saved = Math.min(SAVED_AT_MOST, saved + EARNED_PER_CALL)
    },
    spend() {
      if (saved < 1) return false
      saved -= 1
      return true
    },
  }
}

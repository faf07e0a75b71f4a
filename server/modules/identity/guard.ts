import { generalProblem } from '#contracts/kit/problem.ts'
import { networkOf } from '../../platform/net/network-of.ts'
import type { Throttle, ThrottlePolicy } from '../../platform/throttle.ts'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Tries at one account: a wait after five, at most a quarter of an hour, never for good. */
const ACCOUNT: ThrottlePolicy = {
  free: 5,
  firstWaitMs: SECOND_MS,
  longestWaitMs: 15 * MINUTE_MS,
  forgetMs: 2 * HOUR_MS,
}
/** Tries from one address or network, at whatever account. */
const SOURCE: ThrottlePolicy = {
  free: 50,
  firstWaitMs: 2 * SECOND_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: HOUR_MS,
}
/** Mails caused by one source, or sent to one address. */
const MAILS_TO: ThrottlePolicy = {
  free: 3,
  firstWaitMs: 5 * MINUTE_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: HOUR_MS,
}
const MAILS_FROM: ThrottlePolicy = {
  free: 30,
  firstWaitMs: MINUTE_MS,
  longestWaitMs: HOUR_MS,
  forgetMs: HOUR_MS,
}

export type Attempt = Readonly<{
  email: string
  remoteAddress: string
  /** The device's own name, if it has signed in here before: it is not held up by strangers. */
  device?: string | undefined
}>

/** Slows guessing down, by account and by source separately. Source: semantics 23. */
export type Guard = Readonly<{
  /** Counts a try before the password is looked at. @throws rate_limited */
  enter(attempt: Attempt): Promise<void>
  /** The password was right. */
  succeed(attempt: Attempt): Promise<void>
  /** Counts a request that sends mail. @throws rate_limited by the source, alike for all addresses */
  mayAsk(remoteAddress: string): Promise<void>
  /** Whether one more mail may go to this address. */
  mayMail(email: string): Promise<boolean>
}>

export function createGuard(throttle: Throttle): Guard {
  const accountKey = ({ email, device }: Attempt) =>
    device ? `device:${device}` : `account:${email}`

  async function takeSource(remoteAddress: string): Promise<void> {
    refuse(await throttle.take(`source:${networkOf(remoteAddress)}`, SOURCE))
  }

  return {
    async enter(attempt) {
      await takeSource(attempt.remoteAddress)
      refuse(await throttle.take(accountKey(attempt), ACCOUNT))
    },
    async succeed(attempt) {
      await throttle.forget(accountKey(attempt))
    },
    async mayAsk(remoteAddress) {
      refuse(await throttle.take(`mails-from:${networkOf(remoteAddress)}`, MAILS_FROM))
    },
    mayMail: async (email) => (await throttle.take(`mails-to:${email}`, MAILS_TO)) === 0,
  }
}

function refuse(waitMs: number): void {
  if (waitMs <= 0) return
  const retryAfterSeconds = Math.ceil(waitMs / SECOND_MS)
  throw generalProblem('rate_limited', { retryAfterSeconds, data: { retryAfterSeconds } })
}

import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import type { PaymentProvider } from '../provider.ts'
import type { Recorder } from '../recorder.ts'
import type { Complete } from './complete.ts'
import type { FollowDispute } from './dispute.ts'
import type { Refunds } from './refund.ts'

export type WebhookInput = Readonly<{
  provider: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  rawBody: string
}>

type Deps = Readonly<{
  clock: Clock
  log: Log
  providers: ReadonlyMap<string, PaymentProvider>
  recorder: Recorder
  refunds: Refunds
  followDispute: FollowDispute
  complete: Complete
}>

const ORDER_ID = /^ord_[0-9a-hjkmnp-tv-z]{26}$/

/**
 * Keeps what a provider tells by webhook; returns when it is durable. The same message again, or
 * an older one late, changes nothing.
 * @throws not_found, payments.signature_invalid
 */
export function makeReceiveWebhook(deps: Deps): (input: WebhookInput) => Promise<void> {
  const { clock, log, recorder, refunds, followDispute, complete } = deps
  return async ({ provider: name, headers, rawBody }) => {
    const provider = deps.providers.get(name)
    if (!provider) throw generalProblem('not_found')
    const notice = await provider.verifyWebhook({ headers, rawBody, now: clock.now() })
    const orderId = notice?.payment.reference ?? ''
    if (!notice || !ORDER_ID.test(orderId)) {
      log.warn({ provider: name, event: notice?.eventId }, 'a webhook about nothing of ours')
      return
    }
    const seen = await complete({ provider: name, orderId, seen: notice.payment })
    await recorder.observe({ provider: name, orderId, seen })
    const { refund, dispute } = notice
    if (refund) await refunds.follow({ provider: name, orderId, refund })
    if (dispute) await followDispute({ provider: name, orderId, dispute })
  }
}

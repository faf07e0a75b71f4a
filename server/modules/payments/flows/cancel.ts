import { money } from '#contracts/kit/money.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { Payment, PaymentsApi } from '../api.ts'
import { type Attempt, givenBack, knownOf, providerKey, refundable } from '../model.ts'
import { type PaymentProvider, ProviderRefused, ProviderSilent } from '../provider.ts'
import type { Recorder } from '../recorder.ts'
import { listAttempts } from '../repository.ts'
import { listTenders } from '../tender-repository.ts'
import { showPayment } from '../view.ts'
import type { Ask } from './ask.ts'
import type { Refunds } from './refund.ts'

type Deps = Readonly<{
  db: Database
  log: Log
  recorder: Recorder
  ask: Ask
  refunds: Refunds
  provider(name: string): PaymentProvider
}>

/**
 * Gives back everything that any attempt of an order took: what is open is voided, what was taken
 * is refunded. What has no answer yet stays as it is, and the caller asks again.
 */
export function makeCancel(deps: Deps): PaymentsApi['cancel'] {
  const { db, log, recorder, ask, refunds } = deps

  async function release(attempt: Attempt): Promise<Attempt> {
    if (attempt.providerRef === null) return attempt
    try {
      const seen = await deps.provider(attempt.provider).void({
        key: providerKey(attempt.orderId, 'void', String(attempt.attempt)),
        ref: attempt.providerRef,
        of: knownOf(attempt),
      })
      const observation = { provider: attempt.provider, orderId: attempt.orderId, seen }
      const attempts = await recorder.observe(observation)
      return attempts.find(({ id }) => id === attempt.id) ?? attempt
    } catch (error) {
      // It was taken, or failed, just before: then it cannot be voided, and the provider says so.
      if (error instanceof ProviderRefused) return ask(attempt, { answered: false })
      if (!(error instanceof ProviderSilent)) throw error
      log.warn({ orderId: attempt.orderId }, 'a payment could not be voided yet')
      return attempt
    }
  }

  async function giveBack(found: Attempt, input: { reason: string }): Promise<void> {
    const known = found.state === 'unknown' ? await ask(found, { answered: false }) : found
    const open = known.state === 'requires_action' || known.state === 'authorized'
    const attempt = open ? await release(known) : known
    const left = refundable(attempt)
    if (left === 0) return
    await refunds.refund({
      key: `cancel:${attempt.attempt}:${givenBack(attempt)}`,
      orderId: attempt.orderId,
      amount: money(left, attempt.currency),
      reason: input.reason,
      from: attempt.attempt,
    })
  }

  /** Gift cards and store credit get back what is left of what they paid. */
  async function giveTendersBack(
    { orderId, currency, tenderRefunded }: Attempt,
    { reason }: { reason: string },
  ): Promise<void> {
    const tenders = await listTenders(db, orderId)
    const left = tenders.reduce((sum, { amount, refunded }) => sum + amount - refunded, 0)
    if (left === 0) return
    await refunds.refund({
      key: `cancel:tenders:${tenderRefunded}`,
      orderId,
      amount: money(left, currency),
      reason,
      from: 'tenders',
    })
  }

  return async ({ orderId, reason }): Promise<Payment | null> => {
    const attempts = await listAttempts(db, [orderId])
    for (const attempt of attempts) await giveBack(attempt, { reason })
    const last = attempts.at(-1)
    if (last && last.tendered > 0) await giveTendersBack(last, { reason })
    const newest = (await listAttempts(db, [orderId])).at(-1)
    return newest ? showPayment(db, newest) : null
  }
}

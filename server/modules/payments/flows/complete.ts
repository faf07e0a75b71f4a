import { money } from '#contracts/kit/money.ts'
import type { Database } from '../../../platform/db/database.ts'
import { knownOf, providerKey } from '../model.ts'
import { type PaymentProvider, type ProviderPayment, ProviderRefused } from '../provider.ts'
import { listAttempts } from '../repository.ts'

/**
 * Takes what the shopper has approved at a provider that leaves the taking to us, as long as we
 * still wait for it: an order that was given up takes nothing.
 * @returns the payment as it is then.
 * @throws ProviderSilent if nobody knows
 */
export type Complete = (
  input: Readonly<{ provider: string; orderId: string; seen: ProviderPayment }>,
) => Promise<ProviderPayment>

type Deps = Readonly<{ db: Database; provider(name: string): PaymentProvider }>

export function makeComplete({ db, provider }: Deps): Complete {
  return async ({ provider: name, orderId, seen }) => {
    if (seen.status !== 'approved') return seen
    const attempt = (await listAttempts(db, [orderId])).find(
      (one) =>
        one.provider === name &&
        (one.providerRef === seen.ref ||
          (one.providerRef === null && one.attempt === seen.attempt)),
    )
    const waits = attempt?.state === 'unknown' || attempt?.state === 'requires_action'
    if (!attempt || !waits) return seen
    try {
      return await provider(name).capture({
        key: providerKey(orderId, 'complete', String(attempt.attempt)),
        ref: seen.ref,
        amount: money(attempt.amount, attempt.currency),
        of: knownOf(attempt),
      })
    } catch (error) {
      // It was never reached, and will be asked again.
      if (error instanceof ProviderRefused && error.code === 'unreachable') return seen
      if (error instanceof ProviderRefused) {
        return { ...seen, status: 'failed', declineCode: error.code }
      }
      throw error
    }
  }
}

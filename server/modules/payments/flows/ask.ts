import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { Attempt } from '../model.ts'
import { type PaymentProvider, ProviderRefused, ProviderSilent } from '../provider.ts'
import type { Recorder } from '../recorder.ts'
import { listAttempts } from '../repository.ts'
import type { Complete } from './complete.ts'

/** After so long without a record at the provider, the charge certainly never reached it. */
const GIVE_UP_MS = 15 * 60_000

/**
 * Asks the provider what became of an attempt, and keeps the answer. Never charges.
 * @param answered the provider had answered the charge, by an error of its own.
 * @returns the attempt as it is known then.
 */
export type Ask = (attempt: Attempt, input: { answered: boolean }) => Promise<Attempt>

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  recorder: Recorder
  complete: Complete
  provider(name: string): PaymentProvider
}>

export function makeAsk({ db, clock, log, recorder, complete, provider }: Deps): Ask {
  async function current(attempt: Attempt): Promise<Attempt> {
    const attempts = await listAttempts(db, [attempt.orderId])
    return attempts.find(({ id }) => id === attempt.id) ?? attempt
  }

  return async (attempt, { answered }) => {
    const { orderId, providerKey, providerRef } = attempt
    try {
      const found = await provider(attempt.provider).find({
        reference: orderId,
        key: providerKey,
        ...(providerRef === null ? {} : { ref: providerRef }),
      })
      if (found) {
        const seen = await complete({ provider: attempt.provider, orderId, seen: found })
        const attempts = await recorder.observe({ provider: attempt.provider, orderId, seen })
        return attempts.find(({ id }) => id === attempt.id) ?? attempt
      }
    } catch (error) {
      if (!(error instanceof ProviderSilent || error instanceof ProviderRefused)) throw error
      log.warn({ orderId, error: error.message }, 'the payment provider could not be asked')
      return current(attempt)
    }
    const age = clock.now().getTime() - Date.parse(attempt.createdAt)
    if (answered) await recorder.fail(attempt, 'provider_error')
    else if (age >= GIVE_UP_MS) await recorder.fail(attempt, 'not_received')
    return current(attempt)
  }
}

import { type Money, money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import { assertOutsideTransaction, type Database } from '../../../platform/db/database.ts'
import type { Payment, PaymentsApi } from '../api.ts'
import { type Attempt, knownOf, providerKey } from '../model.ts'
import { type PaymentProvider, ProviderRefused, ProviderSilent } from '../provider.ts'
import { readReference } from '../providers/by-hand.ts'
import type { Recorder } from '../recorder.ts'
import { findTransfer, listAttempts } from '../repository.ts'
import { showPayment } from '../view.ts'
import type { Ask } from './ask.ts'

export type Captures = Readonly<{
  capture: PaymentsApi['capture']
  /** Gives up an authorisation, or a payment that the shopper has not made yet. */
  void(input: { orderId: string }): Promise<Payment>
  /**
   * Books a bank transfer by the reference on it.
   * @throws payments.transfer_unknown, payments.amount_mismatch
   */
  receiveTransfer(input: { reference: string; amount: Money }): Promise<Payment>
}>

type Deps = Readonly<{
  db: Database
  recorder: Recorder
  ask: Ask
  provider(name: string): PaymentProvider
}>

export function makeCaptures({ db, recorder, ask, provider }: Deps): Captures {
  async function getNewest(orderId: string): Promise<Attempt> {
    const newest = (await listAttempts(db, [orderId])).at(-1)
    if (!newest) throw generalProblem('not_found')
    return newest
  }

  /** Gives a command to the provider and keeps its answer. */
  async function command(
    attempt: Attempt,
    run: (party: PaymentProvider, ref: string) => ReturnType<PaymentProvider['capture']>,
  ): Promise<Payment> {
    assertOutsideTransaction('A command to a payment provider')
    const { orderId, providerRef } = attempt
    if (providerRef === null) throw refuse(attempt, 'capture')
    try {
      const seen = await run(provider(attempt.provider), providerRef)
      const all = await recorder.observe({ provider: attempt.provider, orderId, seen })
      return showPayment(db, all.find(({ id }) => id === attempt.id) ?? attempt)
    } catch (error) {
      if (error instanceof ProviderSilent) {
        await ask(attempt, { answered: false })
        throw paymentsProblem('payments.provider_unavailable', { retryAfterSeconds: 5 })
      }
      if (!(error instanceof ProviderRefused)) throw error
      if (error.code === 'unreachable') {
        throw paymentsProblem('payments.provider_unavailable', { retryAfterSeconds: 5 })
      }
      throw paymentsProblem('payments.provider_refused', { data: { providerCode: error.code } })
    }
  }

  async function book(attempt: Attempt, wanted: Money | undefined): Promise<Payment> {
    if (attempt.state === 'captured') return showPayment(db, attempt)
    const { recordless } = provider(attempt.provider)
    // Cash or a transfer may come after all was given up: then it is booked, and given back.
    if (attempt.state !== 'authorized' && !recordless) throw refuse(attempt, 'capture')
    const whole = money(attempt.amount, attempt.currency)
    const amount = wanted ?? whole
    const fits =
      amount.currency === whole.currency &&
      amount.amount > 0 &&
      (recordless ? amount.amount === whole.amount : amount.amount <= whole.amount)
    if (!fits) throw paymentsProblem('payments.amount_mismatch', { data: { expected: whole } })
    const key = providerKey(attempt.orderId, 'capture', String(attempt.attempt))
    return command(attempt, (party, ref) =>
      party.capture({ key, ref, amount, of: knownOf(attempt) }),
    )
  }

  return {
    capture: async ({ orderId, amount }) => book(await getNewest(orderId), amount),
    async void({ orderId }) {
      const attempt = await getNewest(orderId)
      if (attempt.state === 'voided') return showPayment(db, attempt)
      if (attempt.state !== 'authorized' && attempt.state !== 'requires_action') {
        throw refuse(attempt, 'void')
      }
      const key = providerKey(orderId, 'void', String(attempt.attempt))
      return command(attempt, (party, ref) => party.void({ key, ref, of: knownOf(attempt) }))
    },
    async receiveTransfer({ reference, amount }) {
      const read = readReference(reference)
      const attempt = read ? await findTransfer(db, read) : undefined
      if (!attempt) throw paymentsProblem('payments.transfer_unknown')
      return book(attempt, amount)
    },
  }
}

function refuse({ state }: Attempt, event: string) {
  return generalProblem('invalid_transition', {
    detail: `A payment that is ${state.replaceAll('_', ' ')} does not allow: ${event}`,
    data: { state, event },
  })
}

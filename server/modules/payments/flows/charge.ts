import { money } from '#contracts/kit/money.ts'
import { type Batcher, createBatcher } from '../../../platform/batcher.ts'
import type { Clock } from '../../../platform/clock.ts'
import {
  assertOutsideTransaction,
  type Database,
  isConnectionError,
} from '../../../platform/db/database.ts'
import { type Ids, shardOf } from '../../../platform/ids.ts'
import type { ChargeInput, Payment } from '../api.ts'
import { type Attempt, providerKey, UNTOUCHED } from '../model.ts'
import { type PaymentProvider, ProviderRefused, ProviderSilent } from '../provider.ts'
import type { Recorder } from '../recorder.ts'
import { insertNewAttempts, listAttempts, type NewAttempt } from '../repository.ts'
import { showPayment } from '../view.ts'
import type { Ask } from './ask.ts'

/** Later than any answer can come: then the provider is asked, should this process have died. */
const ASK_AFTER_MS = 15_000

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  recorder: Recorder
  ask: Ask
  /** The provider that takes a method of payment. @throws payments.provider_unavailable */
  providerFor(method: string): PaymentProvider
  /** Records an attempt that gift cards or store credit help to pay. */
  prepareSplit(input: ChargeInput): Promise<Prepared>
  /** Whether money is taken at once, or only made sure of until it is captured. */
  captureAtOnce: boolean
}>

/**
 * Charges once per (order, attempt): the attempt is recorded, then the provider is called under a
 * key that follows from both, then its word is kept. A repetition finds the attempt; it calls the
 * provider again, under the same key, only if the provider knows of none.
 */
export function makeCharge(deps: Deps): (input: ChargeInput) => Promise<Payment> {
  const prepare = createPreparation(deps)

  /** @param isFirst nobody has called for this attempt before. */
  async function call(
    attempt: Attempt,
    input: ChargeInput,
    { isFirst }: Readonly<{ isFirst: boolean }>,
  ): Promise<Attempt> {
    assertOutsideTransaction('Charging')
    const provider = deps.providerFor(input.method)
    try {
      const seen = await provider.authorize({
        key: attempt.providerKey,
        reference: attempt.orderId,
        attempt: attempt.attempt,
        amount: money(attempt.amount, attempt.currency),
        token: input.token,
        capture: deps.captureAtOnce,
        returnUrl: input.returnUrl,
      })
      const observation = { provider: provider.name, orderId: attempt.orderId, seen }
      return pick(await deps.recorder.observe(observation), attempt)
    } catch (error) {
      const isRefused = error instanceof ProviderRefused
      if (!isRefused && !(error instanceof ProviderSilent)) throw error
      // What an earlier call did, or is still about to do, this one's failure does not tell.
      if (!isFirst) return deps.ask(attempt, { answered: false })
      if (isRefused) return refuse(attempt, error.code)
      return deps.ask(attempt, { answered: error.answered })
    }
  }

  async function refuse(attempt: Attempt, code: string): Promise<Attempt> {
    const declineCode = code === 'unreachable' ? 'provider_unavailable' : code
    if (await deps.recorder.fail(attempt, declineCode)) {
      return { ...attempt, state: 'failed', declineCode }
    }
    return pick(await listAttempts(deps.db, [attempt.orderId]), attempt)
  }

  /** An attempt that was recorded before: perhaps its process died before it could call. */
  async function resume(attempt: Attempt, input: ChargeInput): Promise<Attempt> {
    if (attempt.state !== 'unknown') return attempt
    const asked = await deps.ask(attempt, { answered: false })
    const age = deps.clock.now().getTime() - Date.parse(attempt.createdAt)
    const mayCall = asked.state === 'unknown' && asked.providerRef === null && age >= ASK_AFTER_MS
    return mayCall ? call(asked, input, { isFirst: false }) : asked
  }

  return async (input) => {
    const isSplit = (input.giftCards?.length ?? 0) > 0 || input.storeCreditOf !== undefined
    const { attempt, isNew } = await (isSplit ? deps.prepareSplit(input) : prepare(input))
    const open = attempt.state === 'unknown'
    if (!open) return showPayment(deps.db, attempt)
    const tried = isNew
      ? await call(attempt, input, { isFirst: true })
      : await resume(attempt, input)
    return showPayment(deps.db, tried)
  }
}

export type Prepared = Readonly<{ attempt: Attempt; isNew: boolean }>

/** The attempt that a charge makes, before anybody is called. */
export function newAttempt(
  { ids, providerFor }: Pick<Deps, 'ids' | 'providerFor'>,
  { orderId, attempt, amount, method }: ChargeInput,
): NewAttempt {
  return {
    orderId,
    attempt,
    id: ids.make('pay', shardOf(orderId)),
    provider: providerFor(method).name,
    providerKey: providerKey(orderId, 'charge', String(attempt)),
    method,
    currency: amount.currency,
    amount: amount.amount,
  }
}

/** When an attempt was recorded, and when its provider is asked if it has not answered. */
export function timesOf(now: Date): Readonly<{ now: string; askAt: string }> {
  const askAt = new Date(now.getTime() + ASK_AFTER_MS).toISOString()
  return { now: now.toISOString(), askAt }
}

/** Records attempts, many in one statement. */
function createPreparation(deps: Deps): Batcher<ChargeInput, Prepared> {
  const { db, clock } = deps
  return createBatcher<ChargeInput, Prepared>({
    maxBatch: 500,
    concurrency: 2,
    fatal: isConnectionError,
    async run(inputs) {
      const now = clock.now()
      const wanted = inputs.map((input) => newAttempt(deps, input))
      const times = timesOf(now)
      const fresh = await insertNewAttempts(db, wanted, times)
      const isNew = wanted.map(({ orderId, attempt }) => fresh.delete(`${orderId} ${attempt}`))
      const old = wanted.filter((_, place) => !isNew[place]).map(({ orderId }) => orderId)
      const found = old.length === 0 ? [] : await listAttempts(db, old)
      return wanted.map((attempt, place) => ({
        value: isNew[place]
          ? { attempt: opened(attempt, now), isNew: true }
          : { attempt: pick(found, attempt), isNew: false },
      }))
    },
  })
}

function opened(attempt: NewAttempt, now: Date): Attempt {
  return {
    ...attempt,
    shard: shardOf(attempt.orderId),
    ...UNTOUCHED,
    state: attempt.amount === 0 ? 'captured' : 'unknown',
    createdAt: now.toISOString(),
  }
}

/** The one of an order's attempts that is meant. */
export function pick(
  attempts: readonly Attempt[],
  { orderId, attempt }: Pick<Attempt, 'orderId' | 'attempt'>,
): Attempt {
  const found = attempts.find((other) => other.orderId === orderId && other.attempt === attempt)
  if (!found) throw new Error(`Attempt ${attempt} of ${orderId} is not recorded`)
  return found
}

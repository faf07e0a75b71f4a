import { money } from '#contracts/kit/money.ts'
import { paymentFailed, paymentProcessed } from '#contracts/payments/events.ts'
import { type Batcher, createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError, isUniqueViolation } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import type { NewEvent, Outbox } from '../../platform/events/outbox.ts'
import type { Log } from '../../platform/log.ts'
import { captureJournal, type Journal } from './ledger.ts'
import type { LedgerRepository } from './ledger-repository.ts'
import { type Attempt, applyHappening, askDelayMs, happeningsOf } from './model.ts'
import { settlementJournals } from './money-journals.ts'
import type { ProviderPayment } from './provider.ts'
import {
  failUnknownAttempt,
  insertFirstHappenings,
  insertHappenings,
  lockAttemptsOf,
  type OwnedHappening,
  updateLockedAttempts,
} from './repository.ts'

/** A provider's word on one payment, from an answer, a question or a webhook. */
export type Observation = Readonly<{ provider: string; orderId: string; seen: ProviderPayment }>

export type Recorder = Readonly<{
  /**
   * Keeps what a provider says of an order's payment, its money in the ledger and its event in the
   * outbox, once however often it is said. @returns the order's attempts after it.
   */
  observe: Batcher<Observation, readonly Attempt[]>
  /** Ends an attempt that certainly charged nothing. @returns whether it was still unknown. */
  fail(attempt: Attempt, declineCode: string): Promise<boolean>
}>

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  log: Log
  ledger: LedgerRepository
}>

export function createRecorder(deps: Deps): Recorder {
  const { db, outbox, clock } = deps
  return {
    observe: createBatcher<Observation, readonly Attempt[]>({
      maxBatch: 500,
      concurrency: 2,
      fatal: isConnectionError,
      async run(batch) {
        await openAccounts(deps, batch)
        const recordAll = (mayBeFirst: boolean) =>
          db.tx((tx) => record(deps, tx, { batch, mayBeFirst }), {
            pipelined: 'with begin',
            last: (tx, { write }) => write(tx),
          })
        const { byOrder } = await recordAll(true).catch((error: unknown) => {
          // A word that was kept before was taken for the first.
          if (!isUniqueViolation(error)) throw error
          return recordAll(false)
        })
        outbox.appended.strike()
        return batch.map(({ orderId }) => ({ value: byOrder.get(orderId) ?? [] }))
      },
    }),
    async fail(attempt, declineCode) {
      const now = clock.now().toISOString()
      const failed = await db.tx(async (tx) => {
        const ended = await failUnknownAttempt(tx, attempt, { declineCode, now })
        if (ended) await outbox.append(tx, [failedEvent({ ...attempt, declineCode })])
        return ended
      })
      outbox.appended.strike()
      return failed
    },
  }
}

function openAccounts({ ledger }: Deps, batch: readonly Observation[]): Promise<void> {
  return ledger.openAccounts(
    batch.map(({ provider, orderId, seen }) =>
      captureJournal({
        orderId,
        paymentId: '',
        provider,
        currency: seen.currency,
        amount: seen.captured,
      }),
    ),
  )
}

/** An order's attempts as they will be, and what makes them so. */
type Recorded = Readonly<{
  byOrder: ReadonlyMap<string, readonly Attempt[]>
  write(tx: Tx): Promise<unknown>
}>

/**
 * @param mayBeFirst whether words on attempts that no provider has spoken of may be taken for news,
 * so that they are kept together with what follows from them; else it is asked which are.
 */
async function record(
  { ledger, outbox, clock, log }: Deps,
  tx: Tx,
  { batch, mayBeFirst }: Readonly<{ batch: readonly Observation[]; mayBeFirst: boolean }>,
): Promise<Recorded> {
  const now = clock.now()
  const locked = await lockAttemptsOf(
    tx,
    batch.map(({ orderId }) => orderId),
  )
  const byOrder = Map.groupBy(locked, ({ orderId }) => orderId)
  const told: Told[] = []
  for (const observation of batch) {
    const attempt = findAttempt(byOrder.get(observation.orderId) ?? [], observation)
    if (attempt) told.push({ attempt, seen: observation.seen })
    else
      log.error({ orderId: observation.orderId, ref: observation.seen.ref }, 'a payment of nobody')
  }
  const words = told.flatMap(({ attempt, seen }) =>
    happeningsOf(seen).map((happening): OwnedHappening => ({ attempt, happening })),
  )
  const areFirst = mayBeFirst && areFirstWords(told)
  const news = areFirst ? words : await insertHappenings(tx, words, now.toISOString())
  const changed = fold(told, news)
  const updates = changed.map(({ attempt }) => ({ attempt, askAt: askAtOf(attempt, now) }))
  const captures = news
    .filter(({ happening }) => happening.type === 'CAPTURE_OK')
    .map(({ attempt, happening }) =>
      captureJournal({ ...attempt, paymentId: attempt.id, amount: happening.amount }),
    )
  // Told seldom, and of one payment at a time.
  await ledger.writeOpening(tx, told.flatMap(settlementsOf))
  const after = new Map(changed.map(({ attempt }) => [attempt.id, attempt]))
  return {
    byOrder: new Map(
      [...byOrder].map(([orderId, attempts]) => [
        orderId,
        attempts.map((attempt) => after.get(attempt.id) ?? attempt),
      ]),
    ),
    write: (tx) =>
      Promise.all([
        areFirst && insertFirstHappenings(tx, words, now.toISOString()),
        updateLockedAttempts(tx, updates, now.toISOString()),
        ledger.write(tx, captures),
        outbox.append(tx, changed.flatMap(eventsOf)),
      ]),
  }
}

/** Whether nobody has spoken of these attempts before, nor twice now. */
function areFirstWords(told: readonly Told[]): boolean {
  const isUntold = told.every(({ attempt }) => attempt.providerRef === null)
  return isUntold && new Set(told.map(({ attempt }) => attempt.id)).size === told.length
}

function settlementsOf({ attempt, seen }: Told): Journal[] {
  const { settlement, currency, captured } = seen
  if (!settlement || captured === 0) return []
  return settlementJournals({ ...attempt, currency, amount: captured, settlement })
}

/** Which of an order's attempts a provider means; none if the money is not what was asked for. */
function findAttempt(
  attempts: readonly Attempt[],
  { provider, seen }: Observation,
): Attempt | undefined {
  const found = attempts.find(
    (attempt) =>
      attempt.provider === provider &&
      (attempt.providerRef === seen.ref ||
        (attempt.providerRef === null &&
          (seen.attempt === undefined || seen.attempt === attempt.attempt))),
  )
  return found && found.currency === seen.currency && found.amount === seen.amount
    ? found
    : undefined
}

type Told = Readonly<{ attempt: Attempt; seen: ProviderPayment }>

type Change = Readonly<{ before: Attempt; attempt: Attempt }>

/** Each attempt that was spoken of, with its news folded in. */
function fold(told: readonly Told[], news: readonly OwnedHappening[]): Change[] {
  const newsOf = Map.groupBy(news, ({ attempt }) => attempt.id)
  const spokenOf = Map.groupBy(told, ({ attempt }) => attempt.id)
  return [...spokenOf.values()].map((words) => {
    const before = words[0]!.attempt
    const folded = (newsOf.get(before.id) ?? []).reduce(
      (attempt, { happening }) => applyHappening(attempt, happening),
      before,
    )
    return {
      before,
      attempt: words.reduce((attempt, { seen }) => withDetails(attempt, seen), folded),
    }
  })
}

function withDetails(attempt: Attempt, seen: ProviderPayment): Attempt {
  return {
    ...attempt,
    providerRef: seen.ref,
    declineCode: seen.declineCode ?? attempt.declineCode,
    redirectUrl: seen.redirectUrl ?? attempt.redirectUrl,
    card: seen.card ?? attempt.card,
    riskScore: seen.riskScore ?? attempt.riskScore,
    payBefore: seen.payBefore ?? attempt.payBefore,
  }
}

function askAtOf({ state, asks }: Attempt, now: Date): string | null {
  return state === 'unknown' ? new Date(now.getTime() + askDelayMs(asks)).toISOString() : null
}

function eventsOf({ before, attempt }: Change): NewEvent[] {
  if (attempt.state === before.state) return []
  if (attempt.state === 'failed') return [failedEvent(attempt)]
  if (attempt.state !== 'authorized' && attempt.state !== 'captured') return []
  const event: NewEvent<typeof paymentProcessed> = {
    spec: paymentProcessed,
    aggregateId: attempt.orderId,
    payload: {
      orderId: attempt.orderId,
      paymentId: attempt.id,
      amount: money(attempt.amount, attempt.currency),
      status: attempt.state === 'captured' ? 'completed' : 'authorized',
    },
  }
  return [event]
}

function failedEvent(attempt: Attempt): NewEvent<typeof paymentFailed> {
  return {
    spec: paymentFailed,
    aggregateId: attempt.orderId,
    payload: {
      orderId: attempt.orderId,
      paymentId: attempt.id,
      amount: money(attempt.amount, attempt.currency),
      declineCode: attempt.declineCode ?? 'declined',
    },
  }
}

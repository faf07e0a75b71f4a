import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { Attempt, Happening } from './model.ts'

const ATTEMPT = `p.shard, p.order_id as "orderId", p.attempt, p.id, p.provider,
  p.provider_key as "providerKey", p.provider_ref as "providerRef", p.method, p.currency, p.amount,
  p.authorized, p.captured, p.voided, p.refunded, p.refund_claimed as "refundClaimed", p.credited,
  p.tendered, p.tender_refunded as "tenderRefunded", p.disputed, p.state,
  p.decline_code as "declineCode", p.redirect_url as "redirectUrl", p.card,
  p.risk_score as "riskScore", p.asks, p.pay_before as "payBefore",
  p.created_at as "createdAt"`

const insertAttempts = statement<{ order_id: string; attempt: number }>(
  'payments.insert_attempts',
  `insert into payments.payments (shard, order_id, attempt, id, provider, provider_key, method,
     currency, amount, state, ask_at, created_at, updated_at)
   select shard, order_id, attempt, id, provider, provider_key, method, currency, amount,
     case when amount = 0 then 'captured' else 'unknown' end,
     case when amount = 0 then null else $10::timestamptz end, $11, $11
   from unnest($1::smallint[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[],
     $7::text[], $8::text[], $9::bigint[])
     as a(shard, order_id, attempt, id, provider, provider_key, method, currency, amount)
   order by shard, order_id, attempt
   on conflict do nothing
   returning order_id, attempt`,
)

const lockAttempts = statement<Attempt>(
  'payments.lock_attempts',
  `select ${ATTEMPT} from payments.payments p
   join (select distinct * from unnest($1::smallint[], $2::text[])) as k(shard, order_id)
     on p.shard = k.shard and p.order_id = k.order_id
   order by p.shard, p.order_id, p.attempt
   for no key update of p`,
)

const selectAttempts = statement<Attempt>(
  'payments.select_attempts',
  `select ${ATTEMPT} from payments.payments p
   join (select distinct * from unnest($1::smallint[], $2::text[])) as k(shard, order_id)
     on p.shard = k.shard and p.order_id = k.order_id
   order by p.shard, p.order_id, p.attempt`,
)

const INSERT_EVENTS = `insert into payments.payment_events
     (shard, provider, provider_ref, type, order_id, attempt, amount, at)
   select shard, provider, ref, type, order_id, attempt, amount, $8
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[],
     $7::bigint[]) as e(shard, provider, ref, type, order_id, attempt, amount)
   order by shard, provider, ref, type`

const insertEvents = statement<{ provider_ref: string; type: string; order_id: string }>(
  'payments.insert_events',
  `${INSERT_EVENTS} on conflict do nothing returning provider_ref, type, order_id`,
)

const insertFirstEvents = statement('payments.insert_first_events', INSERT_EVENTS)

const updateAttempts = statement(
  'payments.update_attempts',
  `update payments.payments p
   set provider_ref = coalesce(u.provider_ref, p.provider_ref), authorized = u.authorized,
       captured = u.captured, voided = u.voided, refunded = u.refunded, disputed = u.disputed,
       state = u.state, pay_before = coalesce(u.pay_before, p.pay_before),
       decline_code = u.decline_code, redirect_url = u.redirect_url,
       card = coalesce(u.card, p.card), risk_score = coalesce(u.risk_score, p.risk_score),
       ask_at = u.ask_at, updated_at = $15
   from unnest($1::smallint[], $2::text[], $3::int[], $4::text[], $5::bigint[], $6::bigint[],
     $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::jsonb[], $13::int[],
     $14::timestamptz[], $16::bigint[], $17::timestamptz[]) as u(shard, order_id, attempt, provider_ref, authorized, captured, voided,
     refunded, state, decline_code, redirect_url, card, risk_score, ask_at,
     disputed, pay_before)
   where p.shard = u.shard and p.order_id = u.order_id and p.attempt = u.attempt`,
)

/**
 * Takes rows that have waited long enough for their provider's answer, and puts the next asking
 * off: 2 s doubling to 5 minutes. `$1` is now, `$2` how many.
 */
export function askAgain(table: string, alias: string, key: string): string {
  return `set asks = ${alias}.asks + 1,
       ask_at = $1::timestamptz
         + make_interval(secs => least(300, 2 * power(2, least(${alias}.asks, 10))))
   where (${alias}.shard, ${alias}.order_id, ${alias}.${key}) in (
     select shard, order_id, ${key} from ${table}
     where ask_at <= $1 order by ask_at limit $2 for update skip locked)`
}

const claimUnknown = statement<Attempt>(
  'payments.claim_unknown',
  `update payments.payments p
   ${askAgain('payments.payments', 'p', 'attempt')}
   returning ${ATTEMPT}`,
)

const failUnknown = statement<{ order_id: string }>(
  'payments.fail_unknown',
  `update payments.payments
   set state = 'failed', decline_code = $4, ask_at = null, updated_at = $5
   where shard = $1 and order_id = $2 and attempt = $3 and state = 'unknown'
   returning order_id`,
)

const selectByTransfer = statement<Attempt>(
  'payments.find_transfer',
  `select ${ATTEMPT} from payments.payments p
   where p.provider = 'transfer' and p.provider_ref = $1`,
)

/** The attempt that waits for a bank transfer with this reference. */
export async function findTransfer(on: Queryable, ref: string): Promise<Attempt | undefined> {
  return (await selectByTransfer(on, [ref]))[0]
}

export type NewAttempt = Readonly<
  Pick<
    Attempt,
    'orderId' | 'attempt' | 'id' | 'provider' | 'providerKey' | 'method' | 'currency' | 'amount'
  >
>

/** Records attempts before their provider is called. @returns `order attempt` of those not there. */
export async function insertNewAttempts(
  on: Queryable,
  attempts: readonly NewAttempt[],
  times: Readonly<{ now: string; askAt: string }>,
): Promise<Set<string>> {
  const rows = await insertAttempts(on, [
    attempts.map((attempt) => shardOf(attempt.orderId)),
    attempts.map((attempt) => attempt.orderId),
    attempts.map((attempt) => attempt.attempt),
    attempts.map((attempt) => attempt.id),
    attempts.map((attempt) => attempt.provider),
    attempts.map((attempt) => attempt.providerKey),
    attempts.map((attempt) => attempt.method),
    attempts.map((attempt) => attempt.currency),
    attempts.map((attempt) => attempt.amount),
    times.askAt,
    times.now,
  ])
  return new Set(rows.map((row) => `${row.order_id} ${row.attempt}`))
}

function keysOf(orderIds: readonly string[]): readonly [number[], readonly string[]] {
  return [orderIds.map(shardOf), orderIds]
}

/** All attempts of these orders, locked in order of (shard, order, attempt). */
export function lockAttemptsOf(tx: Tx, orderIds: readonly string[]): Promise<Attempt[]> {
  return lockAttempts(tx, keysOf(orderIds))
}

/** All attempts of these orders, by order, the newest last. */
export function listAttempts(on: Queryable, orderIds: readonly string[]): Promise<Attempt[]> {
  return selectAttempts(on, keysOf(orderIds))
}

export type OwnedHappening = Readonly<{ attempt: Attempt; happening: Happening }>

/** Keeps what providers said. @returns what was news. */
export async function insertHappenings(
  tx: Tx,
  happenings: readonly OwnedHappening[],
  now: string,
): Promise<OwnedHappening[]> {
  if (happenings.length === 0) return []
  const rows = await insertEvents(tx, happeningColumns(happenings, now))
  const fresh = new Set(rows.map((row) => `${row.order_id} ${row.provider_ref} ${row.type}`))
  // The same news twice in one batch is new once.
  return happenings.filter(({ attempt, happening }) =>
    fresh.delete(`${attempt.orderId} ${happening.ref} ${happening.type}`),
  )
}

/** Keeps the first words on attempts. @throws a unique violation if one of them was kept before. */
export async function insertFirstHappenings(
  tx: Tx,
  happenings: readonly OwnedHappening[],
  now: string,
): Promise<void> {
  if (happenings.length > 0) await insertFirstEvents(tx, happeningColumns(happenings, now))
}

function happeningColumns(happenings: readonly OwnedHappening[], now: string): unknown[] {
  return [
    happenings.map(({ attempt }) => attempt.shard),
    happenings.map(({ attempt }) => attempt.provider),
    happenings.map(({ happening }) => happening.ref),
    happenings.map(({ happening }) => happening.type),
    happenings.map(({ attempt }) => attempt.orderId),
    happenings.map(({ attempt }) => attempt.attempt),
    happenings.map(({ happening }) => happening.amount),
    now,
  ]
}

/** Writes locked attempts back. @param askAt when their provider is asked again, if it must be. */
export async function updateLockedAttempts(
  tx: Tx,
  changes: readonly Readonly<{ attempt: Attempt; askAt: string | null }>[],
  now: string,
): Promise<void> {
  if (changes.length === 0) return
  const attempts = changes.map((change) => change.attempt)
  await updateAttempts(tx, [
    attempts.map((attempt) => attempt.shard),
    attempts.map((attempt) => attempt.orderId),
    attempts.map((attempt) => attempt.attempt),
    attempts.map((attempt) => attempt.providerRef),
    attempts.map((attempt) => attempt.authorized),
    attempts.map((attempt) => attempt.captured),
    attempts.map((attempt) => attempt.voided),
    attempts.map((attempt) => attempt.refunded),
    attempts.map((attempt) => attempt.state),
    attempts.map((attempt) => attempt.declineCode),
    attempts.map((attempt) => attempt.redirectUrl),
    attempts.map((attempt) => attempt.card && JSON.stringify(attempt.card)),
    attempts.map((attempt) => attempt.riskScore),
    changes.map((change) => change.askAt),
    now,
    attempts.map((attempt) => attempt.disputed),
    attempts.map((attempt) => attempt.payBefore),
  ])
}

/** Takes attempts whose provider must be asked now, and puts their next asking off. */
export function claimUnknownAttempts(
  on: Queryable,
  input: { now: string; limit: number },
): Promise<Attempt[]> {
  return claimUnknown(on, [input.now, input.limit])
}

/** Ends an attempt that charged nothing. @returns whether it was still open. */
export async function failUnknownAttempt(
  tx: Tx,
  attempt: Attempt,
  input: { declineCode: string; now: string },
): Promise<boolean> {
  const { shard, orderId } = attempt
  const rows = await failUnknown(tx, [
    shard,
    orderId,
    attempt.attempt,
    input.declineCode,
    input.now,
  ])
  return rows.length === 1
}

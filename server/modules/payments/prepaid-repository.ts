import { only, type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import type { PrepaidKind } from './tender-repository.ts'

/** A gift card, or a customer's store credit. Amounts in minor units of `currency`. */
export type PrepaidAccount = Readonly<{
  shard: number
  id: string
  kind: PrepaidKind
  last4: string | null
  customerId: string | null
  currency: string
  issued: number
  balance: number
  disabled: boolean
  expiresAt: string | null
  reference: string
  createdAt: string
}>

export type PrepaidEntry = Readonly<{
  key: string
  kind: 'issue' | 'redeem' | 'return' | 'correct'
  amount: number
  orderId: string | null
  note: string
  at: string
}>

const ACCOUNT = `a.shard, a.id, a.kind, a.last4, a.customer_id as "customerId", a.currency, a.issued,
  a.balance, a.disabled, a.expires_at as "expiresAt", a.reference, a.created_at as "createdAt"`

const insertAccount = statement<{ id: string }>(
  'payments.insert_prepaid_account',
  `insert into payments.prepaid_accounts (shard, id, kind, code_hash, last4, customer_id, currency,
     issued, balance, expires_at, reference, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $9, $10)
   on conflict do nothing returning id`,
)

const selectByCode = statement<PrepaidAccount>(
  'payments.find_gift_card',
  `select ${ACCOUNT} from payments.prepaid_accounts a where a.code_hash = $1`,
)

const selectByReference = statement<PrepaidAccount & { codeHash: Buffer }>(
  'payments.find_gift_card_by_reference',
  `select ${ACCOUNT}, a.code_hash as "codeHash" from payments.prepaid_accounts a
   where a.reference = $1 and a.kind = 'gift_card'`,
)

const selectById = statement<PrepaidAccount>(
  'payments.find_prepaid_account',
  `select ${ACCOUNT} from payments.prepaid_accounts a where a.shard = $1 and a.id = $2`,
)

const selectByCustomer = statement<PrepaidAccount>(
  'payments.find_store_credit',
  `select ${ACCOUNT} from payments.prepaid_accounts a
   where a.shard = $1 and a.customer_id = $2 and a.currency = $3`,
)

const selectAllOfCustomer = statement<PrepaidAccount>(
  'payments.list_store_credit',
  `select ${ACCOUNT} from payments.prepaid_accounts a
   where a.shard = $1 and a.customer_id = $2 order by a.currency`,
)

const lockAccounts = statement<PrepaidAccount>(
  'payments.lock_prepaid_accounts',
  `select ${ACCOUNT} from payments.prepaid_accounts a
   join unnest($1::smallint[], $2::text[]) as k(shard, id) on a.shard = k.shard and a.id = k.id
   order by a.shard, a.id
   for no key update of a`,
)

// The balance's check refuses to go below zero; the guard refuses before it.
const moveBalance = statement<{ id: string }>(
  'payments.move_prepaid_balance',
  `update payments.prepaid_accounts
   set balance = balance + $3, issued = issued + greatest($4::bigint, 0),
       expires_at = case when $5::timestamptz is null or expires_at is null then expires_at
                         else greatest(expires_at, $5) end
   where shard = $1 and id = $2 and balance + $3 >= 0
   returning id`,
)

const insertEntry = statement<{ key: string }>(
  'payments.insert_prepaid_entry',
  `insert into payments.prepaid_entries (shard, account_id, key, kind, amount, order_id, note, at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)
   on conflict do nothing returning key`,
)

const selectEntries = statement<PrepaidEntry>(
  'payments.list_prepaid_entries',
  `select key, kind, amount, order_id as "orderId", note, at from payments.prepaid_entries
   where shard = $1 and account_id = $2 order by at, key limit 500`,
)

const disable = statement<{ id: string }>(
  'payments.disable_prepaid_account',
  `update payments.prepaid_accounts set disabled = $3 where shard = $1 and id = $2 returning id`,
)

export type NewPrepaid = Readonly<{
  shard: number
  id: string
  kind: PrepaidKind
  codeHash: Buffer | null
  last4: string | null
  customerId: string | null
  currency: string
  expiresAt: string | null
  reference: string
  now: string
}>

/** Opens an empty account. @returns false if there is one for its code, customer or reference. */
export async function insertNewPrepaid(on: Queryable, account: NewPrepaid): Promise<boolean> {
  const rows = await insertAccount(on, [
    account.shard,
    account.id,
    account.kind,
    account.codeHash,
    account.last4,
    account.customerId,
    account.currency,
    account.expiresAt,
    account.reference,
    account.now,
  ])
  return rows.length === 1
}

export async function findByCode(
  on: Queryable,
  codeHash: Buffer,
): Promise<PrepaidAccount | undefined> {
  return (await selectByCode(on, [codeHash]))[0]
}

export async function findByReference(
  on: Queryable,
  reference: string,
): Promise<(PrepaidAccount & Readonly<{ codeHash: Buffer }>) | undefined> {
  return (await selectByReference(on, [reference]))[0]
}

export async function findPrepaid(
  on: Queryable,
  key: Readonly<{ shard: number; id: string }>,
): Promise<PrepaidAccount | undefined> {
  return (await selectById(on, [key.shard, key.id]))[0]
}

export async function findStoreCredit(
  on: Queryable,
  key: Readonly<{ shard: number; customerId: string; currency: string }>,
): Promise<PrepaidAccount | undefined> {
  return (await selectByCustomer(on, [key.shard, key.customerId, key.currency]))[0]
}

export function listStoreCredit(
  on: Queryable,
  key: Readonly<{ shard: number; customerId: string }>,
): Promise<PrepaidAccount[]> {
  return selectAllOfCustomer(on, [key.shard, key.customerId])
}

/** Locks accounts in order of (shard, id), so that two that lock the same never wait in a ring. */
export function lockPrepaid(
  tx: Tx,
  keys: readonly Readonly<{ shard: number; id: string }>[],
): Promise<PrepaidAccount[]> {
  return lockAccounts(tx, [keys.map(({ shard }) => shard), keys.map(({ id }) => id)])
}

export type PrepaidMove = Readonly<{
  shard: number
  accountId: string
  key: string
  kind: PrepaidEntry['kind']
  /** Above 0 into the account, below 0 out of it. */
  amount: number
  orderId: string | null
  note: string
  now: string
  /** What comes back can be spent at least until then. */
  notBefore?: string
}>

/**
 * Moves a balance once per key. @returns `done`; `repeated` if the key was used before; `short` if
 * there is not so much left.
 */
export async function moveOnce(tx: Tx, move: PrepaidMove): Promise<'done' | 'repeated' | 'short'> {
  const { shard, accountId, key, kind, amount, orderId, note, now, notBefore } = move
  const fresh = await insertEntry(tx, [shard, accountId, key, kind, amount, orderId, note, now])
  if (fresh.length === 0) return 'repeated'
  const issued = kind === 'issue' || kind === 'correct' ? amount : 0
  const moved = await moveBalance(tx, [shard, accountId, amount, issued, notBefore ?? null])
  return moved.length === 1 ? 'done' : 'short'
}

export function listEntries(
  on: Queryable,
  key: Readonly<{ shard: number; id: string }>,
): Promise<PrepaidEntry[]> {
  return selectEntries(on, [key.shard, key.id])
}

/** Bars an account from paying, or allows it again. */
export async function setDisabled(
  on: Queryable,
  key: Readonly<{ shard: number; id: string; disabled: boolean }>,
): Promise<void> {
  only(await disable(on, [key.shard, key.id, key.disabled]))
}

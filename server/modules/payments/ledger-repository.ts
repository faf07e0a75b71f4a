import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import type { RefundSplit } from './api.ts'
import {
  type AccountKind,
  accountId,
  type Journal,
  type Posting,
  type Purpose,
  type SalePart,
} from './ledger.ts'

const insertAccounts = statement(
  'payments.insert_accounts',
  `insert into payments.ledger_accounts (id, kind, owner, currency)
   select id, kind, owner, currency
   from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as a(id, kind, owner, currency)
   order by id on conflict do nothing`,
)

// A journal that is there already makes nothing. Its postings are columns of lists, apart by spaces.
const insertingJournals = (where = '') => `insert into payments.journals
     (shard, id, order_id, source_type, source_id, kind, currency,
      account_ids, purposes, amounts, created_at)
   select shard, id, order_id, source_type, source_id, kind, currency,
     string_to_array(account_ids, ' '), string_to_array(purposes, ' '),
     string_to_array(amounts, ' ')::bigint[], $11
   from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
     $8::text[], $9::text[], $10::text[]) as j(shard, id, order_id, source_type, source_id, kind,
     currency, account_ids, purposes, amounts)
   ${where}
   order by shard, order_id, source_type, source_id, kind
   on conflict (shard, order_id, source_type, source_id, kind) do nothing`

const insertJournals = statement<{ id: string }>(
  'payments.insert_journals',
  `${insertingJournals()} returning id`,
)

// A refund locks the order's attempts as well, so that the two see each other. A row that a refund
// held is looked at anew once it is free.
const insertSales = statement<{ order_id: string }>(
  'payments.insert_sales',
  `with attempts as materialized (
     select p.order_id, p.refunded + p.credited + p.tender_refunded > 0 as is_refunded
     from (select distinct * from unnest($1::smallint[], $3::text[])) as k(shard, order_id)
     join payments.payments p on p.shard = k.shard and p.order_id = k.order_id
     order by p.shard, p.order_id, p.attempt
     for no key update of p
   ), refunded as (
     select distinct order_id from attempts where is_refunded
   ), written as (
     ${insertingJournals('where order_id not in (select order_id from refunded)')}
   )
   select order_id from refunded`,
)

export type UnreversedRefund = Readonly<{
  id: string
  amount: number
  splits: readonly RefundSplit[] | null
}>

const selectSaleParts = statement<{
  order_id: string
  account: AccountKind
  owner: string
  purpose: Purpose
  balance: number
}>(
  'payments.select_sale_parts',
  `select p.order_id, a.kind as account, a.owner, p.purpose,
          sum(case p.side when 'C' then p.amount else -p.amount end)::bigint as balance
   from payments.postings p
   join payments.ledger_accounts a on a.id = p.account_id
   where p.shard = $1 and p.order_id = $2 and p.kind in ('sale', 'sale_reversal')
   group by p.order_id, a.kind, a.owner, p.purpose
   order by a.kind, a.owner, p.purpose`,
)

const selectUnreversed = statement<UnreversedRefund>(
  'payments.select_unreversed_refunds',
  `select r.id, r.splits, (case when r.state = 'succeeded' then r.amount else 0 end + r.tender_amount
     + r.credit_amount)::bigint
     as amount
   from payments.refunds r
   where r.shard = $1 and r.order_id = $2
     and (r.state = 'succeeded' or (r.state = 'failed' and r.tender_amount > 0)) and not exists (
     select from payments.journals j
     where j.shard = $1 and j.order_id = $2 and j.source_type = 'refund' and j.source_id = r.id
       and j.kind = 'sale_reversal')
   order by r.created_at, r.id`,
)

export type KeptJournal = Readonly<{
  id: string
  kind: Journal['kind']
  sourceType: Journal['sourceType']
  sourceId: string
  currency: string
  createdAt: string
  postings: readonly Readonly<{
    account: string
    purpose: Purpose
    side: 'D' | 'C'
    amount: number
  }>[]
}>

// Journals of an order lie under its id; a seller's or an account's statement is another question.
const selectJournals = statement<KeptJournal>(
  'payments.list_journals_of_order',
  `select j.id, j.kind, j.source_type as "sourceType", j.source_id as "sourceId", j.currency,
          j.created_at as "createdAt",
          (select jsonb_agg(jsonb_build_object('account', p.account_id, 'purpose', p.purpose,
                    'side', case when p.amount > 0 then 'C' else 'D' end, 'amount', abs(p.amount))
                    order by p.n)
           from unnest(j.account_ids, j.purposes, j.amounts)
             with ordinality as p(account_id, purpose, amount, n)) as postings
   from payments.journals j where j.shard = $1 and j.order_id = $2
   order by j.created_at, j.id`,
)

export type Balance = Readonly<{
  account: string
  kind: AccountKind
  owner: string
  currency: string
  debit: number
  credit: number
}>

const selectBalances = statement<Balance>(
  'payments.list_ledger_balances',
  `select a.id as account, a.kind, a.owner, a.currency,
          coalesce(sum(b.debit), 0)::bigint as debit, coalesce(sum(b.credit), 0)::bigint as credit
   from payments.ledger_accounts a left join payments.ledger_balances b on b.account_id = a.id
   where a.kind = $1 and ($2::text is null or a.owner = $2) and a.id > $3
   group by a.id order by a.id limit $4`,
)

const lockAccount = statement<{ id: string }>(
  'payments.lock_ledger_account',
  `select id from payments.ledger_accounts where id = $1 for update`,
)

export type LedgerRepository = Readonly<{
  /** Opens the accounts that journals will need; before their transaction, so that it is short. */
  openAccounts(journals: readonly Journal[]): Promise<void>
  /** Writes journals whose accounts may be new: for what happens seldom. */
  writeOpening(tx: Tx, journals: readonly Journal[]): Promise<Journal[]>
  /** Every journal of an order, oldest first. */
  listJournals(on: Queryable, orderId: string): Promise<KeptJournal[]>
  /** Balances of accounts of a kind, by account id; no posting is read. */
  listBalances(
    on: Queryable,
    input: Readonly<{ kind: AccountKind; owner?: string; after?: string; limit: number }>,
  ): Promise<Balance[]>
  /** Holds an account, so that what is spent from it is spent once. */
  lockAccount(tx: Tx, account: string): Promise<void>
  /** Writes journals once each, by one statement. @returns those that were new. */
  write(tx: Tx, journals: readonly Journal[]): Promise<Journal[]>
  /**
   * Writes sales of which nothing was refunded yet, once each, in one statement that needs no
   * transaction. @returns the orders of which something was, whose sales it has not written.
   */
  writeUnrefunded(on: Queryable, sales: readonly Journal[]): Promise<Set<string>>
  /** What is left of an order's sale; empty if none is recorded. */
  listSaleParts(on: Queryable, orderId: string): Promise<SalePart[]>
  /** Refunds of an order that its sale does not show yet, oldest first. */
  listUnreversedRefunds(on: Queryable, orderId: string): Promise<UnreversedRefund[]>
}>

type Deps = Readonly<{ db: Database; ids: Ids; clock: Clock }>

export function createLedgerRepository({ db, ids, clock }: Deps): LedgerRepository {
  /** Accounts are never removed, so that what was seen once need not be looked for again. */
  const known = new Set<string>()

  function toRows(journals: readonly Journal[]) {
    // An order that costs nothing moves no money.
    const moving = journals.filter((journal) => journal.postings.length > 0)
    return moving.map((journal) => {
      const shard = shardOf(journal.orderId)
      return { shard, id: ids.make('jnl', shard) as string, journal }
    })
  }

  const columnsOf = (rows: ReturnType<typeof toRows>) => [
    rows.map((row) => row.shard),
    rows.map((row) => row.id),
    rows.map((row) => row.journal.orderId),
    rows.map((row) => row.journal.sourceType),
    rows.map((row) => row.journal.sourceId),
    rows.map((row) => row.journal.kind),
    rows.map((row) => row.journal.currency),
    ...postingColumns(rows.map((row) => row.journal)),
    clock.now().toISOString(),
  ]

  async function write(tx: Tx, journals: readonly Journal[]): Promise<Journal[]> {
    const rows = toRows(journals)
    if (rows.length === 0) return []
    const written = await insertJournals(tx, columnsOf(rows))
    const fresh = new Set(written.map((row) => row.id))
    return rows.filter((row) => fresh.has(row.id)).map((row) => row.journal)
  }

  return {
    async openAccounts(journals) {
      const missing = accountsOf(journals).filter(([id]) => !known.has(id))
      if (missing.length === 0) return
      await open(db, missing)
      for (const [id] of missing) known.add(id)
    },

    async writeOpening(tx, journals) {
      const missing = accountsOf(journals).filter(([id]) => !known.has(id))
      await open(tx, missing)
      return write(tx, journals)
    },
    write,
    async writeUnrefunded(on, sales) {
      const rows = toRows(sales)
      if (rows.length === 0) return new Set()
      const refunded = await insertSales(on, columnsOf(rows))
      return new Set(refunded.map((row) => row.order_id))
    },

    listJournals: (on, orderId) => selectJournals(on, [shardOf(orderId), orderId]),
    listBalances: (on, { kind, owner, after = '', limit }) =>
      selectBalances(on, [kind, owner ?? null, after, limit]),
    async lockAccount(tx, account) {
      await lockAccount(tx, [account])
    },

    async listSaleParts(on, orderId) {
      const rows = await selectSaleParts(on, [shardOf(orderId), orderId])
      return rows.map(({ account, owner, purpose, balance }) => ({
        account,
        owner,
        purpose,
        balance,
      }))
    },
    listUnreversedRefunds: (on, orderId) => selectUnreversed(on, [shardOf(orderId), orderId]),
  }
}

type NewAccount = readonly [id: string, kind: AccountKind, owner: string, currency: string]

/** The accounts that journals post to, each once. */
function accountsOf(journals: readonly Journal[]): NewAccount[] {
  const accounts = new Map<string, NewAccount>()
  for (const { currency, postings } of journals) {
    for (const { account, owner } of postings) {
      const id = accountId(account, owner, currency)
      accounts.set(id, [id, account, owner, currency])
    }
  }
  return [...accounts.values()]
}

async function open(on: Queryable, accounts: readonly NewAccount[]): Promise<void> {
  if (accounts.length === 0) return
  await insertAccounts(on, [
    accounts.map(([id]) => id),
    accounts.map(([, kind]) => kind),
    accounts.map(([, , owner]) => owner),
    accounts.map(([, , , currency]) => currency),
  ])
}

/** Accounts, purposes and amounts of each journal, a list each; a debit is below 0. */
function postingColumns(journals: readonly Journal[]): string[][] {
  const column = (cell: (posting: Posting, journal: Journal) => string | number) =>
    journals.map((journal) => journal.postings.map((one) => cell(one, journal)).join(' '))
  return [
    column(({ account, owner }, { currency }) => accountId(account, owner, currency)),
    column(({ purpose }) => purpose),
    column(({ side, amount }) => (side === 'C' ? amount : -amount)),
  ]
}

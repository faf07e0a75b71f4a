import { statement, type Tx } from '../../platform/db/statement.ts'

// These read whole tables on purpose: an audit believes no sum that was kept.
const clearing = statement<{ what: string; ledger: number; attempts: number }>(
  'payments.audit_clearing',
  `with ledger as (
     select a.owner as provider, a.currency,
            sum(case p.side when 'D' then p.amount else -p.amount end)::bigint as total
     from payments.ledger_accounts a join payments.postings p on p.account_id = a.id
     where a.kind in ('psp_clearing', 'cod_clearing', 'bank_clearing')
       and p.purpose in ('payment', 'dispute')
     group by a.owner, a.currency
   ), attempts as (
     select provider, currency, sum(captured - refunded - disputed)::bigint as total
     from payments.payments group by provider, currency
   )
   select provider || ' ' || currency as what, coalesce(l.total, 0)::bigint as ledger,
          coalesce(t.total, 0)::bigint as attempts
   from ledger l full join attempts t using (provider, currency)
   where coalesce(l.total, 0) <> coalesce(t.total, 0)`,
)

const keptBalances = statement<{ account_id: string; kept: number; posted: number }>(
  'payments.audit_balances',
  `with posted as (
     select account_id, sum(case side when 'C' then amount else -amount end)::bigint as total
     from payments.postings group by account_id
   ), kept as (
     select account_id, sum(credit - debit)::bigint as total
     from payments.ledger_balances group by account_id
   )
   select account_id, coalesce(k.total, 0)::bigint as kept, coalesce(p.total, 0)::bigint as posted
   from posted p full join kept k using (account_id)
   where coalesce(k.total, 0) <> coalesce(p.total, 0) limit 20`,
)

const prepaidAccounts = statement<{ id: string }>(
  'payments.audit_prepaid_accounts',
  `with moved as (
     select shard, account_id, sum(amount)::bigint as total
     from payments.prepaid_entries group by shard, account_id
   )
   select a.id from payments.prepaid_accounts a
   left join moved m on m.shard = a.shard and m.account_id = a.id
   where a.balance <> coalesce(m.total, 0) limit 20`,
)

const prepaidDebt = statement<{ what: string; ledger: number; balances: number }>(
  'payments.audit_prepaid_debt',
  `with ledger as (
     select a.kind, a.currency,
            sum(case p.side when 'C' then p.amount else -p.amount end)::bigint as total
     from payments.ledger_accounts a join payments.postings p on p.account_id = a.id
     where a.kind in ('gift_card_liability', 'store_credit_liability')
     group by a.kind, a.currency
   ), balances as (
     select kind || '_liability' as kind, currency, sum(balance)::bigint as total
     from payments.prepaid_accounts group by kind, currency
   )
   select kind || ' ' || currency as what, coalesce(l.total, 0)::bigint as ledger,
          coalesce(b.total, 0)::bigint as balances
   from ledger l full join balances b using (kind, currency)
   where coalesce(l.total, 0) <> coalesce(b.total, 0)`,
)

const wrongTenders = statement<{ order_id: string }>(
  'payments.audit_tenders',
  `with held as (
     select shard, order_id, sum(amount) as amount, sum(refunded) as refunded
     from payments.tenders group by shard, order_id
   )
   select p.order_id from payments.payments p
   left join held h on h.shard = p.shard and h.order_id = p.order_id
   where p.tendered > 0 and (p.tender_refunded <> h.refunded or p.tendered > h.amount)
   limit 20`,
)

/** What the books say of themselves: kept sums against their parts. */
export async function auditBooks(tx: Tx): Promise<string[]> {
  return [
    ...(await clearing(tx)).map(
      (row) => `I2: ${row.what}: ledger ${row.ledger}, payments ${row.attempts}`,
    ),
    ...(await keptBalances(tx)).map(
      (row) => `I2: ${row.account_id} is kept as ${row.kept}, its postings are ${row.posted}`,
    ),
    ...(await prepaidAccounts(tx)).map(({ id }) => `I2: ${id} is not the sum of its entries`),
    ...(await prepaidDebt(tx)).map(
      (row) => `I2: ${row.what}: ledger ${row.ledger}, balances ${row.balances}`,
    ),
    ...(await wrongTenders(tx)).map((row) => `I2: the tenders of ${row.order_id} are off`),
  ]
}

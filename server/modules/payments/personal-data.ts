import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { OrderData, PersonalData } from '../../platform/module.ts'

type Found = Readonly<{ found: readonly Record<string, unknown>[] }>

const OF_ORDERS =
  'join unnest($1::smallint[], $2::text[]) as k(shard, order_id) using (shard, order_id)'

const selectPayments = statement<Found>(
  'payments.payments_of_orders',
  `select coalesce(json_agg(json_build_object('orderId', p.order_id, 'attempt', p.attempt,
     'provider', p.provider, 'providerRef', p.provider_ref, 'method', p.method, 'state', p.state,
     'currency', p.currency, 'amount', p.amount, 'captured', p.captured, 'refunded', p.refunded,
     'card', p.card, 'createdAt', p.created_at) order by p.created_at), '[]') as found
   from payments.payments p ${OF_ORDERS}`,
)
const selectRefunds = statement<Found>(
  'payments.refunds_of_orders',
  `select coalesce(json_agg(json_build_object('orderId', r.order_id, 'currency', r.currency,
     'amount', r.amount, 'reason', r.reason, 'state', r.state, 'createdAt', r.created_at)
     order by r.created_at), '[]') as found
   from payments.refunds r ${OF_ORDERS}`,
)
const selectDisputes = statement<Found>(
  'payments.disputes_of_orders',
  `select coalesce(json_agg(json_build_object('orderId', d.order_id, 'state', d.state,
     'currency', d.currency, 'amount', d.amount, 'reason', d.reason, 'openedAt', d.opened_at)
     order by d.opened_at), '[]') as found
   from payments.disputes d ${OF_ORDERS}`,
)
const selectCredit = statement<Found>(
  'payments.credit_of_customer',
  `select coalesce(json_agg(json_build_object('currency', a.currency, 'balance', a.balance,
     'entries', (select coalesce(json_agg(json_build_object('kind', e.kind, 'amount', e.amount,
        'orderId', e.order_id, 'note', e.note, 'at', e.at) order by e.at), '[]')
       from payments.prepaid_entries e where e.shard = a.shard and e.account_id = a.id))), '[]') as found
   from payments.prepaid_accounts a where a.shard = $1 and a.customer_id = $2`,
)

type Gone = Readonly<{ id: string }>

const erasePayments = statement<Gone>(
  'payments.erase_cards_of_orders',
  `update payments.payments p set card = null, redirect_url = null
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where p.shard = k.shard and p.order_id = k.order_id
     and (p.card is not null or p.redirect_url is not null)
   returning p.id`,
)
const eraseRefunds = statement<Gone>(
  'payments.erase_reasons_of_orders',
  `update payments.refunds r set reason = ''
   from unnest($1::smallint[], $2::text[]) as k(shard, order_id)
   where r.shard = k.shard and r.order_id = k.order_id and r.reason <> '' returning r.id`,
)
const eraseNotes = statement<Gone>(
  'payments.erase_notes_of_credit',
  `update payments.prepaid_entries e set note = ''
   from payments.prepaid_accounts a
   where a.shard = $1 and a.customer_id = $2 and e.shard = a.shard and e.account_id = a.id
     and e.note <> '' returning e.key as id`,
)

const REASON = 'bookings are kept for as long as tax law says, without card, address and words'

const keysOf = (orderIds: readonly string[]) => [orderIds.map(shardOf), orderIds]

/** Payments are known by their orders: what was paid, when and how stays; the card does not. */
export function createOrderData(db: Database): OrderData {
  return {
    async export(orderIds) {
      const keys = keysOf(orderIds)
      const [payments, refunds, disputes] = await Promise.all([
        selectPayments(db, keys),
        selectRefunds(db, keys),
        selectDisputes(db, keys),
      ])
      return {
        payments: payments[0]?.found ?? [],
        refunds: refunds[0]?.found ?? [],
        disputes: disputes[0]?.found ?? [],
      }
    },
    async erase(orderIds) {
      const keys = keysOf(orderIds)
      const cards = await erasePayments(db, keys)
      const reasons = await eraseRefunds(db, keys)
      return [
        { table: 'payments.payments', deleted: 0, anonymised: cards.length, reason: REASON },
        { table: 'payments.refunds', deleted: 0, anonymised: reasons.length, reason: REASON },
      ]
    },
  }
}

/** Store credit is the customer's own: its balance stays owed to a number without a person. */
export function createPersonalData(db: Database): PersonalData {
  return {
    async export({ accountId }) {
      const [credit] = await selectCredit(db, [shardFor(accountId), accountId])
      return { storeCredit: credit?.found ?? [] }
    },
    async erase({ accountId }) {
      const notes = await eraseNotes(db, [shardFor(accountId), accountId])
      const table = 'payments.prepaid_entries'
      return [{ table, deleted: 0, anonymised: notes.length, reason: REASON }]
    },
  }
}

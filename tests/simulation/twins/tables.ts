import type { LevelRow } from '../../../server/modules/inventory/repository.ts'
import type { LineRow } from '../../../server/modules/inventory/reservations-repository.ts'
import type { DispatchRecord } from '../../../server/modules/orders/dispatch-repository.ts'
import type {
  CheckoutRecord,
  LineRecord,
  OrderRecord,
  SellerOrderRecord,
} from '../../../server/modules/orders/model.ts'
import type { RefundRecord } from '../../../server/modules/orders/refund-repository.ts'
import type { Attempt } from '../../../server/modules/payments/model.ts'
import type { RefundRow } from '../../../server/modules/payments/refund-repository.ts'
import { createTable } from '../memory/engine.ts'

export type CheckoutRow = CheckoutRecord & Readonly<{ dueAt: string | null }>
export type TimelineRow = Readonly<{
  shard: number
  orderId: string
  n: number
  type: string
  at: string
  note: string | null
}>
export type PartRow = SellerOrderRecord &
  Readonly<{ openedAt: string | null; shippedAt: string | null }>
export type DispatchRow = DispatchRecord & Readonly<{ createdAt: string }>
export type OrderRefundRow = Omit<RefundRecord, 'done'> &
  Readonly<{ createdAt: string; dueAt: string | null }>
export type AttemptRow = Attempt & Readonly<{ askAt: string | null }>
export type HappeningRow = Readonly<{
  shard: number
  provider: string
  ref: string
  type: string
  orderId: string
  attempt: number
  amount: number
}>
export type PaymentRefundRow = RefundRow & Readonly<{ askAt: string | null; asks: number }>
export type AccountRow = Readonly<{ id: string; kind: string; owner: string; currency: string }>
export type JournalRow = Readonly<{
  shard: number
  id: string
  orderId: string
  sourceType: string
  sourceId: string
  kind: string
  currency: string
  /** Lists, apart by spaces. */
  accounts: string
  purposes: string
  amounts: string
}>
/** Credits above 0, debits below. */
export type Posting = Readonly<{ account: string; purpose: string; amount: number }>

export function postingsOf({ accounts, purposes, amounts }: JournalRow): Posting[] {
  const named = purposes.split(' ')
  const counted = amounts.split(' ')
  return accounts.split(' ').map((account, n) => ({
    account,
    purpose: named[n] as string,
    amount: Number(counted[n]),
  }))
}
export type ReservationRow = Readonly<{
  shard: number
  key: string
  state: 'held' | 'committed' | 'released' | 'expired'
  expires_at: string
  created_at: string
  allocations: readonly Readonly<{ offerId: string; warehouseId: string; quantity: number }>[]
  explanation: string
  country: string
  region: string | null
  postal_code: string
}>
export type HoldRow = Readonly<Omit<LineRow, 'expiring'> & { expires_at: string | null }>
export type MovementRow = Readonly<{
  offer_id: string
  warehouse_id: string
  delta: number
  kind: string
  command_key: string
}>
export type CommandRow = Readonly<{ key: string; reply: unknown }>
export type EventRow = Readonly<{
  seq: number
  id: string
  type: string
  aggregateId: string
  payload: unknown
  createdAt: string
}>
export type StreamRow = EventRow & Readonly<{ position: number }>
export type InboxRow = Readonly<{ consumer: string; eventId: string }>
export type ParkedRow = InboxRow & Readonly<{ error: string }>
export type WarehouseRow = Readonly<{ id: string; code: string }> &
  Readonly<Record<string, unknown>>
/** What the simulation's own consumer did with an event. */
export type EffectRow = Readonly<{ eventId: string; times: number }>

export type Tables = ReturnType<typeof createTables>

const padded = (n: number) => String(n).padStart(9, '0')

/** Keys are made of what the primary keys are made of; checks are the tables' own. */
export function createTables(
  watch: Readonly<{ checkout?(row: CheckoutRow, before: CheckoutRow | undefined): void }> = {},
) {
  let seq = 0
  return {
    nextSeq: () => {
      seq += 1
      return seq
    },
    orders: createTable<OrderRecord>('orders', {
      key: ({ id }) => id,
      check: (o) => o.total === o.goodsNet + o.goodsTax + o.shippingNet + o.shippingTax,
    }),
    lines: createTable<LineRecord>('order_lines', {
      key: ({ orderId, n }) => `${orderId} ${padded(n)}`,
      check: (l) =>
        l.allocated >= 0 &&
        l.allocated + l.shipped + l.cancelled === l.ordered &&
        l.refundedQty >= 0 &&
        l.refundedQty <= l.ordered,
    }),
    parts: createTable<PartRow>('seller_orders', {
      key: ({ orderId, sellerId }) => `${orderId} ${sellerId}`,
    }),
    timeline: createTable<TimelineRow>('order_events', {
      key: ({ orderId, n }) => `${orderId} ${padded(n)}`,
    }),
    checkouts: createTable<CheckoutRow>('checkouts', {
      key: ({ orderId }) => orderId,
      check: ({ state, ending }) =>
        (state === 'placed' || state === 'awaiting_payment') === (ending === null),
      unique: ({ ending, cartId }) => (ending === null || ending === 'confirmed' ? cartId : null),
      ...(watch.checkout ? { watch: watch.checkout } : {}),
    }),
    dispatches: createTable<DispatchRow>('dispatches', {
      key: ({ orderId, key }) => `${orderId} ${key}`,
    }),
    orderRefunds: createTable<OrderRefundRow>('orders.refunds', {
      key: ({ orderId, key }) => `${orderId} ${key}`,
    }),
    attempts: createTable<AttemptRow>('payments', {
      key: ({ orderId, attempt }) => `${orderId} ${padded(attempt)}`,
      check: (p) =>
        p.captured + p.voided <= p.authorized && p.refunded + p.refundClaimed <= p.captured,
    }),
    happenings: createTable<HappeningRow>('payment_events', {
      key: ({ shard, provider, ref, type }) => `${shard} ${provider} ${ref} ${type}`,
    }),
    refunds: createTable<PaymentRefundRow>('payments.refunds', {
      key: ({ orderId, key }) => `${orderId} ${key}`,
    }),
    accounts: createTable<AccountRow>('ledger_accounts', { key: ({ id }) => id }),
    journals: createTable<JournalRow>('journals', {
      key: ({ orderId, sourceType, sourceId, kind }) =>
        `${orderId} ${sourceType} ${sourceId} ${kind}`,
      check: (journal) => {
        const postings = postingsOf(journal)
        return (
          postings.length >= 2 &&
          postings.every(({ amount }) => amount !== 0) &&
          postings.reduce((sum, { amount }) => sum + amount, 0) === 0
        )
      },
    }),
    levels: createTable<LevelRow>('stock_levels', {
      key: ({ warehouse_id, offer_id }) => `${warehouse_id} ${offer_id}`,
      check: (s) =>
        s.quantity >= 0 &&
        s.reserved_quantity >= 0 &&
        s.reserved_quantity <= s.quantity + s.backorder_cap,
    }),
    reservations: createTable<ReservationRow>('reservations', { key: ({ key }) => key }),
    holds: createTable<HoldRow>('reservation_lines', {
      key: (l) => `${l.warehouse_id} ${l.offer_id} ${l.key}`,
      check: (l) =>
        l.open_quantity >= 0 &&
        l.open_quantity + l.short_quantity + l.shipped_quantity <= l.quantity,
    }),
    movements: createTable<MovementRow>('movements', {
      key: (m) => `${m.warehouse_id} ${m.offer_id} ${m.command_key}`,
    }),
    commands: createTable<CommandRow>('commands', { key: ({ key }) => key }),
    warehouses: createTable<WarehouseRow>('warehouses', { key: ({ code }) => code }),
    outbox: createTable<EventRow>('outbox', { key: ({ seq: own }) => padded(own) }),
    stream: createTable<StreamRow>('events', { key: ({ position }) => padded(position) }),
    head: createTable<{ only: string; position: number }>('event_head', { key: () => 'head' }),
    inbox: createTable<InboxRow>('inbox', {
      key: ({ consumer, eventId }) => `${consumer} ${eventId}`,
    }),
    parked: createTable<ParkedRow>('parked_events', {
      key: ({ consumer, eventId }) => `${consumer} ${eventId}`,
    }),
    effects: createTable<EffectRow>('effects', { key: ({ eventId }) => eventId }),
  }
}

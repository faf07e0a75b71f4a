import {
  type Columns,
  NEW_LINE_COLUMNS,
  ORDER_COLUMNS,
  SELLER_ORDER_COLUMNS,
} from '../../../server/modules/orders/columns.ts'
import type {
  LineRecord,
  OrderRecord,
  SellerOrderRecord,
} from '../../../server/modules/orders/model.ts'
import { fromJsonLines, type Twins, unnest } from '../memory/database.ts'
import { movedUnits } from './moved-units.ts'
import { changeLine, duplicate, linesOf, partsOf } from './order-rows.ts'
import type { CheckoutRow, Tables } from './tables.ts'

/** The counters of a new line. */
const UNMOVED = {
  cancelled: 0,
  shipped: 0,
  delivered: 0,
  lost: 0,
  returnRequested: 0,
  returned: 0,
  restocked: 0,
  refundedQty: 0,
} as const

/** Records that are given as `columnValues`. */
function records<Item>(v: readonly unknown[], columns: Columns): Item[] {
  const arrays = Object.values(columns).map((type, place) =>
    type === 'jsonb' ? fromJsonLines(v[place]) : v[place],
  )
  return unnest<Item>(arrays, Object.keys(columns) as (keyof Item)[])
}

const UNDECIDED = new Set(['placed', 'awaiting_payment'])

const livesOn = ({ ending }: CheckoutRow) => ending === null || ending === 'confirmed'

function showCheckout({ dueAt: _, ...row }: CheckoutRow) {
  return row
}

type Place = Readonly<{ shard: number; orderId: string }>
const places = (v: readonly unknown[]) => unnest<Place>(v, ['shard', 'orderId'])

const checkouts: Twins<Tables> = {
  'orders.select_checkouts': ({ t, tx, v }) =>
    unnest<Place & { cartId: string }>(v, ['shard', 'orderId', 'cartId']).flatMap((k, n) =>
      t.checkouts
        .list(
          tx,
          (c) =>
            c.shard === k.shard &&
            (c.orderId === k.orderId || (c.cartId === k.cartId && livesOn(c))),
        )
        .map((row) => ({ place: n + 1, ...showCheckout(row) })),
    ),
  'orders.insert_checkouts': ({ t, tx, v }) => {
    const rows = unnest<
      Place & { cartId: string; windowEndsAt: string; sealedPayment: string | null }
    >(v, ['shard', 'orderId', 'cartId', 'windowEndsAt', 'sealedPayment'])
    for (const row of rows) {
      const isNew = t.checkouts.insert(tx, {
        ...row,
        state: 'placed',
        ending: null,
        reason: null,
        endKey: null,
        wasConfirmed: false,
        version: 1,
        tries: 0,
        dueAt: v[5] as string,
      })
      if (!isNew) throw duplicate(row.orderId)
    }
    return []
  },
  'orders.lock_checkout': ({ t, tx, v }) => {
    const row = t.checkouts.lock(tx, v[1] as string)
    return row ? [showCheckout(row)] : []
  },
  'orders.lock_undecided': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) => {
      const row = t.checkouts.lock(tx, orderId)
      return row && UNDECIDED.has(row.state) ? [{ order_id: orderId, version: row.version }] : []
    }),
  'orders.confirm_checkouts': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) => {
      const row = t.checkouts.lock(tx, orderId)
      if (!row || !UNDECIDED.has(row.state)) return []
      t.checkouts.update(tx, orderId, {
        state: 'confirmed',
        ending: 'confirmed',
        version: row.version + 1,
        dueAt: v[2] as string,
        sealedPayment: null,
        tries: 0,
      })
      return []
    }),
  'orders.end_checkout': ({ t, tx, v }) => {
    const [, orderId, ending, reason, dueAt, , endKey] = v as string[]
    const row = t.checkouts.lock(tx, orderId as string)
    if (!row) return []
    const change = {
      state: 'unwinding',
      wasConfirmed: row.wasConfirmed || row.ending === 'confirmed',
      ending,
      reason,
      endKey,
      version: row.version + 1,
      dueAt,
      sealedPayment: null,
      tries: 0,
    } as Partial<CheckoutRow>
    return [{ version: t.checkouts.update(tx, row.orderId, change).version }]
  },
  'orders.bump_version': ({ t, tx, v }) => {
    const row = t.checkouts.lock(tx, v[1] as string)
    if (!row) return []
    return [{ version: t.checkouts.update(tx, row.orderId, { version: row.version + 1 }).version }]
  },
  'orders.finish_checkouts': ({ t, tx, v }) => {
    for (const k of unnest<Place & { state: string }>(v, ['shard', 'orderId', 'state'])) {
      if (t.checkouts.find(tx, k.orderId)?.state !== k.state) continue
      if (t.checkouts.lock(tx, k.orderId)?.state !== k.state) continue
      t.checkouts.update(tx, k.orderId, { state: 'done', dueAt: null })
    }
    return []
  },
  'orders.await_payment': ({ t, tx, v }) => {
    const row = t.checkouts.lock(tx, v[1] as string)
    if (row && UNDECIDED.has(row.state)) {
      t.checkouts.update(tx, row.orderId, { state: 'awaiting_payment', dueAt: v[2] as string })
      return [{ order_id: row.orderId }]
    }
    return []
  },
  'orders.postpone_checkout': ({ t, tx, v }) => {
    const row = t.checkouts.lock(tx, v[1] as string)
    if (row && row.dueAt !== null) t.checkouts.update(tx, row.orderId, { dueAt: v[2] as string })
    return []
  },
  'orders.claim_due_checkouts': ({ t, tx, v }) => {
    const [now, leaseEndsAt, limit] = v as [string, string, number]
    return t.checkouts
      .list(tx, ({ dueAt }) => dueAt !== null && dueAt <= now)
      .sort((a, b) => ((a.dueAt as string) < (b.dueAt as string) ? -1 : 1))
      .filter(({ orderId }) => !t.checkouts.isLocked(tx, orderId))
      .slice(0, limit)
      .map(({ orderId, tries }) =>
        showCheckout(t.checkouts.update(tx, orderId, { dueAt: leaseEndsAt, tries: tries + 1 })),
      )
  },
  'orders.wake_checkouts': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) => {
      const row = t.checkouts.lock(tx, orderId)
      const givenUp = row?.state === 'done' && row.ending !== 'confirmed'
      if (!row || !(row.state === 'awaiting_payment' || givenUp)) return []
      const state = givenUp ? 'unwinding' : row.state
      t.checkouts.update(tx, orderId, { dueAt: v[2] as string, state })
      return [{ order_id: orderId }]
    }),
}

const placed: Twins<Tables> = {
  'orders.insert_orders': ({ t, tx, v }) => {
    for (const order of records<OrderRecord>(v, ORDER_COLUMNS)) {
      if (!t.orders.insert(tx, order)) throw duplicate(order.id)
    }
    return []
  },
  'orders.insert_lines': ({ t, tx, v }) => {
    for (const line of records<LineRecord>(v, NEW_LINE_COLUMNS)) {
      if (!t.lines.insert(tx, { ...line, ...UNMOVED })) throw duplicate(line.id)
    }
    return []
  },
  'orders.insert_seller_orders': ({ t, tx, v }) => {
    for (const part of records<SellerOrderRecord>(v, SELLER_ORDER_COLUMNS)) {
      if (!t.parts.insert(tx, { ...part, openedAt: null, shippedAt: null }))
        throw duplicate(part.id)
    }
    return []
  },
  'orders.select_orders': ({ t, tx, v }) =>
    (v[1] as string[]).flatMap((id) => t.orders.find(tx, id) ?? []),
  'orders.select_lines': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) => linesOf(t, tx, orderId)),
  'orders.select_seller_orders': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) =>
      partsOf(t, tx, orderId).map(({ openedAt: _, shippedAt: __, ...part }) => part),
    ),
  'orders.select_timeline': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) =>
      t.timeline
        .list(tx, (entry) => entry.orderId === orderId)
        .map(({ type, at, note }) => ({ orderId, type, at, note })),
    ),
  'orders.insert_events': ({ t, tx, v }) => {
    const entries = unnest<Place & { n: number; type: string; note: string | null }>(v, [
      'shard',
      'orderId',
      'n',
      'type',
      'note',
    ])
    for (const entry of entries) {
      const row = { ...entry, at: v[5] as string }
      if (!t.timeline.insert(tx, row)) throw duplicate(`${entry.orderId} ${entry.n}`)
    }
    return []
  },
  'orders.open_seller_orders': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) =>
      partsOf(t, tx, orderId)
        .filter(({ lifecycle }) => lifecycle === 'pending_payment')
        .map((part) => {
          t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'open', openedAt: v[2] as string })
          return { order_id: orderId }
        }),
    ),
  'orders.hold_seller_orders': ({ t, tx, v }) => {
    for (const { orderId } of places(v)) {
      for (const part of partsOf(t, tx, orderId)) {
        if (part.lifecycle !== 'pending_payment') continue
        t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'on_hold' })
      }
    }
    return []
  },
  'orders.end_cancelled_parts': ({ t, tx, v }) => {
    const left = linesOf(t, tx, v[1] as string).filter((line) => line.cancelled < line.ordered)
    for (const part of partsOf(t, tx, v[1] as string)) {
      const isOpen = part.lifecycle === 'open' || part.lifecycle === 'on_hold'
      if (!isOpen || left.some(({ sellerId }) => sellerId === part.sellerId)) continue
      t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'cancelled' })
    }
    return []
  },
  'orders.end_seller_orders': ({ t, tx, v }) => {
    for (const part of partsOf(t, tx, v[1] as string)) {
      t.parts.update(tx, t.parts.keyOf(part), { lifecycle: v[2] as 'cancelled' })
    }
    return []
  },
  'orders.cancel_lines': ({ t, tx, v }) => {
    for (const line of linesOf(t, tx, v[1] as string)) {
      changeLine(t, tx, line, { cancelled: line.cancelled + line.allocated, allocated: 0 })
    }
    return []
  },
}

export const orderTwins: Twins<Tables> = { ...checkouts, ...placed, ...movedUnits }

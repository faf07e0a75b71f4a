import type {
  LineRecord,
  OrderRecord,
  SellerOrderRecord,
} from '../../../server/modules/orders/model.ts'
import { fromJson, type Twins, unnest } from '../memory/database.ts'
import { refusal, type Transaction } from '../memory/engine.ts'
import type { CheckoutRow, DispatchRow, OrderRefundRow, Tables } from './tables.ts'

const UNDECIDED = new Set(['placed', 'awaiting_payment'])

const livesOn = ({ ending }: CheckoutRow) => ending === null || ending === 'confirmed'

const duplicate = (what: string) => refusal('23505', `duplicate key in ${what}`)

function showCheckout({ dueAt: _, ...row }: CheckoutRow) {
  return row
}

function showDispatch({ createdAt: _, ...row }: DispatchRow) {
  return row
}

function showRefund({ createdAt: _, dueAt, ...row }: OrderRefundRow) {
  return { ...row, done: dueAt === null }
}

const linesOf = (t: Tables, tx: Transaction, orderId: string) =>
  t.lines.list(tx, (line) => line.orderId === orderId)

function changeLine(t: Tables, tx: Transaction, line: LineRecord, change: Partial<LineRecord>) {
  return t.lines.update(tx, t.lines.keyOf(line), change)
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
  'orders.insert_checkouts': ({ t, tx, v }) =>
    unnest<Place & { cartId: string; windowEndsAt: string; sealedPayment: string | null }>(v, [
      'shard',
      'orderId',
      'cartId',
      'windowEndsAt',
      'sealedPayment',
    ])
      .filter((row) =>
        t.checkouts.insert(tx, {
          ...row,
          state: 'placed',
          ending: null,
          reason: null,
          endKey: null,
          wasConfirmed: false,
          version: 1,
          tries: 0,
          dueAt: v[5] as string,
        }),
      )
      .map(({ orderId }) => ({ order_id: orderId })),
  'orders.lock_checkout': ({ t, tx, v }) => {
    const row = t.checkouts.lock(tx, v[1] as string)
    return row ? [showCheckout(row)] : []
  },
  'orders.lock_undecided': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) =>
      t.checkouts.lock(tx, orderId) ? [{ order_id: orderId }] : [],
    ),
  'orders.confirm_checkouts': ({ t, tx, v }) =>
    places(v).flatMap(({ orderId }) => {
      const row = t.checkouts.lock(tx, orderId)
      if (!row || !UNDECIDED.has(row.state)) return []
      const { version } = t.checkouts.update(tx, orderId, {
        state: 'confirmed',
        ending: 'confirmed',
        version: row.version + 1,
        dueAt: v[2] as string,
        sealedPayment: null,
        tries: 0,
      })
      return [{ order_id: orderId, version }]
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
    for (const order of fromJson<OrderRecord[]>(v[0])) {
      if (!t.orders.insert(tx, order)) throw duplicate(order.id)
    }
    return []
  },
  'orders.insert_lines': ({ t, tx, v }) => {
    for (const line of fromJson<LineRecord[]>(v[0])) {
      const later = { returnRequested: 0, returned: 0, restocked: 0 }
      if (!t.lines.insert(tx, { ...line, ...later })) throw duplicate(line.id)
    }
    return []
  },
  'orders.insert_seller_orders': ({ t, tx, v }) => {
    for (const part of fromJson<SellerOrderRecord[]>(v[0])) {
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
      t.parts
        .list(tx, (part) => part.orderId === orderId)
        .map(({ openedAt: _, shippedAt: __, ...part }) => part),
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
      t.parts
        .list(tx, (part) => part.orderId === orderId && part.lifecycle === 'pending_payment')
        .map((part) => {
          t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'open', openedAt: v[2] as string })
          return { order_id: orderId }
        }),
    ),
  'orders.hold_seller_orders': ({ t, tx, v }) => {
    for (const { orderId } of places(v)) {
      for (const part of t.parts.list(tx, (one) => one.orderId === orderId)) {
        if (part.lifecycle !== 'pending_payment') continue
        t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'on_hold' })
      }
    }
    return []
  },
  'orders.end_cancelled_parts': ({ t, tx, v }) => {
    const left = linesOf(t, tx, v[1] as string).filter((line) => line.cancelled < line.ordered)
    for (const part of t.parts.list(tx, ({ orderId }) => orderId === v[1])) {
      const isOpen = part.lifecycle === 'open' || part.lifecycle === 'on_hold'
      if (!isOpen || left.some(({ sellerId }) => sellerId === part.sellerId)) continue
      t.parts.update(tx, t.parts.keyOf(part), { lifecycle: 'cancelled' })
    }
    return []
  },
  'orders.end_seller_orders': ({ t, tx, v }) => {
    for (const part of t.parts.list(tx, ({ orderId }) => orderId === v[1])) {
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

type Units = Readonly<{ id: string; quantity: number }>

const movedUnits: Twins<Tables> = {
  'orders.select_dispatches': ({ t, tx, v }) =>
    t.dispatches
      .list(tx, ({ orderId }) => orderId === v[1])
      .sort((a, b) => (a.createdAt + a.key < b.createdAt + b.key ? -1 : 1))
      .map(showDispatch),
  'orders.insert_dispatch': ({ t, tx, v }) => {
    const row = {
      orderId: v[1],
      key: v[2],
      carrier: v[3],
      trackingNumber: v[4],
      lines: fromJson(v[5]),
      allocations: fromJson(v[6]),
      estimatedDelivery: v[7],
      dueAt: v[8],
      createdAt: v[9],
    } as DispatchRow
    if (!t.dispatches.insert(tx, row)) throw duplicate(row.key)
    return []
  },
  'orders.ship_units': ({ t, tx, v }) =>
    unnest<Units>(v.slice(2), ['id', 'quantity']).flatMap(({ id, quantity }) => {
      const line = linesOf(t, tx, v[1] as string).find((one) => one.id === id)
      if (!line || line.allocated < quantity) return []
      const { allocated, shipped } = line
      changeLine(t, tx, line, { allocated: allocated - quantity, shipped: shipped + quantity })
      return [{ id }]
    }),
  'orders.cancel_units': ({ t, tx, v }) =>
    unnest<Units>(v.slice(2), ['id', 'quantity']).flatMap(({ id, quantity }) => {
      const line = linesOf(t, tx, v[1] as string).find((one) => one.id === id)
      if (!line || line.allocated < quantity) return []
      const { allocated, cancelled } = line
      changeLine(t, tx, line, { allocated: allocated - quantity, cancelled: cancelled + quantity })
      return [{ id }]
    }),
  'orders.close_shipped_parts': ({ t, tx, v }) => {
    const left = linesOf(t, tx, v[1] as string).filter(({ allocated }) => allocated > 0)
    for (const part of t.parts.list(tx, ({ orderId }) => orderId === v[1])) {
      const isOpen = left.some(({ sellerId }) => sellerId === part.sellerId)
      if (part.shippedAt !== null || isOpen) continue
      t.parts.update(tx, t.parts.keyOf(part), { shippedAt: v[2] as string })
    }
    return []
  },
  'orders.finish_dispatch': ({ t, tx, v }) => {
    t.dispatches.update(tx, `${v[1]} ${v[2]}`, { dueAt: null })
    return []
  },
  'orders.claim_due_dispatches': ({ t, tx, v }) =>
    t.dispatches
      .list(tx, ({ dueAt }) => dueAt !== null && dueAt <= (v[0] as string))
      .filter((row) => !t.dispatches.isLocked(tx, t.dispatches.keyOf(row)))
      .slice(0, 20)
      .map((row) =>
        showDispatch(t.dispatches.update(tx, t.dispatches.keyOf(row), { dueAt: v[1] as string })),
      ),
  'orders.list_refunds': ({ t, tx, v }) =>
    t.orderRefunds
      .list(tx, ({ orderId }) => orderId === v[1])
      .sort((a, b) => (a.createdAt + a.key < b.createdAt + b.key ? -1 : 1))
      .map(showRefund),
  'orders.insert_refund': ({ t, tx, v }) => {
    const [
      ,
      orderId,
      key,
      amount,
      shipping,
      lines,
      splits,
      reason,
      cause,
      stock,
      createdAt,
      dueAt,
      creditTo,
    ] = v
    const row = {
      ...{ orderId, key, amount, shipping, reason, cause, createdAt, dueAt, creditTo },
      lines: fromJson(lines),
      splits: fromJson(splits),
      stock: fromJson(stock),
    } as OrderRefundRow
    if (!t.orderRefunds.insert(tx, row)) throw duplicate(row.key)
    return []
  },
  'orders.finish_refund': ({ t, tx, v }) => {
    const key = `${v[1]} ${v[2]}`
    if ((t.orderRefunds.lock(tx, key)?.dueAt ?? null) === null) return []
    t.orderRefunds.update(tx, key, { dueAt: null })
    return [{ key: v[2] }]
  },
  // Refunds wait only for payments that are authorised and not taken; here they are taken at once.
  'orders.wake_refunds': () => [],
  'orders.claim_due_refunds': ({ t, tx, v }) =>
    t.orderRefunds
      .list(tx, ({ dueAt }) => dueAt !== null && dueAt <= (v[0] as string))
      .filter((row) => !t.orderRefunds.isLocked(tx, t.orderRefunds.keyOf(row)))
      .slice(0, 20)
      .map((row) =>
        showRefund(t.orderRefunds.update(tx, t.orderRefunds.keyOf(row), { dueAt: v[1] as string })),
      ),
  'orders.delete_refund': ({ t, tx, v }) => {
    const key = `${v[1]} ${v[2]}`
    if (!t.orderRefunds.lock(tx, key)) return []
    t.orderRefunds.remove(tx, key)
    return [{ key: v[2] }]
  },
  'orders.count_refunded_units': ({ t, tx, v }) =>
    unnest<Units>(v.slice(2, 4), ['id', 'quantity']).flatMap(({ id, quantity }) => {
      const line = linesOf(t, tx, v[1] as string).find((one) => one.id === id)
      if (!line) return []
      const refundedQty = line.refundedQty + quantity * (v[4] as number)
      changeLine(t, tx, line, { refundedQty })
      return [{ id }]
    }),
}

export const orderTwins: Twins<Tables> = { ...checkouts, ...placed, ...movedUnits }

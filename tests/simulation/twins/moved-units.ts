import { fromJson, type Twins, unnest } from '../memory/database.ts'
import { changeLine, duplicate, linesOf, partsOf } from './order-rows.ts'
import type { DispatchRow, OrderRefundRow, Tables } from './tables.ts'

function showDispatch({ createdAt: _, ...row }: DispatchRow) {
  return row
}

function showRefund({ createdAt: _, dueAt, ...row }: OrderRefundRow) {
  return { ...row, done: dueAt === null }
}

type Units = Readonly<{ id: string; quantity: number }>

export const movedUnits: Twins<Tables> = {
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
      refusals: 0,
    } as DispatchRow
    if (t.dispatches.insert(tx, row)) return [{ key: row.key }]
    const name = t.dispatches.keyOf(row)
    const refused = t.dispatches.lock(tx, name)
    if (!refused || refused.lines.length > 0) return []
    t.dispatches.update(tx, name, { ...row, refusals: refused.refusals })
    return [{ key: row.key }]
  },
  'orders.refuse_dispatch': ({ t, tx, v }) => {
    const row = t.dispatches.lock(tx, `${v[1]} ${v[2]}`)
    if (!row || row.refusals !== v[3] || row.dueAt === null) return []
    const refusals = row.refusals + 1
    const nothing = { lines: [], allocations: [], dueAt: null }
    t.dispatches.update(tx, t.dispatches.keyOf(row), { ...nothing, refusals })
    return [{ key: row.key }]
  },
  'orders.unship_units': ({ t, tx, v }) => {
    for (const { id, quantity } of unnest<Units>(v.slice(2), ['id', 'quantity'])) {
      const line = linesOf(t, tx, v[1] as string).find((one) => one.id === id)
      if (!line) continue
      const { allocated, shipped } = line
      changeLine(t, tx, line, { allocated: allocated + quantity, shipped: shipped - quantity })
    }
    return []
  },
  'orders.reopen_parts': ({ t, tx, v }) => {
    const left = linesOf(t, tx, v[1] as string).filter(({ allocated }) => allocated > 0)
    for (const part of partsOf(t, tx, v[1] as string)) {
      const isOpen = left.some(({ sellerId }) => sellerId === part.sellerId)
      if (part.shippedAt === null || !isOpen) continue
      t.parts.update(tx, t.parts.keyOf(part), { shippedAt: null })
    }
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
    for (const part of partsOf(t, tx, v[1] as string)) {
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

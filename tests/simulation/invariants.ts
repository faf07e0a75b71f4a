import type { Acknowledged } from './shoppers.ts'
import { postingsOf } from './twins/tables.ts'
import type { World } from './world.ts'

const sumOf = <Row>(rows: readonly Row[], amount: (row: Row) => number) =>
  rows.reduce((sum, row) => sum + amount(row), 0)

/** Breaches of I1 to I5, I7 and I8 in a world that has come to rest, in words. */
export function audit(world: World, acknowledged: readonly Acknowledged[]): string[] {
  return [
    ...world.breaches,
    ...auditStock(world),
    ...auditHolds(world),
    ...auditLedger(world),
    ...auditMoney(world),
    ...auditEvents(world),
    ...auditRest(world),
    ...auditAcknowledged(world, acknowledged),
  ]
}

function* auditStock({ t }: World): Generator<string> {
  const lines = t.holds.committed()
  const movements = t.movements.committed()
  for (const level of t.levels.committed()) {
    const own = <Row extends { offer_id: string; warehouse_id: string }>(rows: readonly Row[]) =>
      rows.filter(
        (row) => row.offer_id === level.offer_id && row.warehouse_id === level.warehouse_id,
      )
    const name = `${level.offer_id} in ${level.warehouse_id}`
    const moved = sumOf(own(movements), ({ delta }) => delta)
    if (moved !== level.quantity) yield `I1: ${name} has ${level.quantity}, moved were ${moved}`
    const open = sumOf(own(lines), (line) => line.open_quantity)
    if (open !== level.reserved_quantity) {
      yield `I1: ${name} has ${level.reserved_quantity} reserved, its lines hold ${open}`
    }
    const shipped = sumOf(own(lines), (line) => line.shipped_quantity)
    const left = -sumOf(own(movements), ({ delta, kind }) => (kind === 'shipped' ? delta : 0))
    if (shipped !== left) yield `I1: ${name}: lines shipped ${shipped}, ${left} left`
  }
}

/** What is promised is what confirmed orders are for, and nothing else. */
function* auditHolds({ t }: World): Generator<string> {
  const checkouts = new Map(t.checkouts.committed().map((row) => [row.orderId, row]))
  for (const { key, state } of t.reservations.committed()) {
    const ending = checkouts.get(key)?.ending
    if ((state === 'committed') !== (ending === 'confirmed')) {
      yield `I4: the reservation ${key} is ${state}, its order ${ending ?? 'unknown'}`
    }
    if (state === 'held') yield `I4: ${key} is still held`
  }
  for (const [orderId, { ending }] of checkouts) {
    const holds = t.holds.committed().filter(({ key }) => key === orderId)
    for (const offerId of new Set(t.lines.committed().map((line) => line.offerId))) {
      const lines = t.lines
        .committed()
        .filter((line) => line.orderId === orderId && line.offerId === offerId)
      const own = holds.filter((hold) => hold.offer_id === offerId)
      const promised = sumOf(lines, (line) => (ending === 'confirmed' ? line.allocated : 0))
      const open = sumOf(own, (hold) => hold.open_quantity)
      if (promised !== open)
        yield `I1: ${orderId} is to get ${promised} ${offerId}, ${open} are held`
      const shipped = sumOf(lines, (line) => line.shipped)
      const gone = sumOf(own, (hold) => hold.shipped_quantity)
      if (shipped !== gone) yield `I1: ${orderId} shipped ${shipped} ${offerId}, ${gone} left`
    }
  }
}

function* auditLedger({ t, bank }: World): Generator<string> {
  const journals = t.journals.committed()
  for (const journal of journals) {
    const sum = sumOf(postingsOf(journal), ({ amount }) => amount)
    if (sum !== 0) yield `I2: the journal ${journal.id} is off by ${sum}`
  }
  const kinds = new Map(t.accounts.committed().map(({ id, kind }) => [id, kind]))
  for (const { id: orderId } of t.orders.committed()) {
    const postings = journals.filter((one) => one.orderId === orderId).flatMap(postingsOf)
    const balance = (kind: string) =>
      -sumOf(
        postings.filter(({ account }) => kinds.get(account) === kind),
        ({ amount }) => amount,
      )
    const payments = bank.record().filter(({ reference }) => reference === orderId)
    const held = sumOf(payments, (payment) => payment.captured - payment.refunded)
    if (balance('psp_clearing') !== held) {
      yield `I2: ${orderId} has ${balance('psp_clearing')} in the ledger, ${held} at the bank`
    }
    if (balance('buyer_receivable') !== 0) {
      yield `I2: the buyer of ${orderId} is booked to owe ${balance('buyer_receivable')}`
    }
  }
}

function* auditMoney({ t, bank }: World): Generator<string> {
  const record = bank.record()
  const orders = new Map(t.orders.committed().map((order) => [order.id, order]))
  for (const { reference, ref } of record) {
    if (!orders.has(reference)) yield `I3: ${ref} paid for ${reference}, which is no order`
  }
  for (const { orderId, ending } of t.checkouts.committed()) {
    const payments = record.filter(({ reference }) => reference === orderId)
    const taken = payments.filter(({ captured }) => captured > 0)
    if (taken.length > 1) yield `I3: ${orderId} was charged ${taken.length} times`
    const kept = sumOf(payments, (payment) => payment.captured - payment.refunded)
    const refunds = t.orderRefunds.committed().filter((refund) => refund.orderId === orderId)
    const given = sumOf(refunds, ({ amount }) => amount)
    const due = ending === 'confirmed' ? (orders.get(orderId)?.total ?? 0) - given : 0
    if (kept !== due) yield `I2: ${orderId} is ${ending} and should have kept ${due}, not ${kept}`
    const known = t.attempts.committed().filter((attempt) => attempt.orderId === orderId)
    const counted = sumOf(known, ({ captured, refunded }) => captured - refunded)
    if (counted !== kept) yield `I2: ${orderId} counts ${counted}, the bank has ${kept}`
  }
  const confirmed = t.checkouts.committed().filter(({ ending }) => ending === 'confirmed')
  for (const [cartId, own] of Map.groupBy(confirmed, (checkout) => checkout.cartId)) {
    if (own.length > 1) yield `I3: the cart ${cartId} was bought ${own.length} times`
  }
}

function* auditEvents({ t, bus }: World): Generator<string> {
  const stream = t.stream.committed().sort((a, b) => a.position - b.position)
  if (stream.some(({ position }, n) => position !== n + 1)) yield 'I5: the stream has a gap'
  const effects = new Map(t.effects.committed().map(({ eventId, times }) => [eventId, times]))
  for (const { id, type } of stream) {
    const counts =
      /^(orders|payments)\.(order_(created|confirmed|cancelled)|payment_(processed|failed))/.test(
        type,
      )
    const times = effects.get(id) ?? 0
    if (counts && times !== 1) yield `I5: the event ${id} (${type}) took effect ${times} times`
  }
  for (const consumer of ['orders.follow_payments', 'simulation.count_effects']) {
    if (!bus.isEmpty(consumer)) yield `I5: ${consumer} was not told everything`
  }
  const told = Map.groupBy(stream, ({ aggregateId }) => aggregateId)
  for (const { orderId, version } of t.checkouts.committed()) {
    const events = (told.get(orderId) ?? []).filter(({ type }) => type.startsWith('orders.'))
    const versions = events.map(({ payload }) => (payload as { version: number }).version)
    if (versions.some((one, n) => n > 0 && one <= (versions[n - 1] as number))) {
      yield `I5: the events of ${orderId} come as versions ${versions}`
    }
    const entries = t.timeline.committed().filter((entry) => entry.orderId === orderId)
    if (entries.length !== version) {
      yield `I5: ${orderId} is at version ${version} and its timeline has ${entries.length} lines`
    }
    for (const [type, word] of [
      ['orders.order_created.v1', /^placed$/],
      ['orders.order_confirmed.v1', /^confirmed$/],
      ['orders.order_cancelled.v1', /^(cancelled|expired)$/],
    ] as const) {
      const happened = entries.filter((entry) => word.test(entry.type)).length
      const heard = events.filter((event) => event.type === type).length
      if (happened !== heard)
        yield `I5: ${orderId}: ${type} was told ${heard} times, ${happened} happened`
      if (happened > 1) yield `I3: ${orderId}: ${type} happened ${happened} times`
    }
  }
  for (const { aggregateId, type } of stream) {
    const isKnown =
      !type.startsWith('orders.order_') || t.orders.committed().some(({ id }) => id === aggregateId)
    if (!isKnown) yield `I5: ${type} tells of ${aggregateId}, which is no order`
  }
}

/** Nothing is stuck, nothing waits. */
function* auditRest({ t }: World): Generator<string> {
  for (const { orderId, state, dueAt } of t.checkouts.committed()) {
    if (state !== 'done' || dueAt !== null) yield `I8: ${orderId} is left ${state}`
  }
  for (const { orderId, state, refundClaimed } of t.attempts.committed()) {
    if (state === 'unknown' || state === 'requires_action' || refundClaimed !== 0) {
      yield `I8: a payment of ${orderId} is left ${state}, ${refundClaimed} claimed`
    }
  }
  for (const { orderId, state } of t.refunds.committed()) {
    if (state !== 'succeeded') yield `I8: a refund of ${orderId} is left ${state}`
  }
  for (const { orderId, key, dueAt } of t.orderRefunds.committed()) {
    if (dueAt !== null) yield `I8: the refund ${key} of ${orderId} is left open`
  }
  for (const { orderId, key, dueAt } of t.dispatches.committed()) {
    if (dueAt !== null) yield `I8: the dispatch ${key} of ${orderId} is left open`
  }
  for (const { consumer, error } of t.parked.committed()) {
    yield `I5: ${consumer} parked an event: ${error.split('\n')[0]}`
  }
  if (t.outbox.committed().length > 0) yield 'I5: events are left in the outbox'
}

function* auditAcknowledged(
  { t }: World,
  acknowledged: readonly Acknowledged[],
): Generator<string> {
  const confirmed = new Set(
    t.timeline.committed().flatMap(({ orderId, type }) => (type === 'confirmed' ? [orderId] : [])),
  )
  for (const { orderId } of acknowledged) {
    if (!confirmed.has(orderId)) yield `I7: ${orderId} was acknowledged and is not confirmed`
  }
}

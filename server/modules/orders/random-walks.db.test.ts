import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RouteSpec } from '#contracts/kit/route.ts'
import { editOrder } from '#contracts/orders/admin.ts'
import * as returns from '#contracts/orders/returns.ts'
import * as routes from '#contracts/orders/routes.ts'
import type { Order } from '#contracts/orders/schemas.ts'
import { ADDRESS, fakeOffer } from '../../../tests/support/checkout-fakes.ts'
import { openCheckoutShop } from '../../../tests/support/checkout-shop.ts'
import type { FakeToken } from '../../../tests/support/fake-provider.ts'
import { operatorOf } from '../../../tests/support/operator.ts'
import { seededChance } from '../../platform/chance.ts'
import { orderIdOf } from './flows/place-order.ts'

const shop = await openCheckoutShop()
const { api } = shop.orders
const WALKS = 90
const STEPS = 12

const TOKENS: readonly FakeToken[] = [
  'tok_success',
  'tok_declined',
  'tok_requires_action',
  'tok_timeout',
  'tok_lost',
  'tok_error',
]
const POINTS = ['after_reserve', 'after_place', 'after_charge', 'before_confirm', 'after_confirm']

/** How walks begin; those that begin with an approved payment see more of what comes after a sale. */
const BEGINNINGS: readonly (readonly string[])[] = [
  [],
  ['place', 'shipAll', 'deliver', 'askReturn', 'moveReturn', 'moveReturn', 'moveReturn'],
  ['place', 'cancelOne'],
  ['place', 'edit', 'refundToCredit'],
]
const AFTER_SALE = [
  'moveReturn',
  'moveReturn',
  'moveReturn',
  'askReturn',
  'cancelOne',
  'refundToCredit',
  'edit',
  'work',
]

/** The reference model: which words an order may go on to from each. */
const MAY_BECOME: Readonly<Record<string, readonly Order['status'][]>> = {
  none: ['pending', 'confirmed', 'cancelled', 'expired'],
  pending: ['pending', 'confirmed', 'cancelled', 'expired'],
  confirmed: ['on_hold', 'cancelled', 'partially_shipped', 'shipped'],
  on_hold: ['confirmed', 'cancelled', 'partially_shipped', 'shipped', 'delivered'],
  partially_shipped: ['shipped', 'on_hold', 'delivered'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: ['cancelled'],
  expired: ['expired'],
}

const operator = operatorOf(shop, shop.orders.routes)
let calls = 0

async function operate(route: RouteSpec, params: Record<string, string>, body: object = {}) {
  calls += 1
  const headers = { 'idempotency-key': `call-${calls}` }
  return operator(route as typeof returns.approveReturn, { params, body, headers })
}

const keyOf = ({ returnId }: { returnId: string }) => ({ 'idempotency-key': returnId })

/** One step of each return of an order, whatever it is ready for. */
async function moveReturns(orderId: string, pick: <T>(all: readonly T[]) => T): Promise<void> {
  const listed = await operator(returns.listReturnsOfOrder, { params: { orderId } })
  for (const { id: returnId, state, lines } of listed.body.items ?? []) {
    const ids = { orderId, returnId }
    if (state === 'requested') {
      await operate(
        pick([returns.approveReturn, returns.approveReturn, returns.declineReturn]),
        ids,
        { note: 'so be it' },
      )
    } else if (state === 'approved') {
      if (pick([true, true, false])) await operate(returns.receiveReturn, ids)
      else await operator(returns.cancelReturn, { params: ids, headers: keyOf(ids) })
    } else if (state === 'received') {
      const found = pick(['restocked', 'damaged', 'sentBack'])
      const units = lines.map(({ lineId, received }) => ({ lineId, [found]: received }))
      await operate(returns.inspectReturn, ids, { lines: units })
    } else if (state === 'inspected') {
      const isTaken = lines.some(({ restocked, damaged }) => restocked + damaged > 0)
      const resolution = isTaken ? pick(['refund', 'exchange', 'store_credit']) : 'rejected'
      const parcel = { carrier: 'x', trackingNumber: 'z' }
      await operate(returns.resolveReturn, ids, { resolution, ...parcel })
    }
  }
}

async function walk(seed: number): Promise<string[]> {
  const chance = seededChance(seed)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(chance.float() * all.length)] as T
  const offer = fakeOffer(1_000 + seed)
  shop.inventory.setStock(offer.offerId, 3)
  const bought = [{ offer, quantity: 2 }]
  const beginning = BEGINNINGS[seed % BEGINNINGS.length] ?? []
  const token = beginning.length > 0 ? 'tok_success' : pick(TOKENS)
  const prepared = await shop.prepare(`walk ${seed}`, token, bought)
  const input = { ...prepared, customerId: `acc_${seed}` }
  const orderId = orderIdOf(input)
  const actions: Record<string, () => Promise<unknown>> = {
    place: () => api.place(input),
    placeTwice: () => Promise.allSettled([api.place(input), api.place(input)]),
    crash: () => {
      shop.crashNextAt(pick(POINTS))
      return api.place(input)
    },
    approve: async () => shop.provider.decide(orderId, true),
    disapprove: async () => shop.provider.decide(orderId, false),
    webhooks: () => Promise.all([shop.webhook(orderId), shop.webhook(orderId)]),
    cancel: () => api.cancel({ key: 'c', orderId, by: 'customer' }),
    shipOne: async () => {
      const { lines } = await api.get({ orderId })
      const one = { lineId: lines[0]!.id, quantity: 1 }
      await api.ship({
        key: pick(['a', 'b']),
        orderId,
        carrier: 'x',
        trackingNumber: 'y',
        lines: [one],
      })
    },
    cancelOne: async () => {
      const { lines } = await api.get({ orderId })
      const units = [{ lineId: lines[0]!.id, quantity: 1 }]
      await api.cancel({ key: pick(['u', 'v']), orderId, by: 'customer', lines: units })
    },
    refundOne: async () => {
      const { lines } = await api.get({ orderId })
      const units = [{ lineId: lines[0]!.id, quantity: 1 }]
      await api.refund({ key: 'grace', orderId, lines: units, reason: 'goodwill' })
    },
    refundToCredit: async () => {
      const { lines } = await api.get({ orderId })
      const units = [{ lineId: lines.at(-1)!.id, quantity: 1 }]
      const body = { lines: units, to: 'store_credit', reason: 'goodwill' }
      await operate(routes.refundOrder, { orderId }, body)
    },
    edit: async () => {
      const { lines } = await api.get({ orderId })
      const units = [{ lineId: lines[0]!.id, quantity: pick([0, 1, 2]) }]
      const elsewhere = { ...ADDRESS, line1: `${pick([1, 2, 3])} Elsewhere Street` }
      const body = pick([{ lines: units }, { shippingAddress: elsewhere, lines: units }])
      await operate(editOrder, { orderId }, body)
    },
    hold: () => operate(routes.holdOrder, { orderId }),
    release: () => operator(routes.releaseOrder, { params: { orderId } }),
    reject: () => operator(routes.rejectOrder, { params: { orderId } }),
    deliver: () => shop.arrive(orderId),
    askReturn: async () => {
      const { lines } = await api.get({ orderId })
      const units = [{ lineId: lines[0]!.id, quantity: pick([1, 2]), reason: 'defective' }]
      await operate(returns.requestReturn, { orderId }, { lines: units })
    },
    moveReturn: () => moveReturns(orderId, pick),
    shipAll: () => api.ship({ key: 'all', orderId, carrier: 'x', trackingNumber: 'y' }),
    wait: async () => shop.clock.advance(pick([20_000, 90_000, 11 * 60_000, 31 * 60_000])),
    work: () => shop.settle(),
    raceCancel: () =>
      Promise.allSettled([api.cancel({ key: 'c', orderId, by: 'operator' }), shop.settle()]),
  }
  const steps: string[] = []
  let word = 'none'
  for (let step = 0; step < STEPS; step += 1) {
    const usual = step === 0 ? ['place', 'placeTwice', 'crash'] : Object.keys(actions)
    const next = beginning.length > 0 && chance.float() < 0.7 ? AFTER_SALE : usual
    const name = beginning[step] ?? pick(next)
    steps.push(name)
    await actions[name]!().catch(() => {})
    const now = await api.get({ orderId }).then(
      ({ status }) => status,
      () => 'none',
    )
    assert.ok(
      now === word || MAY_BECOME[word]?.includes(now as Order['status']),
      `${seed}: ${steps}: ${word} → ${now}`,
    )
    word = now
    const { lines } = await api.get({ orderId }).catch(() => ({ lines: [] }))
    for (const line of lines) {
      const { quantity, quantityShipped: shipped, quantityCancelled: cancelled } = line
      assert.ok(shipped + cancelled <= quantity, `${seed}: ${steps}`)
      assert.ok(line.quantityReturned + line.quantityReturnable <= shipped, `${seed}: ${steps}`)
    }
    const paid = shop.provider.paymentsOf(orderId).filter((p) => p.captured > p.refunded)
    assert.ok(paid.length <= 1, `${seed}: ${steps}: charged ${paid.length} times`)
  }
  shop.crashNextAt(null)
  return steps
}

test(`${WALKS} random walks of one order each keep every invariant`, async () => {
  const walks: string[] = []
  for (let seed = 1; seed <= WALKS; seed += 1) walks.push(`${seed}: ${await walk(seed)}`)
  for (let round = 0; round < 8; round += 1) {
    shop.clock.advance(31 * 60_000)
    await shop.settle()
    await shop.tick('orders.resume_refunds')
    await shop.tick('orders.resume_returns')
  }
  assert.deepEqual(await shop.audit(), [])
  const { rows } = await shop.db.query({
    text: `select c.order_id, c.state, c.ending, count(e.*)::int as events, c.version
           from orders.checkouts c join orders.order_events e using (shard, order_id)
           group by c.shard, c.order_id`,
  })
  assert.ok(rows.length > WALKS / 2, `${rows.length} orders`)
  const { rows: reached } = await shop.db.query({
    text: `select count(*)::int as count from orders.returns where state = 'resolved'
           union all select count(*)::int from orders.refunds where cause = 'cancellation'
           union all select count(*)::int from orders.refunds where credit_to is not null
           union all select count(*)::int from orders.edits`,
  })
  for (const { count } of reached) assert.ok(count > 2, `seldom reached: ${count}`)
  for (const row of rows) {
    assert.equal(row.state, 'done', JSON.stringify(row))
    assert.equal(row.events, row.version, 'the history counts every version')
    const { captured = 0, refunded = 0 } =
      shop.provider.paymentsOf(row.order_id).find((p) => p.captured > 0) ?? {}
    const given = await shop.db.query({
      text: `select coalesce(sum(amount) filter (where credit_to is null), 0)::int as amount,
               coalesce(sum(amount) filter (where credit_to is not null), 0)::int as credited
             from orders.refunds where order_id = $1`,
      values: [row.order_id],
    })
    const { amount, credited } = given.rows[0]
    if (row.ending === 'confirmed') assert.equal(refunded, amount, row.order_id)
    const keeps = captured > refunded + credited
    assert.equal(keeps, row.ending === 'confirmed', JSON.stringify(row))
    const stock = shop.inventory.stateOf(row.order_id)
    assert.equal(stock === 'committed', row.ending === 'confirmed', `${row.order_id} ${stock}`)
  }
})

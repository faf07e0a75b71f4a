import type { Operations, Return } from '@stoa/client'
import { zero } from '../../../contracts/kit/money.ts'
import { getOrder } from './orders.ts'
import { FakeRefusal, type World } from './world.ts'

export function returnsOf(world: World, orderId: string): Return[] {
  return [...world.returns.values()].filter((one) => one.orderId === orderId)
}

/** A return that is approved at once, so that all forms are seen. */
export function requestReturn(
  world: World,
  orderId: string,
  { lines, wanted = 'refund', note }: Operations['requestReturn']['body'],
): Return {
  const order = getOrder(world, orderId)
  const at = world.now().toISOString()
  const made: Return = {
    id: world.newId('ret'),
    orderId,
    state: 'approved',
    wanted,
    resolution: null,
    shippingPaidBy: 'shop',
    labelFee: zero(order.currency),
    carrier: null,
    trackingNumber: null,
    labelUrl: null,
    note: note ?? null,
    photos: [],
    lines: lines.map(({ lineId, quantity, reason }) => {
      const line = order.lines.find(({ id }) => id === lineId)
      if (!line) throw new FakeRefusal(404, 'not_found')
      const none = { received: 0, restocked: 0, damaged: 0, sentBack: 0 }
      return { lineId, name: line.name, sku: line.sku, quantity, reason, ...none }
    }),
    refunded: null,
    sendUntil: at,
    steps: [{ event: 'request', at, by: 'customer' }],
    allowedActions: ['send', 'cancel'],
    version: 1,
    createdAt: at,
  }
  world.returns.set(made.id, made)
  return made
}

export function stepReturn(
  world: World,
  { returnId }: Readonly<Record<string, string>>,
  operation: 'sendReturn' | 'cancelReturn',
): Return {
  const known = world.returns.get(returnId ?? '')
  if (!known) throw new FakeRefusal(404, 'not_found')
  const state = operation === 'sendReturn' ? ('in_transit' as const) : ('cancelled' as const)
  const moved: Return = { ...known, state, allowedActions: [], version: known.version + 1 }
  world.returns.set(moved.id, moved)
  return moved
}

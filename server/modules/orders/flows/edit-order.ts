import type { Address } from '#contracts/kit/address.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { orderEdited } from '#contracts/orders/events.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import type { ShippingApi } from '../../shipping/index.ts'
import { insertEdit, updateShippingAddress } from '../edit-repository.ts'
import { isSameAddress, type LineRecord, type PlacedOrder, refuseTransition } from '../model.ts'
import type { LineUnits } from '../refund.ts'
import type { RefundRecord } from '../refund-repository.ts'
import { appendToTimeline } from '../store.ts'
import type { CancelLines } from './cancel-lines.ts'
import type { GiveBack } from './give-back.ts'
import { lockPlaced } from './lock-placed.ts'

export type EditInput = Readonly<{
  key: string
  orderId: string
  expectedVersion?: number | undefined
  shippingAddress?: Address | undefined
  /** How many units of a line there shall be; never more than there are. */
  lines?: readonly LineUnits[] | undefined
}>

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  shipping: Pick<ShippingApi, 'checkAddress'>
  cancelLines: CancelLines
  giveBack: GiveBack
}>

/**
 * Changes a paid order before it ships: where it goes, and fewer units of its lines, whose share of
 * what was paid goes back by the placed weights. Nothing of it is priced anew, so that it never
 * costs more: the address stays in the country and region that tax and shipping were quoted for.
 * @throws not_found, precondition_failed, invalid_transition, shipping.address_invalid,
 * orders.edit_not_possible
 */
export type EditOrder = (input: EditInput) => Promise<void>

export function makeEditOrder(deps: Deps): EditOrder {
  const { db, outbox, clock, shipping, cancelLines, giveBack } = deps

  async function checkAddress(address: Address): Promise<void> {
    const path = 'body.shippingAddress'
    const errors = await shipping.checkAddress({ address, path })
    if (errors.length > 0) throw shippingProblem('shipping.address_invalid', { errors })
  }

  async function moveTo(tx: Tx, { order, lines }: PlacedOrder, address: Address): Promise<boolean> {
    if (isSameAddress(order.shippingAddress, address)) return false
    if (lines.some(({ shipped }) => shipped > 0)) throw refuseTransition('shipped', 'edit', [])
    const { country, region = '' } = order.shippingAddress
    if (address.country !== country || (address.region ?? '') !== region) {
      throw refuseEdit(`Tax and shipping were quoted for ${[country, region].join(' ').trim()}`)
    }
    await updateShippingAddress(tx, order, address)
    const now = clock.now().toISOString()
    await appendToTimeline(tx, order.id, { type: 'address_changed', now })
    return true
  }

  async function drop(tx: Tx, input: EditInput, placed: PlacedOrder): Promise<RefundRecord | null> {
    const lines = droppedUnits(placed.lines, input.lines ?? [])
    if (lines.length === 0) return null
    const { orderId } = input
    const refund = await cancelLines.within(tx, {
      key: `edit:${input.key}`,
      orderId,
      by: 'operator',
      lines,
    })
    if (refund === null) throw refuseEdit('Nothing would be left of the order: cancel it')
    return refund
  }

  async function edit(tx: Tx, input: EditInput): Promise<RefundRecord | null> {
    const { orderId, key } = input
    const { checkout, placed } = await lockPlaced(tx, orderId)
    const at = clock.now().toISOString()
    if (!(await insertEdit(tx, { orderId, key, at, changed: changedBy(input) }))) {
      return cancelLines.done(tx, { orderId, key: `edit:${key}` })
    }
    expectVersion(input.expectedVersion, checkout.version)
    if (checkout.ending !== 'confirmed')
      throw refuseTransition(checkout.ending ?? 'pending', 'edit', [])
    const { shippingAddress } = input
    const isMoved = shippingAddress ? await moveTo(tx, placed, shippingAddress) : false
    const refund = await drop(tx, input, placed)
    if (!isMoved) return refund
    const { number } = placed.order
    const payload = { orderId, number, changed: ['address' as const] }
    await outbox.append(tx, [{ spec: orderEdited, aggregateId: orderId, payload }])
    return refund
  }

  return async (input) => {
    if (input.shippingAddress) await checkAddress(input.shippingAddress)
    const refund = await db.tx((tx) => edit(tx, input))
    outbox.appended.strike()
    if (refund) await giveBack.complete(refund)
  }
}

const changedBy = ({ shippingAddress, lines }: EditInput): string[] => [
  ...(shippingAddress ? ['address'] : []),
  ...(lines ? ['lines'] : []),
]

/** @throws not_found, orders.edit_not_possible */
function droppedUnits(lines: readonly LineRecord[], wanted: readonly LineUnits[]): LineUnits[] {
  return wanted.flatMap(({ lineId, quantity }) => {
    const line = lines.find(({ id }) => id === lineId)
    if (!line) throw generalProblem('not_found', { detail: `The order has no line ${lineId}` })
    const there = line.ordered - line.cancelled
    if (quantity > there) throw refuseEdit(`Of ${line.name} ${there} were ordered and paid`)
    return quantity === there ? [] : [{ lineId, quantity: there - quantity }]
  })
}

function refuseEdit(detail: string) {
  return ordersProblem('orders.edit_not_possible', { detail })
}

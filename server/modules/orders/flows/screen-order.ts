import { money } from '#contracts/kit/money.ts'
import type { Problem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { FraudApi, Screened } from '../../fraud/index.ts'
import type { Payment } from '../../payments/index.ts'
import type { PlaceOrderInput } from '../api.ts'
import type { PlacedOrder } from '../model.ts'
import type { EndCommand } from '../store.ts'

type Deps = Readonly<{
  fraud: FraudApi
  end(placed: PlacedOrder, command: EndCommand): Promise<boolean>
}>

/** Where an order came from; a worker that goes on with it knows neither. */
export type Origin = Readonly<Partial<Pick<PlaceOrderInput, 'device' | 'remoteAddress'>>>

export type ScreenOrder = Readonly<{
  /** Step 2 of the path: what the screening thinks of an order, and counts it. Once per order. */
  judge(placed: PlacedOrder, origin: Origin): Promise<Screened>
  /**
   * Ends an order that was denied, or of which the shopper may not have so many.
   * @throws payments.denied, which does not say why; orders.purchase_limit
   */
  enforce(placed: PlacedOrder, screened: Screened): Promise<void>
}>

export function makeScreenOrder({ fraud, end }: Deps): ScreenOrder {
  return {
    judge: (placed, origin) => judgeOrder(fraud, placed, origin),
    async enforce(placed, { decision }) {
      const { id: orderId, customerId, email } = placed.order
      if (decision === 'deny') {
        await end(placed, { reason: 'fraud' })
        throw denied(orderId)
      }
      const lines = placed.lines.map(({ productId, ordered: quantity }) => ({
        productId,
        quantity,
      }))
      const limit = await fraud.claimPurchase({ orderId, customerId, email, lines })
      if (limit === null) return
      await end(placed, { reason: 'purchase_limit' })
      throw overLimit({ orderId, ...limit })
    },
  }
}

function judgeOrder(fraud: FraudApi, { order }: PlacedOrder, origin: Origin): Promise<Screened> {
  return fraud.screen({
    orderId: order.id,
    customerId: order.customerId,
    email: order.email,
    total: money(order.total, order.currency),
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    remoteAddress: origin.remoteAddress ?? null,
    device: origin.device ?? null,
  })
}

/**
 * Whether an order that is paid has to wait for an operator; one that a crash kept from being
 * screened is screened now.
 */
export async function mustHold(
  fraud: FraudApi,
  placed: PlacedOrder,
  { riskScore }: Pick<Payment, 'riskScore'>,
): Promise<boolean> {
  const orderId = placed.order.id
  const known = await fraud.assess({ orderId, riskScore })
  if (known) return known.hold
  await judgeOrder(fraud, placed, {})
  return (await fraud.assess({ orderId, riskScore }))?.hold ?? false
}

export function denied(orderId: string): Problem {
  return paymentsProblem('payments.denied', { data: { orderId } })
}

export function overLimit(
  data: Readonly<{ orderId: string; productId?: string; maxUnits?: number }>,
): Problem {
  return ordersProblem('orders.purchase_limit', { data })
}

import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { Payment, PaymentsApi } from '../../payments/index.ts'
import type { PricingApi } from '../../pricing/index.ts'
import { postponeUntil } from '../checkout-repository.ts'
import type { CheckoutRecord, PlacedOrder } from '../model.ts'
import { saleOf } from '../sale.ts'
import type { OrderStore } from '../store.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  inventory: Pick<InventoryApi, 'release'>
  payments: Pick<PaymentsApi, 'cancel' | 'recordSale'>
  pricing: Pick<PricingApi, 'unredeem'>
  store: OrderStore
}>

/** Gives back what an ended order holds: its stock, its money, its coupons. May run again. */
export type UnwindOrder = (
  placed: PlacedOrder,
  checkout: Pick<CheckoutRecord, 'wasConfirmed' | 'reason' | 'tries'>,
) => Promise<void>

const RETRY_MS = 5_000
const RETRY_MAX_MS = 10 * 60_000

export function makeUnwindOrder(deps: Deps): UnwindOrder {
  const { db, clock, inventory, payments, pricing, store } = deps
  return async (placed, { wasConfirmed, reason, tries }) => {
    const { order } = placed
    await inventory.release({ key: order.id, reason: wasConfirmed ? 'cancelled' : 'released' })
    await pricing.unredeem({ key: order.id })
    // What was sold must be in the ledger before it is reversed there.
    if (wasConfirmed) await payments.recordSale(saleOf(placed))
    const payment = await payments.cancel({
      key: `${order.id}:cancel`,
      orderId: order.id,
      reason: `order ${reason ?? 'cancelled'}`,
    })
    if (isGivenBack(payment)) {
      await store.finish({ orderId: order.id, state: 'unwinding' })
      return
    }
    const waitMs = Math.min(RETRY_MS * 2 ** Math.min(tries, 10), RETRY_MAX_MS)
    await postponeUntil(db, order.id, new Date(clock.now().getTime() + waitMs).toISOString())
  }
}

function isGivenBack(payment: Payment | null): boolean {
  if (payment === null || payment.state === 'failed' || payment.state === 'voided') return true
  // A refund that is on its way is payments' to finish: a bank, or a person, may take days.
  const { state, captured, refunded, refunding } = payment
  return state === 'captured' && refunded + refunding >= captured
}

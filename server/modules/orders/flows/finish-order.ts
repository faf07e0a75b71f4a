import { inventoryProblem } from '#contracts/inventory/problems.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import type { CartApi } from '../../cart/index.ts'
import type { FraudApi } from '../../fraud/index.ts'
import type { InventoryApi } from '../../inventory/index.ts'
import type { Payment, PaymentsApi } from '../../payments/index.ts'
import { lockOrder } from '../checkout-repository.ts'
import type { PlacedOrder } from '../model.ts'
import { releaseHeld } from '../reviews.ts'
import { saleOf } from '../sale.ts'
import type { Failpoint } from '../settings.ts'
import type { EndCommand, OrderStore } from '../store.ts'
import { mustHold } from './screen-order.ts'
import type { UnwindOrder } from './unwind-order.ts'

type Deps = Readonly<{
  db: Database
  clock: Clock
  log: Log
  inventory: Pick<InventoryApi, 'commit'>
  payments: Pick<PaymentsApi, 'recordSale'>
  cart: Pick<CartApi, 'markOrdered'>
  store: OrderStore
  fraud: FraudApi
  unwind: UnwindOrder
  failpoint: Failpoint
}>

export type Confirmed = Readonly<{ at: string; held: boolean }>

export type FinishOrder = Readonly<{
  /**
   * Step 6 of the path, for an order whose payment is sure: commit the stock, confirm, book the
   * sale, close the cart. One that the screening doubts is held. If the reservation has run out
   * and the stock is gone, the money goes back.
   * @returns when it was confirmed; null if somebody else decided it before.
   * @throws inventory.insufficient_stock
   */
  confirm(placed: PlacedOrder, payment: Payment): Promise<Confirmed | null>
  /** What follows a confirmation; again does nothing. */
  wrapUp(placed: PlacedOrder): Promise<void>
  /**
   * Ends an order and gives back what it holds.
   * @returns whether this command ended it, now or before.
   */
  end(placed: PlacedOrder, command: EndCommand): Promise<boolean>
  /** Waits for work that nobody waits for. */
  settled(): Promise<void>
}>

const STOCK_GONE = new Set(['inventory.reservation_expired', 'inventory.insufficient_stock'])

export function makeFinishOrder(deps: Deps): FinishOrder {
  const { db, log, clock, inventory, payments, cart, store, fraud, unwind, failpoint } = deps
  const background = new Set<Promise<void>>()

  /** A crash before this is repaired by the resuming worker, so the shopper need not wait for it. */
  function finishLater(orderId: string): void {
    const work = store
      .finish({ orderId, state: 'confirmed' })
      .catch((error: unknown) => log.warn({ orderId, error: String(error) }, 'left to the worker'))
      .finally(() => background.delete(work))
    background.add(work)
  }

  async function wrapUp(placed: PlacedOrder): Promise<void> {
    const { id: orderId, cartId } = placed.order
    await Promise.all([payments.recordSale(saleOf(placed)), cart.markOrdered({ cartId, orderId })])
    finishLater(orderId)
  }

  async function unwindNow(placed: PlacedOrder): Promise<void> {
    const checkout = await db.tx((tx) => lockOrder(tx, placed.order.id))
    if (!checkout || checkout.ending === null || checkout.ending === 'confirmed') return
    await unwind(placed, checkout)
  }

  async function end(placed: PlacedOrder, command: EndCommand): Promise<boolean> {
    const ended = await store.end(placed, command)
    await unwindNow(placed)
    return ended
  }

  async function commit(placed: PlacedOrder): Promise<void> {
    try {
      await inventory.commit({ key: placed.order.id })
    } catch (error) {
      if (!(error instanceof Problem) || !STOCK_GONE.has(error.code)) throw error
      await end(placed, { reason: 'out_of_stock' })
      throw inventoryProblem('inventory.insufficient_stock', {
        detail: 'The goods were sold meanwhile; what was paid goes back',
        data: { orderId: placed.order.id },
      })
    }
  }

  /** An operator may have approved it between our question and our holding it. */
  async function isStillHeld(placed: PlacedOrder, payment: Payment): Promise<boolean> {
    if (await mustHold(fraud, placed, payment)) return true
    await db.tx((tx) => releaseHeld(tx, placed.order.id, clock))
    return false
  }

  return {
    wrapUp,
    end,
    async confirm(placed, payment) {
      await commit(placed)
      const hold = await mustHold(fraud, placed, payment)
      await failpoint('before_confirm')
      const at = await store.confirm({ placed, hold })
      await failpoint('after_confirm')
      // Cancelled between its payment and here: the stock just taken goes back with the rest.
      if (at === null) {
        await unwindNow(placed)
        return null
      }
      const held = hold && (await isStillHeld(placed, payment))
      await wrapUp(placed).catch((error: unknown) => leave(log, placed, error))
      return { at, held }
    },
    async settled() {
      await Promise.all(background)
    },
  }
}

/** The order stands; the worker does the rest. */
function leave(log: Log, { order }: PlacedOrder, error: unknown): void {
  log.warn({ orderId: order.id, error: String(error) }, 'a confirmed order is wrapped up later')
}

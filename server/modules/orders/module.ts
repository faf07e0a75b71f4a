import { generalProblem } from '#contracts/kit/problem.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { Ids } from '../../platform/ids.ts'
import type { Log } from '../../platform/log.ts'
import type { ModuleParts } from '../../platform/module.ts'
import type { Vault } from '../../platform/vault.ts'
import type { CartApi } from '../cart/index.ts'
import type { FraudApi } from '../fraud/index.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PaymentsApi } from '../payments/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { ShippingApi } from '../shipping/index.ts'
import type { OrdersApi } from './api.ts'
import { createAudit } from './audit.ts'
import { createClaims } from './claims.ts'
import { ordersConsumers } from './consumers.ts'
import { makeCancelLines } from './flows/cancel-lines.ts'
import { makeCheckOffer } from './flows/check-offer.ts'
import { makeEditOrder } from './flows/edit-order.ts'
import { makeFinishOrder } from './flows/finish-order.ts'
import { makeFinishReturn } from './flows/finish-return.ts'
import { type GiveBack, makeGiveBack } from './flows/give-back.ts'
import { makePlaceOrder } from './flows/place-order.ts'
import { makeQuoteCart } from './flows/quote-cart.ts'
import { makeRefundOrder } from './flows/refund-order.ts'
import { makeResolveReturn } from './flows/resolve-return.ts'
import { makeResumeCheckouts } from './flows/resume-checkouts.ts'
import { makeReturnGoods } from './flows/return-goods.ts'
import { makeScreenOrder } from './flows/screen-order.ts'
import { makeSettlePayment, type Outcome } from './flows/settle-payment.ts'
import { makeShipOrder } from './flows/ship-order.ts'
import { makeUnwindOrder } from './flows/unwind-order.ts'
import { ordersTickers } from './jobs.ts'
import { createOrderList } from './order-list.ts'
import { sealedPlans } from './payment-plan.ts'
import { createListOfPerson, createPersonalData } from './personal-data.ts'
import { createReturns } from './returns.ts'
import { ordersBindings } from './routes.ts'
import { createOrdersService } from './service.ts'
import {
  DEMO_SHIP_AFTER_MS,
  type Failpoint,
  type OrdersSettings,
  PAYMENT_WINDOW_MS,
  RESERVATION_TTL_SECONDS,
  RETURN_WINDOW_MS,
} from './settings.ts'
import { createOrderStore } from './store.ts'
import { toOrder } from './view.ts'

export type OrdersDeps = Readonly<{
  db: Database
  outbox: Outbox
  ids: Ids
  clock: Clock
  log: Log
  cart: CartApi
  pricing: PricingApi
  inventory: InventoryApi
  payments: PaymentsApi
  shipping: ShippingApi
  fraud: FraudApi
  /** Seals how orders are to be paid, until they are decided. */
  vault: Vault
  settings: OrdersSettings
  /** Called at named points of the path; does nothing unless a test ends the process there. */
  failpoint?: Failpoint
}>

/** Orders: the path from quote to delivery, and back. */
export function createOrders(deps: OrdersDeps): ModuleParts<OrdersApi> {
  const { settings, failpoint = () => {} } = deps
  const {
    commissionRate,
    commissionVatRate = '0',
    paymentWindowMs = PAYMENT_WINDOW_MS,
    reservationTtlSeconds = RESERVATION_TTL_SECONDS,
  } = settings
  const store = createOrderStore(deps)
  const quotes = makeQuoteCart(deps)
  const unwind = makeUnwindOrder({ ...deps, store })
  const finish = makeFinishOrder({ ...deps, store, unwind, failpoint })
  const screen = makeScreenOrder({ fraud: deps.fraud, end: finish.end })
  const settle = makeSettlePayment({ ...deps, finish, paymentWindowMs })
  const place = makePlaceOrder({
    ...deps,
    store,
    checkOffer: makeCheckOffer({ ...deps, quotes }),
    settle,
    finish,
    screen,
    failpoint,
    commissionRate,
    commissionVatRate,
    reservationTtlSeconds,
    paymentWindowMs,
  })
  const shipOrder = makeShipOrder(deps)
  const giveBack = makeGiveBack(deps)
  const refund = makeRefundOrder({ ...deps, giveBack })
  const cancelLines = makeCancelLines({ ...deps, giveBack })
  const { returns, finishReturn } = wireReturns(deps, giveBack)
  const service = createOrdersService({ ...deps, finish, cancelLines })
  const { get, list, cancel } = service
  const api: OrdersApi = {
    async quote({ cartId, customerId, shippingAddress, shippingOptionId = null, currency }) {
      const cart = await quotes.readCart({ cartId, customerId })
      const path = 'body.shippingAddress'
      const errors = await deps.shipping.checkAddress({ address: shippingAddress, path })
      if (errors.length > 0) throw shippingProblem('shipping.address_invalid', { errors })
      const { country } = shippingAddress
      const market = await deps.pricing.market({ country, currency: currency ?? cart.currency })
      await quotes.checkStock(cart)
      const request = { cart, shippingAddress, shippingOptionId, currency: market.currency }
      return (await quotes.quote(request)).quote
    },
    async place(input) {
      const { orderId, settled, confirmed } = await place(input)
      const order = confirmed ? showConfirmed(confirmed) : await get({ orderId })
      if (settled && (order.status === 'cancelled' || order.status === 'expired')) {
        const detail = `The order has been ${order.status} meanwhile`
        throw generalProblem('invalid_transition', { detail })
      }
      return { order, settled }
    },
    get,
    list,
    listOfPerson: createListOfPerson({ ...deps, list, get }),
    cancel,
    claimGuestOrders: createClaims(deps),
    ship: shipOrder.ship,
    async refund(input) {
      await refund(input)
      return get(input)
    },
    async voidPayment({ orderId }) {
      await service.checkUndecided({ orderId })
      await deps.payments.void({ orderId })
      return cancel({ key: `void:${orderId}`, orderId, by: 'operator' })
    },
    audit: createAudit(deps),
  }
  return {
    api,
    personalData: createPersonalData({ db: deps.db, listOfPerson: api.listOfPerson }),
    sealed: [sealedPlans],
    routes: ordersBindings({
      api,
      service,
      returns,
      orderList: createOrderList({ ...deps, get }),
      editOrder: makeEditOrder({ ...deps, cancelLines, giveBack }),
    }),
    consumers: ordersConsumers(deps),
    tickers: ordersTickers({
      ...deps,
      resumeCheckouts: makeResumeCheckouts({ ...deps, finish, unwind, screen }),
      shipOrder,
      giveBack,
      returns,
      finishReturn,
      demoShipAfterMs: settings.demoFulfilment
        ? (settings.demoShipAfterMs ?? DEMO_SHIP_AFTER_MS)
        : null,
    }),
    jobs: [],
    stop: finish.settled,
  }
}

function wireReturns(deps: OrdersDeps, giveBack: GiveBack) {
  const { returnWindowMs = RETURN_WINDOW_MS } = deps.settings
  const goods = makeReturnGoods({ ...deps, returnWindowMs })
  const finishReturn = makeFinishReturn(deps)
  const own = { ...deps, goods, finish: finishReturn }
  const returns = createReturns({ ...own, resolve: makeResolveReturn({ ...own, giveBack }) })
  return { returns, finishReturn }
}

/** A just confirmed order, from what is in hand: nothing has to be read for the answer. */
function showConfirmed({ placed, payment, at, held }: NonNullable<Outcome['confirmed']>) {
  const lifecycle = held ? 'on_hold' : 'open'
  const sellerOrders = placed.sellerOrders.map((part) => ({ ...part, lifecycle }) as const)
  const timeline = [
    { type: 'placed', at: placed.order.placedAt, note: null },
    { type: 'confirmed', at, note: null },
    ...(held ? [{ type: 'held', at, note: null }] : []),
  ]
  return toOrder({ placed: { ...placed, sellerOrders }, timeline, payment, shipments: [] })
}

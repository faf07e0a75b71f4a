import { money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { AdminOrder, OrderNote, OrderOfSeller, OrderSummary } from '#contracts/orders/admin.ts'
import type { Shipment } from '#contracts/shipping/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { refuseCursor } from '../../platform/http/cursor.ts'
import { firstIdAt, type Ids, isIdOf, shardOf } from '../../platform/ids.ts'
import type { PaymentsApi } from '../payments/index.ts'
import type { ShippingApi } from '../shipping/index.ts'
import type { OrdersApi } from './api.ts'
import { findCheckout } from './checkout-repository.ts'
import { type OrderStatus, orderStatus, type PlacedOrder } from './model.ts'
import {
  findIdsByNumber,
  findIdsOfSellers,
  findOrderIds,
  insertOrderNote,
  listNotes,
} from './order-list-repository.ts'
import { readOrderNumber } from './order-number.ts'
import { listRefunds } from './refund-repository.ts'
import { findPlaced, listPlaced } from './repository.ts'
import { shownPayment, toLine, toTotals } from './view.ts'

type Page<T> = Readonly<{ items: T[]; nextCursor: string | null }>

type Listing = Readonly<{
  status?: OrderStatus | undefined
  from?: string | undefined
  to?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}>

/** What operators and sellers see of orders. */
export type OrderList = Readonly<{
  /** Orders of everybody, the newest first. @throws validation_failed for a wrong cursor */
  find(
    input: Listing &
      Readonly<{
        number?: string | undefined
        email?: string | undefined
        sellerId?: string | undefined
        productId?: string | undefined
      }>,
  ): Promise<Page<OrderSummary>>
  /** @throws not_found */
  get(input: { orderId: string }): Promise<AdminOrder>
  /** @throws not_found */
  note(input: { orderId: string; author: string; text: string }): Promise<OrderNote>
  /** Parts of paid orders that are these sellers', the newest first. */
  ofSellers(input: Listing & { sellerIds: readonly string[] }): Promise<Page<OrderOfSeller>>
  /** @throws not_found, also for an order in which they have no part */
  ofSellersIn(input: { orderId: string; sellerIds: readonly string[] }): Promise<OrderOfSeller[]>
}>

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  payments: Pick<PaymentsApi, 'getByOrder'>
  shipping: Pick<ShippingApi, 'listByOrder'>
  get: OrdersApi['get']
}>

const PAGE = 20
/** Sorts after every id. */
const LAST = 'ord_~'

/** @throws validation_failed */
function rangeOf({ from, to, cursor, limit = PAGE }: Listing) {
  if (cursor !== undefined && !isIdOf('ord', cursor)) throw refuseCursor()
  const end = to === undefined ? LAST : firstIdAt('ord', new Date(to))
  return {
    before: cursor !== undefined && cursor < end ? cursor : end,
    from: from === undefined ? '' : firstIdAt('ord', new Date(from)),
    limit: limit + 1,
  }
}

export function createOrderList(deps: Deps): OrderList {
  const { db, payments, shipping } = deps

  async function pageOf<T>(
    ids: readonly string[],
    wanted: number,
    show: (placed: PlacedOrder) => Promise<readonly T[]>,
  ): Promise<Page<T>> {
    const shown = ids.slice(0, wanted - 1)
    const items = await Promise.all((await listPlaced(db, shown)).map(show))
    return {
      items: items.flat(),
      nextCursor: ids.length === wanted ? (shown.at(-1) ?? null) : null,
    }
  }

  async function showParts(
    placed: PlacedOrder,
    sellerIds: readonly string[],
  ): Promise<OrderOfSeller[]> {
    const shipments = await shipping.listByOrder({ orderId: placed.order.id })
    return toPartsOf(placed, sellerIds, shipments)
  }

  return {
    async find({ number, email, sellerId, productId, status, ...listing }) {
      const range = rangeOf(listing)
      const place = { email: email ?? null, sellerId: sellerId ?? null }
      const filter = { ...range, ...place, productId: productId ?? null, status: status ?? null }
      const read = number === undefined ? undefined : readOrderNumber(number)
      const ids =
        number === undefined
          ? await findOrderIds(db, filter)
          : await findIdsByNumber(db, read ?? '')
      return pageOf(ids, range.limit, async (placed) => {
        const payment = await payments.getByOrder({ orderId: placed.order.id })
        return [toSummary(placed, payment)]
      })
    },
    async get({ orderId }) {
      const order = await deps.get({ orderId })
      const [placed, checkout, refunds, notes] = await Promise.all([
        findPlaced(db, orderId),
        findCheckout(db, orderId),
        listRefunds(db, orderId),
        listNotes(db, orderId),
      ])
      return {
        ...order,
        customerId: placed?.order.customerId ?? null,
        version: checkout?.version ?? 1,
        refunds: refunds.map(({ amount, shipping: fee, lines, reason, cause, done }) => ({
          amount: money(amount, order.currency),
          shipping: money(fee, order.currency),
          lines: [...lines],
          reason,
          cause,
          done,
        })),
        notes,
      }
    },
    async note({ orderId, author, text }) {
      if (!(await findPlaced(db, orderId))) throw generalProblem('not_found')
      const at = deps.clock.now().toISOString()
      const note = { id: deps.ids.make('onn', shardOf(orderId)), author, text, at }
      await db.tx((tx) => insertOrderNote(tx, orderId, note))
      return note
    },
    async ofSellers({ sellerIds, status, ...listing }) {
      const range = rangeOf(listing)
      const ids = await findIdsOfSellers(db, { ...range, status: status ?? null, sellerIds })
      return pageOf(ids, range.limit, (placed) => showParts(placed, sellerIds))
    },
    async ofSellersIn({ orderId, sellerIds }) {
      const alone = { from: orderId, before: `${orderId}~`, limit: 1, status: null }
      const [placed] = await listPlaced(db, await findIdsOfSellers(db, { ...alone, sellerIds }))
      if (!placed) throw generalProblem('not_found')
      return showParts(placed, sellerIds)
    },
  }
}

function toSummary(
  { order, lines, sellerOrders }: PlacedOrder,
  payment: Parameters<typeof shownPayment>[1],
): OrderSummary {
  const status = orderStatus(sellerOrders, lines)
  const { status: paid } = shownPayment(order, payment, status)
  return {
    id: order.id,
    number: order.number,
    status,
    paymentStatus: paid === 'requires_action' ? 'pending' : paid,
    email: order.email,
    customerId: order.customerId,
    country: order.shippingAddress.country,
    total: money(order.total, order.currency),
    quantity: lines.reduce((sum, { ordered, cancelled }) => sum + ordered - cancelled, 0),
    sellerIds: sellerOrders.map(({ sellerId }) => sellerId),
    createdAt: order.placedAt,
  }
}

function toPartsOf(
  { order, lines, sellerOrders }: PlacedOrder,
  sellerIds: readonly string[],
  shipments: readonly Shipment[],
): OrderOfSeller[] {
  const own = sellerOrders.filter(({ sellerId }) => sellerIds.includes(sellerId))
  return own.map((part) => {
    const { sellerId } = part
    const ownLines = lines.filter((line) => line.sellerId === sellerId)
    return {
      id: part.id,
      orderId: order.id,
      number: order.number,
      sellerId,
      status: orderStatus([part], ownLines),
      lines: ownLines.map((line) => toLine(line, order.currency)),
      totals: toTotals(part, order.currency),
      commission: money(part.commission, order.currency),
      shippingAddress: order.shippingAddress,
      shippingOption: { id: order.shippingOptionId, name: order.shippingOptionName },
      shipments: shipments.filter((shipment) => shipment.sellerId === sellerId),
      createdAt: order.placedAt,
    }
  })
}

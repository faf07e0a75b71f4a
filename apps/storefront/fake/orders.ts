import type { Operations, Order, Quote, Shipment } from '@stoa/client'
import { openCart, quoteCart, viewCart } from './carts.ts'
import { FakeRefusal, type World } from './world.ts'

type Body = Operations['placeOrder']['body']

/** The order, by the token's name; a total that has changed since the quote is refused. */
export function placeOrder(world: World, body: Body): Readonly<{ status: number; data: Order }> {
  const cart = openCart(world, body.cartId)
  const quote = world.quotes.get(body.quoteId)
  if (!quote) throw new FakeRefusal(422, 'orders.quote_unknown')
  const fresh = quoteCart(world, body.cartId, {
    shippingAddress: body.shippingAddress,
    shippingOptionId: body.shippingOptionId,
  })
  if (fresh.total.amount !== quote.total.amount)
    throw new FakeRefusal(409, 'orders.price_changed', { quote: fresh })
  const token = body.payment.token ?? ''
  if (token === 'tok_declined')
    throw new FakeRefusal(402, 'payments.declined', { declineCode: 'card_declined' })
  if (viewCart(cart).lines.some(({ availability }) => !availability.inStock))
    throw new FakeRefusal(409, 'inventory.insufficient_stock')
  const asks = token === 'tok_requires_action'
  const order = makeOrder(world, body, quote, asks)
  cart.status = 'ordered'
  world.orders.set(order.id, order)
  return { status: asks ? 202 : 201, data: order }
}

function makeOrder(world: World, body: Body, quote: Quote, asks: boolean): Order {
  const at = world.now().toISOString()
  const { subtotal, discount, shipping, tax, total } = quote
  const totals = { subtotal, discount, shipping, tax, total }
  const option = quote.shippingOptions.find(({ id }) => id === body.shippingOptionId)
  const id = world.newId('ord')
  return {
    id,
    number: `S-${1000 + world.orders.size}`,
    status: asks ? 'pending' : 'confirmed',
    paymentStatus: asks ? 'pending' : 'authorized',
    payment: asks
      ? {
          status: 'requires_action',
          amount: total,
          redirectUrl: `http://localhost:4100/v1/actions/act_${id}`,
        }
      : { status: 'authorized', amount: total, card: { brand: 'visa', last4: '4242' } },
    email: body.email,
    language: body.language ?? null,
    currency: quote.currency,
    lines: quote.lines.map(orderLine),
    sellerOrders: [],
    totals,
    shippingAddress: body.shippingAddress,
    billingAddress: body.shippingAddress,
    shippingOption: { id: body.shippingOptionId, name: option?.name ?? '' },
    shipments: asks ? [] : [shipmentOf(id, quote, at)],
    estimatedDelivery: option?.estimatedDelivery ?? null,
    events: [
      { type: 'placed', at },
      { type: asks ? 'payment_requires_action' : 'payment_authorized', at },
      ...(asks ? [] : [{ type: 'confirmed', at }]),
    ],
    allowedActions: asks ? ['cancel'] : ['cancel', 'cancel_lines'],
    createdAt: at,
  }
}

function orderLine({
  lineId,
  subtotal: _,
  ...line
}: Quote['lines'][number]): Order['lines'][number] {
  const none = { quantityShipped: 0, quantityDelivered: 0, quantityCancelled: 0 }
  return { ...line, id: lineId, ...none, quantityReturned: 0, quantityReturnable: 0 }
}

function shipmentOf(orderId: string, quote: Quote, at: string): Shipment {
  return {
    id: `shp_${orderId}`,
    status: 'in_transit',
    carrier: 'Hermes',
    trackingNumber: 'HX 4711 0815',
    sellerId: quote.lines[0]?.sellerId ?? '',
    warehouseId: 'whs_1',
    lines: quote.lines.map(({ lineId, sku, name, quantity }) => ({ lineId, sku, name, quantity })),
    estimatedDelivery: quote.shippingOptions[0]?.estimatedDelivery.latest ?? null,
    scans: [
      { status: 'labelled', at, location: 'Dayton, NJ' },
      { status: 'shipped', at, location: 'Dayton, NJ' },
      { status: 'in_transit', at, location: 'Memphis, TN', note: 'Left the sorting centre' },
    ],
  }
}

type Units = readonly Readonly<{ lineId: string; quantity: number }>[]

export function cancelOrder(world: World, orderId: string, units?: Units): Order {
  const order = getOrder(world, orderId)
  if (units) return cancelUnits(world, order, units)
  if (!order.allowedActions.includes('cancel')) throw new FakeRefusal(409, 'invalid_transition')
  const at = world.now().toISOString()
  const cancelled: Order = {
    ...order,
    status: 'cancelled',
    allowedActions: [],
    shipments: [],
    events: [...order.events, { type: 'cancelled', at }],
  }
  world.orders.set(orderId, cancelled)
  return cancelled
}

function cancelUnits(world: World, order: Order, units: Units): Order {
  const of = (lineId: string) => units.find((unit) => unit.lineId === lineId)?.quantity ?? 0
  const lines = order.lines.map((line) => ({
    ...line,
    quantityCancelled: line.quantityCancelled + of(line.id),
  }))
  const changed = { ...order, lines }
  world.orders.set(order.id, changed)
  return changed
}

export function getOrder(world: World, orderId: string): Order {
  const order = world.orders.get(orderId)
  if (!order) throw new FakeRefusal(404, 'not_found')
  return order
}

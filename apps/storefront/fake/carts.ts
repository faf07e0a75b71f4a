import type {
  Address,
  Cart,
  CartLine,
  DeliveryPromise,
  Money,
  Operations,
  Quote,
} from '@stoa/client'
import {
  add,
  convert,
  money,
  multiplyHalfUp,
  sum,
  times,
  zero,
} from '../../../contracts/kit/money.ts'
import { inCurrency, PRODUCTS, RATES } from './catalogue.ts'
import { FakeRefusal, type StoredCart, type StoredLine, type World } from './world.ts'

export function getCart(world: World, cartId: string): StoredCart {
  const cart = world.carts.get(cartId)
  if (!cart) throw new FakeRefusal(404, 'not_found')
  return cart
}

export function openCart(world: World, cartId: string): StoredCart {
  const cart = getCart(world, cartId)
  if (cart.status !== 'open') throw new FakeRefusal(409, 'cart.not_open')
  return cart
}

export function createCart(world: World, body: Operations['createCart']['body']): Cart {
  const cart: StoredCart = {
    id: world.newId('crt'),
    currency: body?.currency ?? 'USD',
    country: body?.country ?? 'US',
    status: 'open',
    lines: [],
    coupons: [],
  }
  world.carts.set(cart.id, cart)
  return viewCart(cart)
}

export function addLine(
  world: World,
  cartId: string,
  body: Operations['addCartLine']['body'],
): Cart {
  const cart = openCart(world, cartId)
  const { variantId, quantity } = body
  const variant = PRODUCTS.flatMap(({ product }) => product.variants).find(
    (found) => found.id === variantId,
  )
  if (!variant) throw new FakeRefusal(422, 'cart.variant_not_sold')
  const offerId = body.offerId ?? variant.offerId
  const line = cart.lines.find((known) => known.offerId === offerId)
  if (line) line.quantity += quantity
  else cart.lines.push({ id: world.newId('lin'), variantId, offerId, quantity })
  return viewCart(cart)
}

export function viewCart(cart: StoredCart): Cart {
  const lines = cart.lines.map((line) => viewLine(cart, line))
  return {
    id: cart.id,
    currency: cart.currency,
    country: cart.country,
    status: cart.status,
    lines,
    coupons: cart.coupons,
    itemCount: lines.reduce((count, line) => count + line.quantity, 0),
    subtotal: sum(
      lines.map(({ total }) => total),
      cart.currency,
    ),
    version: 1,
  }
}

function viewLine(cart: StoredCart, line: StoredLine): CartLine {
  const found = PRODUCTS.find(({ product }) =>
    product.variants.some(({ id }) => id === line.variantId),
  )
  if (!found) throw new Error(`No variant ${line.variantId}`)
  const product = inCurrency(found.product, cart.currency)
  const variant = product.variants.find(({ id }) => id === line.variantId)!
  const offer = variant.offers.find(({ offerId }) => offerId === line.offerId) ?? variant.offers[0]!
  const unitPrice = offer.salePrice ?? offer.price
  return {
    ...line,
    productId: product.id,
    slug: product.slug,
    sku: variant.sku,
    name: product.name,
    options: variant.options,
    seller: offer.seller,
    unitPrice,
    ...(offer.salePrice ? { listPrice: offer.price } : {}),
    total: times(unitPrice, line.quantity),
    availability: offer.availability,
    notices: offer.availability.inStock
      ? line.quantity > offer.availability.quantity
        ? ['less_in_stock']
        : []
      : ['out_of_stock'],
  }
}

const OPTIONS = [
  { id: 'standard', name: 'Standard delivery', cents: 490, days: 4 },
  { id: 'express', name: 'Express delivery', cents: 1290, days: 1 },
] as const

const DAY_MS = 86_400_000

function shippingOptions(world: World, currency: string): Quote['shippingOptions'] {
  const day = (days: number) =>
    new Date(world.now().getTime() + days * DAY_MS).toISOString().slice(0, 10)
  return OPTIONS.map(({ id, name, cents, days }) => ({
    id,
    name,
    price: convert(money(cents, 'USD'), currency, RATES[currency] ?? '1'),
    estimatedDelivery: { earliest: day(days), latest: day(days + 2) },
  }))
}

/** The days of both ways of sending, to any postal code that could be one. */
export function promiseDelivery(
  world: World,
  { country, postalCode }: Readonly<Record<string, string | string[]>>,
): DeliveryPromise {
  const code = postalCode === undefined ? null : String(postalCode)
  if (code !== null && ['US', 'DE'].includes(String(country)) && !/^\d{5}$/.test(code))
    throw new FakeRefusal(400, 'shipping.address_invalid')
  return {
    country: String(country),
    postalCode: code,
    options: shippingOptions(world, 'USD').map(({ price: _, ...option }) => option),
  }
}

/** A United States address needs five digits, a German one too: enough to show a wrong field. */
function checkAddress({ country, postalCode, region }: Address): void {
  const wrong = [
    ...(['US', 'DE'].includes(country) && !/^\d{5}$/.test(postalCode) ? ['postalCode'] : []),
    ...(country === 'US' && !region ? ['region'] : []),
  ]
  if (wrong.length === 0) return
  const errors = wrong.map((field) => ({
    path: `body.shippingAddress.${field}`,
    message: 'is not valid',
  }))
  throw new FakeRefusal(400, 'shipping.address_invalid', { errors })
}

export function quoteCart(
  world: World,
  cartId: string,
  body: Operations['quoteCart']['body'],
): Quote {
  const cart = viewCart(openCart(world, cartId))
  checkAddress(body.shippingAddress)
  const options = shippingOptions(world, cart.currency)
  const option = options.find(({ id }) => id === body.shippingOptionId)
  if (body.shippingOptionId && !option) throw new FakeRefusal(422, 'shipping.option_unknown')
  const none = zero(cart.currency)
  const discount: Money = cart.coupons.length > 0 ? multiplyHalfUp(cart.subtotal, '0.1') : none
  const shipping = option?.price ?? none
  const net = money(cart.subtotal.amount - discount.amount, cart.currency)
  const tax = multiplyHalfUp(net, '0.0825')
  const taxIncluded = body.shippingAddress.country !== 'US'
  const quote: Quote = {
    quoteId: world.newId('quo'),
    expiresAt: new Date(world.now().getTime() + 900_000).toISOString(),
    currency: cart.currency,
    taxIncluded,
    lines: cart.lines.map(
      ({ id, offerId, variantId, productId, seller, sku, name, quantity, unitPrice, total }) => ({
        lineId: id,
        offerId,
        variantId,
        productId,
        sellerId: seller.id,
        sku,
        name,
        quantity,
        unitPrice,
        subtotal: total,
        discount: none,
        net: total,
        tax: none,
        total,
        taxes: [],
      }),
    ),
    subtotal: cart.subtotal,
    discount,
    shipping,
    tax,
    total: taxIncluded ? add(net, shipping) : add(add(net, shipping), tax),
    shippingOptionId: option?.id ?? null,
    shippingOptions: options,
    explain: ['Sales tax of 8.25% of the goods.'],
  }
  world.quotes.set(quote.quoteId, quote)
  return quote
}

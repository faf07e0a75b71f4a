import { z } from 'zod'
import { CountryCode } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Currency } from '../kit/money.ts'
import { route } from '../kit/route.ts'
import { Cart, MAX_QUANTITY } from './schemas.ts'
import { wishlistRoutes } from './wishlists.ts'

const cartParams = z.object({ cartId: id('crt') })
const lineParams = z.object({ cartId: id('crt'), lineId: id('lin') })
const quantity = z.int().min(1).max(MAX_QUANTITY)

export const createCart = route({
  operation: 'createCart',
  summary: 'A new cart; its id is the key to it',
  method: 'POST',
  path: '/api/v1/carts',
  access: ['public'],
  traffic: 'cart',
  body: z
    .strictObject({ currency: Currency.optional(), country: CountryCode.optional() })
    .optional(),
  replies: { 201: Cart },
  problems: ['catalog.currency_not_sold', 'pricing.market_unknown'],
  idempotency: 'accepted',
})

export const getCart = route({
  operation: 'getCart',
  summary: 'A cart, priced as of now',
  method: 'GET',
  path: '/api/v1/carts/:cartId',
  access: ['holder'],
  traffic: 'cart',
  params: cartParams,
  replies: { 200: Cart },
  problems: ['not_found'],
})

export const addCartLine = route({
  operation: 'addCartLine',
  summary: 'Adds a variant, merging with the same line',
  method: 'POST',
  path: '/api/v1/carts/:cartId/lines',
  access: ['holder'],
  traffic: 'cart',
  params: cartParams,
  body: z.strictObject({ variantId: id('var'), quantity, offerId: id('off').optional() }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open', 'cart.full', 'cart.variant_not_sold'],
  idempotency: 'accepted',
})

export const changeCartLine = route({
  operation: 'changeCartLine',
  summary: 'Sets the quantity of a line',
  method: 'PATCH',
  path: '/api/v1/carts/:cartId/lines/:lineId',
  access: ['holder'],
  traffic: 'cart',
  params: lineParams,
  body: z.strictObject({ quantity }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open'],
  idempotency: 'accepted',
})

export const removeCartLine = route({
  operation: 'removeCartLine',
  summary: 'Removes a line; removing it again is no error',
  method: 'DELETE',
  path: '/api/v1/carts/:cartId/lines/:lineId',
  access: ['holder'],
  traffic: 'cart',
  params: lineParams,
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open'],
})

export const addCoupon = route({
  operation: 'addCoupon',
  summary: 'Puts a coupon on the cart',
  method: 'PUT',
  path: '/api/v1/carts/:cartId/coupons/:code',
  access: ['holder'],
  traffic: 'cart',
  params: z.object({ cartId: id('crt'), code: z.string().trim().min(1).max(64) }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open', 'cart.coupon_unknown'],
})

export const removeCoupon = route({
  operation: 'removeCoupon',
  summary: 'Takes a coupon off the cart',
  method: 'DELETE',
  path: '/api/v1/carts/:cartId/coupons/:code',
  access: ['holder'],
  traffic: 'cart',
  params: z.object({ cartId: id('crt'), code: z.string().trim().min(1).max(64) }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open'],
})

export const cartRoutes = [
  createCart,
  getCart,
  addCartLine,
  changeCartLine,
  removeCartLine,
  addCoupon,
  removeCoupon,
  ...wishlistRoutes,
] as const

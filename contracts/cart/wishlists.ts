import { z } from 'zod'
import { Availability } from '../catalog/schemas.ts'
import { CountryCode } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { Currency, Money } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { Cart, MAX_QUANTITY, shownFields } from './schemas.ts'

export const MAX_WISHLISTS = 20
export const MAX_WISHES = 200

export const WishlistItem = z
  .strictObject({
    ...shownFields,
    priceDrop: z
      .strictObject({ from: Money, percent: z.int() })
      .optional()
      .describe('It costs less than when it was put here'),
    isSold: z.boolean().describe('Whether it is still on sale'),
    availability: Availability,
    addedAt: Timestamp,
  })
  .meta({ id: 'WishlistItem' })
export type WishlistItem = Readonly<z.infer<typeof WishlistItem>>

/** `later` is what was put aside from a cart; the others are named by whoever made them. */
const Kind = z.enum(['wishes', 'later'])

const Head = {
  id: z.string(),
  kind: Kind,
  name: z.string(),
  itemCount: z.int(),
  updatedAt: Timestamp,
}

export const WishlistSummary = z.strictObject(Head).meta({ id: 'WishlistSummary' })
export type WishlistSummary = Readonly<z.infer<typeof WishlistSummary>>

export const Wishlist = z
  .strictObject({
    ...Head,
    shareId: z.string().nullable().describe('Key by which others may read it; null: not shared'),
    currency: z.string(),
    country: z.string(),
    items: z.array(WishlistItem),
  })
  .meta({ id: 'Wishlist' })
export type Wishlist = Readonly<z.infer<typeof Wishlist>>

/** A list as those see it with whom it is shared. */
export const SharedWishlist = Wishlist.omit({ id: true, shareId: true, kind: true }).meta({
  id: 'SharedWishlist',
})
export type SharedWishlist = Readonly<z.infer<typeof SharedWishlist>>

const PATH = '/api/v1/wishlists'
const name = z.string().trim().min(1).max(80)
const ofList = z.object({ wishlistId: id('wsl') })
const ofItem = ofList.extend({ itemId: id('wsi') })
const market = z.object({ currency: Currency.optional(), country: CountryCode.optional() })
const marketProblems = ['catalog.currency_not_sold', 'pricing.market_unknown'] as const
const held = { access: ['holder'], traffic: 'cart' } as const

export const listWishlists = route({
  operation: 'listWishlists',
  summary: 'The lists of the signed-in customer',
  method: 'GET',
  path: PATH,
  access: ['customer'],
  traffic: 'cart',
  replies: { 200: z.strictObject({ items: z.array(WishlistSummary), nextCursor: z.null() }) },
})

export const createWishlist = route({
  operation: 'createWishlist',
  summary: 'A new list; a guest’s is reached by its id',
  method: 'POST',
  path: PATH,
  access: ['public'],
  traffic: 'cart',
  body: z.strictObject({ name, kind: Kind.default('wishes') }),
  replies: { 201: WishlistSummary },
  problems: ['cart.wishlists_full'],
  idempotency: 'accepted',
})

export const getWishlist = route({
  operation: 'getWishlist',
  summary: 'A list, priced as of now, with what has become cheaper',
  method: 'GET',
  path: `${PATH}/:wishlistId`,
  ...held,
  params: ofList,
  query: market,
  replies: { 200: Wishlist },
  problems: ['not_found', ...marketProblems],
})

export const getSharedWishlist = route({
  operation: 'getSharedWishlist',
  summary: 'A list that somebody shares, by its key',
  method: 'GET',
  path: `${PATH}/shared/:shareId`,
  ...held,
  params: z.object({ shareId: id('wsh') }),
  query: market,
  replies: { 200: SharedWishlist },
  problems: ['not_found', ...marketProblems],
})

export const changeWishlist = route({
  operation: 'changeWishlist',
  summary: 'Names a list anew, shares it, or ends that; the old key then opens nothing',
  method: 'PATCH',
  path: `${PATH}/:wishlistId`,
  ...held,
  params: ofList,
  body: z.strictObject({ name: name.optional(), isShared: z.boolean().optional() }),
  replies: { 200: z.strictObject({ name: z.string(), shareId: z.string().nullable() }) },
  problems: ['not_found'],
  idempotency: 'accepted',
})

export const removeWishlist = route({
  operation: 'removeWishlist',
  summary: 'Deletes a list with all that is on it',
  method: 'DELETE',
  path: `${PATH}/:wishlistId`,
  ...held,
  params: ofList,
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

export const addWish = route({
  operation: 'addWish',
  summary: 'Puts a variant on a list; it is there once',
  method: 'POST',
  path: `${PATH}/:wishlistId/items`,
  ...held,
  params: ofList,
  body: z.strictObject({
    variantId: id('var'),
    quantity: z.int().min(1).max(MAX_QUANTITY).default(1),
  }),
  replies: { 200: z.strictObject({ itemId: z.string(), itemCount: z.int(), name: z.string() }) },
  problems: ['not_found', 'cart.wishlist_full', 'cart.variant_not_sold'],
  idempotency: 'accepted',
})

export const removeWish = route({
  operation: 'removeWish',
  summary: 'Takes a thing off a list; again is no error',
  method: 'DELETE',
  path: `${PATH}/:wishlistId/items/:itemId`,
  ...held,
  params: ofItem,
  replies: { 200: z.strictObject({ itemCount: z.int() }) },
  problems: ['not_found'],
})

export const moveWishToCart = route({
  operation: 'moveWishToCart',
  summary: 'Puts a thing of a list into a cart and takes it off the list',
  method: 'POST',
  path: `${PATH}/:wishlistId/items/:itemId/move`,
  ...held,
  params: ofItem,
  body: z.strictObject({ cartId: id('crt') }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open', 'cart.full', 'cart.variant_not_sold'],
  idempotency: 'accepted',
})

export const saveCartLine = route({
  operation: 'saveCartLine',
  summary: 'Takes a line out of a cart and keeps it on a list',
  method: 'POST',
  path: '/api/v1/carts/:cartId/lines/:lineId/save',
  ...held,
  params: z.object({ cartId: id('crt'), lineId: id('lin') }),
  body: z.strictObject({ wishlistId: id('wsl') }),
  replies: { 200: Cart },
  problems: ['not_found', 'cart.not_open', 'cart.wishlist_full'],
  idempotency: 'accepted',
})

export const adoptWishlists = route({
  operation: 'adoptWishlists',
  summary:
    'Makes a guest’s lists the customer’s, as at sign-in; those of one name and kind become one. Again does nothing',
  method: 'POST',
  path: `${PATH}/adopt`,
  access: ['customer'],
  traffic: 'cart',
  body: z.strictObject({ wishlistIds: z.array(id('wsl')).min(1).max(MAX_WISHLISTS) }),
  replies: { 200: z.strictObject({ items: z.array(WishlistSummary), nextCursor: z.null() }) },
  idempotency: 'accepted',
})

export const wishlistRoutes = [
  listWishlists,
  createWishlist,
  getWishlist,
  getSharedWishlist,
  changeWishlist,
  removeWishlist,
  addWish,
  removeWish,
  moveWishToCart,
  saveCartLine,
  adoptWishlists,
] as const

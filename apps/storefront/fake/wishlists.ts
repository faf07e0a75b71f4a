import type { OperationName, TransportRequest, Wishlist, WishlistItem } from '@stoa/client'
import { addLine, openCart, viewCart } from './carts.ts'
import { inCurrency, PRODUCTS } from './catalogue.ts'
import { FakeRefusal, type StoredList, type World } from './world.ts'

const OPERATIONS = [
  'createWishlist',
  'getWishlist',
  'getSharedWishlist',
  'changeWishlist',
  'removeWishlist',
  'addWish',
  'removeWish',
  'moveWishToCart',
  'saveCartLine',
] as const satisfies readonly OperationName[]
type WishOperation = (typeof OPERATIONS)[number]

export function isWishOperation(operation: OperationName): operation is WishOperation {
  return (OPERATIONS as readonly OperationName[]).includes(operation)
}

const AT = '2026-05-12T09:00:00.000Z'

/** Wish lists of guests, in memory. What is in a sale was dearer when it was put there. */
export function performWish(world: World, { operation, params, query, body }: TransportRequest) {
  const said = body === undefined ? undefined : JSON.parse(body)
  const currency = String(query['currency'] ?? 'USD')
  const list = () => listOf(world, said?.wishlistId ?? params['wishlistId'])
  const ok = (data: unknown, status = 200) => ({ status, data })
  switch (operation as WishOperation) {
    case 'createWishlist': {
      const id = world.newId('wsl')
      world.wishlists.set(id, { id, kind: 'wishes', shareId: null, items: [], ...said })
      return ok(view(listOf(world, id), currency), 201)
    }
    case 'getWishlist':
      return ok(view(list(), currency))
    case 'getSharedWishlist': {
      const all = [...world.wishlists.values()]
      const shared = all.find(({ shareId }) => shareId === params['shareId'])
      if (!shared) throw new FakeRefusal(404, 'not_found')
      return ok(view(shared, currency))
    }
    case 'changeWishlist': {
      const { name, isShared } = said
      const one = list()
      if (name) one.name = name
      if (isShared !== undefined) one.shareId = isShared ? world.newId('wsh') : null
      return ok({ name: one.name, shareId: one.shareId })
    }
    case 'removeWishlist':
      world.wishlists.delete(list().id)
      return ok(undefined, 204)
    case 'addWish':
      return ok(add(world, list(), said))
    case 'removeWish':
      return ok({ itemCount: take(list(), params['itemId']) })
    case 'moveWishToCart': {
      const item = list().items.find(({ id }) => id === params['itemId'])
      if (!item) throw new FakeRefusal(404, 'not_found')
      take(list(), item.id)
      return ok(addLine(world, said.cartId, item))
    }
    case 'saveCartLine': {
      const cart = openCart(world, params['cartId'] ?? '')
      const line = cart.lines.find(({ id }) => id === params['lineId'])
      if (!line) throw new FakeRefusal(404, 'not_found')
      add(world, list(), line)
      cart.lines = cart.lines.filter(({ id }) => id !== line.id)
      return ok(viewCart(cart))
    }
  }
}

function listOf(world: World, id: string | undefined): StoredList {
  const list = world.wishlists.get(id ?? '')
  if (!list) throw new FakeRefusal(404, 'not_found')
  return list
}

function add(
  world: World,
  list: StoredList,
  { variantId, quantity = 1 }: Readonly<{ variantId: string; quantity?: number }>,
) {
  const { product } = productOf(variantId)
  if (!list.items.some((item) => item.variantId === variantId))
    list.items.unshift({ id: world.newId('wsi'), variantId, quantity })
  return { itemId: list.items[0]?.id, itemCount: list.items.length, name: product.name }
}

function take(list: StoredList, itemId: string | undefined): number {
  list.items = list.items.filter(({ id }) => id !== itemId)
  return list.items.length
}

function productOf(variantId: string) {
  for (const { product } of PRODUCTS) {
    const variant = product.variants.find(({ id }) => id === variantId)
    if (variant) return { product, variant }
  }
  throw new FakeRefusal(422, 'cart.variant_not_sold')
}

function view(list: StoredList, currency: string): Wishlist {
  const { id, kind, name, shareId, items } = list
  return {
    id,
    kind,
    name,
    shareId,
    currency,
    country: 'US',
    itemCount: items.length,
    updatedAt: AT,
    items: items.map((item) => itemView(item, currency)),
  }
}

function itemView(
  { id, variantId, quantity }: StoredList['items'][number],
  currency: string,
): WishlistItem {
  const found = productOf(variantId)
  const product = inCurrency(found.product, currency)
  const variant = product.variants.find((one) => one.id === variantId) ?? found.variant
  const unitPrice = variant.salePrice ?? variant.price
  return {
    id,
    variantId,
    offerId: variant.offerId,
    productId: product.id,
    slug: product.slug,
    sku: variant.sku,
    name: product.name,
    options: variant.options,
    seller: variant.seller,
    quantity,
    unitPrice,
    ...(variant.salePrice
      ? { listPrice: variant.price, priceDrop: { from: variant.price, percent: 20 } }
      : {}),
    isSold: true,
    availability: variant.availability,
    addedAt: AT,
  }
}

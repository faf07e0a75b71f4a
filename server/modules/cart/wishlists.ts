import { cartProblem } from '#contracts/cart/problems.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, sqlState } from '../../platform/db/database.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { CartApi } from './api.ts'
import { createAdoption } from './flows/adopt-wishlists.ts'
import { pickOffer } from './model.ts'
import { findCart } from './repository.ts'
import type { WishlistApi } from './wishlist-api.ts'
import { deleteWishlist, holdWishlists, pointAtWishlist } from './wishlist-owner-repository.ts'
import {
  deleteWish,
  findSharedWishlist,
  findWishlist,
  insertWishlist,
  listWishlists,
  putWish,
  type StoredWishlist,
  updateWishlist,
  type WishlistKey,
} from './wishlist-repository.ts'
import { createWishlistView } from './wishlist-view.ts'

export type WishlistDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  catalog: Pick<CatalogApi, 'getVariantOffers'>
  pricing: Pick<PricingApi, 'display' | 'market'>
  inventory: Pick<InventoryApi, 'available'>
  cart: Pick<CartApi, 'addLine' | 'removeLine' | 'get'>
}>

type Market = Readonly<{ currency?: string | undefined; country?: string | undefined }>

export function createWishlists(deps: WishlistDeps): WishlistApi {
  const { db, ids, clock, catalog, pricing, cart } = deps
  const view = createWishlistView(deps)
  const adopt = createAdoption({ db, clock })
  const now = () => clock.now().toISOString()

  /** @throws not_found */
  async function getStored(key: WishlistKey): Promise<StoredWishlist> {
    return found(await findWishlist(db, key))
  }

  async function show(list: StoredWishlist, asked: Market) {
    const { currency, country } = await pricing.market(asked)
    return { ...list, currency, country, items: await view(list, currency) }
  }

  return {
    list: ({ customerId }) => listWishlists(db, customerId),

    async create({ name, kind, customerId = null }) {
      const id = ids.make('wsl')
      const list = { id, kind, name, customerId, at: now() }
      if (customerId === null) await insertWishlist(db, list)
      else {
        await db
          .tx(async (tx) => {
            await holdWishlists(tx, customerId)
            await insertWishlist(tx, list)
            await pointAtWishlist(tx, { customerId, wishlistId: id })
          })
          .catch(refuse('cart.wishlists_full'))
      }
      return { id, kind, name, itemCount: 0, updatedAt: list.at }
    },

    get: async (input) => show(await getStored(keyOf(input)), input),

    async getShared({ shareId, ...market }) {
      const list = found(await findSharedWishlist(db, shareId))
      const { id: _id, shareId: _key, kind: _kind, ...shown } = await show(list, market)
      return shown
    },

    async change({ name = null, isShared = null, ...of }) {
      const key = keyOf(of)
      const shareId = ids.make('wsh', key.shard)
      return found(await updateWishlist(db, key, { name, isShared, shareId, at: now() }))
    },

    async remove(input) {
      const isGone = await db.tx((tx) => deleteWishlist(tx, keyOf(input)))
      if (!isGone) throw generalProblem('not_found')
    },

    async add({ variantId, quantity, ...of }) {
      const offers = await catalog.getVariantOffers({ variantIds: [variantId] })
      const offer = pickOffer(offers, { variantId })
      if (!offer) throw cartProblem('cart.variant_not_sold')
      const key = keyOf(of)
      const wish = { id: ids.make('wsi', key.shard), offer, quantity, at: now() }
      const put = found(await putWish(db, key, wish).catch(refuse('cart.wishlist_full')))
      return { ...put, name: offer.name }
    },

    async removeItem({ itemId, ...of }) {
      const itemCount = await deleteWish(db, keyOf(of), { id: itemId, at: now() })
      return { itemCount: found(itemCount) }
    },

    async moveToCart({ itemId, cartId, ...of }) {
      const key = keyOf(of)
      const { kind, items } = await getStored(key)
      const { variantId, offerId, quantity } = found(items.find(({ id }) => id === itemId))
      const offers = await catalog.getVariantOffers({ variantIds: [variantId] })
      const own = kind === 'later' ? pickOffer(offers, { variantId, offerId }) : undefined
      const moved = await cart.addLine({
        key: itemId,
        cartId,
        customerId: of.customerId,
        variantId,
        offerId: own?.offerId,
        quantity,
      })
      await deleteWish(db, key, { id: itemId, at: now() })
      return moved
    },

    async saveLine({ cartId, lineId, ...of }) {
      const key = keyOf(of)
      const place = { shard: shardOf(cartId), cartId, asker: key.asker }
      const stored = found(await findCart(db, place))
      const { quantity, snapshot: offer } = found(stored.lines.find(({ id }) => id === lineId))
      const wish = { id: ids.make('wsi', key.shard), offer, quantity, at: now() }
      found(await putWish(db, key, wish).catch(refuse('cart.wishlist_full')))
      return cart.removeLine({ cartId, lineId, customerId: of.customerId })
    },

    async adopt({ customerId, wishlistIds }) {
      await adopt({ customerId, wishlistIds })
      return listWishlists(db, customerId)
    },
  }
}

function keyOf({
  wishlistId,
  customerId,
}: Readonly<{ wishlistId: string; customerId?: string | null | undefined }>): WishlistKey {
  const asker = customerId === undefined ? null : (customerId ?? '')
  return { shard: shardOf(wishlistId), wishlistId, asker }
}

/** @throws not_found */
function found<T>(value: T | undefined): T {
  if (value === undefined) throw generalProblem('not_found')
  return value
}

const CHECK_VIOLATION = '23514'

/** The limits are checks of the tables, so that no race passes them. */
function refuse(code: 'cart.wishlist_full' | 'cart.wishlists_full'): (error: unknown) => never {
  return (error) => {
    throw sqlState(error) === CHECK_VIOLATION ? cartProblem(code) : error
  }
}

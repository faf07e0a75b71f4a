import * as contract from '#contracts/cart/wishlists.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { asker, customerOf } from './asker.ts'
import type { WishlistApi } from './wishlist-api.ts'

export function wishlistBindings(api: WishlistApi): readonly Binding[] {
  return [
    bind(contract.listWishlists, async (_input, { actor }) => {
      const items = await api.list(customerOf(actor))
      return { status: 200, body: { items, nextCursor: null } }
    }),
    bind(contract.createWishlist, async ({ body }, { actor }) => {
      return { status: 201, body: await api.create({ ...body, ...asker(actor) }) }
    }),
    bind(contract.getWishlist, async ({ params, query }, { actor }) => {
      return { status: 200, body: await api.get({ ...params, ...query, ...asker(actor) }) }
    }),
    bind(contract.getSharedWishlist, async ({ params, query }) => {
      return { status: 200, body: await api.getShared({ ...params, ...query }) }
    }),
    bind(contract.changeWishlist, async ({ params, body }, { actor }) => {
      return { status: 200, body: await api.change({ ...params, ...body, ...asker(actor) }) }
    }),
    bind(contract.removeWishlist, async ({ params }, { actor }) => {
      await api.remove({ ...params, ...asker(actor) })
      return { status: 204, body: undefined }
    }),
    bind(contract.addWish, async ({ params, body }, { actor }) => {
      return { status: 200, body: await api.add({ ...params, ...body, ...asker(actor) }) }
    }),
    bind(contract.removeWish, async ({ params }, { actor }) => {
      return { status: 200, body: await api.removeItem({ ...params, ...asker(actor) }) }
    }),
    bind(contract.moveWishToCart, async ({ params, body }, { actor }) => {
      return { status: 200, body: await api.moveToCart({ ...params, ...body, ...asker(actor) }) }
    }),
    bind(contract.saveCartLine, async ({ params, body }, { actor }) => {
      return { status: 200, body: await api.saveLine({ ...params, ...body, ...asker(actor) }) }
    }),
    bind(contract.adoptWishlists, async ({ body }, { actor }) => {
      const items = await api.adopt({ ...body, ...customerOf(actor) })
      return { status: 200, body: { items, nextCursor: null } }
    }),
  ]
}

import { cartProblem } from '#contracts/cart/problems.ts'
import type { Cart } from '#contracts/cart/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError, sqlState } from '../../platform/db/database.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { InventoryApi } from '../inventory/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { CartApi } from './api.ts'
import { createMerge } from './flows/merge.ts'
import { findCustomerCart, insertCustomerCart } from './merge-repository.ts'
import { couponCode, pickOffer } from './model.ts'
import {
  addLine,
  type CartKey,
  type CartToOrder,
  deleteLine,
  findCart,
  findCartsToOrder,
  insertCart,
  markOrdered,
  type OrderedCart,
  type StoredCart,
  setCoupon,
  updateLine,
  type Written,
} from './repository.ts'
import { createView } from './view.ts'

export type CartServiceDeps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  catalog: Pick<CatalogApi, 'getOffers' | 'getVariantOffers'>
  pricing: Pick<PricingApi, 'market' | 'display' | 'coupon'>
  inventory: Pick<InventoryApi, 'available'>
}>

const BATCH = { maxBatch: 250, concurrency: 2, fatal: isConnectionError } as const

export function createCartService(deps: CartServiceDeps): CartApi {
  const { db, ids, clock, catalog, pricing } = deps
  const view = createView(deps)
  const merge = createMerge({ db, clock })
  const now = () => clock.now().toISOString()
  // Each order asks for one cart and closes one: those of all buyers share statements.
  const toOrder = createBatcher<string, CartToOrder | undefined>({
    ...BATCH,
    run: async (cartIds) => (await findCartsToOrder(db, cartIds)).map((value) => ({ value })),
  })
  const close = createBatcher<OrderedCart, void>({
    ...BATCH,
    async run(ordered) {
      await markOrdered(db, ordered, now())
      return ordered.map(() => ({ value: undefined }))
    },
  })

  /** @throws not_found */
  async function getStored(key: CartKey): Promise<StoredCart> {
    const cart = await findCart(db, key)
    if (!cart) throw generalProblem('not_found')
    return cart
  }

  /** Runs a write, turns what stood in its way into a refusal, and shows the cart after it. */
  async function write(key: CartKey, change: () => Promise<Written>): Promise<Cart> {
    assertOpen(await change().catch(refuseOverfull))
    return view.show(await getStored(key))
  }

  return {
    async create({ customerId = null, ...input }) {
      const { currency, country } = await pricing.market(input)
      const id = ids.make('crt')
      const cart = { shard: shardOf(id), id, currency, country, at: now() }
      if (customerId === null) await insertCart(db, cart)
      else await insertCustomerCart(db, { ...cart, customerId })
      return view.show(await getStored(keyOf({ cartId: id })))
    },

    current: async ({ customerId }) => ({ cartId: await findCustomerCart(db, customerId) }),

    get: async (input) => view.show(await getStored(keyOf(input))),

    async getForCheckout({ cartId }) {
      const cart = await toOrder(cartId)
      if (!cart) throw generalProblem('not_found')
      const offers = await view.offersOf(cart.lines)
      const lines = cart.lines.map(({ id, variantId, offerId, quantity }) => ({
        lineId: id,
        variantId,
        quantity,
        offer: offers.get(offerId) ?? null,
      }))
      const { id, version, status, currency, country, customerId, coupons } = cart
      return { id, version, status, currency, country, customerId, coupons, lines }
    },

    async addLine(input) {
      const { variantId, offerId, quantity } = input
      const offers =
        offerId === undefined
          ? await catalog.getVariantOffers({ variantIds: [variantId] })
          : await catalog.getOffers({ offerIds: [offerId] })
      const offer = pickOffer(offers, { variantId, offerId })
      if (!offer) throw cartProblem('cart.variant_not_sold')
      const key = keyOf(input)
      const line = { id: ids.make('lin', key.shard), key: input.key, offer, quantity, at: now() }
      return write(key, () => addLine(db, key, line))
    },

    async changeLine(input) {
      const { lineId, quantity } = input
      const key = keyOf(input)
      const stored = await getStored(key)
      const line = stored.lines.find(({ id }) => id === lineId)
      assertOpen({ status: stored.status, merged_into: stored.mergedInto, changed: false })
      if (!line) throw generalProblem('not_found')
      const offer = (await view.offersOf([line])).get(line.offerId) ?? null
      return write(key, () => updateLine(db, key, { id: lineId, quantity, offer, at: now() }))
    },

    async removeLine(input) {
      const key = keyOf(input)
      return write(key, () => deleteLine(db, key, { id: input.lineId, at: now() }))
    },

    async addCoupon(input) {
      const key = keyOf(input)
      const coupon = await pricing.coupon({ code: input.code })
      if (!coupon) {
        await getStored(key)
        throw cartProblem('cart.coupon_unknown')
      }
      return write(key, () => setCoupon(db, key, { code: coupon.code, on: true, at: now() }))
    },

    async removeCoupon(input) {
      const key = keyOf(input)
      const code = couponCode(input.code)
      return write(key, () => setCoupon(db, key, { code, on: false, at: now() }))
    },

    markOrdered: ({ cartId, orderId }) => close({ cartId, orderId }),

    async merge({ guestCartId, customerId }) {
      const cartId = await merge({ guestCartId, customerId })
      return view.show(await getStored(keyOf({ cartId, customerId })))
    },
  }
}

function keyOf({
  cartId,
  customerId,
}: Readonly<{ cartId: string; customerId?: string | null | undefined }>): CartKey {
  const asker = customerId === undefined ? null : (customerId ?? '')
  return { shard: shardOf(cartId), cartId, asker }
}

/** @throws not_found, cart.not_open with the cart that it was merged into */
function assertOpen(written: Written): void {
  if (!written) throw generalProblem('not_found')
  if (written.status === 'open') return
  const data = written.merged_into === null ? {} : { cartId: written.merged_into }
  throw cartProblem('cart.not_open', { data: { cartStatus: written.status, ...data } })
}

const CHECK_VIOLATION = '23514'

/** The limits are checks of the tables, so that no race passes them. @throws cart.full */
function refuseOverfull(error: unknown): never {
  throw sqlState(error) === CHECK_VIOLATION ? cartProblem('cart.full') : error
}

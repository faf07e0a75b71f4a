import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Cart, MAX_QUANTITY } from '#contracts/cart/schemas.ts'
import { MAX_AMOUNT } from '#contracts/kit/money.ts'
import type { OfferSnapshot } from '../catalog/index.ts'
import type { StoredCart } from './repository.ts'
import { createView } from './view.ts'

const CURRENCY = 'USD'

function offerAt(amount: number, place: number): OfferSnapshot {
  const price = { amount, currency: CURRENCY }
  return {
    offerId: `off_${place}`,
    variantId: `var_${place}`,
    productId: `prd_${place}`,
    slug: `thing-${place}`,
    sku: `SKU-${place}`,
    name: `Thing ${place}`,
    options: {},
    sellerId: 'sel_a',
    sellerName: 'A',
    price,
    listPrice: price,
    active: true,
  } as unknown as OfferSnapshot
}

test('a cart is shown whatever it is worth', async () => {
  const line = fc.record({
    amount: fc.oneof(fc.nat(100_000), fc.nat(MAX_AMOUNT), fc.constant(MAX_AMOUNT)),
    quantity: fc.integer({ min: 1, max: MAX_QUANTITY }),
  })
  const property = fc.asyncProperty(fc.array(line, { maxLength: 100 }), async (bought) => {
    const offers = bought.map(({ amount }, place) => offerAt(amount, place))
    const view = createView({
      catalog: { getOffers: async () => offers },
      pricing: { display: async ({ prices }) => [...prices] },
      inventory: {
        available: async ({ offerIds }) => offerIds.map((offerId) => ({ offerId, available: 9 })),
      },
    })
    const lines = bought.map(({ quantity }, place) => ({
      id: `lin_${place}`,
      variantId: `var_${place}`,
      offerId: `off_${place}`,
      quantity,
      snapshot: offers[place],
    }))
    const stored = {
      id: 'crt_1',
      ...{ currency: CURRENCY, country: 'US', status: 'open', coupons: [], version: 1, lines },
    } as unknown as StoredCart
    const cart = Cart.parse(await view.show(stored))
    const worth = bought.reduce((all, { amount, quantity }) => all + BigInt(amount * quantity), 0n)
    const isCounted = worth <= BigInt(MAX_AMOUNT)
    assert.equal(cart.subtotal.amount, isCounted ? Number(worth) : MAX_AMOUNT)
  })
  await fc.assert(property, { numRuns: 100 })
})

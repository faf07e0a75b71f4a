import type { Availability, Product } from '#contracts/catalog/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'

/** What is told of an offer. */
export type OfferState = Readonly<{
  productId: string
  variantId: string
  offerId: string
  price: Money
  salePrice: Money | undefined
  availability: Availability
}>

export type LiveEvent = Readonly<{ name: 'stock' | 'price'; data: string }>

/** Every offer of a product as its page shows it. */
export function statesOf(product: Product): ReadonlyMap<string, OfferState> {
  const states = new Map<string, OfferState>()
  for (const { id: variantId, offers } of product.variants)
    for (const { offerId, price, salePrice, availability } of offers)
      states.set(offerId, {
        productId: product.id,
        variantId,
        offerId,
        price,
        salePrice,
        availability,
      })
  return states
}

const GONE: Availability = { inStock: false, quantity: 0 }

/** What is to be told of the change from one state to another; of everything if nothing was known. */
export function differences(
  before: ReadonlyMap<string, OfferState> | undefined,
  after: ReadonlyMap<string, OfferState>,
): LiveEvent[] {
  const events: LiveEvent[] = []
  const told = (name: LiveEvent['name'], state: OfferState, facts: object) => {
    const { productId, variantId, offerId } = state
    events.push({ name, data: JSON.stringify({ productId, variantId, offerId, ...facts }) })
  }
  for (const [offerId, state] of after) {
    const known = before?.get(offerId)
    const { price, salePrice, availability } = state
    if (!isSame(known && [known.price, known.salePrice], [price, salePrice]))
      told('price', state, { price, ...(salePrice ? { salePrice } : {}) })
    if (!isSame(known?.availability, availability)) told('stock', state, { availability })
  }
  for (const [offerId, state] of before ?? [])
    if (!after.has(offerId) && state.availability.inStock)
      told('stock', state, { availability: GONE })
  return events
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

import { cartProblem } from '#contracts/cart/problems.ts'
import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Address } from '#contracts/kit/address.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { ordersProblem } from '#contracts/orders/problems.ts'
import type { ShippingOption } from '#contracts/pricing/schemas.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import type { CartApi, CheckoutCart } from '../../cart/index.ts'
import type { Destination, InventoryApi } from '../../inventory/index.ts'
import type { KeptQuote, PricingApi, QuoteInput } from '../../pricing/index.ts'
import type { ShippingApi } from '../../shipping/index.ts'

type Offer = NonNullable<CheckoutCart['lines'][number]['offer']>
type SoldLine = Readonly<{ lineId: string; quantity: number; offer: Offer }>

type Deps = Readonly<{
  cart: Pick<CartApi, 'getForCheckout'>
  pricing: Pick<PricingApi, 'market' | 'rate' | 'display' | 'quote' | 'evaluate'>
  inventory: Pick<InventoryApi, 'available' | 'shipsFrom'>
  shipping: Pick<ShippingApi, 'checkAddress' | 'options'>
}>

export type QuoteRequest = Readonly<{
  cart: CheckoutCart
  shippingAddress: Address
  shippingOptionId: string | null
  currency: string
}>

export type QuoteCart = Readonly<{
  /** Prices an open cart as of now, and keeps the quote. */
  quote(request: QuoteRequest): Promise<KeptQuote>
  /** What a kept quote would be if it were made now, at its own rates while they are locked. */
  reconsider(cart: CheckoutCart, kept: KeptQuote, isExpired: boolean): Promise<KeptQuote>
  /** The open cart. @throws not_found, cart.not_open, orders.cart_empty, cart.variant_not_sold */
  readCart(input: { cartId: string; customerId?: string | null | undefined }): Promise<CheckoutCart>
  /** @throws inventory.insufficient_stock naming the lines */
  checkStock(cart: CheckoutCart): Promise<void>
}>

export function makeQuoteCart({ cart, pricing, inventory, shipping }: Deps): QuoteCart {
  async function listOptions(
    lines: readonly SoldLine[],
    { shippingAddress, currency }: Pick<QuoteRequest, 'shippingAddress' | 'currency'>,
  ): Promise<ShippingOption[]> {
    const [{ rate }, prices, origins] = await Promise.all([
      pricing.rate({ from: 'USD', to: currency }),
      pricing.display({ prices: lines.map(({ offer }) => offer.price), currency }),
      inventory.shipsFrom({
        lines: lines.map(({ offer, quantity }) => ({ offerId: offer.offerId, quantity })),
        destination: placeOf(shippingAddress),
      }),
    ])
    const priced = lines.map((line, place) => ({ ...line, unit: prices[place]?.amount ?? 0 }))
    const bySeller = Map.groupBy(priced, ({ offer }) => offer.sellerId)
    const parcels = [...bySeller].map(([sellerId, own]) => ({
      sellerId,
      weightGrams: own.reduce((sum, line) => sum + line.offer.weightGrams * line.quantity, 0),
      subtotalAmount: own.reduce((sum, line) => sum + line.unit * line.quantity, 0),
    }))
    return shipping.options({ destination: shippingAddress, currency, rate, parcels, origins })
  }

  async function quoteInput(request: QuoteRequest): Promise<QuoteInput> {
    const { cart: open, shippingAddress, shippingOptionId, currency } = request
    const lines = soldLines(open)
    const shippingOptions = await listOptions(lines, { shippingAddress, currency })
    if (shippingOptionId !== null && !shippingOptions.some(({ id }) => id === shippingOptionId)) {
      throw shippingProblem('shipping.option_unknown')
    }
    return { ...inputOf(open, lines, request), shippingOptions }
  }

  return {
    async quote(request) {
      return pricing.quote(await quoteInput(request))
    },
    async reconsider(open, kept, isExpired) {
      const { quote, shippingAddress, fxRates } = kept
      const { currency, shippingOptionId } = quote
      const request = { cart: open, shippingAddress, shippingOptionId, currency }
      if (isExpired) return pricing.evaluate(await quoteInput(request))
      const { shippingOptions } = quote
      const input = inputOf(open, soldLines(open), request)
      return pricing.evaluate({ ...input, shippingOptions, fxRates })
    },
    async readCart({ cartId, customerId }) {
      const found = await cart.getForCheckout({ cartId })
      const isOwn = customerId === undefined || found.customerId === customerId
      if (found.customerId !== null && !isOwn) throw generalProblem('not_found')
      if (found.status !== 'open') throw cartProblem('cart.not_open')
      if (found.lines.length === 0) throw ordersProblem('orders.cart_empty')
      soldLines(found)
      return found
    },
    async checkStock(open) {
      const wanted = demandOf(open.lines.map((line) => ({ ...line, offerId: offerIdOf(line) })))
      const levels = await inventory.available({ offerIds: [...wanted.keys()] })
      const short = levels
        .map(({ offerId, available }) => ({
          offerId,
          requested: wanted.get(offerId) ?? 0,
          available,
        }))
        .filter(({ requested, available }) => requested > available)
      if (short.length > 0) {
        throw inventoryProblem('inventory.insufficient_stock', {
          data: { lines: nameLines(open, short) },
        })
      }
    },
  }
}

/** What of an address stock is chosen by. */
export function placeOf({ country, postalCode, region }: Address): Destination {
  return { country, postalCode, ...(region === undefined ? {} : { region }) }
}

function offerIdOf({ offer }: CheckoutCart['lines'][number]): string {
  return offer?.offerId ?? ''
}

/** @throws cart.variant_not_sold naming the lines that cannot be bought any more. */
function soldLines(cart: CheckoutCart): SoldLine[] {
  const gone = cart.lines.filter(({ offer }) => !offer?.active)
  if (gone.length > 0) {
    throw cartProblem('cart.variant_not_sold', {
      data: { lines: gone.map(({ lineId, variantId }) => ({ lineId, variantId })) },
    })
  }
  return cart.lines.flatMap(({ lineId, quantity, offer }) =>
    offer ? [{ lineId, quantity, offer }] : [],
  )
}

function inputOf(
  cart: CheckoutCart,
  lines: readonly SoldLine[],
  { shippingAddress, shippingOptionId, currency }: Omit<QuoteRequest, 'cart'>,
): Omit<QuoteInput, 'shippingOptions'> {
  return {
    cartId: cart.id,
    cartVersion: cart.version,
    currency,
    lines,
    coupons: cart.coupons,
    shippingAddress,
    shippingOptionId,
  }
}

/** Units wanted of each offer, over all lines. */
export function demandOf(
  lines: readonly Readonly<{ offerId: string; quantity: number }>[],
): Map<string, number> {
  const demand = new Map<string, number>()
  for (const { offerId, quantity } of lines) {
    demand.set(offerId, (demand.get(offerId) ?? 0) + quantity)
  }
  return demand
}

/** Says which of the cart's lines lack stock. */
export function nameLines(
  cart: CheckoutCart,
  short: readonly Readonly<{ offerId: string; requested: number; available: number }>[],
): object[] {
  return short.flatMap((lack) =>
    cart.lines
      .filter((line) => offerIdOf(line) === lack.offerId)
      .map(({ lineId, variantId, offer }) => ({ lineId, variantId, name: offer?.name, ...lack })),
  )
}

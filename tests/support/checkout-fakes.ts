import { inventoryProblem } from '#contracts/inventory/problems.ts'
import type { Address } from '#contracts/kit/address.ts'
import { allocate, money } from '#contracts/kit/money.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Quote } from '#contracts/pricing/schemas.ts'
import type { CartApi, CheckoutCart } from '../../server/modules/cart/index.ts'
import type { Departure, InventoryApi } from '../../server/modules/inventory/index.ts'
import type { KeptQuote, PricingApi, QuoteInput } from '../../server/modules/pricing/index.ts'
import type { ShippingApi } from '../../server/modules/shipping/index.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Ids } from '../../server/platform/ids.ts'

/** A fake has what the test's subject calls; anything else is a mistake of the test. */
function fake<Api extends object>(name: string, methods: Partial<Api>): Api {
  return new Proxy(methods, {
    get(target, method) {
      const found = target[method as keyof typeof target]
      if (found === undefined) throw new Error(`The fake ${name} has no ${String(method)}`)
      return found
    },
  }) as Api
}

export const ADDRESS: Address = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'Berlin',
  postalCode: '10115',
  country: 'DE',
}

type Offer = NonNullable<CheckoutCart['lines'][number]['offer']>

export function fakeOffer(n: number, { sellerId = 'sel_a', amount = 1_000 * n } = {}): Offer {
  return {
    offerId: `off_${n}`,
    variantId: `var_${n}`,
    productId: `prd_${n}`,
    slug: `product-${n}`,
    sellerId,
    sellerName: sellerId,
    sku: `SKU-${n}`,
    name: `Product ${n}`,
    options: {},
    listPrice: money(amount, 'EUR'),
    price: money(amount, 'EUR'),
    taxClass: 'standard',
    weightGrams: 500,
    department: 'books',
    onSale: false,
    active: true,
    version: 1,
  }
}

export type FakeCart = CartApi &
  Readonly<{
    put(lines: readonly Readonly<{ offer: Offer; quantity: number }>[]): CheckoutCart
    change(cartId: string, change: (cart: CheckoutCart) => CheckoutCart): void
  }>

export function createFakeCart(ids: Ids): FakeCart {
  const carts = new Map<string, CheckoutCart>()
  const methods: Partial<CartApi> = {
    async getForCheckout({ cartId }) {
      const found = carts.get(cartId)
      if (!found) throw new Error('no cart')
      return found
    },
    async markOrdered({ cartId }) {
      const found = carts.get(cartId)
      if (found) carts.set(cartId, { ...found, status: 'ordered' })
    },
  }
  return Object.assign(fake<CartApi>('cart', methods), {
    put(lines: readonly Readonly<{ offer: Offer; quantity: number }>[]): CheckoutCart {
      const cart: CheckoutCart = {
        id: ids.make('crt'),
        version: 1,
        status: 'open',
        currency: 'EUR',
        country: 'DE',
        customerId: null,
        coupons: [],
        lines: lines.map(({ offer, quantity }) => ({
          lineId: ids.make('lin'),
          variantId: offer.variantId,
          quantity,
          offer,
        })),
      }
      carts.set(cart.id, cart)
      return cart
    },
    change(cartId: string, change: (cart: CheckoutCart) => CheckoutCart) {
      carts.set(cartId, change(carts.get(cartId) as CheckoutCart))
    },
  })
}

const TAX_PERCENT = 19

/** Prices with 19 % tax on top, shipping 4.99 and its tax; the fingerprint is the total. */
export function createFakePricing(ids: Ids, clock: Clock): PricingApi {
  const kept = new Map<string, KeptQuote>()

  function evaluate(input: QuoteInput): KeptQuote {
    const eur = (amount: number) => money(amount, input.currency)
    const tax = (net: number) => Math.round((net * TAX_PERCENT) / 100)
    const lines = input.lines.map(({ lineId, quantity, offer }): Quote['lines'][number] => {
      const net = offer.price.amount * quantity
      return {
        lineId,
        offerId: offer.offerId,
        variantId: offer.variantId,
        productId: offer.productId,
        sellerId: offer.sellerId,
        sku: offer.sku,
        name: offer.name,
        quantity,
        unitPrice: eur(offer.price.amount),
        subtotal: eur(net),
        discount: eur(0),
        net: eur(net),
        tax: eur(tax(net)),
        total: eur(net + tax(net)),
        taxes: [
          { name: 'VAT', rate: '0.19', jurisdiction: 'DE', base: eur(net), amount: eur(tax(net)) },
        ],
      }
    })
    const goods = lines.reduce((sum, line) => sum + line.net.amount, 0)
    const goodsTax = lines.reduce((sum, line) => sum + line.tax.amount, 0)
    const shipping = input.shippingOptions[0]?.price.amount ?? 0
    const taxes = goodsTax + tax(shipping)
    const now = clock.now().getTime()
    const quote: Quote = {
      quoteId: ids.make('quo'),
      expiresAt: new Date(now + 30 * 60_000).toISOString(),
      currency: input.currency,
      taxIncluded: false,
      lines,
      subtotal: eur(goods),
      discount: eur(0),
      shipping: eur(shipping),
      tax: eur(taxes),
      total: eur(goods + shipping + taxes),
      shippingOptionId: input.shippingOptionId ?? input.shippingOptions[0]?.id ?? null,
      shippingOptions: [...input.shippingOptions],
      explain: [],
    }
    return {
      quote,
      cartId: input.cartId,
      cartVersion: input.cartVersion,
      shippingAddress: input.shippingAddress,
      fxRates: {},
      createdAt: new Date(now).toISOString(),
      fingerprint: `${quote.total.amount}`,
    }
  }

  return fake<PricingApi>('pricing', {
    market: async () => ({ country: 'DE', currency: 'EUR', taxIncluded: false }),
    rate: async () => ({ rate: '0.9', asOf: '2026-03-01' }),
    display: async ({ prices }) => [...prices],
    evaluate: async (input) => evaluate(input),
    async quote(input) {
      const made = evaluate(input)
      kept.set(made.quote.quoteId, made)
      return made
    },
    getQuote: async ({ quoteId, cartId }) => {
      const found = kept.get(quoteId)
      return found?.cartId === cartId ? found : null
    },
    redeem: async () => {},
    unredeem: async () => {},
  })
}

type Held = {
  state: 'held' | 'committed' | 'released' | 'expired'
  allocations: { offerId: string; warehouseId: string; quantity: number }[]
  expiresAt: number
}

export type FakeInventory = InventoryApi &
  Readonly<{
    setStock(offerId: string, quantity: number): void
    stockOf(offerId: string): number
    /** Units that reservations hold now, of each offer. */
    heldOf(offerId: string): number
    stateOf(key: string): Held['state'] | undefined
    /** Dispatches of a reservation find nothing, though it seems to lie there. */
    loseUnitsOf(key: string): void
    findUnitsOf(key: string): void
    setDepartures(departures: readonly Departure[]): void
  }>

/** One warehouse a half: stock is split over two, so that parcels are too. Unset stock is plenty. */
export function createFakeInventory(clock: Clock): FakeInventory {
  const onHand = new Map<string, number>()
  const held = new Map<string, Held>()
  const shipped = new Set<string>()
  const refused = new Set<string>()
  const lost = new Set<string>()
  let departures: readonly Departure[] = []
  /** What left of each reservation, by stock row. */
  const left = new Map<string, Map<string, number>>()
  /** Keys of partial releases and of what came back. */
  const freed = new Set<string>()
  const isLive = ({ state, expiresAt }: Held) =>
    state === 'committed' || (state === 'held' && expiresAt > clock.now().getTime())
  const heldOf = (offerId: string) =>
    [...held.values()]
      .filter(isLive)
      .flatMap(({ allocations }) => allocations)
      .reduce((sum, one) => sum + (one.offerId === offerId ? one.quantity : 0), 0)
  const stockOf = (offerId: string) => onHand.get(offerId) ?? 1_000_000
  const answer = (key: string, found: Held) => ({
    key,
    allocations: found.allocations,
    expiresAt: new Date(found.expiresAt).toISOString(),
    state: found.state,
  })
  const lacks = (lines: readonly Readonly<{ offerId: string; quantity: number }>[]) =>
    lines
      .map(({ offerId, quantity }) => ({
        offerId,
        requested: quantity,
        available: stockOf(offerId) - heldOf(offerId),
      }))
      .filter(({ requested, available }) => requested > available)

  /** What of a commitment does not lie there. */
  function awaitedOf(key: string, { allocations }: Held): Held['allocations'] {
    return allocations.map((part) => {
      const sent = left.get(key)?.get(`${part.offerId} ${part.warehouseId}`) ?? 0
      const open = part.quantity - sent
      return { ...part, quantity: Math.max(0, open - stockOf(part.offerId)) }
    })
  }

  /** The farthest parcels first, as the real one does. */
  function freePart(found: Held, offerId: string, quantity: number): void {
    let left = quantity
    for (const part of found.allocations.toReversed()) {
      const units = part.offerId === offerId ? Math.min(left, part.quantity) : 0
      part.quantity -= units
      left -= units
    }
    if (left > 0) throw generalProblem('invalid_transition')
    found.allocations = found.allocations.filter((part) => part.quantity > 0)
  }

  const methods: Partial<InventoryApi> = {
    available: async ({ offerIds }) =>
      offerIds.map((offerId) => ({ offerId, available: stockOf(offerId) - heldOf(offerId) })),
    shipsFrom: async () => departures,
    async reserve({ key, lines, ttlSeconds }) {
      const same = held.get(key)
      if (same) return answer(key, same)
      const short = lacks(lines)
      if (short.length > 0) {
        throw inventoryProblem('inventory.insufficient_stock', { data: { lines: short } })
      }
      const made: Held = {
        state: 'held',
        expiresAt: clock.now().getTime() + ttlSeconds * 1000,
        allocations: lines.flatMap(({ offerId, quantity }) =>
          allocate(quantity, [1, 1])
            .map((part, n) => ({ offerId, warehouseId: `wh_${n}`, quantity: part }))
            .filter((part) => part.quantity > 0),
        ),
      }
      held.set(key, made)
      return answer(key, made)
    },
    async commit({ key }) {
      const found = held.get(key)
      if (!found) throw inventoryProblem('inventory.reservation_expired')
      if (found.state === 'committed') return answer(key, found)
      if (!isLive(found) && lacks(found.allocations).length > 0) {
        throw inventoryProblem('inventory.reservation_expired')
      }
      found.state = 'committed'
      return answer(key, found)
    },
    async release({ key, lines, releaseKey = '' }) {
      const found = held.get(key)
      if (!found) return
      if (!lines) {
        found.state = 'released'
        return
      }
      if (freed.has(releaseKey)) return
      if (!isLive(found)) throw generalProblem('invalid_transition')
      for (const { offerId, quantity } of lines) freePart(found, offerId, quantity)
      freed.add(releaseKey)
    },
    async takeBack({ key, offerId, quantity }) {
      if (!freed.has(key)) onHand.set(offerId, stockOf(offerId) + quantity)
      freed.add(key)
      return {} as Awaited<ReturnType<InventoryApi['takeBack']>>
    },
    async ship({ key, shipmentKey, lines }) {
      if (shipped.has(shipmentKey)) return
      if (refused.has(shipmentKey) || lost.has(key)) {
        refused.add(shipmentKey)
        throw inventoryProblem('inventory.insufficient_stock')
      }
      shipped.add(shipmentKey)
      const sent = left.get(key) ?? new Map<string, number>()
      left.set(key, sent)
      for (const { offerId, warehouseId, quantity } of lines) {
        onHand.set(offerId, stockOf(offerId) - quantity)
        const row = `${offerId} ${warehouseId}`
        sent.set(row, (sent.get(row) ?? 0) + quantity)
      }
      if (held.get(key)?.state !== 'committed') throw new Error('ships what is not committed')
    },
    async getReservation({ key }) {
      const found = held.get(key)
      return found ? { ...answer(key, found), awaited: awaitedOf(key, found) } : null
    },
  }
  return Object.assign(fake<InventoryApi>('inventory', methods), {
    setStock: (offerId: string, quantity: number) => void onHand.set(offerId, quantity),
    stockOf,
    heldOf,
    loseUnitsOf: (key: string) => void lost.add(key),
    findUnitsOf: (key: string) => void lost.delete(key),
    stateOf: (key: string) => held.get(key)?.state,
    setDepartures: (made: readonly Departure[]) => {
      departures = made
    },
  })
}

type Shipments = Awaited<ReturnType<ShippingApi['listByOrder']>>

export function createFakeShipping(ids: Ids): ShippingApi {
  const byKey = new Map<string, { orderId: string; shipments: Shipments }>()
  return fake<ShippingApi>('shipping', {
    checkAddress: async () => [],
    options: async ({ currency, origins }) => [
      {
        id: 'standard',
        name: 'Standard',
        price: money(499, currency),
        estimatedDelivery: {
          earliest: origins[0]?.notBefore ?? '2026-03-04',
          latest: origins.at(-1)?.notBefore ?? '2026-03-06',
        },
      },
    ],
    async createShipments({ key, orderId, carrier, trackingNumber, estimatedDelivery, parcels }) {
      const same = byKey.get(key)
      if (same) return same.shipments
      const shipments = parcels.map(({ sellerId, warehouseId, lines }) => ({
        id: ids.make('shp'),
        status: 'created' as const,
        carrier,
        trackingNumber,
        sellerId,
        warehouseId,
        lines: [...lines],
        estimatedDelivery,
        scans: [],
      }))
      byKey.set(key, { orderId, shipments })
      return shipments
    },
    listByOrder: async ({ orderId }) =>
      [...byKey.values()].filter((one) => one.orderId === orderId).flatMap((one) => one.shipments),
  })
}

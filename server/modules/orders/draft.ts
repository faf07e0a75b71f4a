import type { Address } from '#contracts/kit/address.ts'
import type { Language } from '#contracts/kit/language.ts'
import { add, allocate, divideHalfUp, money, multiplyHalfUp } from '#contracts/kit/money.ts'
import type { Quote, QuoteLine } from '#contracts/pricing/schemas.ts'
import { type Ids, shardOf, timeOf } from '../../platform/ids.ts'
import type { KeptQuote } from '../pricing/index.ts'
import type { LineRecord, OrderRecord, PlacedOrder, SellerOrderRecord } from './model.ts'
import { orderNumber } from './order-number.ts'

export type DraftInput = Readonly<{
  orderId: string
  cartId: string
  customerId: string | null
  email: string
  language: Language | null
  billingAddress: Address
  kept: KeptQuote
  /** The marketplace's share of a line's net, as a decimal string; frozen on the line. */
  commissionRate: string
  commissionVatRate: string
  placedAt: Date
}>

/**
 * The order that a quote becomes: every figure frozen, one part for each seller, and the parts
 * adding up to the whole to the cent (semantics 2, 3.9).
 */
export function draftOrder(input: DraftInput, ids: Ids): PlacedOrder {
  const { orderId, kept } = input
  const { quote } = kept
  const shard = shardOf(orderId)
  const lines = quote.lines.map((line, n) =>
    draftLine(line, {
      n,
      shard,
      orderId,
      rate: input.commissionRate,
      vatRate: input.commissionVatRate,
      borne: kept.marketplaceDiscounts?.[line.lineId] ?? 0,
      id: ids.make('orl', shard),
    }),
  )
  const order = draftRecord(input, lines)
  const sellerOrders = splitBySeller(order, { quote, lines, ids })
  if (order.total !== quote.total.amount) {
    throw new Error(
      `${kept.quote.quoteId} does not add up: ${order.total} of ${quote.total.amount}`,
    )
  }
  return { order, lines, sellerOrders }
}

function draftLine(
  line: QuoteLine,
  place: Readonly<{
    n: number
    shard: number
    orderId: string
    rate: string
    vatRate: string
    /** What of the discount the marketplace bears, as the prices are shown. */
    borne: number
    id: string
  }>,
): LineRecord {
  const marketplaceDiscount = withoutTax(line, place.borne)
  // A discount that the marketplace bears does not lessen what it takes its share of.
  const base = add(line.net, money(marketplaceDiscount, line.net.currency))
  const commission = multiplyHalfUp(base, place.rate)
  return {
    shard: place.shard,
    orderId: place.orderId,
    n: place.n,
    id: place.id,
    productId: line.productId,
    variantId: line.variantId,
    offerId: line.offerId,
    sellerId: line.sellerId,
    sku: line.sku,
    name: line.name,
    image: line.image ?? null,
    unitPrice: line.unitPrice.amount,
    discount: line.discount.amount,
    net: line.net.amount,
    tax: line.tax.amount,
    taxes: line.taxes,
    commissionRate: place.rate,
    commission: commission.amount,
    commissionVat: multiplyHalfUp(commission, place.vatRate).amount,
    marketplaceDiscount,
    ordered: line.quantity,
    cancelled: 0,
    allocated: line.quantity,
    shipped: 0,
    delivered: 0,
    lost: 0,
    returnRequested: 0,
    returned: 0,
    restocked: 0,
    refundedQty: 0,
  }
}

/** An amount as the prices are shown, less the tax in it. */
function withoutTax({ net, tax, subtotal, discount }: QuoteLine, shown: number): number {
  const taxIncluded = subtotal.amount - discount.amount === net.amount + tax.amount
  if (!taxIncluded || tax.amount === 0) return shown
  const gross = BigInt(net.amount + tax.amount)
  return Number(divideHalfUp(BigInt(shown) * BigInt(net.amount), gross))
}

function sumOf(lines: readonly LineRecord[], pick: (line: LineRecord) => number): number {
  return lines.reduce((sum, line) => sum + pick(line), 0)
}

function draftRecord(input: DraftInput, lines: readonly LineRecord[]): OrderRecord {
  const { orderId, kept, placedAt } = input
  const { quote } = kept
  const goodsNet = sumOf(lines, (line) => line.net)
  const goodsTax = sumOf(lines, (line) => line.tax)
  // The quote's tax is that of the goods and of the shipping together.
  const shippingTax = quote.tax.amount - goodsTax
  const shippingNet = quote.taxIncluded
    ? quote.shipping.amount - shippingTax
    : quote.shipping.amount
  const option = quote.shippingOptions.find(({ id }) => id === quote.shippingOptionId)
  return {
    shard: shardOf(orderId),
    id: orderId,
    createdAt: timeOf(orderId).toISOString(),
    placedAt: placedAt.toISOString(),
    number: orderNumber(orderId),
    customerId: input.customerId,
    cartId: input.cartId,
    quoteId: quote.quoteId,
    email: input.email,
    language: input.language,
    currency: quote.currency,
    subtotal: quote.subtotal.amount,
    discount: quote.discount.amount,
    shipping: quote.shipping.amount,
    goodsNet,
    goodsTax,
    shippingNet,
    shippingTax,
    total: goodsNet + goodsTax + shippingNet + shippingTax,
    shippingAddress: kept.shippingAddress,
    billingAddress: input.billingAddress,
    shippingOptionId: quote.shippingOptionId ?? '',
    shippingOptionName: option?.name ?? '',
    deliveryEarliest: option?.estimatedDelivery.earliest ?? null,
    deliveryLatest: option?.estimatedDelivery.latest ?? null,
  }
}

/** Shipping is allocated by the sellers' goods, its tax by their shipping; nothing else is shared. */
function splitBySeller(
  order: OrderRecord,
  { quote, lines, ids }: Readonly<{ quote: Quote; lines: readonly LineRecord[]; ids: Ids }>,
): SellerOrderRecord[] {
  const groups = [...Map.groupBy(lines, ({ sellerId }) => sellerId)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const nets = groups.map(([, own]) => sumOf(own, (line) => line.net))
  const shippingNets = allocate(order.shippingNet, nets)
  const shippingTaxes = allocate(order.shippingTax, shippingNets)
  return groups.map(([sellerId, own], place) => {
    const goodsNet = nets[place] ?? 0
    const goodsTax = sumOf(own, (line) => line.tax)
    const shippingNet = shippingNets[place] ?? 0
    const shippingTax = shippingTaxes[place] ?? 0
    return {
      shard: order.shard,
      orderId: order.id,
      sellerId,
      id: ids.make('sor', order.shard),
      lifecycle: 'pending_payment',
      subtotal: sumOf(own, (line) => line.unitPrice * line.ordered),
      discount: sumOf(own, (line) => line.discount),
      shipping: quote.taxIncluded ? shippingNet + shippingTax : shippingNet,
      goodsNet,
      goodsTax,
      shippingNet,
      shippingTax,
      total: goodsNet + goodsTax + shippingNet + shippingTax,
      commission: sumOf(own, (line) => line.commission),
      commissionVat: sumOf(own, (line) => line.commissionVat),
      marketplaceDiscount: sumOf(own, (line) => line.marketplaceDiscount),
    }
  })
}

import type { Address } from '#contracts/kit/address.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { Quote, ShippingOption } from '#contracts/pricing/schemas.ts'
import type { Promotion } from './model.ts'

export type Market = Readonly<{ country: string; currency: string; taxIncluded: boolean }>

/** What pricing needs to know of an offer; handed in, so that pricing calls nobody. */
export type PricedOffer = Readonly<{
  offerId: string
  variantId: string
  productId: string
  sellerId: string
  sku: string
  name: string
  image?: string
  /** What is paid now, in the offer's own currency. */
  price: Money
  listPrice: Money
  taxClass: string
  department: string
  onSale: boolean
}>

export type QuoteInput = Readonly<{
  cartId: string
  /** The cart's version: a quote is for one state of the cart. */
  cartVersion: number
  currency: string
  lines: readonly Readonly<{ lineId: string; quantity: number; offer: PricedOffer }>[]
  coupons: readonly string[]
  shippingAddress: Address
  shippingOptions: readonly ShippingOption[]
  /** The chosen option; null: none chosen yet, the cheapest is taken. */
  shippingOptionId: string | null
  /** Rates of a quote that still holds: they stay locked for its life. Today's if absent. */
  fxRates?: Readonly<Record<string, string>> | undefined
}>

/** A quote as it is kept: what the shopper was shown, and what it was made from. */
export type KeptQuote = Readonly<{
  quote: Quote
  cartId: string
  cartVersion: number
  shippingAddress: Address
  /** What was converted at what rate: `{ "USD/EUR": "0.8558712770" }`, margin included. */
  fxRates: Readonly<Record<string, string>>
  createdAt: string
  /** Hash of everything that decides the total; equal for an equal offer. */
  fingerprint: string
  /** What of a line's discount the marketplace bears, as the prices are shown; by line, if any. */
  marketplaceDiscounts?: Readonly<Record<string, number>>
}>

export type PricingApi = Readonly<{
  /**
   * The market of a country and currency; what is not given is filled in.
   * @throws catalog.currency_not_sold, pricing.market_unknown
   */
  market(input: { currency?: string | undefined; country?: string | undefined }): Promise<Market>
  markets(): Promise<{ items: Market[]; currencies: string[]; ratesAsOf: string }>
  /** Offer prices as shown in a currency (converted by the day's rate where the seller set none). */
  display(input: { prices: readonly Money[]; currency: string }): Promise<Money[]>
  /** Units of `to` for one unit of `from` today, as a decimal string. @throws catalog.currency_not_sold */
  rate(input: { from: string; to: string }): Promise<{ rate: string; asOf: string }>
  /** Prices the cart and keeps the quote for 30 minutes. */
  quote(input: QuoteInput): Promise<KeptQuote>
  /** The same without keeping it: to see whether a kept quote still holds. */
  evaluate(input: QuoteInput): Promise<KeptQuote>
  /** The kept quote, expired or not; null if there is none for this cart. */
  getQuote(input: { quoteId: string; cartId: string }): Promise<KeptQuote | null>
  /** A coupon that can be used now, in the shop's spelling; null if there is none. */
  coupon(input: { code: string }): Promise<{ code: string; name: string } | null>
  /**
   * Uses up what the quote's promotions take of their limits; again by the same key does nothing.
   * @param customer what the customer is known by, for limits per customer: account, e-mail.
   * One who comes under another of them is counted by those that are the same.
   * @throws pricing.coupon_exhausted; then nothing was used up.
   */
  redeem(input: {
    key: string
    quoteId: string
    customer?: readonly string[] | undefined
  }): Promise<void>
  /** Gives back what `redeem` took under this key, once. Unknown keys do no harm. */
  unredeem(input: { key: string }): Promise<void>
  /** Creates or changes a promotion by its id, and its coupons' codes; uses so far stay counted. */
  definePromotion(input: { promotion: Promotion; coupons: readonly string[] }): Promise<void>
}>

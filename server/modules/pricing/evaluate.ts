import {
  allocate,
  divideHalfUp,
  MAX_ORDER_AMOUNT,
  type Money,
  money,
  multiplyHalfUp,
  netOfInclusive,
  ratio,
  toDecimal,
} from '#contracts/kit/money.ts'
import { pricingProblem } from '#contracts/pricing/problems.ts'
import type { QuoteLine } from '#contracts/pricing/schemas.ts'
import type { PricedOffer } from './api.ts'
import { addDecimals, showPercent } from './decimal.ts'
import type { LivePromotion } from './model.ts'
import { type AppliedPromotion, choosePromotions } from './promotions.ts'
import { SHIPPING_CLASS, type Tax, type TaxPlace, type TaxTable } from './tax.ts'

export type EvaluationInput = Readonly<{
  currency: string
  taxIncluded: boolean
  place: TaxPlace
  /** ISO time of the evaluation: decides on rates of tax and on promotions. */
  now: string
  lines: readonly Readonly<{ lineId: string; quantity: number; offer: PricedOffer }>[]
  shipping: Readonly<{ name: string; price: Money }> | null
  promotions: readonly LivePromotion[]
  taxes: TaxTable
  convert(amount: Money, to: string): Money
}>

export type Evaluation = Readonly<{
  lines: readonly QuoteLine[]
  subtotal: Money
  /** Off the goods; what is off the shipping is taken off `shipping` already. */
  discount: Money
  shipping: Money
  shippingTax: Taxed
  tax: Money
  total: Money
  applied: readonly AppliedPromotion[]
  /** What of a line's discount the marketplace bears; by line id, where it bears any. */
  marketplaceDiscounts: Readonly<Record<string, number>>
  explain: readonly string[]
}>

type Taxed = Readonly<{ net: Money; tax: Money; total: Money; taxes: QuoteLine['taxes'] }>

/**
 * What a cart costs, in the fixed order of semantics 3.3: prices, line discounts, order discounts,
 * shipping, shipping discounts, tax per line. Where tax is included, prices, discounts and shipping
 * are gross amounts and the tax is found inside them.
 * @throws pricing.total_too_high
 */
export function evaluate(input: EvaluationInput): Evaluation {
  const { currency } = input
  const amount = (minor: number) => money(minor, currency)
  const ordered = [...input.lines].sort((a, b) => (a.lineId < b.lineId ? -1 : 1))
  const prices = ordered.map(({ offer }) => input.convert(offer.price, currency).amount)
  refuseBeyond(ordered.reduce((all, line, at) => all + (prices[at] as number) * line.quantity, 0))
  const basketLines = ordered.map(({ lineId, quantity, offer }, place) => ({
    lineId,
    offerId: offer.offerId,
    productId: offer.productId,
    sellerId: offer.sellerId,
    department: offer.department,
    quantity,
    unitAmount: prices[place] as number,
  }))
  const outcome = choosePromotions(
    {
      currency,
      lines: basketLines,
      shippingAmount: input.shipping?.price.amount ?? 0,
      convert: (other) => input.convert(other, currency).amount,
    },
    input.promotions,
    input.now,
  )
  const place = new Map(ordered.map(({ lineId }, at) => [lineId, at]))
  const lines = input.lines.map((line) => {
    const at = place.get(line.lineId) as number
    return priceLine(input, line, {
      unitPrice: amount(prices[at] as number),
      discount: amount(outcome.lineDiscounts[at] as number),
    })
  })
  const shipping = amount((input.shipping?.price.amount ?? 0) - outcome.shippingDiscount)
  const shippingTax = taxOf(shipping, taxesOf(input, SHIPPING_CLASS), input.taxIncluded)
  const total = (pick: (line: QuoteLine) => Money) =>
    lines.reduce((all, line) => all + pick(line).amount, 0)
  const evaluation: Evaluation = {
    lines,
    subtotal: amount(total((line) => line.subtotal)),
    discount: amount(total((line) => line.discount)),
    shipping,
    shippingTax,
    tax: amount(total((line) => line.tax) + shippingTax.tax.amount),
    total: amount(total((line) => line.total) + shippingTax.total.amount),
    applied: outcome.applied,
    marketplaceDiscounts: borneByMarketplace(ordered, outcome.applied),
    explain: explain(input, outcome, [
      ...lines.flatMap((line) => line.taxes),
      ...shippingTax.taxes,
    ]),
  }
  refuseBeyond(evaluation.total.amount)
  assertIdentity(evaluation, input.taxIncluded)
  return evaluation
}

/** Far below where sums of whole numbers become inexact. @throws pricing.total_too_high */
function refuseBeyond(amount: number): void {
  if (amount > MAX_ORDER_AMOUNT) throw pricingProblem('pricing.total_too_high')
}

/** The marketplace's part of each line's discounts (semantics 13.3): what the seller does not bear. */
function borneByMarketplace(
  lines: readonly Readonly<{ lineId: string }>[],
  applied: readonly AppliedPromotion[],
): Record<string, number> {
  const borne = lines.map(({ lineId }, place) => {
    const amount = applied.reduce((sum, { promotion, parts }) => {
      const share = BigInt((parts[place] ?? 0) * (100 - promotion.sellerSharePercent))
      return sum + Number(divideHalfUp(share, 100n))
    }, 0)
    return [lineId, amount] as const
  })
  return Object.fromEntries(borne.filter(([, amount]) => amount > 0))
}

function priceLine(
  input: EvaluationInput,
  { lineId, quantity, offer }: EvaluationInput['lines'][number],
  { unitPrice, discount }: Readonly<{ unitPrice: Money; discount: Money }>,
): QuoteLine {
  const subtotal = money(unitPrice.amount * quantity, input.currency)
  const base = money(subtotal.amount - discount.amount, input.currency)
  const taxed = taxOf(base, taxesOf(input, offer.taxClass), input.taxIncluded)
  return {
    lineId,
    offerId: offer.offerId,
    variantId: offer.variantId,
    productId: offer.productId,
    sellerId: offer.sellerId,
    sku: offer.sku,
    name: offer.name,
    ...(offer.image === undefined ? {} : { image: offer.image }),
    quantity,
    unitPrice,
    subtotal,
    discount,
    ...taxed,
  }
}

function taxesOf(input: EvaluationInput, taxClass: string): readonly Tax[] {
  return input.taxes.taxes(input.place, taxClass, input.now.slice(0, 10))
}

/**
 * Tax on one amount, rounded once for each tax (semantics 3.6). Included: net is worked out from the
 * gross with all rates together and the tax is the rest, so that the gross stays what was shown.
 */
function taxOf(amount: Money, taxes: readonly Tax[], included: boolean): Taxed {
  const { currency } = amount
  if (!included) {
    const lines = taxes.map((tax) => ({
      ...tax,
      base: amount,
      amount: multiplyHalfUp(amount, tax.rate),
    }))
    const tax = money(
      lines.reduce((all, line) => all + line.amount.amount, 0),
      currency,
    )
    return { net: amount, tax, total: money(amount.amount + tax.amount, currency), taxes: lines }
  }
  const rates = taxes.map(({ rate }) => rate)
  const net = rates.length === 0 ? amount : netOfInclusive(amount, addDecimals(rates))
  const tax = money(amount.amount - net.amount, currency)
  const parts = rates.length === 0 ? [] : allocate(tax.amount, rates.map(rateWeight))
  const lines = taxes.map((line, place) => ({
    ...line,
    base: net,
    amount: money(parts[place] as number, currency),
  }))
  return { net, tax, total: amount, taxes: lines }
}

/** A rate as a whole number, comparable with others: in units of 10⁻¹⁰. */
function rateWeight(rate: string): number {
  const { numerator, denominator } = ratio(rate)
  return Number((numerator * 10n ** 10n) / denominator)
}

/** Semantics 3.9. A breach is our fault and must never reach a shopper. */
function assertIdentity(evaluation: Evaluation, included: boolean): void {
  const { lines, subtotal, discount, shipping, shippingTax, tax, total } = evaluation
  const parts =
    lines.reduce((all, line) => all + line.net.amount + line.tax.amount, 0) +
    shippingTax.net.amount +
    shippingTax.tax.amount
  const shown = subtotal.amount - discount.amount + shipping.amount + (included ? 0 : tax.amount)
  if (parts !== total.amount || shown !== total.amount)
    throw new Error(`A quote does not add up: ${parts}, ${shown} and ${total.amount}`)
  const wrong = lines.find(
    (line) => line.total.amount < 0 || line.net.amount + line.tax.amount !== line.total.amount,
  )
  if (wrong || shipping.amount < 0) throw new Error('A line of a quote is below zero')
}

function explain(
  { currency, taxIncluded, shipping, place }: EvaluationInput,
  outcome: ReturnType<typeof choosePromotions>,
  taxes: readonly Tax[],
): string[] {
  const show = (minor: number) => `${toDecimal(money(minor, currency))} ${currency}`
  const named = new Map(
    taxes.map((tax) => [`${tax.jurisdiction} ${tax.name} ${showPercent(tax.rate)}`, tax]),
  )
  return [
    ...outcome.applied.map(
      ({ promotion, coupon, amount }) =>
        `${promotion.name}${coupon ? ` (${coupon})` : ''}: ${show(amount)} off`,
    ),
    ...outcome.rejected.map(({ promotion, reason }) => `${promotion.name} was not used: ${reason}`),
    ...(shipping ? [`Shipping by ${shipping.name}: ${show(shipping.price.amount)}`] : []),
    ...(named.size === 0
      ? [`No tax is charged in ${place.country}`]
      : [...named.keys()].map((name) => `${name}, ${taxIncluded ? 'included' : 'added'}`)),
  ]
}

import { createHash } from 'node:crypto'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { Quote, ShippingOption } from '#contracts/pricing/schemas.ts'
import { shippingProblem } from '#contracts/shipping/problems.ts'
import { createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError } from '../../platform/db/database.ts'
import { type Ids, shardOf } from '../../platform/ids.ts'
import type { KeptQuote, Market, PricingApi, QuoteInput } from './api.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import type { Converter } from './fx.ts'
import type { Markets } from './markets.ts'
import { QUOTE_TTL_MS } from './model.ts'
import { findQuotes, insertQuote, type QuotedPromotion, type StoredQuote } from './repository.ts'
import type { PromotionShelf } from './shelf.ts'
import type { TaxTable } from './tax.ts'

type Deps = Readonly<{
  db: Database
  ids: Ids
  clock: Clock
  markets: Markets
  shelf: PromotionShelf
  taxes(): Promise<TaxTable>
}>

type Priced = Readonly<{ kept: KeptQuote; promotions: readonly QuotedPromotion[] }>

/** Quotes: what a cart costs, for half an hour. */
export function createQuotes(deps: Deps): Pick<PricingApi, 'quote' | 'evaluate' | 'getQuote'> {
  async function price(input: QuoteInput): Promise<Priced> {
    const now = deps.clock.now()
    const market = await deps.markets.sellingTo(input.shippingAddress.country, input.currency)
    const [converter, shelf, taxes] = await Promise.all([
      deps.markets.converter(input.fxRates),
      deps.shelf.forCart(input.coupons),
      deps.taxes(),
    ])
    const option = chooseOption(input)
    const fxRates: Record<string, string> = {}
    const evaluation = evaluate({
      currency: input.currency,
      taxIncluded: market.taxIncluded,
      place: input.shippingAddress,
      now: now.toISOString(),
      lines: input.lines,
      shipping: option,
      promotions: shelf.promotions,
      taxes,
      convert: (amount, to) => {
        if (amount.currency !== to && !converter.knows(amount.currency))
          throw catalogProblem('catalog.currency_not_sold')
        if (amount.currency !== to)
          fxRates[`${amount.currency}/${to}`] = converter.rate(amount.currency, to)
        return converter.convert(amount, to)
      },
    })
    const quote = toQuote(deps, input, {
      market,
      option,
      evaluation,
      unknownCodes: shelf.unknownCodes,
      now,
    })
    const kept: KeptQuote = {
      quote,
      cartId: input.cartId,
      cartVersion: input.cartVersion,
      shippingAddress: input.shippingAddress,
      fxRates,
      createdAt: now.toISOString(),
      fingerprint: fingerprintOf(quote),
      ...(Object.keys(evaluation.marketplaceDiscounts).length > 0
        ? { marketplaceDiscounts: evaluation.marketplaceDiscounts }
        : {}),
    }
    return { kept, promotions: quotedPromotions(evaluation, input.currency, converter) }
  }

  // Each order asks for its quote: those of all buyers share statements.
  const find = createBatcher<string, StoredQuote | undefined>({
    maxBatch: 250,
    concurrency: 2,
    fatal: isConnectionError,
    run: async (quoteIds) => (await findQuotes(deps.db, quoteIds)).map((value) => ({ value })),
  })

  return {
    async quote(input) {
      const { kept, promotions } = await price(input)
      await insertQuote(deps.db, shardOf(kept.quote.quoteId), kept, promotions)
      return kept
    },
    evaluate: async (input) => (await price(input)).kept,
    async getQuote({ quoteId, cartId }) {
      const found = await find(quoteId)
      return found?.kept.cartId === cartId ? found.kept : null
    },
  }
}

/** @throws shipping.option_unknown */
function chooseOption({ shippingOptions, shippingOptionId }: QuoteInput): ShippingOption | null {
  if (shippingOptionId !== null) {
    const chosen = shippingOptions.find(({ id }) => id === shippingOptionId)
    if (!chosen) throw shippingProblem('shipping.option_unknown')
    return chosen
  }
  return shippingOptions.reduce<ShippingOption | null>(
    (cheapest, next) => (cheapest && cheapest.price.amount <= next.price.amount ? cheapest : next),
    null,
  )
}

function toQuote(
  { ids }: Deps,
  input: QuoteInput,
  {
    market,
    option,
    evaluation,
    unknownCodes,
    now,
  }: Readonly<{
    market: Market
    option: ShippingOption | null
    evaluation: Evaluation
    unknownCodes: readonly string[]
    now: Date
  }>,
): Quote {
  return {
    quoteId: ids.make('quo', shardOf(input.cartId)),
    expiresAt: new Date(now.getTime() + QUOTE_TTL_MS).toISOString(),
    currency: input.currency,
    taxIncluded: market.taxIncluded,
    lines: [...evaluation.lines],
    subtotal: evaluation.subtotal,
    discount: evaluation.discount,
    shipping: evaluation.shipping,
    tax: evaluation.tax,
    total: evaluation.total,
    shippingOptionId: option?.id ?? null,
    shippingOptions: [...input.shippingOptions],
    explain: [
      ...evaluation.explain,
      ...unknownCodes.map((code) => `The coupon ${code} is not known`),
    ],
  }
}

/** Hash of what the shopper was shown and will be charged; equal for an equal offer. */
function fingerprintOf(quote: Quote): string {
  const facts = [
    quote.currency,
    quote.taxIncluded,
    quote.lines
      .map((line) => [
        line.lineId,
        line.offerId,
        line.sellerId,
        line.quantity,
        line.unitPrice.amount,
        line.discount.amount,
        line.tax.amount,
        line.total.amount,
      ])
      .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    quote.shippingOptionId,
    quote.shipping.amount,
    quote.tax.amount,
    quote.total.amount,
  ]
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex')
}

function quotedPromotions(
  { applied }: Evaluation,
  currency: string,
  converter: Converter,
): QuotedPromotion[] {
  return applied.map(({ promotion, coupon, amount }) => ({
    promotionId: promotion.id,
    coupon,
    amount,
    currency,
    budgetAmount: promotion.budget
      ? converter.convert({ amount, currency }, promotion.budget.currency).amount
      : 0,
    sellerSharePercent: promotion.sellerSharePercent,
  }))
}

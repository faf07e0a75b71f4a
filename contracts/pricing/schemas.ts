import { z } from 'zod'
import { Money } from '../kit/money.ts'
import { Timestamp } from '../kit/page.ts'

export const ShippingOption = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    price: Money,
    estimatedDelivery: z.strictObject({ earliest: z.iso.date(), latest: z.iso.date() }),
  })
  .meta({ id: 'ShippingOption' })
export type ShippingOption = Readonly<z.infer<typeof ShippingOption>>

export const TaxLine = z
  .strictObject({
    name: z.string(),
    rate: z.string(),
    jurisdiction: z.string(),
    base: Money,
    amount: Money,
  })
  .meta({ id: 'TaxLine' })

/** One line of a quote: total = net + tax; `discount` is already taken off `net`. */
export const QuoteLine = z
  .strictObject({
    lineId: z.string(),
    offerId: z.string(),
    variantId: z.string(),
    productId: z.string(),
    sellerId: z.string(),
    sku: z.string(),
    name: z.string(),
    image: z.string().optional(),
    quantity: z.int(),
    unitPrice: Money,
    subtotal: Money,
    discount: Money,
    net: Money,
    tax: Money,
    total: Money,
    taxes: z.array(TaxLine),
  })
  .meta({ id: 'QuoteLine' })
export type QuoteLine = Readonly<z.infer<typeof QuoteLine>>

/** What a cart costs, all told, for half an hour. */
export const Quote = z
  .strictObject({
    quoteId: z.string(),
    expiresAt: Timestamp,
    currency: z.string(),
    taxIncluded: z.boolean().describe('Whether prices are shown with tax, as in the EU'),
    lines: z.array(QuoteLine),
    subtotal: Money,
    discount: Money,
    shipping: Money,
    tax: Money,
    total: Money,
    shippingOptionId: z.string().nullable(),
    shippingOptions: z.array(ShippingOption),
    explain: z.array(z.string()).describe('How the figures came about, in words'),
  })
  .meta({ id: 'Quote' })
export type Quote = Readonly<z.infer<typeof Quote>>

import { z } from 'zod'
import { Availability, SellerRef } from '../catalog/schemas.ts'
import { Money } from '../kit/money.ts'

/** What a line of a cart and a wish show of their offer. */
export const shownFields = {
  id: z.string(),
  variantId: z.string(),
  offerId: z.string().describe('What would be bought now'),
  productId: z.string(),
  slug: z.string(),
  sku: z.string(),
  name: z.string(),
  image: z.string().optional(),
  options: z.record(z.string(), z.string()),
  seller: SellerRef,
  quantity: z.int(),
  unitPrice: Money,
  listPrice: Money.optional().describe('The price before a reduction'),
}

export const CartLine = z
  .strictObject({
    ...shownFields,
    total: Money,
    availability: Availability,
    notices: z.array(z.enum(['price_changed', 'out_of_stock', 'less_in_stock', 'not_sold'])),
  })
  .meta({ id: 'CartLine' })
export type CartLine = Readonly<z.infer<typeof CartLine>>

export const Cart = z
  .strictObject({
    id: z.string(),
    currency: z.string(),
    country: z.string(),
    status: z.enum(['open', 'ordered', 'merged']),
    lines: z.array(CartLine),
    coupons: z.array(z.string()),
    itemCount: z.int(),
    subtotal: Money,
    version: z.int(),
  })
  .meta({ id: 'Cart' })
export type Cart = Readonly<z.infer<typeof Cart>>

export const MAX_LINES = 100
export const MAX_QUANTITY = 999

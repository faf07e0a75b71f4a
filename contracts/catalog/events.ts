import { z } from 'zod'
import { event } from '../kit/event.ts'

/** Content, offers or prices of a product changed: whoever keeps a copy reads it again. */
export const productChanged = event({
  type: 'catalog.product_changed.v1',
  aggregate: 'product',
  summary: 'A product, its variants or their offers were created or changed',
  payload: z.strictObject({ productId: z.string(), version: z.int() }),
})

export const productsImported = event({
  type: 'catalog.products_imported.v1',
  aggregate: 'import',
  summary: 'An import wrote these products (one event a batch of at most 1,000)',
  payload: z.strictObject({ importId: z.string(), productIds: z.array(z.string()).max(1000) }),
})

export const availabilityChanged = event({
  type: 'catalog.availability_changed.v1',
  aggregate: 'product',
  summary: 'What pages show of the stock of these products has changed',
  payload: z.strictObject({ productIds: z.array(z.string()).max(1000) }),
})

export const salePricesChanged = event({
  type: 'catalog.sale_prices_changed.v1',
  aggregate: 'product',
  summary: 'A sale of these products has begun or ended: shoppers pay another price',
  payload: z.strictObject({ productIds: z.array(z.string()).max(1000) }),
})

export const categoriesChanged = event({
  type: 'catalog.categories_changed.v1',
  aggregate: 'category',
  summary: 'Categories were created, renamed or moved',
  payload: z.strictObject({ categoryIds: z.array(z.string()).max(1000) }),
})

export const sellersChanged = event({
  type: 'catalog.sellers_changed.v1',
  aggregate: 'seller',
  summary: 'What the catalogue knows of these sellers has changed',
  payload: z.strictObject({ sellerIds: z.array(z.string()).max(1000) }),
})

export const catalogEvents = [
  productChanged,
  productsImported,
  availabilityChanged,
  salePricesChanged,
  categoriesChanged,
  sellersChanged,
] as const

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

export const catalogEvents = [productChanged, productsImported] as const

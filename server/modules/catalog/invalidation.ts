import {
  availabilityChanged,
  categoriesChanged,
  productChanged,
  productsImported,
  sellersChanged,
} from '#contracts/catalog/events.ts'
import type { EventEnvelope } from '#contracts/kit/event.ts'
import { isEvent } from '../../platform/events/consumers.ts'
import type { CategoryTree } from './category-tree.ts'
import type { DocumentCache } from './document-cache.ts'

/** Has this process forget what the events say has changed. */
export function forgetChanged(
  events: readonly EventEnvelope[],
  { documents, categories }: Readonly<{ documents: DocumentCache; categories: CategoryTree }>,
): void {
  const products: string[] = []
  for (const event of events) {
    if (isEvent(productChanged, event)) products.push(event.payload.productId)
    else if (isEvent(productsImported, event) || isEvent(availabilityChanged, event)) {
      products.push(...event.payload.productIds)
    } else if (isEvent(categoriesChanged, event)) {
      categories.drop()
      documents.clear()
    } else if (isEvent(sellersChanged, event)) documents.clear()
  }
  if (products.length > 0) documents.drop(products)
}

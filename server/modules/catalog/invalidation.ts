import {
  availabilityChanged,
  categoriesChanged,
  productChanged,
  productsImported,
  salePricesChanged,
  sellersChanged,
} from '#contracts/catalog/events.ts'
import type { EventEnvelope } from '#contracts/kit/event.ts'
import { isEvent } from '../../platform/events/consumer.ts'

/** What pages may no longer show after some events. */
export type Outdated = Readonly<{ productIds: readonly string[] | 'all'; categories: boolean }>

/** Tells what the events say has changed. */
export function outdatedBy(events: readonly EventEnvelope[]): Outdated {
  const products = new Set<string>()
  let all = false
  let categories = false
  for (const event of events) {
    if (isEvent(productChanged, event)) products.add(event.payload.productId)
    else if (
      isEvent(productsImported, event) ||
      isEvent(availabilityChanged, event) ||
      isEvent(salePricesChanged, event)
    ) {
      for (const id of event.payload.productIds) products.add(id)
    } else if (isEvent(categoriesChanged, event)) {
      all = true
      categories = true
    } else if (isEvent(sellersChanged, event)) all = true
  }
  return { productIds: all ? 'all' : [...products], categories }
}

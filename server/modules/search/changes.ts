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
import { MAX_POSITION } from './engine/index.ts'
import type { SearchIndex } from './port.ts'

/** What some events mean for the index. */
export type Changes = Readonly<{
  productIds: ReadonlySet<string>
  /** Categories and sellers whose products have to be read again. */
  categoryIds: ReadonlySet<string>
  sellerIds: ReadonlySet<string>
  /** How many of the events these are; the rest waits for the next round. */
  events: number
}>

/** An import's events name thousands of products: a round takes no more than these. */
const MOST_PRODUCTS = 4_000

/** Gathers what the first of these events changed, as many as make one round. */
export function gatherChanges(events: readonly EventEnvelope[]): Changes {
  const productIds = new Set<string>()
  const categoryIds = new Set<string>()
  const sellerIds = new Set<string>()
  let count = 0
  for (const event of events) {
    if (productIds.size >= MOST_PRODUCTS) break
    count += 1
    for (const id of productsOf(event)) productIds.add(id)
    if (isEvent(categoriesChanged, event)) {
      for (const id of event.payload.categoryIds) categoryIds.add(id)
    }
    if (isEvent(sellersChanged, event)) {
      for (const id of event.payload.sellerIds) sellerIds.add(id)
    }
  }
  return { productIds, categoryIds, sellerIds, events: count }
}

/** The products that an event names. */
function productsOf(event: EventEnvelope): readonly string[] {
  if (isEvent(productChanged, event)) return [event.payload.productId]
  if (
    isEvent(productsImported, event) ||
    isEvent(availabilityChanged, event) ||
    isEvent(salePricesChanged, event)
  ) {
    return event.payload.productIds
  }
  return []
}

/**
 * The products in the index that show something of these categories and sellers; null if they are
 * too many to be listed.
 */
export async function affectedProducts(
  index: SearchIndex,
  { categoryIds, sellerIds }: Pick<Changes, 'categoryIds' | 'sellerIds'>,
): Promise<readonly string[] | null> {
  const filters = [
    ...(categoryIds.size > 0 ? [{ categories: [...categoryIds] }] : []),
    ...(sellerIds.size > 0 ? [{ sellers: [...sellerIds] }] : []),
  ]
  const ids = new Set<string>()
  for (const filter of filters) {
    const found = await index.search({ filters: filter, limit: MAX_POSITION, facets: false })
    if (found.total > MAX_POSITION) return null
    for (const hit of found.hits) ids.add(hit.id)
  }
  return [...ids]
}

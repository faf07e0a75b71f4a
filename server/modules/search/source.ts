import type { CatalogApi, IndexDocument } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import { currenciesOf, toSearchDocument } from './documents.ts'
import { ratesFor } from './exchange.ts'
import type { IndexBatch } from './port.ts'

/** What was read of the catalogue: products that are sold, and ids of those that are not. */
export type Products = Pick<IndexBatch, 'documents' | 'gone'>

/** The catalogue, as the index takes it in. */
export type Source = Readonly<{
  /** These products as they are now. */
  read(productIds: readonly string[]): Promise<Products>
  /** The next products in the catalogue's own order; `size` is how many it listed, sold or not. */
  page(
    after: string | null,
    limit: number,
  ): Promise<Readonly<{ batch: Products; last: string | null; size: number }>>
  /** The currency that all prices in the index are in. */
  baseCurrency(): Promise<string>
}>

export function createSource({
  catalog,
  pricing,
}: Readonly<{ catalog: CatalogApi; pricing: PricingApi }>): Source {
  let base: string | undefined

  async function baseCurrency(): Promise<string> {
    base ??= (await pricing.market({})).currency
    return base
  }

  async function batchOf(products: readonly IndexDocument[], asked: readonly string[]) {
    const currencies = currenciesOf(products)
    const rates = await ratesFor(pricing, { currencies, base: await baseCurrency() })
    const documents = products
      .map((product) => toSearchDocument(product, rates))
      .filter((document) => document !== null)
    const sold = new Set(documents.map(({ id }) => id))
    return { documents, gone: asked.filter((id) => !sold.has(id)) }
  }

  return {
    baseCurrency,
    async read(productIds) {
      if (productIds.length === 0) return { documents: [], gone: [] }
      return batchOf(await catalog.getForIndex({ productIds }), productIds)
    },
    async page(after, limit) {
      const products = await catalog.listForIndex({ after, limit })
      const ids = products.map(({ productId }) => productId)
      return {
        batch: await batchOf(products, ids),
        last: ids.at(-1) ?? null,
        size: products.length,
      }
    },
  }
}

import type { Log } from '../../platform/log.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { SearchApi } from './api.ts'
import { findCategory, orNull } from './asking.ts'
import type { Keeper } from './keeper.ts'
import type { Titles } from './titles.ts'

type Deps = Readonly<{
  catalog: CatalogApi
  pricing: PricingApi
  keeper: Keeper
  titles: Titles
  log: Log
}>

const SUGGESTED_PRODUCTS = 5

/** Completes what is being typed; without an index, by products' names alone. */
export function createSuggester(deps: Deps): SearchApi['suggest'] {
  const { catalog, pricing, keeper, titles, log } = deps
  return async ({ q, limit }: Readonly<{ q: string; limit: number }>) => {
    const text = q.trimStart()
    const index = keeper.index()
    const found = index && text ? await orNull(index.suggest({ text, limit }), log) : null
    const ids = found?.productIds ?? (text ? await titles.find({ text }) : [])
    const market = await pricing.market({})
    const [products, categories] = await Promise.all([
      catalog.listProducts({ ids: ids.slice(0, SUGGESTED_PRODUCTS), ...market }),
      Promise.all(
        (found?.categories ?? []).map(async ({ id, count }) => {
          const category = await findCategory(catalog, id)
          return category ? [{ id, slug: category.slug, name: category.name, count }] : []
        }),
      ),
    ])
    return {
      completions: [...(found?.completions ?? [])],
      categories: categories.flat(),
      products: products.map(({ id, slug, name, image }) => ({
        id,
        slug,
        name,
        ...(image === undefined ? {} : { image }),
      })),
    }
  }
}

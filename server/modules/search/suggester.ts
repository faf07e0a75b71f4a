import type { Log } from '../../platform/log.ts'
import type { CatalogApi } from '../catalog/index.ts'
import type { PricingApi } from '../pricing/index.ts'
import type { SearchApi } from './api.ts'
import { findCategory, orNull } from './asking.ts'
import type { Keeper } from './keeper.ts'
import { languagesFor } from './query.ts'
import type { Titles } from './titles.ts'
import { completeBy } from './wording.ts'

type Deps = Readonly<{
  catalog: CatalogApi
  pricing: PricingApi
  keeper: Keeper
  titles: Titles
  log: Log
}>

const SUGGESTED_PRODUCTS = 5

/**
 * Completes what is being typed; without an index, by products' names alone. In another language than the
 * shop's own, words go on as the names of the suggested products do: the index has completions in its own.
 */
export function createSuggester(deps: Deps): SearchApi['suggest'] {
  const { catalog, pricing, keeper, titles, log } = deps
  return async ({ q, locale, limit }) => {
    const text = q.trimStart()
    const index = keeper.index()
    const languages = languagesFor(text, locale)
    const asked = { text, limit, ...(languages.length > 0 && { languages }) }
    const found = index && text ? await orNull(index.suggest(asked), log) : null
    const ids = found?.productIds ?? (text ? await titles.find({ text }) : [])
    const market = await pricing.market({})
    const [products, categories] = await Promise.all([
      catalog.listProducts({
        ids: ids.slice(0, SUGGESTED_PRODUCTS),
        ...market,
        locale: locale ?? languages[0],
      }),
      Promise.all(
        (found?.categories ?? []).map(async ({ id, count }) => {
          const category = await findCategory(catalog, id)
          return category ? [{ id, slug: category.slug, name: category.name, count }] : []
        }),
      ),
    ])
    const names = products.map(({ name }) => name)
    const [language] = languages
    const own = language === undefined ? [] : completeBy(names, text, language)
    return {
      completions: [...new Set([...own, ...(found?.completions ?? [])])].slice(0, limit),
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

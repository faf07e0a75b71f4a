import { catalogProblem } from '#contracts/catalog/problems.ts'
import type { ImportWorld } from '../flows/import-rows.ts'

/** What files of other shops do not say, and the shop must know. */
export type ForeignSettings = Readonly<{
  /** Code of the seller whose products these are. */
  seller: string
  /** Codes of our categories by the file's own names for them. */
  categories?: Readonly<Record<string, string>>
  /** Code of the category of products whose own is not known; without it they are refused. */
  category?: string
  /** Of prices that name none; USD unless told. */
  currency?: string
  /** Code of the warehouse where the stock lies; without it no stock is imported. */
  warehouse?: string
  /** Pieces that a product has which is only said to be in stock. */
  inStock?: number
}>

/** What a reader of foreign files is given besides the file. */
export type ForeignContext = Readonly<{
  world: ImportWorld
  /** Rows up to here are done. */
  after: number
  settings: ForeignSettings
}>

/** Reads a product's own words for its category, the surest first. */
export type FindCategory = (names: readonly (string | undefined)[]) => string

/**
 * Makes the look-up of categories: by the given map, by our code, by the names from the top down
 * (`Apparel > Shirts`), then the standard one.
 * @throws catalog.import_failed that names every code in the settings which is not there.
 */
export function categoryFinder(world: ImportWorld, settings: ForeignSettings): FindCategory {
  checkSettings(world, settings)
  const byPath = new Map<string, string>()
  for (const node of world.categories.values()) {
    byPath.set(fold(node.path.map(({ name }) => name).join(' > ')), node.code)
  }
  const mapped = new Map(
    Object.entries(settings.categories ?? {}).map(([name, code]) => [fold(name), code]),
  )
  return (names) => {
    const said = names.filter((name) => name !== undefined && name !== '') as string[]
    for (const name of said) {
      const found = mapped.get(fold(name)) ?? byPath.get(fold(name))
      if (found !== undefined) return found
      if (world.categories.has(name)) return name
    }
    return settings.category ?? said[0] ?? ''
  }
}

/** Names are compared without regard to case and to spaces around `>`. */
function fold(name: string): string {
  return name
    .split('>')
    .map((part) => part.trim().toLowerCase())
    .join('>')
}

function checkSettings(world: ImportWorld, settings: ForeignSettings): void {
  const wrong: string[] = []
  const { seller, category, warehouse, currency, categories = {} } = settings
  if (!world.sellers.has(seller)) wrong.push(`there is no seller ${seller}`)
  if (category !== undefined && !world.categories.has(category))
    wrong.push(`there is no category ${category}`)
  if (warehouse !== undefined && !world.warehouses.has(warehouse))
    wrong.push(`there is no warehouse ${warehouse}`)
  if (currency !== undefined && !world.currencies.has(currency))
    wrong.push(`nothing is sold in ${currency}`)
  for (const [name, code] of Object.entries(categories)) {
    if (!world.categories.has(code)) wrong.push(`"${name}" leads to no category: ${code}`)
  }
  if (wrong.length > 0)
    throw catalogProblem('catalog.import_failed', {
      detail: `The import cannot begin: ${wrong.join(', ')}`,
    })
}

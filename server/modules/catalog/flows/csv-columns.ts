import { catalogProblem } from '#contracts/catalog/problems.ts'

/**
 * Columns of a CSV of products, one row an offer of a variant (or a variant that nobody offers: its
 * offer's cells are empty). An export has them in this order.
 */
export const CSV_COLUMNS = {
  ref: 'required',
  seller: 'required',
  name: 'required',
  description: 'optional',
  brand: 'optional',
  category: 'required',
  /** Addresses, or `media:KEY` and a description, divided by `|` or as a JSON array. */
  images: 'optional',
  /** A JSON object, for values that are not text; beside it there may be `attribute:NAME`. */
  attributes: 'optional',
  /** Names of the options in their order, divided by `|` or as a JSON array. */
  option_names: 'optional',
  released_at: 'optional',
  rating_average: 'optional',
  rating_count: 'optional',
  popularity: 'optional',
  tax_class: 'optional',
  status: 'optional',
  /** true or false */
  featured: 'optional',
  slug: 'optional',
  /** Divided by `|` or as a JSON array. */
  past_slugs: 'optional',
  /** A JSON object: `{"de": {"name": …, "description": …}}`. */
  translations: 'optional',
  /** A JSON object: whose data it is. */
  source: 'optional',
  variant_sku: 'required',
  variant_name: 'optional',
  variant_status: 'optional',
  /** As `images`, of the variant alone. */
  variant_images: 'optional',
  /** A JSON object of texts; beside it there may be `option:NAME`. */
  options: 'optional',
  gtin: 'optional',
  weight_grams: 'optional',
  length_mm: 'optional',
  width_mm: 'optional',
  height_mm: 'optional',
  /** Whose offer it is; the product's seller if empty. */
  offer_seller: 'optional',
  offer_sku: 'required',
  offer_status: 'optional',
  condition: 'optional',
  /** In major units with a point: `24.90`. */
  price: 'required',
  currency: 'required',
  sale_price: 'optional',
  sale_starts_at: 'optional',
  sale_ends_at: 'optional',
} as const

export type CsvColumn = keyof typeof CSV_COLUMNS

/** Columns of which there may be several, such as `stock:US-EAST`. */
const FAMILIES = ['attribute', 'option', 'stock'] as const
type Family = (typeof FAMILIES)[number]

export type CsvHeader = Readonly<{
  place: ReadonlyMap<CsvColumn, number>
  families: readonly Readonly<{ family: Family; name: string; place: number }>[]
}>

/** @throws catalog.import_failed that names the columns which are missing, unknown or twice there. */
export function readHeader(cells: readonly string[]): CsvHeader {
  const place = new Map<CsvColumn, number>()
  const families: { family: Family; name: string; place: number }[] = []
  const wrong: string[] = []
  for (const [at, cell] of cells.entries()) {
    const column = cell.trim()
    const [, family, name] = /^([a-z]+):(.+)$/.exec(column) ?? []
    if (place.has(column as CsvColumn)) wrong.push(`column ${column} is there twice`)
    else if (Object.hasOwn(CSV_COLUMNS, column)) place.set(column as CsvColumn, at)
    else if (name !== undefined && FAMILIES.includes(family as Family))
      families.push({ family: family as Family, name, place: at })
    else wrong.push(`column "${column}" is unknown`)
  }
  for (const [column, need] of Object.entries(CSV_COLUMNS)) {
    if (need === 'required' && !place.has(column as CsvColumn))
      wrong.push(`column ${column} is missing`)
  }
  if (wrong.length === 0) return { place, families }
  throw catalogProblem('catalog.import_failed', {
    detail: `The header is not usable: ${wrong.join(', ')}`,
    errors: wrong.map((message) => ({ path: 'header', message })),
  })
}

import type { ImportRowError } from '#contracts/catalog/import.ts'
import { fromDecimal } from '#contracts/kit/money.ts'
import { isFormula, readCell, readList } from '../../../platform/csv-cells.ts'
import { type CsvColumn, type CsvHeader, readHeader } from './csv-columns.ts'
import { type CsvRow, openCsv } from './csv-records.ts'
import { type BuiltProduct, readGroups } from './import-groups.ts'
import type { Line } from './import-lines.ts'
import type { ImportRow, ImportWorld } from './import-rows.ts'

type Get = (column: CsvColumn) => string | undefined

/**
 * Rows of a CSV, those of one product (which follow each other) taken together.
 * @throws catalog.import_failed if the header cannot be used.
 */
export async function* readCsvRows(
  lines: AsyncIterable<readonly Line[]>,
  world: ImportWorld,
  after: number,
): AsyncGenerator<ImportRow[]> {
  const { cells, records } = await openCsv(lines)
  const header = readHeader(cells)
  const place = header.place.get('ref') ?? 0
  yield* readGroups(
    records,
    {
      refOf: (record) => record.cells[place] ?? '',
      check: (record) => checkCells(record, header),
      build: (group) => buildProduct(group, header),
    },
    { world, after },
  )
}

const NUMBERS: readonly CsvColumn[] = [
  'rating_average',
  'rating_count',
  'popularity',
  'weight_grams',
  'length_mm',
  'width_mm',
  'height_mm',
]

const JSON_COLUMNS: readonly CsvColumn[] = ['attributes', 'options', 'source', 'translations']
const LISTS: readonly CsvColumn[] = ['images', 'variant_images', 'option_names', 'past_slugs']

function checkCells({ row, cells }: CsvRow, header: CsvHeader): ImportRowError[] {
  const errors: ImportRowError[] = []
  const get = getter(cells, header)
  const wrong = (field: string, message: string) => errors.push({ row, field, message })
  for (const [column, place] of header.place) {
    if (isFormula(cells[place] ?? '')) wrong(column, 'is a formula')
  }
  for (const { family, name, place } of header.families) {
    const cell = cells[place] ?? ''
    if (/^[=@\t\r]/.test(cell)) wrong(`${family}:${name}`, 'is a formula')
    if (family === 'stock' && cell.trim() !== '' && !/^\d{1,9}$/.test(cell.trim()))
      wrong(`stock:${name}`, `is not a whole number: ${cell}`)
  }
  for (const column of NUMBERS) {
    const cell = get(column)
    if (cell !== undefined && !/^\d{1,12}(?:\.\d{1,20})?(?:e-\d{1,3})?$/.test(cell))
      wrong(column, `is not a number: ${cell}`)
  }
  for (const column of JSON_COLUMNS) {
    if (!isJsonObject(get(column))) wrong(column, 'is not a JSON object')
  }
  for (const column of LISTS) {
    const cell = get(column)
    if (cell?.startsWith('[') && parseJson(cell) === undefined) wrong(column, 'is not a JSON array')
  }
  checkPrices(get, wrong)
  return errors
}

/** A variant that nobody offers has none of its offer's cells. */
function isOffered(get: Get): boolean {
  return (['offer_sku', 'price', 'currency'] as const).some((column) => get(column) !== undefined)
}

function checkPrices(get: Get, wrong: (field: string, message: string) => void): void {
  if (!isOffered(get)) return
  const currency = get('currency') ?? ''
  for (const column of ['price', 'sale_price'] as const) {
    const cell = get(column)
    if (cell === undefined && column === 'sale_price') continue
    if (!fromDecimal(cell ?? '', currency))
      wrong(column, `is not an amount of ${currency}: ${cell ?? ''}`)
  }
}

function isJsonObject(cell: string | undefined): boolean {
  if (cell === undefined) return true
  const value = parseJson(cell)
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is neither is left as it is, for the schema to refuse. */
function toFlag(cell: string | undefined): unknown {
  return cell === 'true' ? true : cell === 'false' ? false : cell
}

function parseJson(cell: string): unknown {
  try {
    return JSON.parse(cell)
  } catch {
    return undefined
  }
}

/** Reads a cell; one that is empty says nothing. */
function getter(cells: readonly string[], header: CsvHeader): Get {
  return (column) => {
    const place = header.place.get(column)
    const cell = place === undefined ? '' : readCell(cells[place] ?? '')
    return cell === '' ? undefined : cell
  }
}

function buildProduct(records: readonly CsvRow[], header: CsvHeader): BuiltProduct {
  const [first] = records as [CsvRow]
  const rowOfField = new Map<string, number>()
  const bySku = new Map<string, { place: number; offers: unknown[] }>()
  const variants: unknown[] = []
  for (const { row, cells } of records) {
    const get = getter(cells, header)
    const sku = get('variant_sku') ?? ''
    let variant = bySku.get(sku)
    if (!variant) {
      variant = { place: variants.length, offers: [] }
      bySku.set(sku, variant)
      variants.push({
        ...buildVariant(get, members(get('options'), family(cells, header, 'option'))),
        offers: variant.offers,
      })
      rowOfField.set(`variants[${variant.place}]`, row)
    }
    rowOfField.set(`variants[${variant.place}].offers[${variant.offers.length}]`, row)
    if (isOffered(get)) variant.offers.push(buildOffer(get, family(cells, header, 'stock')))
  }
  const options = optionNames(records, header)
  const content = buildContent(getter(first.cells, header), first.cells, header, options)
  const value = { ...content, variants }
  return {
    row: first.row,
    value,
    rowOf: (field) =>
      rowOfField.get(/^variants\[\d+\]\.offers\[\d+\]/.exec(field)?.[0] ?? '') ??
      rowOfField.get(/^variants\[\d+\]/.exec(field)?.[0] ?? ''),
  }
}

/** Names of the option columns that any of the product's rows fills. */
function optionNames(records: readonly CsvRow[], { families }: CsvHeader): string[] | undefined {
  const names = families
    .filter(({ family }) => family === 'option')
    .filter(({ place }) => records.some(({ cells }) => (cells[place] ?? '').trim() !== ''))
    .map(({ name }) => name)
  return names.length > 0 ? names : undefined
}

function buildContent(
  get: Get,
  cells: readonly string[],
  header: CsvHeader,
  options: readonly string[] | undefined,
) {
  const average = get('rating_average')
  return defined({
    ref: get('ref') ?? '',
    seller: get('seller') ?? '',
    name: get('name') ?? '',
    description: get('description'),
    brand: get('brand'),
    category: get('category') ?? '',
    images: list(get('images')),
    attributes: members(get('attributes'), family(cells, header, 'attribute')),
    options: list(get('option_names')) ?? options,
    releasedAt: get('released_at'),
    rating:
      average === undefined
        ? undefined
        : { average: Number(average), count: Number(get('rating_count') ?? 0) },
    popularity: toNumber(get('popularity')),
    taxClass: get('tax_class'),
    status: get('status'),
    featured: toFlag(get('featured')),
    slug: get('slug'),
    pastSlugs: list(get('past_slugs')),
    translations: members(get('translations'), undefined),
    source: members(get('source'), undefined),
  })
}

function buildVariant(get: Get, options: Record<string, unknown> | undefined) {
  const sizes = (['length_mm', 'width_mm', 'height_mm'] as const).map((side) => toNumber(get(side)))
  return defined({
    sku: get('variant_sku') ?? '',
    name: get('variant_name'),
    status: get('variant_status'),
    images: list(get('variant_images')),
    gtin: get('gtin'),
    options,
    weightGrams: toNumber(get('weight_grams')),
    dimensionsMm: sizes.includes(undefined) ? undefined : sizes,
  })
}

function buildOffer(get: Get, stock: Record<string, string> | undefined) {
  const currency = get('currency') ?? ''
  const sale = get('sale_price')
  return defined({
    seller: get('offer_seller') ?? get('seller') ?? '',
    sku: get('offer_sku') ?? '',
    condition: get('condition'),
    status: get('offer_status'),
    price: fromDecimal(get('price') ?? '', currency),
    salePrice: sale === undefined ? undefined : fromDecimal(sale, currency),
    saleStartsAt: get('sale_starts_at'),
    saleEndsAt: get('sale_ends_at'),
    stock:
      stock &&
      Object.fromEntries(Object.entries(stock).map(([code, count]) => [code, Number(count)])),
  })
}

function family(
  cells: readonly string[],
  header: CsvHeader,
  wanted: string,
): Record<string, string> | undefined {
  const found = header.families.flatMap(({ family, name, place }) => {
    const cell = family === wanted ? readCell(cells[place] ?? '') : ''
    return cell === '' ? [] : [[name, cell] as const]
  })
  return found.length > 0 ? Object.fromEntries(found) : undefined
}

/** Members of a JSON cell (which was checked) and of columns of their own, which win. */
function members(
  cell: string | undefined,
  columns: Record<string, string> | undefined,
): Record<string, unknown> | undefined {
  if (cell === undefined) return columns
  return { ...(JSON.parse(cell) as Record<string, unknown>), ...columns }
}

function list(cell: string | undefined): unknown[] | undefined {
  return cell === undefined ? undefined : readList(cell)
}

function toNumber(cell: string | undefined): number | undefined {
  return cell === undefined ? undefined : Number(cell)
}

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

import type { ImportRowError } from '#contracts/catalog/import.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { fromDecimal } from '#contracts/kit/money.ts'
import { isFormula, readCell } from '../../../platform/csv-cells.ts'
import { type CsvRow, openCsv } from '../flows/csv-records.ts'
import { type BuiltProduct, readGroups } from '../flows/import-groups.ts'
import type { Line } from '../flows/import-lines.ts'
import type { ImportRow } from '../flows/import-rows.ts'
import { normalizeGtin } from '../gtin.ts'
import { htmlToText } from './html.ts'
import {
  categoryFinder,
  type FindCategory,
  type ForeignContext,
  type ForeignSettings,
} from './settings.ts'

/** Columns by their names in the files of before 2024, and of since. Others are not read. */
const COLUMNS = {
  handle: ['handle', 'url handle'],
  title: ['title'],
  description: ['body (html)', 'description'],
  vendor: ['vendor'],
  category: ['product category'],
  type: ['type'],
  tags: ['tags'],
  published: ['published', 'published on online store'],
  status: ['status'],
  option1Name: ['option1 name'],
  option1Value: ['option1 value'],
  option2Name: ['option2 name'],
  option2Value: ['option2 value'],
  option3Name: ['option3 name'],
  option3Value: ['option3 value'],
  sku: ['variant sku', 'sku'],
  grams: ['variant grams', 'weight value (grams)'],
  quantity: ['variant inventory qty', 'inventory quantity'],
  price: ['variant price', 'price'],
  comparePrice: ['variant compare at price', 'compare-at price'],
  barcode: ['variant barcode', 'barcode'],
  image: ['image src', 'product image url'],
  variantImage: ['variant image', 'variant image url'],
} as const satisfies Record<string, readonly string[]>

type Column = keyof typeof COLUMNS
type Get = (column: Column) => string

const NEEDED: readonly Column[] = ['handle', 'title', 'price']
const TEXTS: readonly Column[] = ['handle', 'title', 'vendor', 'sku', 'type', 'tags']
const OPTIONS = [
  ['option1Name', 'option1Value'],
  ['option2Name', 'option2Value'],
  ['option3Name', 'option3Value'],
] as const

/**
 * Products of Shopify's export: one row a variant, further rows for further pictures.
 * @see https://help.shopify.com/en/manual/products/import-export/using-csv
 * @throws catalog.import_failed if the header or a setting cannot be used.
 */
export async function* readShopifyRows(
  lines: AsyncIterable<readonly Line[]>,
  { world, after, settings }: ForeignContext,
): AsyncGenerator<ImportRow[]> {
  const findCategory = categoryFinder(world, settings)
  const { cells: header, records } = await openCsv(lines)
  const places = findColumns(header)
  const getter =
    ({ cells }: CsvRow): Get =>
    (column) =>
      readCell(cells[places.get(column) ?? -1] ?? '')
  const nameOf = (column: Column) => header[places.get(column) ?? -1] ?? column
  yield* readGroups(
    records,
    {
      refOf: (record) => getter(record)('handle'),
      check: (record) => check(record.row, getter(record), nameOf, settings),
      build: (group, [first = group[0]]) =>
        build(group, first as CsvRow, { getter, findCategory, settings }),
    },
    { world, after },
  )
}

function findColumns(header: readonly string[]): Map<Column, number> {
  const folded = header.map((cell) => cell.trim().toLowerCase())
  const places = new Map<Column, number>()
  for (const [column, names] of Object.entries(COLUMNS)) {
    const place = folded.findIndex((cell) => (names as readonly string[]).includes(cell))
    if (place >= 0) places.set(column as Column, place)
  }
  const missing = NEEDED.filter((column) => !places.has(column))
  if (missing.length === 0) return places
  const names = missing.map((column) => COLUMNS[column].join(' or '))
  throw catalogProblem('catalog.import_failed', {
    detail: `This is no product file of Shopify: column ${names.join(', column ')} is missing`,
  })
}

/** A row without a price is one of a picture. */
function isVariant(get: Get): boolean {
  return get('price') !== '' || get('sku') !== ''
}

function check(
  row: number,
  get: Get,
  nameOf: (column: Column) => string,
  { currency = 'USD' }: ForeignSettings,
): ImportRowError[] {
  const errors: ImportRowError[] = []
  const wrong = (column: Column, message: string) =>
    errors.push({ row, field: nameOf(column), message })
  if (get('handle') === '') wrong('handle', 'is missing')
  for (const column of TEXTS) {
    if (isFormula(get(column))) wrong(column, 'is a formula')
  }
  if (!isVariant(get)) return errors
  if (!fromDecimal(get('price'), currency))
    wrong('price', `is not an amount of ${currency}: ${get('price')}`)
  if (get('comparePrice') !== '' && !fromDecimal(get('comparePrice'), currency))
    wrong('comparePrice', `is not an amount of ${currency}: ${get('comparePrice')}`)
  for (const column of ['grams', 'quantity'] as const) {
    if (!/^(?:-?\d{1,9}(?:\.\d+)?)?$/.test(get(column)))
      wrong(column, `is not a number: ${get(column)}`)
  }
  return errors
}

type Making = Readonly<{
  getter: (record: CsvRow) => Get
  findCategory: FindCategory
  settings: ForeignSettings
}>

/** @param first the product's first row, which has its content, be its variant right or wrong. */
function build(
  records: readonly CsvRow[],
  first: CsvRow,
  { getter, findCategory, settings }: Making,
): BuiltProduct {
  const get = getter(first)
  const variants = records.filter((record) => isVariant(getter(record)))
  const names = OPTIONS.map(([name]) => get(name)).filter((name) => name !== '')
  const hasOptions = !(names.length === 1 && get('option1Value') === 'Default Title')
  const images = [...new Set(records.map((record) => getter(record)('image')))]
  const tags = get('tags')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  const description = htmlToText(get('description'))
  const value = {
    ref: `${settings.seller}:${get('handle')}`,
    seller: settings.seller,
    name: get('title'),
    ...(description === '' ? {} : { description }),
    ...(get('vendor') === '' ? {} : { brand: get('vendor') }),
    category: findCategory([get('category'), get('type')]),
    images: images.filter((image) => image !== ''),
    attributes: {
      ...(get('type') === '' ? {} : { Type: get('type') }),
      ...(tags.length === 0 ? {} : { Tags: tags }),
    },
    ...(hasOptions ? { options: names } : {}),
    status: statusOf(get),
    variants: variants.map((record, place) =>
      buildVariant(getter(record), { place, get, hasOptions, settings }),
    ),
  }
  return {
    row: first.row,
    value,
    rowOf: (field) => {
      const place = /^variants\[(\d+)\]/.exec(field)?.[1]
      return place === undefined ? undefined : variants[Number(place)]?.row
    },
  }
}

function statusOf(get: Get): string {
  const status = get('status').toLowerCase()
  if (status === 'archived' || status === 'draft') return status
  return get('published').toLowerCase() === 'false' ? 'draft' : 'active'
}

function buildVariant(
  own: Get,
  {
    place,
    get,
    hasOptions,
    settings,
  }: Readonly<{
    place: number
    get: Get
    hasOptions: boolean
    settings: ForeignSettings
  }>,
) {
  const { seller, warehouse, currency = 'USD' } = settings
  const sku = own('sku') || `${get('handle')}-${place + 1}`
  // Its barcode is free text: what is no GTIN is none.
  const gtin = normalizeGtin(own('barcode'))
  const options = OPTIONS.flatMap(([name, value]) =>
    get(name) !== '' && own(value) !== '' ? [[get(name), own(value)]] : [],
  )
  const price = fromDecimal(own('price'), currency)
  const listed = fromDecimal(own('comparePrice'), currency)
  const isReduced = price && listed && listed.amount > price.amount
  const quantity = Math.max(0, Math.trunc(Number(own('quantity'))))
  return {
    sku,
    ...(gtin === undefined ? {} : { gtin }),
    ...(hasOptions ? { options: Object.fromEntries(options) } : {}),
    ...(own('variantImage') === '' ? {} : { images: [own('variantImage')] }),
    ...(own('grams') === '' ? {} : { weightGrams: Math.max(0, Math.round(Number(own('grams')))) }),
    offers: [
      {
        seller,
        sku,
        price: isReduced ? listed : price,
        ...(isReduced ? { salePrice: price } : {}),
        ...(warehouse && own('quantity') !== '' ? { stock: { [warehouse]: quantity } } : {}),
      },
    ],
  }
}

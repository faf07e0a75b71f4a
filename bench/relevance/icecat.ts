import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { AttributePair, SearchDocument } from '../../server/modules/search/engine/index.ts'
import type { Grades } from './measures.ts'

type IcecatProduct = Readonly<{
  id: string
  title: string
  brand?: string
  ean?: readonly string[]
  price_cents?: number
  date_released?: string
  short_description?: string
  attributes?: Readonly<{
    text?: Readonly<Record<string, string>>
    number?: Readonly<Record<string, number>>
    boolean?: Readonly<Record<string, boolean>>
  }>
}>

function readText(path: string): string {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

function readable(name: string): string {
  return name.replaceAll('_', ' ')
}

/** What Icecat tells of a product, in the words of the index. It has no categories. */
function toSearchDocument(product: IcecatProduct): SearchDocument {
  const { text = {}, number = {}, boolean = {} } = product.attributes ?? {}
  const options: AttributePair[] = [
    ...Object.entries(text).map(([name, value]) => ({ name, value })),
    ...Object.entries(number).map(([name, value]) => ({ name, value: String(value) })),
    ...Object.entries(boolean).map(([name, value]) => ({ name, value: value ? 'yes' : 'no' })),
  ]
  const words = [
    ...Object.entries(text).map(([name, value]) => `${readable(name)} ${value}`),
    ...Object.entries(boolean).flatMap(([name, value]) => (value ? [readable(name)] : [])),
  ]
  const type = text['product_type'] ?? text['type']
  return {
    id: product.id,
    fields: {
      name: product.title,
      categoryNames: type === undefined ? [] : [type],
      identifiers: [...(product.ean ?? []), ...(text['oem_code'] ? [text['oem_code']] : [])],
      description: product.short_description ?? '',
      attributesText: words.join(', '),
    },
    brand: product.brand ?? '',
    categoryPath: type === undefined ? [] : [type],
    sellers: [],
    variants: [options],
    prices: product.price_cents
      ? [{ market: 'US', currency: 'USD', amount: product.price_cents }]
      : [],
    inStock: true,
    onSale: false,
    rating: 0,
    reviewCount: 0,
    popularity: 0,
    createdAtMs: product.date_released ? Date.parse(product.date_released) : 0,
  }
}

/** Reads a catalogue of JSON lines, gzipped or not. */
export function readCatalogue(path: string): SearchDocument[] {
  return readText(path)
    .trim()
    .split('\n')
    .map((line) => toSearchDocument(JSON.parse(line) as IcecatProduct))
}

/** Reads judgements `query, product_id` (or `product`)`, rating` with a header line, gzipped or not. */
export function readJudgements(path: string): ReadonlyMap<string, Grades> {
  const rows = parse(readText(path), { columns: true }) as readonly Record<string, string>[]
  const judgements = new Map<string, Map<string, number>>()
  for (const { query, product_id: id, product = id, rating } of rows) {
    const grades = judgements.get(query ?? '') ?? new Map<string, number>()
    grades.set(product ?? '', Number(rating))
    judgements.set(query ?? '', grades)
  }
  return judgements
}

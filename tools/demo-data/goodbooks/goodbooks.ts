import { type CsvRow, readCsv } from '../files.ts'
import { isbn10ToGtin } from '../gtin.ts'
import type { AttributeValue, DemoProduct } from '../model.ts'
import { makePrice, makeSalePrice, roundToPriceTag } from '../prices.ts'
import { makeStock } from '../stock.ts'
import type { Taxonomy } from '../taxonomy.ts'
import { toPlainText } from '../text.ts'
import { warehousesByCountry } from '../warehouses.ts'

const licence = 'CC BY-SA 4.0'
const made = ['price', 'salePrice', 'stock', 'category', 'description']
const priceRule = { median: 13.5, spread: 0.38 }
const houses = [...(warehousesByCountry.US ?? []), ...(warehousesByCountry.GB ?? [])]

const languages: Readonly<Record<string, string>> = {
  eng: 'English',
  en: 'English',
  'en-US': 'English',
  'en-GB': 'English',
  'en-CA': 'English',
  ara: 'Arabic',
  spa: 'Spanish',
  ger: 'German',
  fre: 'French',
  ind: 'Indonesian',
  nor: 'Norwegian',
  jpn: 'Japanese',
  pol: 'Polish',
  per: 'Persian',
  por: 'Portuguese',
  ita: 'Italian',
  dan: 'Danish',
  nl: 'Dutch',
  fil: 'Filipino',
  rum: 'Romanian',
  swe: 'Swedish',
  rus: 'Russian',
  tur: 'Turkish',
  vie: 'Vietnamese',
  mul: 'Several languages',
}

export type BookTitle = Readonly<{ name: string; series?: string; volume?: string }>

/** "Twilight (Twilight, #1)" is the book Twilight, volume 1 of the series Twilight. */
export function parseBookTitle(title: string): BookTitle {
  const text = toPlainText(title)
  const match = /^(.+?)\s*\(([^()]+?),?\s+#([\d.–-]+(?:\s*(?:&|of)\s*\d+)?)\)$/.exec(text)
  if (match === null) return { name: text }
  const [, name = text, series = '', volume = ''] = match
  return { name: name.trim(), series: series.trim(), volume }
}

function toYear(text: string): string | undefined {
  const year = Math.round(Number(text))
  if (text === '' || !Number.isFinite(year) || year === 0) return undefined
  return year < 0 ? `${-year} BC` : String(year)
}

/** On a logarithmic scale: the most rated book is 1, the least rated near 0. */
function toPopularity(ratings: number): number {
  const [least, most] = [Math.log(2_500), Math.log(4_800_000)]
  const share = (Math.log(Math.max(ratings, 1)) - least) / (most - least)
  return Math.round(Math.max(0, Math.min(1, share)) * 1000) / 1000
}

type Facts = Readonly<{ authors: readonly string[]; year: string | undefined; title: BookTitle }>

function describe({ authors, year, title }: Facts, row: CsvRow): string {
  const editions = Number(row.books_count)
  const sentences = [
    `By ${authors.join(', ')}.`,
    title.series ? `Book ${title.volume} of the series ${title.series}.` : '',
    year ? `First published in ${year}.` : '',
    editions > 1 ? `One of ${editions} editions.` : '',
  ]
  return sentences.filter((sentence) => sentence !== '').join(' ')
}

function toAttributes(
  { authors, year, title }: Facts,
  row: CsvRow,
): Record<string, AttributeValue> {
  const original = toPlainText(row.original_title ?? '')
  const language = languages[row.language_code ?? '']
  return {
    Author: authors,
    ...(title.series && { Series: title.series }),
    ...(title.volume && { Volume: title.volume }),
    ...(year && { 'First published': year }),
    ...(language && { Language: language }),
    ...(original && original !== title.name && { 'Original title': original }),
    ...(Number(row.books_count) > 0 && { Editions: Number(row.books_count) }),
    Format: 'Book',
  }
}

function toProduct(row: CsvRow, category: string, taken: Set<string>): DemoProduct {
  const sku = `goodbooks-${row.book_id}`
  const title = parseBookTitle(row.title ?? '')
  const authors = (row.authors ?? '').split(', ').map((name) => toPlainText(name))
  const facts = { authors, year: toYear(row.original_publication_year ?? ''), title }
  const isbn = isbn10ToGtin(row.isbn ?? '')
  const gtin = isbn !== undefined && !taken.has(isbn) ? isbn : undefined
  if (gtin !== undefined) taken.add(gtin)
  const amount = roundToPriceTag(makePrice(priceRule, sku))
  const price = { amount, currency: 'USD' }
  const salePrice = makeSalePrice(price, sku)
  const image = row.image_url ?? ''
  const count = Number(row.ratings_count)
  const stock = makeStock(sku, houses)
  const offer = { seller: 'goodbooks', sku, condition: 'new', price, stock } as const
  return {
    ref: sku,
    seller: 'goodbooks',
    name: title.name,
    description: describe(facts, row),
    category,
    ...(image !== '' && !image.includes('nophoto') && { images: [image] }),
    attributes: toAttributes(facts, row),
    rating: { average: Number(row.average_rating), count },
    popularity: toPopularity(count),
    taxClass: 'books',
    variants: [
      { sku, ...(gtin && { gtin }), offers: [{ ...offer, ...(salePrice && { salePrice }) }] },
    ],
    source: { set: 'goodbooks', licence, made },
  }
}

/**
 * The ten thousand most rated books; the ISBN-13 column has lost digits, so the ISBN-10 is used.
 */
export function convertGoodbooks(source: string, taxonomy: Taxonomy): readonly DemoProduct[] {
  const category = taxonomy.find('Print Books')
  const taken = new Set<string>()
  const rows = readCsv(source, 'catalog/goodbooks_books.csv.gz')
  return rows.map((row) => toProduct(row, category, taken))
}

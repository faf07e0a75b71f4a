import type { ImportProduct } from '#contracts/catalog/import.ts'
import { toDecimal } from '#contracts/kit/money.ts'
import { writeCell, writeList } from '../../../platform/csv-cells.ts'
import { CSV_COLUMNS, type CsvColumn } from './csv-columns.ts'

const COLUMNS = Object.keys(CSV_COLUMNS) as CsvColumn[]

type Cells = Partial<Record<CsvColumn, string | number | undefined>>

/** The header of an export: every column of the import, and one of stock for each warehouse. */
export function csvHeader(warehouses: readonly string[]): string {
  const stock = warehouses.map((code) => writeCell(`stock:${code}`))
  return `${[...COLUMNS, ...stock].join(',')}\n`
}

/** One row an offer; what belongs to the product stands in its first row, a variant's in each. */
export function csvRows(product: ImportProduct, warehouses: readonly string[]): string {
  let text = ''
  let content: Cells = contentCells(product)
  for (const variant of product.variants) {
    const own: Cells = {
      variant_sku: variant.sku,
      variant_name: variant.name,
      variant_status: variant.status,
      variant_images: writeList(variant.images ?? []),
      gtin: variant.gtin,
      options: JSON.stringify(variant.options ?? {}),
      weight_grams: variant.weightGrams,
      length_mm: variant.dimensionsMm?.[0],
      width_mm: variant.dimensionsMm?.[1],
      height_mm: variant.dimensionsMm?.[2],
    }
    for (const offer of variant.offers.length > 0 ? variant.offers : [undefined]) {
      const cells = { ref: product.ref, ...content, ...own, ...(offer ? offerCells(offer) : {}) }
      const levels = warehouses.map((code) => offer?.stock?.[code] ?? '')
      text += `${[...COLUMNS.map((column) => write(cells[column])), ...levels].join(',')}\n`
      content = {}
    }
  }
  return text
}

function write(value: string | number | undefined): string {
  return typeof value === 'string' ? writeCell(value) : `${value ?? ''}`
}

function contentCells(product: ImportProduct): Cells {
  return {
    seller: product.seller,
    name: product.name,
    description: product.description,
    brand: product.brand,
    category: product.category,
    images: writeList(product.images ?? []),
    attributes: JSON.stringify(product.attributes ?? {}),
    option_names: writeList(product.options ?? []),
    released_at: product.releasedAt,
    rating_average: product.rating?.average,
    rating_count: product.rating?.count,
    popularity: product.popularity,
    tax_class: product.taxClass,
    status: product.status,
    featured: product.featured === undefined ? undefined : String(product.featured),
    slug: product.slug,
    past_slugs: product.pastSlugs && writeList(product.pastSlugs),
    translations: product.translations && JSON.stringify(product.translations),
    source: product.source && JSON.stringify(product.source),
  }
}

function offerCells(offer: ImportProduct['variants'][number]['offers'][number]): Cells {
  return {
    offer_seller: offer.seller,
    offer_sku: offer.sku,
    offer_status: offer.status,
    condition: offer.condition,
    price: toDecimal(offer.price),
    currency: offer.price.currency,
    sale_price: offer.salePrice && toDecimal(offer.salePrice),
    sale_starts_at: offer.saleStartsAt,
    sale_ends_at: offer.saleEndsAt,
  }
}

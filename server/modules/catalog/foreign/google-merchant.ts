import type { ImportRowError } from '#contracts/catalog/import.ts'
import { fromDecimal, type Money } from '#contracts/kit/money.ts'
import { type BuiltProduct, type RecordFault, readGroups } from '../flows/import-groups.ts'
import { readLines } from '../flows/import-lines.ts'
import type { ImportRow } from '../flows/import-rows.ts'
import { normalizeGtin } from '../gtin.ts'
import { type FeedItem, readTextItems, readXmlItems } from './feed-items.ts'
import {
  categoryFinder,
  type FindCategory,
  type ForeignContext,
  type ForeignSettings,
} from './settings.ts'

/** Attributes by which items of one group differ, with the names that shoppers know. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['color', 'Color'],
  ['size', 'Size'],
  ['material', 'Material'],
  ['pattern', 'Pattern'],
  ['age_group', 'Age group'],
  ['gender', 'Gender'],
]
const ATTRIBUTES: readonly (readonly [string, string])[] = [
  ...OPTIONS,
  ['mpn', 'MPN'],
  ['product_type', 'Type'],
  ['product_highlight', 'Highlights'],
]
const SALE_PRICE = 'sale_price_effective_date'
const CONDITIONS = ['new', 'refurbished', 'used']
const GRAMS: Readonly<Record<string, number>> = { g: 1, kg: 1000, lb: 453.59237, oz: 28.349523125 }

/**
 * Products of a feed of Google Merchant, tab-separated or XML, told by its first character. Items
 * of one `item_group_id` that follow each other are variants of one product.
 * @see https://support.google.com/merchants/answer/7052112
 * @throws catalog.import_failed if the feed or a setting cannot be used.
 */
export async function* readMerchantRows(
  bytes: AsyncIterable<Buffer>,
  { world, after, settings }: ForeignContext,
): AsyncGenerator<ImportRow[]> {
  const findCategory = categoryFinder(world, settings)
  yield* readGroups(
    await readItems(bytes),
    {
      refOf: groupOf,
      check: (item) => check(item, settings),
      build: (items) => build(items, findCategory, settings),
    },
    { world, after },
  )
}

async function readItems(
  bytes: AsyncIterable<Buffer>,
): Promise<AsyncIterable<readonly (FeedItem | RecordFault)[]>> {
  const iterator = bytes[Symbol.asyncIterator]()
  const first = await iterator.next()
  async function* whole() {
    if (!first.done) yield first.value
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  const isXml = !first.done && /^(?:\uFEFF)?\s*</.test(first.value.toString('utf8', 0, 200))
  return isXml ? readXmlItems(whole()) : readTextItems(readLines(whole()))
}

const one = ({ values }: FeedItem, name: string) => values.get(name)?.[0] ?? ''

function groupOf(item: FeedItem): string {
  return one(item, 'item_group_id') || one(item, 'id')
}

/** `15.00 USD`, or an amount alone in the currency of the settings. */
function readPrice(text: string, { currency = 'USD' }: ForeignSettings): Money | undefined {
  const [, before, amount = '', after] =
    /^([A-Z]{3})?\s*(\d[\d.]*)\s*([A-Z]{3})?$/.exec(text.trim()) ?? []
  return fromDecimal(amount, before ?? after ?? currency)
}

function check(item: FeedItem, settings: ForeignSettings): ImportRowError[] {
  const errors: ImportRowError[] = []
  const wrong = (field: string, message: string) => errors.push({ row: item.row, field, message })
  for (const name of ['id', 'title', 'price']) {
    if (one(item, name) === '') wrong(name, 'is missing')
  }
  for (const name of ['price', 'sale_price']) {
    const text = one(item, name)
    if (text !== '' && !readPrice(text, settings)) wrong(name, `is not an amount: ${text}`)
  }
  const condition = one(item, 'condition').toLowerCase()
  if (condition !== '' && !CONDITIONS.includes(condition))
    wrong('condition', `is none of ${CONDITIONS.join(', ')}: ${condition}`)
  const gtin = one(item, 'gtin')
  if (gtin !== '' && normalizeGtin(gtin) === undefined)
    wrong('gtin', `has a wrong check digit: ${gtin}`)
  const window = one(item, SALE_PRICE)
  if (window !== '' && !readWindow(window))
    wrong(SALE_PRICE, `is no two dates with a slash: ${window}`)
  return errors
}

function readWindow(text: string): { from: string; to: string } | undefined {
  const [from, to, ...more] = text.split('/').map((part) => Date.parse(part.trim()))
  if (more.length > 0 || !Number.isFinite(from) || !Number.isFinite(to)) return undefined
  const iso = (ms: number | undefined) => new Date(ms as number).toISOString()
  return { from: iso(from), to: iso(to) }
}

function build(
  items: readonly FeedItem[],
  findCategory: FindCategory,
  settings: ForeignSettings,
): BuiltProduct {
  const [first] = items as [FeedItem]
  const isGroup = one(first, 'item_group_id') !== ''
  const options = OPTIONS.filter(
    ([name]) => isGroup && items.some((item) => one(item, name) !== ''),
  )
  const attributes = ATTRIBUTES.filter((pair) => !options.includes(pair)).flatMap(
    ([name, shown]) => {
      const values = first.values.get(name) ?? []
      return values.length === 0 ? [] : [[shown, values.length === 1 ? values[0] : values]]
    },
  )
  const images = ['image_link', 'additional_image_link'].flatMap((name) =>
    items.flatMap(({ values }) => (values.get(name) ?? []).flatMap((links) => links.split(','))),
  )
  const description = one(first, 'description')
  const value = {
    ref: `${settings.seller}:${groupOf(first)}`,
    seller: settings.seller,
    name: one(first, 'item_group_title') || one(first, 'title'),
    ...(description === '' ? {} : { description }),
    ...(one(first, 'brand') === '' ? {} : { brand: one(first, 'brand') }),
    category: findCategory([one(first, 'google_product_category'), one(first, 'product_type')]),
    images: [...new Set(images.map((link) => link.trim()))].slice(0, 50),
    attributes: Object.fromEntries(attributes),
    ...(options.length === 0 ? {} : { options: options.map(([, shown]) => shown) }),
    variants: items.map((item) => buildVariant(item, options, settings)),
  }
  return {
    row: first.row,
    value,
    rowOf: (field) => {
      const place = /^variants\[(\d+)\]/.exec(field)?.[1]
      return place === undefined ? undefined : items[Number(place)]?.row
    },
  }
}

function buildVariant(
  item: FeedItem,
  options: readonly (readonly [string, string])[],
  settings: ForeignSettings,
) {
  const gtin = one(item, 'gtin')
  const weight = /^([\d.]+)\s*(g|kg|lb|oz)$/i.exec(one(item, 'shipping_weight'))
  const grams = weight && Number(weight[1]) * (GRAMS[weight[2]?.toLowerCase() ?? ''] ?? 0)
  const chosen = options.flatMap(([name, shown]) =>
    one(item, name) === '' ? [] : [[shown, one(item, name)]],
  )
  return {
    sku: one(item, 'id'),
    ...(options.length > 0 ? { name: one(item, 'title') } : {}),
    ...(gtin === '' ? {} : { gtin }),
    ...(chosen.length === 0 ? {} : { options: Object.fromEntries(chosen) }),
    ...(grams && Number.isFinite(grams) ? { weightGrams: Math.round(grams) } : {}),
    offers: [buildOffer(item, settings)],
  }
}

function buildOffer(item: FeedItem, settings: ForeignSettings) {
  const sale = one(item, 'sale_price')
  const window = sale === '' ? undefined : readWindow(one(item, SALE_PRICE))
  const condition = one(item, 'condition').toLowerCase()
  const stock = stockOf(item, settings)
  return {
    seller: settings.seller,
    sku: one(item, 'id'),
    ...(condition === '' ? {} : { condition }),
    price: readPrice(one(item, 'price'), settings),
    ...(sale === '' ? {} : { salePrice: readPrice(sale, settings) }),
    ...(window ? { saleStartsAt: window.from, saleEndsAt: window.to } : {}),
    ...(stock === undefined || !settings.warehouse
      ? {}
      : { stock: { [settings.warehouse]: stock } }),
  }
}

/** Feeds seldom say how many there are: then what is in stock has what the settings say. */
function stockOf(item: FeedItem, { inStock }: ForeignSettings): number | undefined {
  const said = one(item, 'quantity') || one(item, 'sell_on_google_quantity')
  if (/^\d{1,8}$/.test(said)) return Number(said)
  const availability = one(item, 'availability').toLowerCase().replaceAll(' ', '_')
  if (availability === 'in_stock') return inStock
  return availability === '' ? undefined : 0
}

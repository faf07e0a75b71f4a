import { readCsv } from '../files.ts'
import type { DemoProduct, DemoVariant } from '../model.ts'
import { makeSalePrice, roundToPriceTag } from '../prices.ts'
import { makeStock } from '../stock.ts'
import type { Taxonomy } from '../taxonomy.ts'
import { grocerCategories } from './categories.ts'
import { type GrocerGroup, type GrocerItem, groupItems } from './grouping.ts'
import { readLine, toGrocerName } from './names.ts'
import { createShelfPrices, type ShelfPrices } from './prices.ts'
import { cleanSize, parseSize } from './sizes.ts'
import { grocerTypeRules } from './type-rules.ts'

const licence = 'CC0 1.0'
const houses = ['GROCER-OH', 'US-EAST']
const foodDepartments =
  /^(GROCERY|PRODUCE|MEAT|DELI|PASTRY|NUTRITION|SEAFOOD|SALAD|RESTAURANT|FROZEN|CHEF)/

/** Names of departments as shoppers would read them. */
const departments: Readonly<Record<string, string>> = {
  'DRUG GM': 'Drugstore and general goods',
  'MEAT-PCKGD': 'Packaged meat',
  'SEAFOOD-PCKGD': 'Packaged seafood',
  'CNTRL/STORE SUP': 'Store supplies',
  'CHARITABLE CONT': 'Charity',
  'PROD-WHS SALES': 'Produce, wholesale',
  'GM MERCH EXP': 'General goods',
  'ELECT &PLUMBING': 'Electrical and plumbing',
}

function toDepartment(code: string): string {
  const lower = code.toLowerCase()
  return departments[code] ?? lower.charAt(0).toUpperCase() + lower.slice(1)
}

function readItems(source: string): readonly GrocerItem[] {
  return readCsv(source, 'catalog/completejourney_products.csv.gz').map((row) => {
    const size = parseSize(row.package_size ?? '')
    return {
      id: row.product_id ?? '',
      maker: row.manufacturer_id ?? '',
      brand: row.brand ?? '',
      department: row.department ?? '',
      category: row.product_category ?? '',
      type: row.product_type ?? '',
      rawSize: row.package_size ?? '',
      ...(size && { size }),
      ...(size?.weightGrams && { weightGrams: size.weightGrams }),
    }
  })
}

/** The node by type where a rule knows it, else by category. */
function createGrocerClassifier(taxonomy: Taxonomy): (item: GrocerItem) => string {
  const byType = grocerTypeRules.map(([type, path]) => [type, taxonomy.find(path)] as const)
  const rest = taxonomy.find('Uncategorized')
  return ({ type, category }) => {
    const rule = byType.find(([pattern]) => pattern.test(type))
    if (rule !== undefined) return rule[1]
    const path = grocerCategories[category]?.[1]
    return path === undefined ? rest : taxonomy.find(path)
  }
}

/**
 * Till lines that are no goods: coupons, deposits, fuel. They stay in the range, but cannot be
 * bought.
 */
function isNoGoods({ category, department, type }: GrocerItem): boolean {
  return (
    (/COUPON|BOTTLE DEPOSITS|^FUEL$|TICKETS|SUPPLIES$|PHOTOFINISHING|CALLING CARDS/.test(
      category,
    ) &&
      !/SUPPPLIES|PET CARE|HARDWARE|STATIONERY/.test(category)) ||
    /CHARITABLE|CNTRL|^FUEL$|^COUPON$/.test(department) ||
    /MISC SALES TRANS|^COUPON/.test(type)
  )
}

function toLabel(item: GrocerItem): string {
  return item.size?.label ?? cleanSize(item.rawSize).toLowerCase()
}

function toVariant(
  item: GrocerItem,
  options: Readonly<Record<string, string>>,
  prices: ShelfPrices,
): DemoVariant {
  const sku = `grocer-${item.id}`
  const amount = roundToPriceTag(prices.known(item.id) ?? prices.make(item))
  const price = { amount, currency: 'USD' }
  const salePrice = makeSalePrice(price, sku)
  const stock = isNoGoods(item) ? { 'GROCER-OH': 0 } : makeStock(sku, houses)
  const offer = { seller: 'grocer', sku, condition: 'new', price, stock } as const
  return {
    sku,
    ...(Object.keys(options).length > 0 && { options }),
    ...(item.weightGrams && { weightGrams: item.weightGrams }),
    offers: [{ ...offer, ...(salePrice && { salePrice }) }],
  }
}

function toVariants({ items, options }: GrocerGroup, prices: ShelfPrices): readonly DemoVariant[] {
  const numbers = new Map<string, number>()
  const bySize = items.toSorted(
    (a, b) => (a.weightGrams ?? 0) - (b.weightGrams ?? 0) || Number(a.id) - Number(b.id),
  )
  return bySize.map((item) => {
    const label = toLabel(item)
    const number = (numbers.get(label) ?? 0) + 1
    numbers.set(label, number)
    const chosen: Record<string, string> = {}
    if (options.includes('Size')) chosen.Size = label
    if (options.includes('Variety')) chosen.Variety = `No. ${number}`
    return toVariant(item, chosen, prices)
  })
}

function toPopularity(items: readonly GrocerItem[], prices: ShelfPrices): number {
  if (items.every(isNoGoods)) return 0
  const sold = items.reduce((total, item) => total + prices.sales(item.id), 0)
  return Math.round(Math.min(1, Math.log10(1 + sold) / 3) * 1000) / 1000
}

function toProduct(group: GrocerGroup, category: string, prices: ShelfPrices): DemoProduct {
  const [first] = group.items as [GrocerItem]
  const isStoreBrand = first.brand === 'Private'
  const name = toGrocerName(first)
  const hasSizes = group.options.includes('Size')
  const label =
    first.rawSize === '' || hasSizes
      ? ''
      : `, ${toLabel(first).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`
  const areKnown = group.items.every((item) => prices.known(item.id) !== undefined)
  const made = ['name', ...(areKnown ? [] : ['price']), 'salePrice', 'stock', 'category']
  const isVaried = group.options.includes('Variety')
  return {
    ref: `grocer-${first.id}`,
    seller: 'grocer',
    name: `${name}${label}`,
    brand: readLine(first.type) ?? (isStoreBrand ? 'Store brand' : `Maker ${first.maker}`),
    category,
    attributes: {
      Department: toDepartment(first.department),
      'Brand kind': isStoreBrand ? 'Store brand' : 'National brand',
      ...(first.rawSize !== '' && !hasSizes && { 'Package size': toLabel(first) }),
    },
    ...(group.options.length > 0 && { options: group.options }),
    popularity: toPopularity(group.items, prices),
    taxClass: foodDepartments.test(first.department) ? 'food' : 'standard',
    variants: toVariants(group, prices),
    source: { set: 'completejourney', licence, made: isVaried ? [...made, 'variety'] : made },
  }
}

/** A grocer's whole range; prices are the till's where a product was sold. */
export function convertGrocer(source: string, taxonomy: Taxonomy): readonly DemoProduct[] {
  const items = readItems(source)
  const sales = readCsv(source, 'behaviour/completejourney_transactions_train.csv.gz')
  const prices = createShelfPrices(sales, items)
  const classify = createGrocerClassifier(taxonomy)
  return groupItems(items).map((group) =>
    toProduct(group, classify(group.items[0] as GrocerItem), prices),
  )
}

import { type CsvRow, readCsv } from '../files.ts'
import { normalizeGtin } from '../gtin.ts'
import type { AttributeValue, DemoProduct } from '../model.ts'
import { makePrice, makeSalePrice, roundToPriceTag } from '../prices.ts'
import { makeStock } from '../stock.ts'
import type { Taxonomy } from '../taxonomy.ts'
import { capitalize, shorten, toPlainText } from '../text.ts'
import { words } from '../words.ts'
import { foodRules } from './categories.ts'

const licence = 'ODbL 1.0'
const made = ['price', 'salePrice', 'stock', 'category', 'popularity']
const priceRule = { median: 3.2, spread: 0.45 }
const houses = ['FR-PAR', 'DE-RHE']

/** Tags that say too little to file a food by. */
const generalTags = words`^en:(plant-based|groceries|canned|beverages|non-alcoholic-bev|hot-bev|
  unsweet|sweet|artific|fresh|fruits-and-veg|vegetables-based|snacks|dried|frozen)`

const countries: readonly (readonly [RegExp, string])[] = [
  [/france|francia|frankreich|frankrijk|\bfr\b|fran\?a|francie/i, 'France'],
  [/united states|[ée]tats-unis|estados unidos|\bus\b/i, 'United States'],
  [/espa|spain|\bes\b/i, 'Spain'],
  [/belg|\bbe\b/i, 'Belgium'],
  [/united.kingdom|royaume-uni|reino unido|\bgb\b/i, 'United Kingdom'],
  [/switzerland|suisse|schweiz|suiza|\bch\b/i, 'Switzerland'],
  [/german|deutschland|allemagne|\bde\b/i, 'Germany'],
  [/canad|\bca\b/i, 'Canada'],
  [/ital/i, 'Italy'],
]

const nutrients: readonly (readonly [column: string, name: string, unit: string])[] = [
  ['energy-kcal_100g', 'Energy per 100 g', 'kcal'],
  ['fat_100g', 'Fat per 100 g', 'g'],
  ['saturated-fat_100g', 'Saturated fat per 100 g', 'g'],
  ['carbohydrates_100g', 'Carbohydrates per 100 g', 'g'],
  ['sugars_100g', 'Sugars per 100 g', 'g'],
  ['fiber_100g', 'Fibre per 100 g', 'g'],
  ['proteins_100g', 'Protein per 100 g', 'g'],
  ['salt_100g', 'Salt per 100 g', 'g'],
]

/** The barcode stands whole in the address; the column of codes went through a spreadsheet. */
export function readBarcode(row: CsvRow): string {
  const code = /\/product\/(\d+)/.exec(row.url ?? '')?.[1]
  if (code === undefined) throw new Error(`No barcode in "${row.url}".`)
  return code
}

/** Names written in capitals are put into sentence case; stray dots and blanks go. */
export function toFoodName(row: CsvRow, code: string): string {
  const name = toPlainText(row.product_name || row.generic_name || '').replace(/[\s.,;:-]+$/, '')
  if (name === '') return row.brands ? `${toPlainText(row.brands)} ${code}` : `Food ${code}`
  const isShouted = name.length > 4 && name === name.toUpperCase() && /[A-Z]{4}/.test(name)
  return shorten(capitalize(isShouted ? name.toLowerCase() : name), 160)
}

function listOf(text: string): readonly string[] {
  const items = text.split(',').map((item) => toPlainText(item.replace(/^[a-z]{2}:/, '')))
  const readable = items.filter((item) => item !== '' && !item.includes('?'))
  return [...new Set(readable.map((item) => capitalize(item.replaceAll('-', ' '))))]
}

function toAttributes(row: CsvRow): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {}
  const put = (name: string, value: AttributeValue | undefined) => {
    if (value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)) {
      attributes[name] = value
    }
  }
  put('Quantity', toPlainText(row.quantity ?? ''))
  const sold = countries.filter(([pattern]) => pattern.test(row.countries ?? ''))
  put(
    'Sold in',
    sold.map(([, name]) => name),
  )
  put('Labels', listOf(row.labels ?? '').slice(0, 6))
  put('Allergens', listOf(row.allergens_tags ?? '').slice(0, 8))
  put('Packaging', listOf(row.packaging ?? '').slice(0, 4))
  put('Nutri-Score', (row.nutrition_grade_fr ?? '').toUpperCase())
  put('NOVA group', row.nova_group ? Number(row.nova_group) : undefined)
  for (const [column, name, unit] of nutrients) {
    const value = Number(row[column])
    const isKnown = (row[column] ?? '') !== '' && Number.isFinite(value) && value >= 0
    if (isKnown && value <= 4000) put(name, { value: Math.round(value * 100) / 100, unit })
  }
  return attributes
}

function toWeightGrams(quantity: string): number | undefined {
  const match = /^(\d+(?:[.,]\d+)?) ?(g|gr|kg|ml|cl|l)\b/i.exec(quantity.trim())
  if (match === null) return undefined
  const factors: Readonly<Record<string, number>> = {
    g: 1,
    gr: 1,
    kg: 1000,
    ml: 1,
    cl: 10,
    l: 1000,
  }
  const grams = Number(match[1]?.replace(',', '.')) * (factors[match[2]?.toLowerCase() ?? ''] ?? 0)
  return grams >= 1 && grams <= 20_000 ? Math.round(grams) : undefined
}

function toBrand(brands: string): string | undefined {
  const brand = toPlainText((brands.split(',')[0] ?? '').replace(/\s+(Inc|Llc|Co|Ltd)\.?$/i, ''))
  return brand === '' ? undefined : capitalize(brand)
}

/** How completely the crowd described a product, with some chance. */
function makePopularity(row: CsvRow): number {
  const filled = Object.values(row).filter((value) => value !== '').length
  return Math.round(Math.min(1, filled / 90) * 1000) / 1000
}

function createFoodClassifier(taxonomy: Taxonomy): (row: CsvRow) => string {
  const rules = foodRules.map(([words, path]) => [words, taxonomy.find(path)] as const)
  const rest = taxonomy.find('Food, Beverages & Tobacco > Food Items')
  return (row) => {
    const specific = (row.categories_tags ?? '').split(',').toReversed()
    const find = (text: string) => rules.find(([words]) => words.test(text.toLowerCase()))?.[1]
    for (const tag of specific) {
      const code = tag === '' ? undefined : find(tag.replace(/^[a-z]{2}:/, ''))
      if (code !== undefined && !generalTags.test(tag)) {
        return code
      }
    }
    return find(`${row.product_name} ${row.generic_name}`) ?? rest
  }
}

function toProduct(row: CsvRow, category: string, taken: Set<string>): DemoProduct {
  const code = readBarcode(row)
  const sku = `openfoodfacts-${code}`
  const known = normalizeGtin(code)
  const gtin = known !== undefined && !taken.has(known) ? known : undefined
  if (gtin !== undefined) taken.add(gtin)
  const price = { amount: roundToPriceTag(makePrice(priceRule, sku)), currency: 'USD' }
  const salePrice = makeSalePrice(price, sku)
  const stock = makeStock(sku, houses)
  const ingredients = toPlainText(row.ingredients_text ?? '').replaceAll('_', '')
  const brand = toBrand(row.brands ?? '')
  const weightGrams = toWeightGrams(row.quantity ?? '')
  const offer = { seller: 'openfoodfacts', sku, condition: 'new', price, stock } as const
  const isWine = /alcohol|beer|wine/.test(row.categories_tags ?? '')
  return {
    ref: sku,
    seller: 'openfoodfacts',
    name: toFoodName(row, code),
    ...(ingredients !== '' && { description: `Ingredients: ${shorten(ingredients, 800)}` }),
    ...(brand && { brand }),
    category,
    ...(row.image_url && { images: [row.image_url] }),
    attributes: toAttributes(row),
    popularity: makePopularity(row),
    taxClass: isWine ? 'standard' : 'food',
    variants: [
      {
        sku,
        ...(gtin && { gtin }),
        ...(weightGrams && { weightGrams }),
        offers: [{ ...offer, ...(salePrice && { salePrice }) }],
      },
    ],
    source: { set: 'openfoodfacts', licence, made },
  }
}

/** A sample of the crowd's packaged foods, with its gaps. */
export function convertOpenFoodFacts(source: string, taxonomy: Taxonomy): readonly DemoProduct[] {
  const classify = createFoodClassifier(taxonomy)
  const taken = new Set<string>()
  const rows = readCsv(source, 'catalog/openfoodfacts_sample.csv.gz')
  return rows.map((row) => toProduct(row, classify(row), taken))
}

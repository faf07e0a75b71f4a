import {
  type ImportOffer,
  ImportProduct,
  type ImportRowError,
  type ImportVariant,
} from '#contracts/catalog/import.ts'
import { shardFor } from '../../../platform/ids.ts'
import { checkAttributes, type EffectiveSchema, NO_RULES } from '../attribute-schema.ts'
import type { TreeNode } from '../category-tree.ts'
import { normalizeGtin } from '../gtin.ts'
import { isImportProduct } from './import-check.ts'

/** A row that is valid by itself. */
export type ImportEntry = Readonly<{
  row: number
  /** Where the record ends, if it takes several rows of the file. */
  lastRow?: number
  /** Characters of the row's text, by which batches are bounded. */
  size: number
  product: ImportProduct
  categoryId: string
  /** The tag for ids, if the product is new. */
  shard: number
  sellerId: string
  /** Ids of sellers by code, those of its offers among them. */
  sellerIds: ReadonlyMap<string, string>
  /** What its category asks for and it does not say: wrong if the product is new. */
  missing?: readonly ImportRowError[]
  /** What was wrong with rows of the record that were left out. */
  faults?: readonly ImportRowError[]
}>

export type ImportRow =
  | ImportEntry
  | Readonly<{ row: number; lastRow?: number; errors: readonly ImportRowError[] }>

/** What rows may speak of. */
export type ImportWorld = Readonly<{
  categories: ReadonlyMap<string, TreeNode>
  /** Ids by code. */
  sellers: ReadonlyMap<string, string>
  warehouses: ReadonlySet<string>
  currencies: ReadonlySet<string>
}>

export function isEntry(row: ImportRow): row is ImportEntry {
  return 'product' in row
}

/** Reads one line of JSONL. */
export function readJsonRow(row: number, text: string, world: ImportWorld): ImportRow {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { row, errors: [{ row, field: '', message: 'is not valid JSON' }] }
  }
  if (text.includes('\\u') && /\\u(?:0000|d[89a-f])/i.test(text)) {
    const field = findBadText(value, '')
    if (field !== undefined)
      return { row, errors: [{ row, field, message: 'has a character that is no text' }] }
  }
  return checkProduct({ row, size: text.length }, value, world)
}

/** Checks a product against its schema and the shop; GTINs are brought into their one spelling. */
export function checkProduct(
  { row, size }: Pick<ImportEntry, 'row' | 'size'>,
  value: unknown,
  world: ImportWorld,
): ImportRow {
  const product = readProduct(row, value)
  if ('errors' in product) return product
  const errors: ImportRowError[] = []
  const wrong = (field: string, message: string) => errors.push({ row, field, message })
  const category = world.categories.get(product.category)
  if (!category) wrong('category', `is no category: ${product.category}`)
  const sellerId = world.sellers.get(product.seller)
  if (!sellerId) wrong('seller', `is no seller: ${product.seller}`)
  const missing = category
    ? checkRules({ row, product, rules: category.attributeSchema }, wrong)
    : []
  checkVariants(product, wrong)
  for (let place = 0; place < product.variants.length; place += 1) {
    const { offers } = product.variants[place] as ImportVariant
    for (let nth = 0; nth < offers.length; nth += 1) {
      const offer = offers[nth] as ImportOffer
      const wrongOf = (field: string, message: string) =>
        wrong(`variants[${place}].offers[${nth}].${field}`, message)
      if (offer.seller !== product.seller && !world.sellers.has(offer.seller))
        wrongOf('seller', `is no seller: ${offer.seller}`)
      checkOffer(offer, world, wrongOf)
    }
  }
  if (errors.length > 0 || !category || !sellerId) return { row, errors }
  const shard = shardOfDepartment(category.department)
  const sellerIds = world.sellers
  const entry = { row, size, product, categoryId: category.ref.id, shard, sellerId, sellerIds }
  return missing.length === 0 ? entry : { ...entry, missing }
}

/**
 * Holds a product's attributes against the rules of its category. A row without attributes leaves
 * those of a known product as they are: what it lacks is returned, for the case that it is new.
 */
function checkRules(
  {
    row,
    product,
    rules,
  }: Readonly<{ row: number; product: ImportProduct; rules: EffectiveSchema }>,
  wrong: Wrong,
): ImportRowError[] {
  if (rules === NO_RULES) return []
  const { attributes } = product
  const given = Object.entries(attributes ?? {}).map(([name, value]) => ({ name, value }))
  const faults = checkAttributes(rules, given, 'attributes')
  if (attributes === undefined)
    return faults.map(({ path, message }) => ({ row, field: path, message }))
  for (const { path, message } of faults) wrong(path, message)
  return []
}

/** The product that a value is, or what is wrong with it in the schema's words. */
function readProduct(
  row: number,
  value: unknown,
): ImportProduct | Readonly<{ row: number; errors: readonly ImportRowError[] }> {
  if (isImportProduct(value)) return value
  const parsed = ImportProduct.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    row,
    field: fieldName(path),
    message,
  }))
  return { row, errors }
}

type Wrong = (field: string, message: string) => void

function checkVariants(product: ImportProduct, wrong: Wrong): void {
  const { variants } = product
  for (let place = 0; place < variants.length; place += 1) {
    const variant = variants[place] as ImportProduct['variants'][number]
    if (variant.gtin === undefined) continue
    const gtin = normalizeGtin(variant.gtin)
    if (gtin === undefined)
      wrong(`variants[${place}].gtin`, `has a wrong check digit: ${variant.gtin}`)
    else variant.gtin = gtin
  }
  if (variants.length > 1) checkCombinations(variants, wrong)
  // One offer alone is like no other: that is most products.
  if (variants.length > 1 || (variants[0]?.offers.length ?? 0) > 1) checkSkus(variants, wrong)
}

function checkCombinations(variants: ImportProduct['variants'], wrong: Wrong): void {
  const combinations = new Set<string>()
  for (const [place, { status, options }] of variants.entries()) {
    if (status === 'inactive') continue
    const combination = combinationOf(options)
    if (combinations.has(combination))
      wrong(`variants[${place}].options`, 'are the options of another variant of the product')
    combinations.add(combination)
  }
}

/** Text that is the same for the same options, whatever their order. */
function combinationOf(options: ImportVariant['options']): string {
  if (options === undefined) return ''
  let text = ''
  for (const name of Object.keys(options).sort()) {
    const value = options[name] as string
    text += `${name.length}:${name}${value.length}:${value}`
  }
  return text
}

function checkSkus(variants: ImportProduct['variants'], wrong: Wrong): void {
  const skus = new Set<string>()
  const offers = new Set<string>()
  for (const [place, variant] of variants.entries()) {
    if (skus.has(variant.sku))
      wrong(`variants[${place}].sku`, 'is the SKU of another variant of the product')
    skus.add(variant.sku)
    for (const [nth, offer] of variant.offers.entries()) {
      const key = `${offer.seller}\n${offer.sku}`
      if (offers.has(key))
        wrong(`variants[${place}].offers[${nth}].sku`, 'is the SKU of another offer of this seller')
      offers.add(key)
    }
  }
}

function checkOffer(
  offer: ImportOffer,
  { currencies, warehouses }: ImportWorld,
  wrong: Wrong,
): void {
  if (!currencies.has(offer.price.currency))
    wrong('price.currency', `is not sold in: ${offer.price.currency}`)
  if (offer.salePrice) {
    if (offer.salePrice.currency !== offer.price.currency)
      wrong('salePrice.currency', 'is not the currency of the price')
    else if (offer.salePrice.amount >= offer.price.amount)
      wrong('salePrice', 'is not below the price')
  }
  for (const code in offer.stock) {
    if (!warehouses.has(code)) wrong(`stock.${code}`, 'is no warehouse')
  }
}

const shards = new Map<string, number>()

/** There are few departments and many products. */
function shardOfDepartment(department: string): number {
  let shard = shards.get(department)
  if (shard === undefined) {
    shard = shardFor(department)
    shards.set(department, shard)
  }
  return shard
}

/** `variants[0].offers[1].price`, as a person would write it. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, '')
}

/** Where a text has a NUL or half a surrogate pair, which the database does not take. */
function findBadText(value: unknown, path: string): string | undefined {
  if (typeof value === 'string')
    return value.includes('\0') || !value.isWellFormed() ? path : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, member] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const found = findBadText(key, place) ?? findBadText(member, place)
    if (found !== undefined) return found
  }
  return undefined
}

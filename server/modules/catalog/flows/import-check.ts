import { ImportOffer, ImportProduct } from '#contracts/catalog/import.ts'
import { MAX_AMOUNT } from '#contracts/kit/money.ts'

/**
 * Whether a value is an `ImportProduct`, in a tenth of the schema's time. It says yes only where
 * the schema would give the same value back; where it says no the schema has the last word, and
 * finds the words for what is wrong. A property test holds the two against each other.
 */
export function isImportProduct(value: unknown): value is ImportProduct {
  if (!isRecord(value)) return false
  for (const key in value) {
    if (!isMember(PRODUCT, key, value[key])) return false
  }
  const { ref, seller, name, category, variants } = value
  return (
    ref !== undefined &&
    seller !== undefined &&
    name !== undefined &&
    category !== undefined &&
    variants !== undefined
  )
}

type Check = (value: unknown) => boolean
type Checks = ReadonlyMap<string, Check>

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  )
}

function isMember(checks: Checks, key: string, value: unknown): boolean {
  const check = checks.get(key)
  return check?.(value) ?? false
}

const text =
  (max: number): Check =>
  (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= max

const whole =
  (max: number): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= max

const number =
  (max: number): Check =>
  (value) =>
    typeof value === 'number' && value >= 0 && value <= max

const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    words.includes(value as string)

const list =
  (check: Check, { least = 0, most }: Readonly<{ least?: number; most: number }>): Check =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.length <= most && value.every(check)

/** Members of any name. A name that objects have by themselves is left to the schema. */
const record =
  (nameLength: number, check: Check): Check =>
  (value) => {
    if (!isRecord(value)) return false
    for (const key in value) {
      if (key.length === 0 || key.length > nameLength || key === '__proto__') return false
      if (!check(value[key])) return false
    }
    return true
  }

const isAnyRecord = record(Number.POSITIVE_INFINITY, () => true)

/** An object of exactly these members, `needed` of which may not be missing. */
const object =
  (checks: Checks, needed: readonly string[]): Check =>
  (value) => {
    if (!isRecord(value)) return false
    for (const key in value) {
      if (!isMember(checks, key, value[key])) return false
    }
    for (const name of needed) if (value[name] === undefined) return false
    return true
  }

function isAttribute(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string')
  return isMeasure(value)
}

const isMeasure = object(
  new Map<string, Check>([
    ['value', (value) => typeof value === 'number' && Number.isFinite(value)],
    ['unit', (value) => typeof value === 'string'],
  ]),
  ['value', 'unit'],
)

const isPrice = object(
  new Map<string, Check>([
    ['amount', whole(MAX_AMOUNT)],
    ['currency', (value) => typeof value === 'string' && /^[A-Z]{3}$/.test(value)],
  ]),
  ['amount', 'currency'],
)

const isOffer = object(
  new Map<string, Check>([
    ['seller', text(100)],
    ['sku', text(100)],
    ['condition', oneOf('new', 'refurbished', 'used')],
    ['status', oneOf('active', 'paused')],
    ['price', isPrice],
    ['salePrice', isPrice],
    ['saleStartsAt', (value) => ImportOffer.shape.saleStartsAt.safeParse(value).success],
    ['saleEndsAt', (value) => ImportOffer.shape.saleEndsAt.safeParse(value).success],
    ['stock', record(60, whole(100_000_000))],
  ]),
  ['seller', 'sku', 'price'],
)

const isVariant = object(
  new Map<string, Check>([
    ['sku', text(100)],
    ['name', text(300)],
    ['gtin', (value) => typeof value === 'string'],
    ['options', record(60, text(200))],
    ['images', list(text(2000), { most: 50 })],
    ['weightGrams', whole(100_000_000)],
    ['dimensionsMm', list(whole(Number.MAX_SAFE_INTEGER), { least: 3, most: 3 })],
    ['status', oneOf('active', 'inactive')],
    ['offers', list(isOffer, { most: 500 })],
  ]),
  ['sku', 'offers'],
)

const PRODUCT: Checks = new Map<string, Check>([
  ['ref', text(120)],
  ['seller', text(100)],
  ['name', text(500)],
  ['description', (value) => typeof value === 'string' && value.length <= 100_000],
  ['brand', text(200)],
  ['category', text(60)],
  ['images', list(text(2000), { most: 50 })],
  ['attributes', record(200, isAttribute)],
  ['options', list(text(60), { most: 10 })],
  ['releasedAt', (value) => ImportProduct.shape.releasedAt.safeParse(value).success],
  [
    'rating',
    object(
      new Map([
        ['average', number(5)],
        ['count', whole(2_000_000_000)],
      ]),
      ['average', 'count'],
    ),
  ],
  ['popularity', number(1)],
  ['taxClass', text(40)],
  ['status', oneOf('draft', 'active', 'archived')],
  ['featured', (value) => typeof value === 'boolean'],
  ['slug', (value) => ImportProduct.shape.slug.safeParse(value).success],
  ['pastSlugs', (value) => ImportProduct.shape.pastSlugs.safeParse(value).success],
  [
    'translations',
    (value) => isAnyRecord(value) && ImportProduct.shape.translations.safeParse(value).success,
  ],
  ['variants', list(isVariant, { least: 1, most: 2048 })],
  [
    'source',
    object(
      new Map([
        ['set', text(200)],
        ['licence', text(200)],
        ['made', list(text(100), { most: 50 })],
      ]),
      ['set', 'licence', 'made'],
    ),
  ],
])

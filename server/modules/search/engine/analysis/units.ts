const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  in: ['in', 'inch', 'inches', 'zoll', '"'],
  ft: ['ft', 'feet', 'foot'],
  mm: ['mm', 'millimeter', 'millimeters', 'millimetre', 'millimetres'],
  cm: ['cm', 'centimeter', 'centimeters', 'centimetre', 'centimetres'],
  m: ['m', 'meter', 'meters', 'metre', 'metres'],
  g: ['g', 'gram', 'grams', 'gr'],
  kg: ['kg', 'kilo', 'kilos', 'kilogram', 'kilograms'],
  lb: ['lb', 'lbs', 'pound', 'pounds'],
  oz: ['oz', 'ounce', 'ounces'],
  ml: ['ml', 'milliliter', 'millilitre', 'milliliters', 'millilitres'],
  cl: ['cl'],
  l: ['l', 'liter', 'litre', 'liters', 'litres'],
  kb: ['kb'],
  mb: ['mb', 'megabyte', 'megabytes'],
  gb: ['gb', 'gig', 'gigs', 'gigabyte', 'gigabytes'],
  tb: ['tb', 'terabyte', 'terabytes'],
  hz: ['hz', 'hertz'],
  mhz: ['mhz'],
  ghz: ['ghz'],
  w: ['w', 'watt', 'watts'],
  kw: ['kw'],
  wh: ['wh'],
  v: ['v', 'volt', 'volts'],
  ah: ['ah'],
  mah: ['mah'],
  mp: ['mp', 'megapixel', 'megapixels'],
  dpi: ['dpi'],
  rpm: ['rpm'],
  ppm: ['ppm'],
  fps: ['fps'],
  db: ['db', 'decibel', 'decibels'],
  va: ['va'],
  u: ['u'],
}

const CANONICAL = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, words]) => words.map((word) => [word, unit] as const)),
)

/** `inches` → `in`; undefined for what is no unit. */
export function canonicalUnit(word: string): string | undefined {
  return CANONICAL.get(word)
}

const NUMBER_AND_UNIT = /^(\d+(?:[.,]\d+)*)-?([a-z]+|")$/
const NUMBER = /^\d+(?:[.,]\d+)*$/

/** `1,000` → `1000`, `2,5` → `2.5`, `15.60` → `15.6`; undefined for what is no number. */
export function canonicalNumber(word: string): string | undefined {
  if (!NUMBER.test(word)) {
    return undefined
  }
  const plain = word.replace(/,(?=\d{3}(?:\D|$))/g, '').replace(',', '.')
  if (!/^\d+\.\d+$/.test(plain)) {
    return /^\d+$/.test(plain) ? plain : undefined
  }
  return plain.replace(/0+$/, '').replace(/\.$/, '')
}

/** Reads `500gb`, `55-inch`, `15.6"` as one measure, written `500gb`, `55in`, `15.6in`. */
export function measureOf(word: string): string | undefined {
  const parts = NUMBER_AND_UNIT.exec(word)
  const amount = parts && canonicalNumber(parts[1]!)
  const unit = parts && canonicalUnit(parts[2]!)
  return amount && unit ? amount + unit : undefined
}

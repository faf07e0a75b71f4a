export type GrocerSize = Readonly<{ label: string; weightGrams?: number; family: string }>

const units: Readonly<Record<string, string>> = {
  OZ: 'oz',
  OZS: 'oz',
  'FL OZ': 'fl oz',
  LB: 'lb',
  LBS: 'lb',
  CT: 'count',
  PK: 'pack',
  PC: 'pieces',
  GA: 'gal',
  GAL: 'gal',
  QT: 'qt',
  PT: 'pt',
  L: 'L',
  LT: 'L',
  ML: 'ml',
  IN: 'in',
  FT: 'ft',
  G: 'g',
  GM: 'g',
  GR: 'g',
  KG: 'kg',
  DZ: 'dozen',
  'SQ FT': 'sq ft',
  LOAD: 'loads',
  LOADS: 'loads',
  LD: 'loads',
  STEM: 'stems',
  STEMS: 'stems',
  YD: 'yd',
  CM: 'cm',
  ROLL: 'rolls',
  USES: 'uses',
}

const gramsPerUnit: Readonly<Record<string, number>> = {
  oz: 28.35,
  'fl oz': 29.6,
  lb: 453.6,
  gal: 3785,
  qt: 946,
  pt: 473,
  L: 1000,
  ml: 1,
  g: 1,
  kg: 1000,
}

const families: Readonly<Record<string, string>> = {
  count: 'count',
  pack: 'count',
  pieces: 'count',
}

function toNumber(text: string): number {
  const mixed = /^(?:(\d+)[ -])?(\d+)\/(\d+)$/.exec(text)
  if (mixed !== null) return Number(mixed[1] ?? 0) + Number(mixed[2]) / Number(mixed[3])
  return Number(text)
}

const heaviestGrams = 100_000

/** Only true fractions: `6/12` means six of 12. */
const fraction = '(?:1/2|[12]/3|[13]/4|[1357]/8)'
const amount = `(?:\\d+[ -])?${fraction}|\\d*\\.?\\d+`
const unitWords = Object.keys(units)
  .toSorted((a, b) => b.length - a.length)
  .join('|')
const container = '(?:BAG|BOX|JAR|BTL|BOWL|CAN|CUP|PKG|PET|NR|TUBE|POUCH|LOOSE|AEROS|CS|ASST|AST)'
const single = new RegExp(`^(${amount}) *-? *(${unitWords})\\.?(?: ${container})?$`)
const multiple = new RegExp(`^(\\d+) *(?:PK|P)? *[-/ ] *(${amount}) *(${unitWords}|Z)$`)
const repeated = new RegExp(`^(${amount}) *(${unitWords})[ /]+(\\d+) *PK$`)
const counted = new RegExp(`^(\\d+) *CT[ /]+(${amount}) *(${unitWords}|Z)$`)
const countedLast = new RegExp(`^(${amount}) *(${unitWords})[ /]+(\\d+) *CT$`)
const measured = /^(\d+(?:\.\d+)?) *X *(\d+(?:\.\d+)?)(?: *X *(\d+(?:\.\d+)?))? *(IN|FT|YD)$/
const words: Readonly<Record<string, string>> = {
  SMALL: 'Small',
  SM: 'Small',
  MED: 'Medium',
  MEDIUM: 'Medium',
  LARGE: 'Large',
  LRG: 'Large',
  XL: 'Extra large',
  GAL: '1 gal',
  QT: '1 qt',
  PT: '1 pt',
  LB: '1 lb',
  DZ: '1 dozen',
  DOZ: '1 dozen',
  LG: 'Large',
  'X-LARGE': 'Extra large',
  'HALF GAL': '0.5 gal',
  KIT: 'Kit',
  '1 KIT': 'Kit',
  CTN: 'Carton',
  PK: 'Pack',
  PCK: 'Pack',
  PKG: 'Pack',
  MINI: 'Mini',
  KING: 'King size',
  QUEEN: 'Queen size',
  TALL: 'Tall',
  'CELL PK': 'Cell pack',
  '1 PAIR': '1 pair',
}

function fromAmount(value: number, code: string, count: number): GrocerSize | undefined {
  const unit = units[code]
  if (unit === undefined || !(value > 0) || value > 5000) return undefined
  const rounded = Math.round(value * 1000) / 1000
  const plural = rounded === 1 ? unit.replace(/(?<=pi?ece|load|stem|roll|use)s$/, '') : unit
  const label = count > 1 ? `${count} × ${rounded} ${plural}` : `${rounded} ${plural}`
  const grams = gramsPerUnit[unit]
  const mass = Math.round((grams ?? 0) * rounded * count)
  const weight = mass > 0 && mass <= heaviestGrams ? mass : undefined
  const family = grams === undefined ? (families[unit] ?? unit) : 'mass'
  return { label, family, ...(weight && { weightGrams: weight }) }
}

/** Drops the till's grades ("AB   8 OZ"), order numbers ("523191 CTN") and doubled blanks. */
export function cleanSize(raw: string): string {
  return raw
    .toUpperCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\d{6,7} (?=[A-Z\d])/, '')
    .replace(/^(?:ALL|EX|[A-DLNPRT]{1,4}(?: [A-D])?) ?(?=[\d.])/, '')
    .replace(/(?<=\S)[*.]+$/, '')
}

function fromMatch(text: string): GrocerSize | undefined {
  const one = single.exec(text)
  if (one !== null) return fromAmount(toNumber(one[1] ?? ''), one[2] ?? '', 1)
  const unitOf = (code: string | undefined) => (code === 'Z' ? 'OZ' : (code ?? ''))
  const several = counted.exec(text)
  if (several !== null) {
    return withCount(several[1], fromAmount(toNumber(several[2] ?? ''), unitOf(several[3]), 1))
  }
  const last = countedLast.exec(text)
  if (last !== null)
    return withCount(last[3], fromAmount(toNumber(last[1] ?? ''), unitOf(last[2]), 1))
  const many = multiple.exec(text)
  if (many !== null) return fromAmount(toNumber(many[2] ?? ''), unitOf(many[3]), Number(many[1]))
  const again = repeated.exec(text)
  if (again !== null) return fromAmount(toNumber(again[1] ?? ''), again[2] ?? '', Number(again[3]))
  const sides = measured.exec(text)
  if (sides === null) return undefined
  const lengths = sides.slice(1, 4).filter((side) => side !== undefined)
  return { label: `${lengths.join(' × ')} ${units[sides[4] ?? '']}`, family: 'area' }
}

function withCount(
  count: string | undefined,
  size: GrocerSize | undefined,
): GrocerSize | undefined {
  return size && { ...size, label: `${count} count, ${size.label}` }
}

/** "10 3/4 OZ" is 10.75 oz, "6/12 OZ" six of 12 oz; undefined where the text is no size. */
export function parseSize(raw: string): GrocerSize | undefined {
  const text = cleanSize(raw)
  const word = words[text]
  if (word === undefined) return fromMatch(text)
  const isAmount = /^[\d.]+ (gal|qt|pt|lb)$/.test(word)
  return isAmount ? fromMatch(word.toUpperCase()) : { label: word, family: 'word' }
}

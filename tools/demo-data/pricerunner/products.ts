import type { AttributeValue } from '../model.ts'

type Group = Readonly<{
  median: number
  spread: number
  type: string
  path: string
  weightGrams: number
}>

const appliances = 'Home & Garden > Household Appliances'
const kitchen = 'Home & Garden > Kitchen & Dining > Kitchen Appliances'

/**
 * Median price in dollars, its logarithm's deviation, shipping weight: of the ten kinds of goods.
 */
export const groups: Readonly<Record<string, Group>> = {
  'Mobile Phones': group('Mobile phone', 'Mobile & Smart Phones', [260, 0.4, 400]),
  TVs: group('Television', 'Electronics > Video > Televisions', [520, 0.35, 15_000]),
  CPUs: group('Processor', 'Computer Processors', [290, 0.5, 400]),
  'Digital Cameras': group('Digital camera', 'Cameras > Digital Cameras', [420, 0.55, 900]),
  Microwaves: group('Microwave oven', `${kitchen} > Microwave Ovens`, [135, 0.45, 16_000]),
  Dishwashers: group('Dishwasher', `${kitchen} > Dishwashers`, [480, 0.38, 45_000]),
  'Washing Machines': group(
    'Washing machine',
    `${appliances} > Laundry Appliances > Washing Machines`,
    [470, 0.38, 70_000],
  ),
  Fridges: group('Fridge', `${kitchen} > Refrigerators`, [430, 0.5, 45_000]),
  'Fridge Freezers': group('Fridge freezer', `${kitchen} > Refrigerators`, [640, 0.45, 70_000]),
  Freezers: group('Freezer', `${kitchen} > Freezers`, [380, 0.42, 50_000]),
}

function group(type: string, path: string, numbers: readonly [number, number, number]): Group {
  const [median, spread, weightGrams] = numbers
  return { type, path, median, spread, weightGrams }
}

const twoWordBrands = [
  'Russell Hobbs',
  'Morphy Richards',
  'Sony Ericsson',
  'Fisher Paykel',
  'Fisher & Paykel',
  'De Dietrich',
  'White Knight',
  'New World',
  'John Lewis',
  'Texas Instruments',
]

/** The maker at the start of a cluster's label, spelled as most labels spell it. */
export function readBrand(label: string, brands: ReadonlyMap<string, string>): string | undefined {
  const long = twoWordBrands.find((brand) => label.toLowerCase().startsWith(brand.toLowerCase()))
  if (long !== undefined) return long
  const word = label.split(' ')[0] ?? ''
  return /[a-z]/i.test(word) ? (brands.get(word.toLowerCase()) ?? word) : undefined
}

export type Facts = Readonly<{
  type: string
  /** What the features do to the price of the kind's median product. */
  priceShare: number
  attributes: Readonly<Record<string, AttributeValue>>
}>

type Attributes = Record<string, AttributeValue>

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}

function findNumber(titles: string, pattern: RegExp): number | undefined {
  const value = mostCommon([...titles.matchAll(pattern)].map((match) => match[1] ?? ''))
  return value === undefined ? undefined : Number(value)
}

const colours = [
  'black',
  'white',
  'silver',
  'stainless steel',
  'graphite',
  'red',
  'blue',
  'cream',
  'grey',
  'gold',
  'pink',
  'green',
  'copper',
]

function findColour(titles: string): string | undefined {
  const found = colours.filter((colour) => new RegExp(`\\b${colour}\\b`).test(titles))
  return found.length === 1 && found[0] ? found[0][0]?.toUpperCase() + found[0].slice(1) : undefined
}

function readPhone(titles: string, attributes: Attributes): number {
  const storage = findNumber(titles, /\b(8|16|32|64|128|256|512) ?gb\b/g)
  if (storage !== undefined) attributes.Storage = { value: storage, unit: 'GB' }
  if (/dual sim/.test(titles)) attributes['Dual SIM'] = true
  if (storage === undefined) return 0.35
  return Math.min(2.4, 0.45 + Math.log2(storage / 8) * 0.28) * (/iphone/.test(titles) ? 1.5 : 1)
}

function readTelevision(titles: string, attributes: Attributes): number {
  const size = findNumber(titles, /\b(1[5-9]|[2-9]\d) ?(?:inch\b|in\b|"|'')/g)
  if (size !== undefined) attributes['Screen size'] = { value: size, unit: 'in' }
  const isUltra = /\b(4k|uhd|ultra hd)\b/.test(titles)
  const isOled = /\boled\b/.test(titles)
  if (isUltra) attributes.Resolution = '4K Ultra HD'
  else if (/full hd|1080p/.test(titles)) attributes.Resolution = 'Full HD'
  if (/\bsmart\b/.test(titles)) attributes['Smart TV'] = true
  attributes['Panel type'] = isOled ? 'OLED' : /qled/.test(titles) ? 'QLED' : 'LED'
  return ((size ?? 40) / 43) ** 1.7 * (isUltra ? 1.15 : 0.85) * (isOled ? 1.8 : 1)
}

function readProcessor(titles: string, attributes: Attributes): number {
  const clock = findNumber(titles, /\b(\d(?:\.\d{1,2})?) ?ghz\b/g)
  if (clock !== undefined) attributes['Processor frequency'] = { value: clock, unit: 'GHz' }
  const words: Readonly<Record<string, number>> = { dual: 2, quad: 4, hexa: 6, octa: 8 }
  const word = /\b(dual|quad|hexa|octa)\b/.exec(titles)?.[1]
  const cores = findNumber(titles, /\b(\d{1,2})[ -]core\b/g) ?? (word ? words[word] : undefined)
  if (cores !== undefined) attributes['Number of cores'] = cores
  const isServer = /\b(xeon|opteron|epyc)\b/.test(titles)
  attributes['Market segment'] = isServer ? 'Server' : 'Desktop'
  const low = /celeron|sempron|athlon|pentium/.test(titles) ? 0.35 : 1
  return Math.min(4, (0.4 + (cores ?? 4) * 0.12) * (isServer ? 1.7 : 1) * low)
}

function readCamera(titles: string, attributes: Attributes): number {
  const pixels = findNumber(titles, /\b(\d{1,2}(?:\.\d)?) ?(?:mp|megapixels?)\b/g)
  if (pixels !== undefined) attributes['Effective pixels'] = { value: pixels, unit: 'MP' }
  if (/\b(dslr|slr)\b/.test(titles)) return 2
  if (/mirrorless|system camera|\b(a7|a9|gh5|x-?t\d|e-m\d)/.test(titles)) return 2.4
  return 0.8
}

function readAppliance(kind: string, titles: string, attributes: Attributes): number {
  const litres = findNumber(titles, /\b(\d{2,3}) ?(?:l|litres?|liter|ltr)\b/g)
  const loads = [...titles.matchAll(/\b(\d{1,2}(?:\.5)?) ?kg\b/g)].map((match) => Number(match[1]))
  const load = loads.length > 0 ? Math.max(...loads.filter((kg) => kg <= 15), 0) : 0
  const spin = findNumber(titles, /\b(1[0-8]00) ?(?:rpm|spin|u\/min)\b/g)
  const width = findNumber(titles, /\b(45|50|54|55|59|60|70|80|83|90|91) ?cm\b/g)
  const isLaundry = kind === 'Washing Machines'
  if (litres !== undefined && !isLaundry) attributes.Capacity = { value: litres, unit: 'l' }
  if (load > 0 && isLaundry) attributes.Load = { value: load, unit: 'kg' }
  if (spin !== undefined && isLaundry) attributes['Spin speed'] = { value: spin, unit: 'rpm' }
  if (width !== undefined && !isLaundry) attributes.Width = { value: width, unit: 'cm' }
  const isBuiltIn = /\b(integrated|built[ -]in|einbau\w*|unterbau\w*)\b/.test(titles)
  attributes.Installation = isBuiltIn ? 'Built-in' : 'Freestanding'
  if (/frost ?free|no ?frost/.test(titles)) attributes['Frost free'] = true
  const isLarge = /american|side by side|french door/.test(titles)
  const fancy = /\b(miele|gaggenau|liebherr|smeg|neff)\b/.test(titles) ? 1.5 : 1
  return fancy * (isLarge ? 2 : 1) * (isBuiltIn ? 1.1 : 1)
}

/** What the merchants' titles agree on: size, capacity, colour; nothing is guessed. */
export function readFacts(kind: string, allTitles: string): Facts {
  const titles = allTitles.toLowerCase()
  const attributes: Attributes = {}
  const colour = findColour(titles)
  if (colour !== undefined && kind !== 'CPUs') attributes.Colour = colour
  const readers: Readonly<Record<string, (titles: string, found: Attributes) => number>> = {
    'Mobile Phones': readPhone,
    TVs: readTelevision,
    CPUs: readProcessor,
    'Digital Cameras': readCamera,
  }
  const read = readers[kind] ?? ((text, found) => readAppliance(kind, text, found))
  const priceShare = read(titles, attributes)
  const isCombined = kind === 'Washing Machines' && /washer dryer|waschtrockner/.test(titles)
  const type = isCombined ? 'Washer dryer' : (groups[kind]?.type ?? kind)
  return { type, priceShare, attributes }
}

/** The taxonomy path of a product: its kind's, and for cameras and washer dryers the finer one. */
export function classify(kind: string, facts: Facts): string {
  const path = groups[kind]?.path ?? ''
  if (kind === 'Digital Cameras' && facts.priceShare === 2) {
    return 'Digital Single-Lens Reflex (DSLR) Cameras'
  }
  if (kind === 'Digital Cameras' && facts.priceShare === 2.4) return 'Mirrorless Digital Cameras'
  return facts.type === 'Washer dryer' ? 'Laundry Combo Units' : path
}

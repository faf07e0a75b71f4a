import type {
  SearchChange,
  SearchDocument,
  SearchQuery,
} from '../server/modules/search/engine/index.ts'

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export type Chance = () => number

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws ranks as words are spoken: the n-th is drawn in proportion to 1 / n. */
function zipf(chance: Chance, size: number): number {
  return Math.min(size - 1, Math.floor(Math.exp(chance() * Math.log(size + 1)) - 1))
}

/** The words of a catalogue with how often each occurs, summed up for drawing. */
export type Vocabulary = Readonly<{ words: readonly string[]; sums: Float64Array }>

/** Real words in their real frequencies, which fall off as Zipf says. */
export function vocabularyOf(catalogue: readonly SearchDocument[]): Vocabulary {
  const counts = new Map<string, number>()
  for (const { fields } of catalogue) {
    for (const word of `${fields.name} ${fields.description}`.toLowerCase().split(/[\s,]+/)) {
      if (/[\p{L}\p{N}]/u.test(word)) {
        counts.set(word, (counts.get(word) ?? 0) + 1)
      }
    }
  }
  const sums = new Float64Array(counts.size)
  let sum = 0
  ;[...counts.values()].forEach((count, i) => {
    sum += count
    sums[i] = sum
  })
  return { words: [...counts.keys()], sums }
}

function drawWord(chance: Chance, { words, sums }: Vocabulary): string {
  const wanted = chance() * sums.at(-1)!
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sums[middle]! <= wanted) {
      low = middle + 1
    } else {
      high = middle
    }
  }
  return words[low]!
}

function drawWords(chance: Chance, vocabulary: Vocabulary, count: number): string {
  return Array.from({ length: count }, () => drawWord(chance, vocabulary)).join(' ')
}

function attributes(chance: Chance, first: number, count: number) {
  return Array.from({ length: count }, (_, i) => ({
    name: `attribute ${(first + i) % 60}`,
    value: `value ${zipf(chance, 30)}`,
  }))
}

/** One generated product; the same number and seed give the same product. */
export function makeProduct(number: number, vocabulary: Vocabulary): SearchDocument {
  const chance = createChance(number * 2_654_435_761)
  const leaf = zipf(chance, 800)
  const path = [
    `c${leaf % 20}`,
    `c${leaf % 20}-${leaf % 160}`,
    `c${leaf % 20}-${leaf % 160}-${leaf}`,
  ]
  const shared = attributes(chance, leaf, 6)
  const variants = chance() < 0.7 ? 1 : 2 + Math.floor(chance() * 3)
  const brand = `Brand ${zipf(chance, 2_000)}`
  return {
    id: `product_${String(number).padStart(12, '0')}${Math.floor(chance() * 2 ** 32).toString(32)}`,
    fields: {
      name: drawWords(chance, vocabulary, 6 + Math.floor(chance() * 6)),
      categoryNames: path.map((id) => `category ${id}`),
      identifiers: [`SKU${number}`, String(4_000_000_000_000 + number)],
      description: drawWords(chance, vocabulary, 18),
      attributesText: shared.map(({ value }) => value).join(' '),
    },
    brand,
    categoryPath: path,
    sellers: Array.from({ length: 1 + Math.floor(chance() * 3) }, () => `s${zipf(chance, 500)}`),
    variants: Array.from({ length: variants }, (_, i) => [
      ...shared,
      ...(variants > 1 ? [{ name: 'colour', value: `colour ${i + zipf(chance, 8)}` }] : []),
    ]),
    prices: [{ market: 'US', currency: 'USD', amount: Math.floor(Math.exp(4 + chance() * 9)) }],
    inStock: chance() < 0.9,
    onSale: chance() < 0.1,
    rating: Math.round(chance() * 50) / 10,
    reviewCount: Math.floor(chance() ** 4 * 1_000),
    popularity: Math.floor(chance() ** 6 * 10_000),
    createdAtMs: 1_600_000_000_000 + number * 1_000,
  }
}

/** A batch of upserts. */
export function makeBatch(from: number, to: number, vocabulary: Vocabulary): SearchChange[] {
  return Array.from({ length: to - from }, (_, i) => ({
    kind: 'upsert',
    document: makeProduct(from + i, vocabulary),
  }))
}

export type QueryKind = 'title' | 'broad' | 'typo' | 'browse' | 'asYouType'

function misspell(chance: Chance, word: string): string {
  const at = 1 + Math.floor(chance() * (word.length - 2))
  return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2)
}

function textOf(kind: QueryKind, chance: Chance, product: SearchDocument): string {
  const name = product.fields.name.split(' ')
  const from = Math.floor(chance() * (name.length - 2))
  if (kind === 'title') {
    return name.slice(from, from + 2 + Math.floor(chance() * 3)).join(' ')
  }
  if (kind === 'broad') {
    return name[from]!
  }
  if (kind === 'asYouType') {
    return `${name[from]} ${name[from + 1]!.slice(0, 3)}`
  }
  const long = name.find((word) => /^[a-z]{6,}$/.test(word))
  return long ? `${name[0]} ${misspell(chance, long)}` : name[0]!
}

/** Queries of one kind about products that exist, half of them filtered, all with facets. */
export function makeQueries(
  kind: QueryKind,
  count: number,
  catalogue: Readonly<{ products: number; vocabulary: Vocabulary }>,
): SearchQuery[] {
  const chance = createChance(kind.length * 7_919)
  return Array.from({ length: count }, () => {
    const product = makeProduct(Math.floor(chance() * catalogue.products), catalogue.vocabulary)
    const filters = {
      ...(chance() < 0.4 && { inStock: true }),
      ...(chance() < 0.3 && { priceMin: 1_000, priceMax: 100_000 }),
      ...(chance() < 0.2 && { brands: [product.brand, 'Brand 1'] }),
      ...(chance() < 0.2 && {
        attributes: [{ name: product.variants[0]![0]!.name, values: ['value 0', 'value 1'] }],
      }),
    }
    return {
      facets: {},
      limit: 20,
      prefix: kind === 'asYouType',
      ...(kind === 'browse' ? {} : { text: textOf(kind, chance, product) }),
      filters:
        kind === 'browse'
          ? { ...filters, categories: [product.categoryPath[1 + Math.floor(chance() * 2)]!] }
          : chance() < 0.5
            ? filters
            : {},
    }
  })
}

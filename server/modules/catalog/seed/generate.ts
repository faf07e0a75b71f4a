import type { ImportOffer, ImportProduct, ImportVariant } from '#contracts/catalog/import.ts'
import { type Chance, seededChance } from '../../../platform/chance.ts'
import { gtinCheckDigit } from '../gtin.ts'
import type { Cell, SeedModel, Template } from './model.ts'

/** Orders of magnitude between the most and the least wanted product. */
const DEMAND_MAGNITUDES = 7
const PRICE_DEVIATION = 0.3
const STOCK_DEVIATION = 0.5
const NAME_WORDS_MAX = 24
const VARIANTS_MAX = 4_096

const MADE = [
  'name',
  'brand',
  'description',
  'attributes',
  'gtin',
  'price',
  'salePrice',
  'stock',
  'popularity',
  'rating',
]

/**
 * Product `number` of the seed: shaped by a real product of its category, with words, brand and
 * values of others. It depends on the seed and its number alone, so that a larger seeding begins
 * with the same products as a smaller one.
 */
export function generateProduct(model: SeedModel, seed: number, number: number): ImportProduct {
  const chance = seededChance(mix(seed, number))
  const cell = drawCell(model, chance)
  const template = drawTemplate(cell, chance)
  const ref = `seed-${seed}-${String(number).padStart(8, '0')}`
  const brand = template.brand === undefined ? undefined : draw(cell.brands, chance)
  const popularity = drawPopularity(chance)
  const description = template.isDescribed ? describe(cell, brand, chance) : undefined
  const priceFactor = Math.exp(PRICE_DEVIATION * normal(chance))
  return {
    ref,
    seller: template.seller,
    name: makeName(cell, brand, chance),
    ...(description === undefined ? {} : { description }),
    ...(brand === undefined ? {} : { brand }),
    category: template.category,
    attributes: drawAttributes(cell, template, chance),
    ...(template.options ? { options: template.options } : {}),
    ...(template.releasedAt ? { releasedAt: template.releasedAt } : {}),
    ...(template.rating ? { rating: drawRating(template.rating, popularity, chance) } : {}),
    popularity,
    ...(template.taxClass ? { taxClass: template.taxClass } : {}),
    variants: template.variants.map((variant, place) =>
      makeVariant(variant, { ref, number, place, priceFactor, chance }),
    ),
    source: {
      set: template.source?.set ?? 'seed',
      licence: template.source?.licence ?? 'none',
      made: MADE,
    },
  }
}

/** 32 bits of both numbers (the finalizer of MurmurHash3). */
function mix(seed: number, number: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}

function draw<T>(items: readonly T[], chance: Chance): T | undefined {
  return items[Math.floor(chance.float() * items.length)]
}

function drawTemplate(cell: Cell, chance: Chance): Template {
  return JSON.parse(draw(cell.templates, chance) as string) as Template
}

/** Cells as often as the real catalogue has products of them. */
function drawCell({ cells, cumulative }: SeedModel, chance: Chance): Cell {
  const wanted = chance.float() * (cumulative.at(-1) ?? 0)
  let low = 0
  let high = cells.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulative[middle] as number) > wanted) high = middle
    else low = middle + 1
  }
  return cells[low] as Cell
}

/** A standard normal draw (Box and Muller). */
function normal(chance: Chance): number {
  const radius = Math.sqrt(-2 * Math.log(1 - chance.float()))
  return radius * Math.cos(2 * Math.PI * chance.float())
}

/**
 * Demand falls by Zipf's law: that of a product drawn blindly has a Pareto tail. Popularity is its
 * logarithm, from 0 to 1, as in the real catalogue.
 */
function drawPopularity(chance: Chance): number {
  const demand = -Math.log10(1 - chance.float())
  return Math.round(Math.min(1, demand / DEMAND_MAGNITUDES) * 1000) / 1000
}

function drawRating(
  { average }: NonNullable<ImportProduct['rating']>,
  popularity: number,
  chance: Chance,
): NonNullable<ImportProduct['rating']> {
  const moved = Math.min(5, Math.max(1, average + 0.2 * normal(chance)))
  const count = Math.round(10 ** (popularity * DEMAND_MAGNITUDES) * (0.5 + chance.float()))
  return { average: Math.round(moved * 100) / 100, count }
}

/** Each word is followed by one that follows it in real names, up to one that ends them. */
function makeName(cell: Cell, brand: string | undefined, chance: Chance): string {
  const words: string[] = []
  let word = ''
  while (words.length < NAME_WORDS_MAX) {
    word = draw(cell.nextWords.get(word) ?? [], chance) ?? ''
    if (word === '') break
    words.push(redrawDigits(word, chance))
  }
  let name = words.join(' ')
  const first = cell.brands.find((one) => name.startsWith(`${one} `))
  if (brand !== undefined && first !== undefined) name = `${brand}${name.slice(first.length)}`
  return name.slice(0, 500)
}

/** Numbers of models grow with a catalogue: new ones of the same form. */
function redrawDigits(word: string, chance: Chance): string {
  if (!/\d{3}/.test(word)) return word
  return word.replace(/(?<=\d)\d/g, () => String(Math.floor(chance.float() * 10)))
}

/** Sentences of two real descriptions by turns. */
function describe(cell: Cell, brand: string | undefined, chance: Chance): string {
  const own = draw(cell.descriptions, chance)
  const other = draw(cell.descriptions, chance)
  const sentences = (own?.sentences ?? []).map((sentence, place) =>
    place % 2 === 0 ? sentence : (other?.sentences[place] ?? sentence),
  )
  const text = sentences.join(' ')
  return brand !== undefined && own?.brand !== undefined ? text.replaceAll(own.brand, brand) : text
}

function drawAttributes(cell: Cell, { attributeNames }: Template, chance: Chance) {
  return Object.fromEntries(
    attributeNames.map((name) => [name, draw(cell.values.get(name) ?? [], chance) ?? '']),
  )
}

type Making = Readonly<{
  ref: string
  number: number
  place: number
  /** By how much all prices of the product differ from the template's. */
  priceFactor: number
  chance: Chance
}>

function makeVariant(variant: ImportVariant, making: Making): ImportVariant {
  const { ref, number, place } = making
  const sku = `${ref}-${place + 1}`
  return {
    ...variant,
    sku,
    ...(variant.gtin === undefined ? {} : { gtin: restrictedGtin(number * VARIANTS_MAX + place) }),
    offers: variant.offers.map((offer, nth) =>
      makeOffer(offer, nth === 0 ? sku : `${sku}-${nth + 1}`, making),
    ),
  }
}

/** GS1 gives numbers that begin with 2 to nobody: they are for use within one shop. */
function restrictedGtin(number: number): string {
  const body = `2${String(number % 10 ** 11).padStart(11, '0')}`
  return `${body}${gtinCheckDigit(body)}`
}

function makeOffer(offer: ImportOffer, sku: string, { priceFactor, chance }: Making): ImportOffer {
  const { salePrice, stock, ...rest } = offer
  const amount = nearPrice(offer.price.amount, priceFactor)
  const reduced = salePrice && Math.round((salePrice.amount / offer.price.amount) * amount)
  return {
    ...rest,
    sku,
    price: { ...offer.price, amount },
    ...(salePrice && reduced !== undefined && reduced < amount
      ? { salePrice: { ...salePrice, amount: reduced } }
      : {}),
    ...(stock ? { stock: drawStock(stock, chance) } : {}),
  }
}

/** Ends as the template's price tag does. */
function nearPrice(amount: number, factor: number): number {
  const ending = amount % 100
  const near = Math.floor((amount * factor) / 100) * 100 + ending
  return near > 0 ? near : Math.max(1, amount)
}

function drawStock(stock: NonNullable<ImportOffer['stock']>, chance: Chance) {
  return Object.fromEntries(
    Object.entries(stock).map(([code, quantity]) => [
      code,
      quantity === 0
        ? 0
        : Math.max(1, Math.round(quantity * Math.exp(STOCK_DEVIATION * normal(chance)))),
    ]),
  )
}

import type { ImportProduct } from '#contracts/catalog/import.ts'
import { type Chance, seededChance } from '../../../platform/chance.ts'

type Value = NonNullable<ImportProduct['attributes']>[string]

/** A real product's shape; its words and values are drawn from others too. */
export type Template = Omit<ImportProduct, 'name' | 'description' | 'images' | 'attributes'> &
  Readonly<{ attributeNames: readonly string[]; isDescribed: boolean }>

/**
 * What is known of the real products of one category in one source. Sources are never mixed: what
 * is made from one stays under its licence.
 */
export type Cell = Readonly<{
  /** Templates as JSON, which takes a quarter of the room. */
  templates: readonly string[]
  descriptions: readonly Readonly<{ brand: string | undefined; sentences: readonly string[] }>[]
  brands: readonly string[]
  /** Words that follow a word in names, as often as they do; '' begins and ends a name. */
  nextWords: ReadonlyMap<string, readonly string[]>
  values: ReadonlyMap<string, readonly Value[]>
}>

/** The statistics of a catalogue, by which more of it is made up. */
export type SeedModel = Readonly<{
  cells: readonly Cell[]
  /** For each cell, products of it and of those before. */
  cumulative: readonly number[]
}>

type OpenCell = {
  products: number
  templates: string[]
  described: number
  descriptions: Cell['descriptions'][number][]
  brands: string[]
  nextWords: Map<string, string[]>
  values: Map<string, { seen: number; kept: Value[] }>
}

// Bounds of what is kept of a cell, however large the catalogue is.
const TEMPLATES = 100
const DESCRIPTIONS = 24
const BRANDS = 500
const FOLLOWERS = 64
const VALUES = 64

/** Learns from products in a given order; the same products make the same model. */
export function createSeedModel() {
  const cells = new Map<string, OpenCell>()
  const chance = seededChance(1)
  return {
    add(product: ImportProduct): void {
      const key = `${product.source?.set ?? ''}\n${product.category}`
      let cell = cells.get(key)
      if (!cell) {
        cell = openCell()
        cells.set(key, cell)
      }
      learn(cell, product, chance)
    },
    close(): SeedModel {
      let products = 0
      const open = [...cells.values()]
      const cumulative = open.map((cell) => {
        products += cell.products
        return products
      })
      return { cells: open.map(closeCell), cumulative }
    },
  }
}

function openCell(): OpenCell {
  return {
    products: 0,
    templates: [],
    described: 0,
    descriptions: [],
    brands: [],
    nextWords: new Map(),
    values: new Map(),
  }
}

function closeCell({ values, ...cell }: OpenCell): Cell {
  return { ...cell, values: new Map([...values].map(([name, { kept }]) => [name, kept])) }
}

function learn(cell: OpenCell, product: ImportProduct, chance: Chance): void {
  cell.products += 1
  // Pictures show the real product alone.
  const { name: _name, description, images: _images, attributes, ...rest } = product
  const isDescribed = description !== undefined
  const template: Template = { ...rest, isDescribed, attributeNames: Object.keys(attributes ?? {}) }
  const bounds = { seen: cell.products, room: TEMPLATES }
  sample(cell.templates, JSON.stringify(template), bounds, chance)
  if (isDescribed) {
    cell.described += 1
    const sentences = description.split(/(?<=[.!?]) +/)
    const room = { seen: cell.described, room: DESCRIPTIONS }
    sample(cell.descriptions, { brand: product.brand, sentences }, room, chance)
  }
  if (product.brand !== undefined)
    sample(cell.brands, product.brand, { seen: cell.products, room: BRANDS }, chance)
  let before = ''
  for (const word of [...product.name.split(' '), '']) {
    const known = cell.nextWords.get(before)
    if (!known) cell.nextWords.set(before, [word])
    else sample(known, word, { seen: known.length + 1, room: FOLLOWERS }, chance)
    before = word
  }
  for (const [name, value] of Object.entries(product.attributes ?? {})) {
    const pool = cell.values.get(name) ?? { seen: 0, kept: [] }
    pool.seen += 1
    sample(pool.kept, value, { seen: pool.seen, room: VALUES }, chance)
    cell.values.set(name, pool)
  }
}

/** Keeps each of the items seen so far with the same chance (reservoir sampling). */
function sample<T>(
  kept: T[],
  item: T,
  { seen, room }: Readonly<{ seen: number; room: number }>,
  chance: Chance,
): void {
  if (kept.length < room) kept.push(item)
  else {
    const place = Math.floor(chance.float() * seen)
    if (place < room) kept[place] = item
  }
}

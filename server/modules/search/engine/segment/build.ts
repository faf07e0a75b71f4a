import { plainTerms } from '../analysis/plain.ts'
import type { SearchDocument } from '../types.ts'
import { allocateColumns, type Columns } from './columns.ts'
import { buildFuzzy } from './fuzzy.ts'
import { createGrowable, createInterner, type GrowableNumbers, type Interner } from './growable.ts'
import { invertColumn } from './invert.ts'
import { writeLive } from './live.ts'
import { CHUNK_SIZE, openSegment, type Segment } from './segment.ts'
import { compareAsBytes, countOf, packStrings, type StringTable } from './strings.ts'
import { encodeVariants, invertVariants, mapVariants } from './variants.ts'
import { type Analyser, createWordReader, plainText, type WordBatch } from './words.ts'

/** The order of documents in a segment: what is found together lies together in memory. */
function compareDocuments(a: SearchDocument, b: SearchDocument): number {
  return (
    comparePaths(a.categoryPath, b.categoryPath) ||
    compareAsBytes(a.brand, b.brand) ||
    compareAsBytes(a.id, b.id)
  )
}

function comparePaths(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareAsBytes(a[i]!, b[i]!)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** The ids, the documents in order of them, and the rank of each in that order. */
function idColumns(ordered: readonly SearchDocument[]): Partial<Columns> {
  const idOrder = Uint32Array.from(ordered, (_, document) => document).sort((a, b) =>
    compareAsBytes(ordered[a]!.id, ordered[b]!.id),
  )
  const ids = packStrings(ordered.map(({ id }) => id))
  return { idOffsets: ids.offsets, idBytes: ids.bytes, idOrder, idRank: ranksOf(idOrder) }
}

/** Where each number stands in an order of all of them. */
export function ranksOf(order: Uint32Array): Uint32Array {
  const ranks = new Uint32Array(order.length)
  for (let rank = 0; rank < order.length; rank++) {
    ranks[order[rank]!] = rank
  }
  return ranks
}

const SURROGATE = /[\ud800-\udfff]/

function sortAsBytes(strings: readonly string[]): string[] {
  const order = strings.some((text) => SURROGATE.test(text)) ? compareAsBytes : undefined
  return strings.toSorted(order)
}

/** Sorts interned strings; `rank[id]` is where the string of that id went. */
function rankStrings(interner: Interner): Readonly<{ sorted: string[]; rank: Uint32Array }> {
  const sorted = sortAsBytes(interner.texts())
  const rank = new Uint32Array(sorted.length)
  sorted.forEach((text, place) => {
    rank[interner.idOf(text)] = place
  })
  return { sorted, rank }
}

/** Lists that recur, such as category paths: each distinct list is kept once. */
type ListPool = Readonly<{ of: GrowableNumbers; lists: Interner; members: Interner }>

function createListPool(): ListPool {
  return { of: createGrowable(), lists: createInterner(), members: createInterner() }
}

function poolList(pool: ListPool, list: readonly string[]): void {
  pool.of.push(pool.lists.idOf(list.map((member) => pool.members.idOf(member)).join()))
}

function flattenPool(pool: ListPool): Readonly<{
  start: Uint32Array
  flat: Uint32Array
  dictionary: readonly string[]
}> {
  const { sorted, rank } = rankStrings(pool.members)
  const start = createGrowable()
  const flat = createGrowable()
  for (const list of pool.lists.texts()) {
    start.push(flat.size())
    for (const member of list === '' ? [] : list.split(',')) {
      flat.push(rank[Number(member)]!)
    }
  }
  start.push(flat.size())
  return { start: start.values(), flat: flat.values(), dictionary: sorted }
}

type Batch = Readonly<{
  words: WordBatch
  brands: ListPool
  paths: ListPool
  categoryNames: Map<string, string>
  sellers: ListPool
  options: Interner
  variantStart: GrowableNumbers
  variantStream: GrowableNumbers
}>

function readBatch(
  documents: readonly SearchDocument[],
  analyser: Analyser,
  plain: boolean,
): Batch {
  const reader = createWordReader(analyser)
  const batch: Batch = {
    words: reader.batch,
    brands: createListPool(),
    paths: createListPool(),
    categoryNames: new Map(),
    sellers: createListPool(),
    options: createInterner(),
    variantStart: createGrowable(),
    variantStream: createGrowable(),
  }
  const averageLength = plain ? averagePlainLength(documents) : 0
  documents.forEach((source, document) => {
    if (plain) {
      reader.addPlain(source, document, averageLength)
    } else {
      reader.add(source, document)
    }
    poolList(batch.brands, [source.brand])
    poolList(batch.paths, source.categoryPath)
    source.categoryPath.forEach((id, i) => {
      batch.categoryNames.set(id, source.fields.categoryNames[i] ?? id)
    })
    poolList(batch.sellers, [...new Set(source.sellers)])
    batch.variantStart.push(batch.variantStream.size())
    encodeVariants(source.variants, batch.options, batch.variantStream.push)
  })
  batch.words.nameStart.push(batch.words.nameTerms.size())
  batch.variantStart.push(batch.variantStream.size())
  return batch
}

function averagePlainLength(documents: readonly SearchDocument[]): number {
  const words = documents.reduce((sum, each) => sum + plainTerms(plainText(each)).length, 0)
  return Math.max(1, words / Math.max(1, documents.length))
}

function namesOfOptions(options: StringTable, texts: readonly string[]) {
  const attributes: string[] = []
  const optionName = new Uint32Array(countOf(options))
  texts.forEach((text, option) => {
    const name = text.slice(0, text.indexOf('\u0000'))
    if (attributes.at(-1) !== name) {
      attributes.push(name)
    }
    optionName[option] = attributes.length - 1
  })
  return { optionName, attributes: packStrings(attributes) }
}

function fillPostings(columns: Columns, words: WordBatch, rank: Uint32Array): void {
  const term = words.postingTerm.values()
  const document = words.postingDocument.values()
  const impact = words.postingImpact.values()
  const start = columns.postingStart
  for (let i = 0; i < term.length; i++) {
    start[rank[term[i]!]! + 1]!++
  }
  for (let t = 1; t < start.length; t++) {
    start[t]! += start[t - 1]!
  }
  const next = start.slice()
  for (let i = 0; i < term.length; i++) {
    const place = next[rank[term[i]!]!]!++
    columns.postingDocument[place] = document[i]!
    columns.postingImpact[place] = impact[i]!
  }
  for (let t = 0; t + 1 < start.length; t++) {
    columns.chunkStart[t + 1] = t + 1
    columns.chunkEnd[t] = start[t + 1]!
  }
  const nameTerms = words.nameTerms.values()
  for (let i = 0; i < nameTerms.length; i++) {
    columns.nameTerms[i] = rank[nameTerms[i]!]!
  }
  columns.nameStart.set(words.nameStart.values())
  for (let id = 0; id < rank.length; id++) {
    const share = (words.plurals[id] ?? 0) / words.occurrences[id]!
    columns.termPluralShare[rank[id]!] = Math.min(255, Math.round(share * 255))
  }
}

/**
 * Indexes at most 65,536 documents as a segment of one chunk.
 * @param documents distinct ids, in any order
 * @throws RangeError when there are more
 */
export function buildSegment(
  documents: readonly SearchDocument[],
  options: Readonly<{ analyser: Analyser; plain: boolean }>,
): Segment {
  if (documents.length > CHUNK_SIZE) {
    throw new RangeError(`A segment is built from at most ${CHUNK_SIZE} documents`)
  }
  const ordered = documents.toSorted(compareDocuments)
  const batch = readBatch(ordered, options.analyser, options.plain)
  const buffer = writeBatch(ordered, batch)
  const segment = openSegment(buffer)
  ordered.forEach((source, document) => {
    writeLive(segment.live, document, source)
  })
  return segment
}

function writeBatch(ordered: readonly SearchDocument[], batch: Batch): SharedArrayBuffer {
  const { sorted, rank } = rankStrings(batch.words.terms)
  const terms = packStrings(sorted)
  const brands = flattenPool(batch.brands)
  const paths = flattenPool(batch.paths)
  const sellers = flattenPool(batch.sellers)
  const optionRanks = rankStrings(batch.options)
  const options = packStrings(optionRanks.sorted)
  const names = namesOfOptions(options, optionRanks.sorted)
  mapVariants(batch.variantStream.values(), batch.variantStart.values(), optionRanks.rank)
  const fuzzy = buildFuzzy(terms)
  const brandTable = packStrings(brands.dictionary)
  const categories = packStrings(paths.dictionary)
  const categoryNames = packStrings(paths.dictionary.map((id) => batch.categoryNames.get(id) ?? id))
  const sellerTable = packStrings(sellers.dictionary)
  const copied: Partial<Columns> = {
    ...idColumns(ordered),
    termOffsets: terms.offsets,
    termBytes: terms.bytes,
    brandOffsets: brandTable.offsets,
    brandBytes: brandTable.bytes,
    ...invertedBrands(
      batch.brands.of.values().map((list) => brands.flat[list]!),
      brandTable,
    ),
    categoryOffsets: categories.offsets,
    categoryBytes: categories.bytes,
    categoryNameOffsets: categoryNames.offsets,
    categoryNameBytes: categoryNames.bytes,
    pathStart: paths.start,
    pathCategories: paths.flat,
    ...pathColumns(batch.paths.of.values(), paths.start.length - 1),
    sellerOffsets: sellerTable.offsets,
    sellerBytes: sellerTable.bytes,
    sellerSetStart: sellers.start,
    sellerSetMembers: sellers.flat,
    sellerSet: batch.sellers.of.values(),
    optionOffsets: options.offsets,
    optionBytes: options.bytes,
    optionName: names.optionName,
    ...invertedOptions(batch.variantStart.values(), batch.variantStream.values(), options),
    attributeOffsets: names.attributes.offsets,
    attributeBytes: names.attributes.bytes,
    variantStart: batch.variantStart.values(),
    variantStream: batch.variantStream.values(),
    createdAtMs: Float64Array.from(ordered, (each) => each.createdAtMs),
    fuzzyStart: fuzzy.start,
    fuzzyTerm: fuzzy.term,
    fuzzyMask: fuzzy.mask,
  }
  const postings = batch.words.postingTerm.size()
  const { buffer, columns, seal } = allocateColumns(ordered.length, {
    ...lengthsOf(copied as Columns),
    termPluralShare: sorted.length,
    postingStart: sorted.length + 1,
    postingDocument: postings,
    postingImpact: postings,
    chunkStart: sorted.length + 1,
    chunkNumber: sorted.length,
    chunkEnd: sorted.length,
    nameStart: ordered.length + 1,
    nameTerms: batch.words.nameTerms.size(),
  })
  copyColumns(copied, columns)
  fillPostings(columns, batch.words, rank)
  seal()
  return buffer
}

/** The brand column and the documents of each brand. */
export function invertedBrands(brand: Uint32Array, brands: StringTable): Partial<Columns> {
  const { start, documents } = invertColumn(brand, countOf(brands))
  return { brand, brandStart: start, brandDocuments: documents }
}

/** The path column, and where the documents of each category path begin: they stand together. */
export function pathColumns(path: Uint32Array, paths: number): Partial<Columns> {
  return { path, pathDocumentStart: invertColumn(path, paths).start }
}

/** The documents of each option. */
export function invertedOptions(
  variantStart: Uint32Array,
  variantStream: Uint32Array,
  options: StringTable,
): Partial<Columns> {
  const { start, documents } = invertVariants(variantStart, variantStream, countOf(options))
  return { optionStart: start, optionDocuments: documents }
}

/** The lengths of the columns that are there already. */
export function lengthsOf(columns: Columns): Record<keyof Columns, number> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.length]),
  ) as Record<keyof Columns, number>
}

/** Copies finished columns to their place in a segment. */
export function copyColumns(from: Partial<Columns>, to: Columns): void {
  for (const [name, column] of Object.entries(from)) {
    to[name as keyof Columns].set(column)
  }
}

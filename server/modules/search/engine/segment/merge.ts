import {
  copyColumns,
  invertedBrands,
  invertedOptions,
  lengthsOf,
  pathColumns,
  ranksOf,
} from './build.ts'
import { allocateColumns, type Columns } from './columns.ts'
import { buildFuzzy } from './fuzzy.ts'
import { createGrowable } from './growable.ts'
import { mergePostings, mostChunkEntries } from './merge-postings.ts'
import {
  GONE,
  MAX_DOCUMENTS,
  type MergeResult,
  type MergeSource,
  type Order,
} from './merge-types.ts'
import {
  compareEntries,
  countOf,
  type MergedStrings,
  mergeTables,
  packStrings,
  type StringTable,
  stringAt,
  walkInOrder,
} from './strings.ts'
import { mapVariants } from './variants.ts'

/** What documents are ordered by: their paths and brands by merged numbers, then their ids. */
type Ranks = Readonly<{ paths: readonly Uint32Array[]; brands: readonly Uint32Array[] }>

function orderDocuments(sources: readonly MergeSource[], { paths, brands }: Ranks): Order {
  const places = sources.map((source) => new Uint32Array(source.segment.documents).fill(GONE))
  const total = sources.reduce((sum, source) => sum + source.segment.documents, 0)
  const order = { source: new Uint8Array(total), from: new Uint32Array(total) }
  let documents = 0
  const segments = sources.map(({ segment }) => segment)
  walkInOrder(
    segments.map((segment) => segment.documents),
    (a, i, b, j) => {
      const [one, other] = [segments[a]!, segments[b]!]
      return (
        paths[a]![one.columns.path[i]!]! - paths[b]![other.columns.path[j]!]! ||
        brands[a]![one.columns.brand[i]!]! - brands[b]![other.columns.brand[j]!]! ||
        compareEntries(one.ids, i, other.ids, j)
      )
    },
    (source, index) => {
      if (sources[source]!.deleted[index] === 0) {
        places[source]![index] = documents
        order.source[documents] = source
        order.from[documents] = index
        documents++
      }
    },
  )
  if (documents > MAX_DOCUMENTS) {
    throw new RangeError(`A segment holds at most ${MAX_DOCUMENTS} documents`)
  }
  return { documents, places, ...order }
}

/** Copies a per-document column of dictionary numbers, translated to the merged dictionary. */
function gather(
  order: Order,
  columns: readonly Uint32Array[],
  translate: readonly Uint32Array[],
): Uint32Array {
  const result = new Uint32Array(order.documents)
  for (let document = 0; document < order.documents; document++) {
    const source = order.source[document]!
    result[document] = translate[source]![columns[source]![order.from[document]!]!]!
  }
  return result
}

type MergedLists = Readonly<{
  start: Uint32Array
  members: Uint32Array
  /** For each source, the merged number of each of its lists. */
  translate: readonly Uint32Array[]
}>

/** Merges pools of lists, such as category paths, whose members were merged before. */
function mergeLists(
  sources: readonly Readonly<{ start: Uint32Array; members: Uint32Array; places: Uint32Array }>[],
): MergedLists {
  const known = new Map<string, number>()
  const start = createGrowable()
  const members = createGrowable()
  const translate = sources.map((source) => {
    const result = new Uint32Array(source.start.length - 1)
    for (let list = 0; list < result.length; list++) {
      const from = source.members.subarray(source.start[list]!, source.start[list + 1]!)
      const mapped = from.map((member) => source.places[member]!)
      const key = mapped.join()
      let place = known.get(key)
      if (place === undefined) {
        place = known.size
        known.set(key, place)
        start.push(members.size())
        mapped.forEach((member) => {
          members.push(member)
        })
      }
      result[list] = place
    }
    return result
  })
  start.push(members.size())
  return { start: start.values(), members: members.values(), translate }
}

/** Gathers a column of one run of numbers per document, such as the terms of its name. */
function gatherRuns(
  order: Order,
  sources: readonly Readonly<{ start: Uint32Array; values: Uint32Array }>[],
  translate?: readonly Uint32Array[],
): Readonly<{ start: Uint32Array; values: Uint32Array }> {
  const start = new Uint32Array(order.documents + 1)
  for (let document = 0; document < order.documents; document++) {
    const from = order.from[document]!
    const runs = sources[order.source[document]!]!.start
    start[document + 1] = start[document]! + runs[from + 1]! - runs[from]!
  }
  const values = new Uint32Array(start[order.documents]!)
  for (let document = 0; document < order.documents; document++) {
    const source = order.source[document]!
    const run = sources[source]!
    const from = order.from[document]!
    let at = start[document]!
    for (let i = run.start[from]!; i < run.start[from + 1]!; i++) {
      values[at++] = translate ? translate[source]![run.values[i]!]! : run.values[i]!
    }
  }
  return { start, values }
}

function mergeCategoryNames(
  sources: readonly MergeSource[],
  merged: StringTable,
  places: readonly Uint32Array[],
) {
  const names = new Array<string>(countOf(merged)).fill('')
  sources.forEach(({ segment }, s) => {
    for (let i = 0; i < countOf(segment.categories); i++) {
      names[places[s]![i]!] = stringAt(segment.categoryNames, i)
    }
  })
  return names
}

function mergeOptions(sources: readonly MergeSource[], order: Order) {
  const options = mergeTables(sources.map(({ segment }) => segment.options))
  const attributes = mergeTables(sources.map(({ segment }) => segment.attributes))
  const optionName = new Uint32Array(countOf(options.table))
  sources.forEach(({ segment: { columns } }, s) => {
    columns.optionName.forEach((name, option) => {
      optionName[options.places[s]![option]!] = attributes.places[s]![name]!
    })
  })
  const variants = gatherRuns(
    order,
    sources.map(({ segment: { columns } }) => ({
      start: columns.variantStart,
      values: columns.variantStream,
    })),
  )
  translateVariants(order, variants, options.places)
  return { options: options.table, attributes: attributes.table, optionName, variants }
}

function translateVariants(
  order: Order,
  variants: Readonly<{ start: Uint32Array; values: Uint32Array }>,
  places: readonly Uint32Array[],
): void {
  for (let document = 0; document < order.documents; document++) {
    const run = variants.start.subarray(document, document + 2)
    mapVariants(variants.values, run, places[order.source[document]!]!)
  }
}

/**
 * Merges segments into one without their deleted documents. Pure: it reads shared memory and may
 * run on any thread; what changes meanwhile is caught up by whoever adopts the result.
 */
export function mergeSegments(sources: readonly MergeSource[]): MergeResult {
  const brands = mergeTables(sources.map(({ segment }) => segment.brands))
  const categories = mergeTables(sources.map(({ segment }) => segment.categories))
  const paths = mergePaths(sources, categories)
  const order = orderDocuments(sources, { paths: paths.translate, brands: brands.places })
  const terms = mergeTables(sources.map((source) => source.segment.terms))
  const sellers = mergeTables(sources.map(({ segment }) => segment.sellers))
  const merged = mergeOptions(sources, order)
  const sellerSets = mergeLists(
    sources.map(({ segment: { columns } }, s) => ({
      start: columns.sellerSetStart,
      members: columns.sellerSetMembers,
      places: sellers.places[s]!,
    })),
  )
  const names = gatherRuns(
    order,
    sources.map(({ segment: { columns } }) => ({
      start: columns.nameStart,
      values: columns.nameTerms,
    })),
    terms.places,
  )
  return writeMerged(sources, order, terms, {
    brandOffsets: brands.table.offsets,
    brandBytes: brands.table.bytes,
    ...invertedBrands(
      gather(
        order,
        sources.map(({ segment: { columns } }) => columns.brand),
        brands.places,
      ),
      brands.table,
    ),
    ...mergeCategories(sources, order, { categories, paths }),
    sellerOffsets: sellers.table.offsets,
    sellerBytes: sellers.table.bytes,
    sellerSetStart: sellerSets.start,
    sellerSetMembers: sellerSets.members,
    sellerSet: gather(
      order,
      sources.map(({ segment: { columns } }) => columns.sellerSet),
      sellerSets.translate,
    ),
    optionOffsets: merged.options.offsets,
    optionBytes: merged.options.bytes,
    optionName: merged.optionName,
    ...invertedOptions(merged.variants.start, merged.variants.values, merged.options),
    attributeOffsets: merged.attributes.offsets,
    attributeBytes: merged.attributes.bytes,
    variantStart: merged.variants.start,
    variantStream: merged.variants.values,
    nameStart: names.start,
    nameTerms: names.values,
  })
}

/** Paths are numbered in their order, by which documents are ordered too. */
function mergePaths(sources: readonly MergeSource[], categories: MergedStrings): MergedLists {
  const { start, members, translate } = mergeLists(
    sources.map(({ segment: { columns } }, s) => ({
      start: columns.pathStart,
      members: columns.pathCategories,
      places: categories.places[s]!,
    })),
  )
  const lists = Array.from({ length: start.length - 1 }, (_, list) => list)
  const listOf = (list: number): Uint32Array => members.subarray(start[list]!, start[list + 1]!)
  const order = Uint32Array.from(lists.sort((a, b) => compareLists(listOf(a), listOf(b))))
  const ranks = ranksOf(order)
  const sortedStart = new Uint32Array(start.length)
  const sorted = new Uint32Array(members.length)
  order.forEach((list, rank) => {
    sorted.set(listOf(list), sortedStart[rank]!)
    sortedStart[rank + 1] = sortedStart[rank]! + listOf(list).length
  })
  const ranked = translate.map((places) => places.map((list) => ranks[list]!))
  return { start: sortedStart, members: sorted, translate: ranked }
}

function compareLists(a: Uint32Array, b: Uint32Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! - b[i]!
  }
  return a.length - b.length
}

function mergeCategories(
  sources: readonly MergeSource[],
  order: Order,
  { categories, paths }: Readonly<{ categories: MergedStrings; paths: MergedLists }>,
): Partial<Columns> {
  const path = gather(
    order,
    sources.map(({ segment: { columns } }) => columns.path),
    paths.translate,
  )
  return {
    categoryOffsets: categories.table.offsets,
    categoryBytes: categories.table.bytes,
    ...packNames(mergeCategoryNames(sources, categories.table, categories.places)),
    pathStart: paths.start,
    pathCategories: paths.members,
    ...pathColumns(path, paths.start.length - 1),
  }
}

function packNames(names: readonly string[]): Partial<Columns> {
  const table = packStrings(names)
  return { categoryNameOffsets: table.offsets, categoryNameBytes: table.bytes }
}

function gatherIds(sources: readonly MergeSource[], order: Order): Partial<Columns> {
  const idOffsets = new Uint32Array(order.documents + 1)
  for (let document = 0; document < order.documents; document++) {
    const { offsets } = sources[order.source[document]!]!.segment.ids
    const from = order.from[document]!
    idOffsets[document + 1] = idOffsets[document]! + offsets[from + 1]! - offsets[from]!
  }
  const idBytes = new Uint8Array(idOffsets[order.documents]!)
  const createdAtMs = new Float64Array(order.documents)
  for (let document = 0; document < order.documents; document++) {
    const { ids, columns } = sources[order.source[document]!]!.segment
    const from = order.from[document]!
    const start = ids.offsets[from]!
    const end = ids.offsets[from + 1]!
    const at = idOffsets[document]!
    for (let i = start; i < end; i++) {
      idBytes[at + i - start] = ids.bytes[i]!
    }
    createdAtMs[document] = columns.createdAtMs[from]!
  }
  return { idOffsets, idBytes, ...mergeIdOrder(sources, order), createdAtMs }
}

/** The merged documents by id. */
function mergeIdOrder(sources: readonly MergeSource[], { documents, places }: Order) {
  const segments = sources.map(({ segment }) => segment)
  const idOrder = new Uint32Array(documents)
  let rank = 0
  walkInOrder(
    segments.map((segment) => segment.documents),
    (a, i, b, j) => {
      const [one, other] = [segments[a]!, segments[b]!]
      return compareEntries(one.ids, one.columns.idOrder[i]!, other.ids, other.columns.idOrder[j]!)
    },
    (source, index) => {
      const place = places[source]![segments[source]!.columns.idOrder[index]!]!
      if (place !== GONE) idOrder[rank++] = place
    },
  )
  return { idOrder, idRank: ranksOf(idOrder) }
}

function writeMerged(
  sources: readonly MergeSource[],
  order: Order,
  terms: MergedStrings,
  copied: Partial<Columns>,
): MergeResult {
  const termCount = countOf(terms.table)
  const fuzzy = buildFuzzy(terms.table)
  const finished: Partial<Columns> = {
    ...copied,
    ...gatherIds(sources, order),
    termOffsets: terms.table.offsets,
    termBytes: terms.table.bytes,
    fuzzyStart: fuzzy.start,
    fuzzyTerm: fuzzy.term,
    fuzzyMask: fuzzy.mask,
  }
  const mostPostings = sources.reduce(
    (sum, each) => sum + each.segment.columns.postingImpact.length,
    0,
  )
  const mostEntries = sources.reduce((sum, each) => sum + mostChunkEntries(each, order), 0)
  const { buffer, columns, seal } = allocateColumns(order.documents, {
    ...lengthsOf(finished as Columns),
    termPluralShare: termCount,
    postingStart: termCount + 1,
    postingDocument: mostPostings,
    postingImpact: mostPostings,
    chunkStart: termCount + 1,
    chunkNumber: mostEntries,
    chunkEnd: mostEntries,
  })
  copyColumns(finished, columns)
  const { postings, chunkEntries } = mergePostings(sources, order, {
    terms: termCount,
    places: terms.places,
    columns,
  })
  seal({
    postingDocument: postings,
    postingImpact: postings,
    chunkNumber: chunkEntries,
    chunkEnd: chunkEntries,
  })
  return { buffer, places: order.places }
}

import type { Segment } from '../segment/segment.ts'
import { countOf } from '../segment/strings.ts'
import type { FacetCounts } from './counter.ts'
import { addTo, clearTally, createTally, type Tally } from './tally.ts'
import { textOf } from './texts.ts'

/** Attributes of all segments under one numbering. */
type Names = Readonly<{
  names: readonly string[]
  numbers: ReadonlyMap<string, number>
  of: readonly Uint32Array[]
  /** Both reused from query to query. */
  sums: Sums
  slots: Int32Array
}>

/** The options of one attribute that were met in one segment. */
export type MetOptions = Readonly<{ counts: FacetCounts; met: Uint32Array }>

/** By the first of the segments. */
const known = new WeakMap<Segment, Readonly<{ segments: readonly Segment[]; names: Names }>>()

function namesOf(segments: readonly Segment[]): Names {
  const before = known.get(segments[0]!)
  const same = before?.segments.every((segment, i) => segment === segments[i])
  if (before !== undefined && same && before.segments.length === segments.length) {
    return before.names
  }
  const numbers = new Map<string, number>()
  const of = segments.map(({ attributes }) =>
    Uint32Array.from({ length: countOf(attributes) }, (_, attribute) => {
      const name = textOf(attributes, attribute)
      const number = numbers.get(name) ?? numbers.size
      numbers.set(name, number)
      return number
    }),
  )
  const reused = { sums: createSums(numbers.size), slots: new Int32Array(numbers.size + 1) }
  const names = { names: [...numbers.keys()], numbers, of, ...reused }
  known.set(segments[0]!, { segments, names })
  return names
}

/** What is known of each attribute over all matches; `met` has those with a total. */
type Sums = Readonly<{
  met: Tally
  total: Float64Array
  most: Float64Array
  values: Float64Array
}>

function createSums(size: number): Sums {
  const empty = () => new Float64Array(size)
  return { met: createTally(size), total: empty(), most: empty(), values: empty() }
}

function clearSums({ met, total, most, values }: Sums): void {
  for (let i = 0; i < met.size; i++) {
    const attribute = met.met[i]!
    total[attribute] = 0
    most[attribute] = 0
    values[attribute] = 0
  }
  clearTally(met)
}

function sum(counts: readonly FacetCounts[], { of, sums, names }: Names): Sums {
  clearSums(sums)
  if (counts.length === 1) {
    addSums(counts[0]!, of[0]!, sums)
    return sums
  }
  counts.forEach((each, s) => {
    const here = createSums(names.length)
    addSums(each, of[s]!, here)
    for (let i = 0; i < here.met.size; i++) {
      const attribute = here.met.met[i]!
      addTo(sums.met, attribute, 1)
      sums.total[attribute]! += here.total[attribute]!
      sums.most[attribute]! += here.most[attribute]!
      sums.values[attribute] = Math.max(sums.values[attribute]!, here.values[attribute]!)
    }
  })
  return sums
}

function addSums(
  { segment, options: { tally } }: FacetCounts,
  numbers: Uint32Array,
  { met, total, most, values }: Sums,
): void {
  const { optionName } = segment.columns
  for (let i = 0; i < tally.size; i++) {
    const option = tally.met[i]!
    const count = tally.counts[option]!
    const attribute = numbers[optionName[option]!]!
    addTo(met, attribute, 1)
    total[attribute]! += count
    values[attribute]! += 1
    if (count > most[attribute]!) most[attribute] = count
  }
}

/** An attribute helps to choose when many products have it, in several values, none of them rare. */
function usefulness({ total, most, values }: Sums, i: number): number {
  return values[i]! < 2 ? 0 : total[i]! * (1 - most[i]! / total[i]!) * Math.min(1, 40 / values[i]!)
}

/**
 * The attributes that help most to choose among the matches, best first.
 * @param besides attributes that are told anyway
 */
export function usefulAttributes(
  counts: readonly FacetCounts[],
  limit: number,
  besides: ReadonlySet<string>,
): readonly string[] {
  const attributes = namesOf(counts.map(({ segment }) => segment))
  const { names } = attributes
  const sums = sum(counts, attributes)
  const best: { name: string; use: number }[] = []
  for (let i = 0; i < sums.met.size; i++) {
    const attribute = sums.met.met[i]!
    const use = usefulness(sums, attribute)
    if (use === 0 || (best.length === limit && use < (best.at(-1)?.use ?? 0))) continue
    const name = names[attribute]!
    if (besides.has(name)) continue
    best.push({ name, use })
    best.sort((a, b) => b.use - a.use || (a.name < b.name ? -1 : 1))
    best.length = Math.min(best.length, limit)
  }
  return best.map(({ name }) => name)
}

/** The options of some attributes that were met, by segment, in the order of the attributes. */
export function optionsOf(
  counts: readonly FacetCounts[],
  attributes: readonly string[],
): readonly (readonly MetOptions[])[] {
  const { names, numbers, of, slots } = namesOf(counts.map(({ segment }) => segment))
  const numbered = attributes.map((attribute) => numbers.get(attribute) ?? names.length)
  numbered.forEach((number, slot) => {
    slots[number] = slot + 1
  })
  const found: MetOptions[][] = attributes.map(() => [])
  counts.forEach((each, s) => {
    const { tally } = each.options
    const { optionName } = each.segment.columns
    const met: number[][] = attributes.map(() => [])
    for (let i = 0; i < tally.size; i++) {
      const option = tally.met[i]!
      const slot = slots[of[s]![optionName[option]!]!]!
      if (slot > 0) met[slot - 1]!.push(option)
    }
    met.forEach((options, slot) => {
      found[slot]!.push({ counts: each, met: Uint32Array.from(options) })
    })
  })
  for (const number of numbered) slots[number] = 0
  return found
}

import type { Segment } from '../segment/segment.ts'
import { countOf } from '../segment/strings.ts'
import type { FacetCounts } from './counts.ts'
import { type OptionRange, optionsNamed } from './option-ranges.ts'
import { addTo, clearTally, createTally, type Tally } from './tally.ts'
import { textOf } from './texts.ts'

/** Attributes of all segments under one numbering. */
type Names = Readonly<{
  names: readonly string[]
  of: readonly Uint32Array[]
  /** Reused from query to query. */
  sums: Sums
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
  const names = { names: [...numbers.keys()], of, sums: createSums(numbers.size) }
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
    const each = { name: names[attribute]!, use }
    if (besides.has(each.name)) continue
    let at = best.length
    while (at > 0 && isMoreUseful(each, best[at - 1]!)) at--
    best.splice(at, 0, each)
    best.length = Math.min(best.length, limit)
  }
  return best.map(({ name }) => name)
}

type Use = Readonly<{ name: string; use: number }>

function isMoreUseful(a: Use, b: Use): boolean {
  return a.use > b.use || (a.use === b.use && a.name < b.name)
}

/** The options of some attributes that were met, by segment, in the order of the attributes. */
export function optionsOf(
  counts: readonly FacetCounts[],
  attributes: readonly string[],
): readonly (readonly MetOptions[])[] {
  const found: MetOptions[][] = attributes.map(() => [])
  for (const each of counts) {
    let room = metRoomOf(each.segment)
    attributes.forEach((name, i) => {
      const size = findMet(each, optionsNamed(each.segment, name), room)
      found[i]!.push({ counts: each, met: room.subarray(0, size) })
      room = room.subarray(size)
    })
  }
  return found
}

const reusable = new WeakMap<Segment, Uint32Array>()

function metRoomOf(segment: Segment): Uint32Array {
  const room = reusable.get(segment) ?? new Uint32Array(countOf(segment.options))
  reusable.set(segment, room)
  return room
}

/** So many options of an attribute are looked at sooner than one that was met is looked for among all. */
const AS_CHEAP_AS_ONE_MET = 4

/** Writes the options of a range that were met. @returns how many they are */
function findMet(
  { options: { tally } }: FacetCounts,
  { from, to }: OptionRange,
  room: Uint32Array,
): number {
  const { counts, met } = tally
  let size = 0
  if (to - from <= AS_CHEAP_AS_ONE_MET * tally.size) {
    for (let option = from; option < to; option++) {
      if (counts[option] !== 0) room[size++] = option
    }
    return size
  }
  for (let i = 0; i < tally.size; i++) {
    const option = met[i]!
    if (option >= from && option < to) room[size++] = option
  }
  return size
}

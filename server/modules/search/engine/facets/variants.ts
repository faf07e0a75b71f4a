import type { FilterProgram } from '../query/filters.ts'
import type { Segment } from '../segment/segment.ts'
import { optionsOfAttribute } from './option-ranges.ts'
import { addTo, type Tally } from './tally.ts'

/** How the variants of a document stand to the attribute filters. */
const MEETS_NONE = 0
/** No variant meets all groups, but one meets all but one of them. */
export const MEETS_ALL_BUT_ONE = 1
export const MEETS_ALL = 2

function isAllButOne(missing: number): boolean {
  return (missing & (missing - 1)) === 0
}

function groupsOf(program: FilterProgram, stream: Uint32Array, from: number, to: number): number {
  let mask = 0
  for (let i = from; i < to; i++) {
    const group = program.optionGroup![stream[i]!]!
    if (group !== 0) {
      mask |= 1 << (group - 1)
    }
  }
  return mask
}

/** Tests the attribute filters: all must be met by one variant. */
export function testVariants(program: FilterProgram, segment: Segment, document: number): number {
  const all = program.allGroups
  if (all === 0) {
    return MEETS_ALL
  }
  const stream = segment.columns.variantStream
  let at = segment.columns.variantStart[document]!
  const head = stream[at++]!
  const shared = groupsOf(program, stream, at, at + (head & 0xffff))
  at += head & 0xffff
  const variants = head >>> 16
  if (shared === all) {
    return MEETS_ALL
  }
  let best = variants === 0 && isAllButOne(all ^ shared) ? MEETS_ALL_BUT_ONE : MEETS_NONE
  for (let variant = 0; variant < variants; variant++) {
    const end = at + 1 + stream[at]!
    const missing = all & ~(shared | groupsOf(program, stream, at + 1, end))
    if (missing === 0) {
      return MEETS_ALL
    }
    if (isAllButOne(missing)) {
      best = MEETS_ALL_BUT_ONE
    }
    at = end
  }
  return best
}

/** So many documents' options fit the processor's cache together. */
export const WARMED_AT_ONCE = 512

/**
 * Reads one number of each document's options. They lie far apart, and the loops that walk them wait
 * for each in turn, since how long one is must be known before the next is begun; read like this many
 * are on their way at once, which makes the walk that follows three times as fast.
 */
export function warmVariants(
  { columns }: Segment,
  documents: Uint32Array,
  from: number,
  to: number,
): number {
  const { variantStart, variantStream } = columns
  let read = 0
  for (let i = from; i < to; i++) {
    read ^= variantStream[variantStart[documents[i]!]!]!
  }
  return read
}

/** Counts of options; a document counts once for each, with the weight of what it stands for. */
export type OptionCounter = {
  readonly tally: Tally
  readonly seen: Uint32Array
  stamp: number
  /** What was read ahead; kept so that reading is not left out as useless. */
  warmed: number
}

function countRun(
  counter: OptionCounter,
  program: FilterProgram,
  segment: Segment,
  run: Readonly<{ from: number; to: number; onlyGroup: number; weight: number }>,
): void {
  const { variantStream, optionName } = segment.columns
  for (let i = run.from; i < run.to; i++) {
    const option = variantStream[i]!
    const wanted =
      run.onlyGroup === 0 || program.attributeGroup![optionName[option]!] === run.onlyGroup
    if (wanted && counter.seen[option] !== counter.stamp) {
      counter.seen[option] = counter.stamp
      addTo(counter.tally, option, run.weight)
    }
  }
}

function nextStamp(counter: OptionCounter): void {
  counter.stamp++
  if (counter.stamp > 0xfffffff0) {
    counter.seen.fill(0)
    counter.stamp = 1
  }
}

/**
 * Counts a document's options, disjunctively: a variant that meets all attribute filters counts with
 * all its options, one that misses a single group counts with the options of that group's attribute.
 */
export function countOptions(
  counter: OptionCounter,
  program: FilterProgram,
  segment: Segment,
  document: number,
  weight: number,
): void {
  nextStamp(counter)
  const stream = segment.columns.variantStream
  const from = segment.columns.variantStart[document]! + 1
  const head = stream[from - 1]!
  const to = from + (head & 0xffff)
  const variants = head >>> 16
  const all = program.allGroups
  const shared = all === 0 ? 0 : groupsOf(program, stream, from, to)
  if (variants === 0) {
    countVariant(counter, program, segment, {
      missing: all & ~shared,
      from,
      to,
      ownFrom: 0,
      ownTo: 0,
      weight,
    })
    return
  }
  let at = to
  for (let variant = 0; variant < variants; variant++) {
    const end = at + 1 + stream[at]!
    const own = all === 0 ? 0 : groupsOf(program, stream, at + 1, end)
    const missing = all & ~(shared | own)
    countVariant(counter, program, segment, {
      missing,
      from,
      to,
      ownFrom: at + 1,
      ownTo: end,
      weight,
    })
    at = end
  }
}

function countVariant(
  counter: OptionCounter,
  program: FilterProgram,
  segment: Segment,
  variant: Readonly<{
    missing: number
    from: number
    to: number
    ownFrom: number
    ownTo: number
    weight: number
  }>,
): void {
  const { missing, from, to, ownFrom, ownTo, weight } = variant
  if (!isAllButOne(missing)) {
    return
  }
  const onlyGroup = missing === 0 ? 0 : 32 - Math.clz32(missing)
  countRun(counter, program, segment, { from, to, onlyGroup, weight })
  countRun(counter, program, segment, { from: ownFrom, to: ownTo, onlyGroup, weight })
}

/**
 * Counts documents of which no variant meets the only attribute that is filtered: with all of their
 * options of this attribute.
 */
export function countOtherOptions(
  counter: OptionCounter,
  { program, segment }: Counting,
  documents: Uint32Array,
  weight: number,
): void {
  const { variantStart, variantStream } = segment.columns
  const { from, to } = optionsOfAttribute(segment, program.attributeGroup!.indexOf(1))
  const { tally, seen } = counter
  const add = (option: number): void => {
    if (option < from || option >= to || seen[option] === counter.stamp) return
    seen[option] = counter.stamp
    addTo(tally, option, weight)
  }
  for (let i = 0; i < documents.length; i++) {
    nextStamp(counter)
    let at = variantStart[documents[i]!]!
    const head = variantStream[at++]!
    for (const end = at + (head & 0xffff); at < end; at++) add(variantStream[at]!)
    for (let variant = head >>> 16; variant > 0; variant--) {
      const end = at + 1 + variantStream[at]!
      for (at++; at < end; at++) add(variantStream[at]!)
    }
  }
}

type Counting = Readonly<{ program: FilterProgram; segment: Segment }>

/** Counts the options of many documents that pass all filters. */
export function countAllOptions(
  counter: OptionCounter,
  counting: Counting,
  documents: Uint32Array,
  weight: number,
): void {
  for (let from = 0; from < documents.length; from += WARMED_AT_ONCE) {
    const to = Math.min(documents.length, from + WARMED_AT_ONCE)
    counter.warmed ^= warmVariants(counting.segment, documents, from, to)
    countBlock(counter, counting, documents.subarray(from, to), weight)
  }
}

/** What passes the filters counts with all options that its variants share. */
function countBlock(
  counter: OptionCounter,
  { program, segment }: Counting,
  documents: Uint32Array,
  weight: number,
): void {
  const { tally } = counter
  const { counts, met } = tally
  const { variantStart, variantStream } = segment.columns
  let { size } = tally
  for (let i = 0; i < documents.length; i++) {
    let at = variantStart[documents[i]!]!
    const head = variantStream[at++]!
    if (head > 0xffff && program.allGroups !== 0) {
      tally.size = size
      countOptions(counter, program, segment, documents[i]!, weight)
      size = tally.size
      continue
    }
    for (const end = at + (head & 0xffff); at < end; at++) {
      const option = variantStream[at]!
      const before = counts[option]!
      if (before === 0) {
        met[size++] = option
      }
      counts[option] = before + weight
    }
    if (head > 0xffff) {
      tally.size = size
      countOwn(counter, variantStream, variantStart[documents[i]!]!, weight)
      size = tally.size
    }
  }
  tally.size = size
}

/**
 * Counts what single variants of a document have, each option once.
 * @param start where its options begin in the stream
 */
function countOwn(
  counter: OptionCounter,
  stream: Uint32Array,
  start: number,
  weight: number,
): void {
  const { tally, seen } = counter
  nextStamp(counter)
  const head = stream[start]!
  let at = start + 1 + (head & 0xffff)
  for (let variant = head >>> 16; variant > 0; variant--) {
    const end = at + 1 + stream[at]!
    for (at++; at < end; at++) {
      const option = stream[at]!
      if (seen[option] !== counter.stamp) {
        seen[option] = counter.stamp
        addTo(tally, option, weight)
      }
    }
  }
}

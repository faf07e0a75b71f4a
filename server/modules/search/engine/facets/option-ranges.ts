import type { Segment } from '../segment/segment.ts'
import { placeOf } from './texts.ts'

/** The options of one attribute, which stand together: from the first to the one past the last. */
export type OptionRange = Readonly<{ from: number; to: number }>

const NONE: OptionRange = { from: 0, to: 0 }
const known = new WeakMap<Segment['columns'], readonly OptionRange[]>()

/** The options of an attribute by its number. */
export function optionsOfAttribute({ columns }: Segment, attribute: number): OptionRange {
  const ranges = known.get(columns) ?? readRanges(columns)
  known.set(columns, ranges)
  return ranges[attribute] ?? NONE
}

/** The options of an attribute by its name. */
export function optionsNamed(segment: Segment, name: string): OptionRange {
  return optionsOfAttribute(segment, placeOf(segment.attributes, name))
}

function readRanges({ optionName }: Segment['columns']): readonly OptionRange[] {
  const ranges: OptionRange[] = []
  for (let from = 0; from < optionName.length; ) {
    const attribute = optionName[from]!
    let to = from + 1
    while (optionName[to] === attribute) to++
    ranges[attribute] = { from, to }
    from = to
  }
  return ranges
}

import { MEETS_ALL, MEETS_ALL_BUT_ONE, testVariants } from '../facets/variants.ts'
import type { Segment } from '../segment/segment.ts'
import type { SearchFilters } from '../types.ts'
import { type Bits, setOfAttribute } from './bits.ts'
import { FAILED, FAILED_OPTIONS, type FilterProgram, PASSED, testDocument } from './filters.ts'

/** What judges the documents of one segment by all filters of a query. */
export type Judge = Readonly<{
  segment: Segment
  program: FilterProgram
  /** Who has the only attribute that is asked for; null when none or several are. */
  having: Bits | null
}>

export function createJudge(
  segment: Segment,
  program: FilterProgram,
  filters: SearchFilters,
): Judge {
  const groups = (filters.attributes ?? []).filter(({ values }) => values.length > 0)
  const having = groups.length === 1 ? setOfAttribute(segment, groups[0]!) : null
  return { segment, program, having }
}

/** @returns PASSED, the one filter with a facet that failed, or FAILED */
export function judge({ segment, program, having }: Judge, document: number): number {
  const base = testDocument(program, segment, document)
  if (program.allGroups === 0 || base === FAILED) {
    return base
  }
  if (having !== null) {
    if (((having[document >>> 5]! >>> (document & 31)) & 1) === 1) return base
    return base === PASSED ? FAILED_OPTIONS : FAILED
  }
  const variants = testVariants(program, segment, document)
  if (variants === MEETS_ALL) return base
  return variants === MEETS_ALL_BUT_ONE && base === PASSED ? FAILED_OPTIONS : FAILED
}

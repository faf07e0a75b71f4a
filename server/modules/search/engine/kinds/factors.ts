import type { Segment } from '../segment/segment.ts'
import { countOf, findString } from '../segment/strings.ts'
import type { KindFactors } from './recognise.ts'

const encoder = new TextEncoder()

const known = new WeakMap<KindFactors, WeakMap<Segment['columns'], Float32Array | null>>()

/** What scores are multiplied with, by category path of one segment; null where no category is known. */
export function pathFactors(segment: Segment, factors: KindFactors): Float32Array | null {
  const bySegment = known.get(factors) ?? new WeakMap<Segment['columns'], Float32Array | null>()
  known.set(factors, bySegment)
  let byPath = bySegment.get(segment.columns)
  if (byPath === undefined) {
    byPath = readFactors(segment, factors)
    bySegment.set(segment.columns, byPath)
  }
  return byPath
}

function readFactors(segment: Segment, factors: KindFactors): Float32Array | null {
  const byCategory = new Float32Array(countOf(segment.categories))
  let known = 0
  for (const [category, factor] of factors) {
    const place = findString(segment.categories, encoder.encode(category))
    if (place < 0) continue
    byCategory[place] = factor
    known += 1
  }
  if (known === 0) return null
  const { pathStart, pathCategories } = segment.columns
  const byPath = new Float32Array(pathStart.length - 1).fill(1)
  for (let path = 0; path < byPath.length; path++) {
    for (let i = pathStart[path]!; i < pathStart[path + 1]!; i++) {
      const factor = byCategory[pathCategories[i]!]!
      if (factor !== 0) byPath[path] = factor
    }
  }
  return byPath
}

import type { Segment } from './segment.ts'
import { findString } from './strings.ts'

const MOST_REMEMBERED = 20_000
const encoder = new TextEncoder()
const known = new WeakMap<Segment['columns'], Map<string, number>>()

/**
 * The number of a term in a segment, or -1. It is remembered: to look among a million others costs
 * more than most of what a search does with what it found.
 */
export function findTerm({ columns, terms }: Segment, term: string): number {
  const places = known.get(columns) ?? new Map<string, number>()
  if (places.size === 0 || places.size >= MOST_REMEMBERED) {
    places.clear()
    known.set(columns, places)
  }
  let place = places.get(term)
  if (place === undefined) {
    place = findString(terms, encoder.encode(term))
    places.set(term, place)
  }
  return place
}

import { createMemory } from './memory.ts'
import type { Segment } from './segment.ts'
import { findString } from './strings.ts'

const encoder = new TextEncoder()
const placesIn = createMemory<string, number>(20_000)

/**
 * The number of a term in a segment, or -1. It is remembered: to look among a million others costs
 * more than most of what a search does with what it found.
 */
export function findTerm({ columns, terms }: Segment, term: string): number {
  const places = placesIn(columns)
  let place = places.get(term)
  if (place === undefined) {
    place = findString(terms, encoder.encode(term))
    places.set(term, place)
  }
  return place
}

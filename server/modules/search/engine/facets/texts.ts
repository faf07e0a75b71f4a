import { createMemory } from '../segment/memory.ts'
import { findString, type StringTable, stringAt } from '../segment/strings.ts'
import { optionPair } from '../segment/variants.ts'

const MOST_REMEMBERED = 50_000

type Reader = (table: StringTable, index: number) => string

/** What facets show again and again is decoded once. */
function remember(read: Reader): Reader {
  const textsOf = createMemory<number, string>(MOST_REMEMBERED)
  return (table, index) => {
    const texts = textsOf(table)
    let text = texts.get(index)
    if (text === undefined) {
      text = read(table, index)
      texts.set(index, text)
    }
    return text
  }
}

const encoder = new TextEncoder()
const placesIn = createMemory<string, number>(5_000)

/** The number of a dictionary's entry, or -1. The same are looked up again and again: the categories beside a chosen one. */
export function placeOf(table: StringTable, text: string): number {
  const places = placesIn(table)
  let place = places.get(text)
  if (place === undefined) {
    place = findString(table, encoder.encode(text))
    places.set(text, place)
  }
  return place
}

/** An entry of a dictionary. */
export const textOf = remember(stringAt)

/** The value of an option of an attribute. */
export const optionValueOf = remember((table, index) => optionPair(stringAt(table, index)).value)

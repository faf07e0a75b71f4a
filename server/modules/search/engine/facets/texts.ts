import { createMemory } from '../segment/memory.ts'
import { type StringTable, stringAt } from '../segment/strings.ts'
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

/** An entry of a dictionary. */
export const textOf = remember(stringAt)

/** The value of an option of an attribute. */
export const optionValueOf = remember((table, index) => optionPair(stringAt(table, index)).value)

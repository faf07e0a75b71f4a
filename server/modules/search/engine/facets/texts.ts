import { type StringTable, stringAt } from '../segment/strings.ts'
import { optionPair } from '../segment/variants.ts'

const MOST_REMEMBERED = 50_000

type Reader = (table: StringTable, index: number) => string

/** What facets show again and again is decoded once. */
function remember(read: Reader): Reader {
  const known = new WeakMap<StringTable, Map<number, string>>()
  return (table, index) => {
    const texts = known.get(table) ?? new Map<number, string>()
    if (texts.size === 0 || texts.size >= MOST_REMEMBERED) {
      texts.clear()
      known.set(table, texts)
    }
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

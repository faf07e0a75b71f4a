import { type StringTable, stringAt } from '../segment/strings.ts'

const MOST_REMEMBERED = 50_000
const known = new WeakMap<StringTable, Map<number, string>>()

/** An entry of a dictionary; what facets show again and again is decoded once. */
export function textOf(table: StringTable, index: number): string {
  const texts = known.get(table) ?? new Map<number, string>()
  if (texts.size === 0 || texts.size >= MOST_REMEMBERED) {
    texts.clear()
    known.set(table, texts)
  }
  let text = texts.get(index)
  if (text === undefined) {
    text = stringAt(table, index)
    texts.set(index, text)
  }
  return text
}

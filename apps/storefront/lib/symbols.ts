import { type Html, raw } from '@stoa/html'
import { drawingSymbol } from '../features/departments/drawings.ts'
import { iconSymbol } from './icons.ts'

const REFERENCE = '<use href="#'

/** Drawings and icons by the name that pages refer to them by. */
const drawn = new Map<string, string>()

function symbol(name: string): string {
  let text = drawn.get(name)
  if (text === undefined) {
    const one = name.startsWith('d-') ? drawingSymbol(name.slice(2)) : iconSymbol(name.slice(2))
    text = one?.text ?? ''
    drawn.set(name, text)
  }
  return text
}

/** Names of the drawings and icons that a text refers to. */
export function symbolsOf(text: string): Set<string> {
  const names = new Set<string>()
  for (let at = text.indexOf(REFERENCE); at >= 0; at = text.indexOf(REFERENCE, at + 1)) {
    const start = at + REFERENCE.length
    const name = text.slice(start, text.indexOf('"', start))
    if (/^[di]-[a-z]+$/.test(name)) names.add(name)
  }
  return names
}

/** The drawings and icons of a page, each once. */
export function symbolSheet(names: Iterable<string>): Html {
  const all = [...new Set(names)].map(symbol).join('')
  return raw(`<svg class="symbols" aria-hidden="true" width="0" height="0">${all}</svg>`)
}

import type { AttributePair } from '../types.ts'
import type { Interner } from './growable.ts'

const SEPARATOR = '\u0000'

/** The stored form of an attribute option. */
export function optionText(pair: AttributePair): string {
  return `${pair.name.replaceAll(SEPARATOR, '')}${SEPARATOR}${pair.value.replaceAll(SEPARATOR, '')}`
}

/** The name and value of a stored option. */
export function optionPair(text: string): AttributePair {
  const at = text.indexOf(SEPARATOR)
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

/**
 * Writes the variants of one document: a head (shared options | variants << 16), the options that
 * all variants share, then for each variant a count and its own. One variant has no own part.
 */
export function encodeVariants(
  variants: readonly (readonly AttributePair[])[],
  options: Interner,
  push: (value: number) => void,
): void {
  const sets = variants.map((pairs) => new Set(pairs.map((pair) => options.idOf(optionText(pair)))))
  const shared = [...(sets[0] ?? [])].filter((option) => sets.every((set) => set.has(option)))
  const common = new Set(shared)
  const own = sets.map((set) => [...set].filter((option) => !common.has(option)))
  const distinct = [...new Map(own.map((list) => [list.toSorted((a, b) => a - b).join(), list]))]
  const lists = distinct.length > 1 ? distinct.map(([, list]) => list) : []
  if (shared.length > 0xffff || lists.length > 0xffff) {
    throw new RangeError('More than 65,535 variants or shared attributes in one search document')
  }
  push(shared.length | (lists.length << 16))
  shared.forEach(push)
  for (const list of lists) {
    push(list.length)
    list.forEach(push)
  }
}

/** Replaces the option numbers in streams of `encodeVariants`, leaving heads and counts alone. */
export function mapVariants(stream: Uint32Array, start: Uint32Array, newOption: Uint32Array): void {
  for (let document = 0; document + 1 < start.length; document++) {
    let at = start[document]!
    const head = stream[at++]!
    for (const end = at + (head & 0xffff); at < end; at++) {
      stream[at] = newOption[stream[at]!]!
    }
    for (let variant = 0; variant < head >>> 16; variant++) {
      const end = at + 1 + stream[at]!
      for (at++; at < end; at++) {
        stream[at] = newOption[stream[at]!]!
      }
    }
  }
}

/** For each option the documents with a variant that has it, in order. */
export function invertVariants(
  start: Uint32Array,
  stream: Uint32Array,
  options: number,
): Readonly<{ start: Uint32Array; documents: Uint32Array }> {
  const first = new Uint32Array(options + 1)
  visitOptions(start, stream, options, (option) => {
    first[option + 1]!++
  })
  for (let option = 1; option <= options; option++) {
    first[option]! += first[option - 1]!
  }
  const next = first.slice()
  const documents = new Uint32Array(first[options]!)
  visitOptions(start, stream, options, (option, document) => {
    documents[next[option]!++] = document
  })
  return { start: first, documents }
}

/** Visits each document's options, each once. */
function visitOptions(
  start: Uint32Array,
  stream: Uint32Array,
  options: number,
  visit: (option: number, document: number) => void,
): void {
  const seenIn = new Uint32Array(options)
  for (let document = 0; document + 1 < start.length; document++) {
    let at = start[document]!
    const head = stream[at]!
    let runs = (head >>> 16) + 1
    let length = head & 0xffff
    for (; runs > 0; runs--) {
      for (const end = ++at + length; at < end; at++) {
        const option = stream[at]!
        if (seenIn[option] !== document + 1) {
          seenIn[option] = document + 1
          visit(option, document)
        }
      }
      length = runs > 1 ? stream[at]! : 0
    }
  }
}

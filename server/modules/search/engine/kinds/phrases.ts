import { analyse } from '../analysis/tokens.ts'

/** A way to name a kind of thing, as indexed terms; the last is what the thing is. */
export type KindPhrase = readonly string[]

type Words = readonly Readonly<{ term: string; plural: boolean }>[]

/** Heads that say nothing of a kind by themselves. */
const EMPTY_HEADS = new Set(['other', 'misc', 'miscellaneous', 'general', 'various'])

/**
 * The kinds that a category's name names. What is joined by commas and `&` shares its words as English
 * does: `Printers, Copiers & Fax Machines` are three kinds; of `TV & Monitor Mounts` both are mounts,
 * since `TV` is no plural; of `Camera Bags & Cases` both are of cameras.
 */
export function phrasesOf(categoryName: string): readonly KindPhrase[] {
  const inBrackets = /\(([^)]+)\)/.exec(categoryName)?.[1]
  const plain = categoryName.replace(/\([^)]*\)/g, ' ')
  const abbreviated = inBrackets && `${inBrackets} ${plain.trim().split(/\s+/).at(-1)}`
  const names = abbreviated === undefined || abbreviated === '' ? [plain] : [plain, abbreviated]
  const phrases = names.flatMap((name) => share(partsOf(name)))
  const known = new Map(phrases.map((phrase) => [phrase.join(' '), phrase]))
  return [...known.values()].filter((phrase) => !EMPTY_HEADS.has(phrase.at(-1) ?? 'other'))
}

function partsOf(name: string): Words[] {
  return name
    .split(/[,&]|\band\b|\bor\b/i)
    .map((part) => analyse(part).map(({ term, surface }) => ({ term, plural: surface !== term })))
    .filter((words) => words.length > 0)
}

function share(parts: readonly Words[]): KindPhrase[] {
  const [first, last] = [parts[0], parts.at(-1)]
  if (first === undefined || last === undefined) return []
  const head = last.at(-1)!.term
  const modifiers = first.slice(0, -1).map(({ term }) => term)
  return parts.map((words, place) => {
    const own = words.map(({ term }) => term)
    const alone = words.length === 1
    if (place < parts.length - 1 && last.length > 1 && !words.at(-1)!.plural) return [...own, head]
    return alone && place > 0 ? [...modifiers, ...own] : own
  })
}

/** A repeatable source of numbers from 0 to 1 (mulberry32). */
export type Chance = () => number

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Draws ranks as words are spoken: the n-th is drawn in proportion to 1 / n. */
export function zipf(chance: Chance, size: number): number {
  return Math.min(size - 1, Math.floor(Math.exp(chance() * Math.log(size + 1)) - 1))
}

/** Swaps two letters within the first word that is long enough to be corrected. */
export function misspell(chance: Chance, text: string): string {
  const words = text.split(' ')
  const place = words.findIndex((word) => /^[a-z]{6,}$/i.test(word))
  const word = words[place]
  if (word === undefined) return text
  const at = 1 + Math.floor(chance() * (word.length - 3))
  words[place] = word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2)
  return words.join(' ')
}

import { randomFillSync } from 'node:crypto'

/** Draws a number, 0 ≤ x < 1. */
export type Random = () => number

const POOL_WORDS = 1024
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Draws that nobody can guess: the default, because tokens and the 3-D Secure address rest on it. */
export function secureRandom(): Random {
  const pool = new Uint32Array(POOL_WORDS)
  let next = POOL_WORDS
  return () => {
    if (next === POOL_WORDS) {
      randomFillSync(pool)
      next = 0
    }
    return (pool[next++] as number) / 2 ** 32
  }
}

/** Draws that a seed repeats (mulberry32), so that a failing run can be replayed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export function randomText(random: Random, length: number): string {
  let text = ''
  while (text.length < length) text += ALPHABET[Math.floor(random() * ALPHABET.length)]
  return text
}

export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const held = shuffled[last] as Item
    shuffled[last] = shuffled[other] as Item
    shuffled[other] = held
  }
  return shuffled
}

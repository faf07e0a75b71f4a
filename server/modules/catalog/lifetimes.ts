const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * How long the catalogue's caches may keep what they know, if no event tells them to forget it
 * sooner. Upper bounds of the design (section 5).
 */
export const LIFETIMES_MS = {
  /** Content and offers of a product. */
  product: HOUR,
  /** Stock as pages show it; a product's page contains it, and so lives no longer. */
  stock: 5 * MINUTE,
  categories: 2 * HOUR,
  /** That there is no such product. */
  absence: 30 * SECOND,
  /** Which currency a country's shoppers pay in. */
  market: MINUTE,
} as const

/** A page's document holds content and stock. */
export const DOCUMENT_LIFETIME_MS = Math.min(LIFETIMES_MS.product, LIFETIMES_MS.stock)

/**
 * A lifetime of 75 to 100 % of `ms`, so that what was loaded together does not expire together.
 * @param part 0 to 255, evenly spread; such as a byte of a hash.
 */
export function jittered(ms: number, part: number): number {
  return Math.floor(ms * (0.75 + (0.25 * part) / 255))
}

import type { Lifetime } from './page-cache.ts'

export type Lifetimes = Readonly<{
  /** Pages of known products, which are told of when they change. */
  told: Lifetime
  /** Lists, into which others may come untold. */
  list: Lifetime
}>

/** @param isTold whether the storefront hears of changes; else nothing is kept for long. */
export function lifetimes(isTold: boolean): Lifetimes {
  const moment = { freshMs: 1_000, usableMs: 1_000 }
  if (!isTold) return { told: moment, list: moment }
  return {
    told: { freshMs: 60_000, usableMs: 60_000 },
    list: { freshMs: 1_000, usableMs: 5_000 },
  }
}

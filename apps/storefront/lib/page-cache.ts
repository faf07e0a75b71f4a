import type { CutPage } from './own-parts.ts'

/** Tells of products that look otherwise from now on, or that everything may. */
export type Changes = (tell: (productIds: readonly string[] | 'all') => void) => void

/** A page as all visitors share it. */
export type SharedPage = Readonly<{
  cut: CutPage
  /** Of the page, by which its styles are chosen. */
  kind: string
  /** Names of the drawings that it brings along. */
  symbols: ReadonlySet<string>
  status: number
  /** Products that are seen on it: it goes when one of them changes. */
  shows: readonly string[]
  subject: Subject | undefined
  /** Of its content. */
  tag: string
  lifetime: Lifetime
  /** Whole pages in bytes, by encoding and own parts. */
  forms: Map<string, Promise<Buffer>>
}>

/** The one product that a page is about: its id, the tag of its state, and the offer that is to be bought on it. */
export type Subject = Readonly<{ id: string; tag: string; offerId: string | undefined }>

export type Lifetime = Readonly<{
  freshMs: number
  /** An older page is still given while a new one is made. */
  usableMs: number
}>

/** What answers where there is no page to keep. */
type Answer = (...given: never[]) => unknown

export type PageCache<Instead extends Answer> = Readonly<{
  /**
   * The page of this key; `make` is called if there is none. Who asks meanwhile waits for the same.
   * @returns also whether the page had been there.
   */
  get(
    key: string,
    make: () => Promise<SharedPage | Instead>,
  ): Promise<Readonly<{ made: SharedPage | Instead; isKept: boolean }>>
  /** Takes away what shows these products. */
  drop(productIds: readonly string[] | 'all'): void
}>

type Entry = Readonly<{ page: SharedPage; keptAt: number; size: number }>
/** A page in the making, and what has changed since that was begun. */
type Making<Instead> = { made: Promise<SharedPage | Instead>; changed: Set<string>; all: boolean }

/** Tables and the like, by guess. */
const ENTRY_SIZE = 2_000
/** What a page's forms come to beside itself, as a rule. */
const WITH_FORMS = 3

/**
 * Rendered pages in memory: the least recently asked for go first. A page never outlives a change
 * of what it shows, also not one that happens while it is made.
 */
export function createPageCache<Instead extends Answer>({
  now,
  maxSize,
}: Readonly<{ now: () => Date; maxSize: number }>): PageCache<Instead> {
  const entries = new Map<string, Entry>()
  const makings = new Map<string, Making<Instead>>()
  const showing = new Map<string, Set<string>>()
  let size = 0

  function remove(key: string): void {
    const entry = entries.get(key)
    if (!entry) return
    entries.delete(key)
    size -= entry.size
    for (const id of entry.page.shows) {
      const keys = showing.get(id)
      keys?.delete(key)
      if (keys?.size === 0) showing.delete(id)
    }
  }

  function shrink(): void {
    for (const oldest of entries.keys()) {
      if (size <= maxSize) return
      remove(oldest)
    }
  }

  function keep(key: string, page: SharedPage): void {
    remove(key)
    const total = page.cut.reduce((sum, piece) => sum + piece.length * WITH_FORMS, ENTRY_SIZE)
    entries.set(key, { page, keptAt: now().getTime(), size: total })
    size += total
    for (const id of page.shows) {
      const keys = showing.get(id)
      if (keys) keys.add(key)
      else showing.set(id, new Set([key]))
    }
    shrink()
  }

  function begin(key: string, make: () => Promise<SharedPage | Instead>): Making<Instead>['made'] {
    const known = makings.get(key)
    if (known && !known.all && known.changed.size === 0) return known.made
    const news = { changed: new Set<string>(), all: false }
    const made = make()
      .then((result) => {
        const isPage = typeof result !== 'function'
        const isTrue = isPage && !news.all && !result.shows.some((id) => news.changed.has(id))
        if (isTrue) keep(key, result)
        else if (!isPage && makings.get(key) === making) remove(key)
        return result
      })
      .finally(() => {
        if (makings.get(key) === making) makings.delete(key)
      })
    const making: Making<Instead> = Object.assign(news, { made })
    makings.set(key, making)
    return made
  }

  return {
    async get(key, make) {
      const entry = entries.get(key)
      const age = entry ? now().getTime() - entry.keptAt : 0
      if (!entry || age > entry.page.lifetime.usableMs) {
        return { made: await begin(key, make), isKept: false }
      }
      entries.delete(key)
      entries.set(key, entry)
      // One that cannot be made anew is gone when it is too old.
      if (age > entry.page.lifetime.freshMs && !makings.has(key)) begin(key, make).catch(() => {})
      return { made: entry.page, isKept: true }
    },
    drop(productIds) {
      if (productIds === 'all') {
        for (const key of [...entries.keys()]) remove(key)
        for (const making of makings.values()) making.all = true
        return
      }
      for (const id of productIds) {
        for (const key of [...(showing.get(id) ?? [])]) remove(key)
        for (const making of makings.values()) making.changed.add(id)
      }
    },
  }
}

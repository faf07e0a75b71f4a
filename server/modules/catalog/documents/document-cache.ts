import type { ProductSummary } from '#contracts/catalog/schemas.ts'
import type { Clock } from '../../../platform/clock.ts'
import { LIFETIMES_MS } from '../lifetimes.ts'

/** A product's page data for one market, serialised. */
export type ProductDocument = Readonly<{
  productId: string
  body: Buffer
  etag: string
  /** Languages that the product is translated to. */
  locales: readonly string[]
  /** Null: nothing of it can be bought. */
  summary: ProductSummary | null
  /** On the clock that never jumps. */
  expiresAtMs: number
  /** Position in the event stream up to which it is certain to be complete. */
  asOf: number
}>

/** A product by id or slug, as seen from a market; in the shop's own language, or in another. */
export type DocumentKey = Readonly<{
  reference: string
  currency: string
  country: string
  /** One of the product's `locales`. */
  locale?: string | undefined
}>

/** Where a document comes from when the process has none: the next layer, or the database. */
export type LoadDocument = (key: DocumentKey) => Promise<ProductDocument | null>

export type DocumentCache = Readonly<{
  /** Null if there is no such product. */
  get(key: DocumentKey): Promise<ProductDocument | null>
  /** What is in memory; undefined says nothing of whether there is such a product. */
  peek(key: DocumentKey): ProductDocument | undefined
  /** Forgets these products in all markets; a load under way will not be kept. */
  drop(productIds: readonly string[]): void
  clear(): void
  readonly bytes: () => number
  readonly size: () => number
}>

type Entry = { readonly document: ProductDocument; youngAtMs: number }

type Flight = {
  readonly reference: string
  readonly dropped: Set<string>
  cleared: boolean
  result: Promise<ProductDocument | null>
}

/** What an entry weighs beside its body: key, summary, sets. */
const ENTRY_BYTES = 1_500
/** So long an entry stays where it is, at the young end or near it: moving it costs more than finding it. */
const YOUNG_MS = 500
const ABSENT_MAX = 20_000
const ALIASES_MAX = 200_000

/**
 * The process's own cache of documents: the least recently used go first, and one caller loads
 * for all who ask at once.
 */
export function createDocumentCache({
  load,
  clock,
  maxBytes,
  onHit,
}: Readonly<{
  load: LoadDocument
  clock: Clock
  maxBytes: number
  onHit?(): void
}>): DocumentCache {
  const documents = new Map<string, Entry>()
  const keysOfProduct = new Map<string, Set<string>>()
  /** Loads that a newcomer may share, by key. */
  const flights = new Map<string, Flight>()
  const underway = new Set<Flight>()
  /** Slug → product id. */
  const aliases = new Map<string, string>()
  const absent = new Map<string, number>()
  let bytes = 0

  function forget(key: string, document: ProductDocument): void {
    documents.delete(key)
    bytes -= document.body.length + ENTRY_BYTES
    const keys = keysOfProduct.get(document.productId)
    keys?.delete(key)
    if (keys?.size === 0) keysOfProduct.delete(document.productId)
  }

  function keep(key: string, document: ProductDocument): void {
    const old = documents.get(key)
    if (old) forget(key, old.document)
    documents.set(key, { document, youngAtMs: clock.monotonicMs() })
    bytes += document.body.length + ENTRY_BYTES
    const keys = keysOfProduct.get(document.productId)
    if (keys) keys.add(key)
    else keysOfProduct.set(document.productId, new Set([key]))
    for (const [oldest, victim] of documents) {
      if (bytes <= maxBytes) break
      forget(oldest, victim.document)
    }
  }

  function find(key: string): ProductDocument | undefined {
    const entry = documents.get(key)
    if (!entry) return undefined
    const now = clock.monotonicMs()
    if (entry.document.expiresAtMs <= now) {
      forget(key, entry.document)
      return undefined
    }
    if (now - entry.youngAtMs >= YOUNG_MS) {
      entry.youngAtMs = now
      documents.delete(key)
      documents.set(key, entry)
    }
    return entry.document
  }

  function isAbsent(reference: string): boolean {
    const until = absent.get(reference)
    if (until === undefined) return false
    if (until > clock.monotonicMs()) return true
    absent.delete(reference)
    return false
  }

  function settle(key: DocumentKey, flight: Flight, document: ProductDocument | null): void {
    if (flight.cleared) return
    if (document === null) {
      if (flight.dropped.size > 0) return
      bound(absent, ABSENT_MAX)
      absent.set(key.reference, clock.monotonicMs() + LIFETIMES_MS.absence)
      return
    }
    if (flight.dropped.has(document.productId)) return
    if (key.reference !== document.productId) {
      bound(aliases, ALIASES_MAX)
      aliases.set(key.reference, document.productId)
    }
    keep(keyOf({ ...key, reference: document.productId }), document)
  }

  function launch(key: DocumentKey, name: string): Promise<ProductDocument | null> {
    const flight: Flight = {
      reference: key.reference,
      dropped: new Set(),
      cleared: false,
      result: load(key),
    }
    flight.result = flight.result
      .then((document) => {
        settle(key, flight, document)
        return document
      })
      .finally(() => {
        underway.delete(flight)
        if (flights.get(name) === flight) flights.delete(name)
      })
    flights.set(name, flight)
    underway.add(flight)
    return flight.result
  }

  const resolve = (asked: DocumentKey): DocumentKey => {
    const reference = aliases.get(asked.reference)
    return reference === undefined ? asked : { ...asked, reference }
  }

  return {
    bytes: () => bytes,
    size: () => documents.size,
    peek(asked) {
      const document = find(keyOf(resolve(asked)))
      if (document) onHit?.()
      return document
    },
    async get(asked) {
      const key = resolve(asked)
      const name = keyOf(key)
      const document = find(name)
      if (document) {
        onHit?.()
        return document
      }
      if (isAbsent(key.reference)) return null
      return flights.get(name)?.result ?? launch(key, name)
    },
    drop(productIds) {
      const dropped = new Set(productIds)
      // A product that was missing may be one of these.
      absent.clear()
      for (const productId of dropped) {
        for (const key of keysOfProduct.get(productId) ?? []) {
          const entry = documents.get(key)
          if (entry) forget(key, entry.document)
        }
      }
      for (const flight of underway) for (const id of dropped) flight.dropped.add(id)
      // Whoever asks from now on must not be given what was read before; a slug may be any's.
      for (const [name, { reference }] of flights) {
        if (dropped.has(reference) || !reference.startsWith('prd_')) flights.delete(name)
      }
    },
    clear() {
      documents.clear()
      keysOfProduct.clear()
      absent.clear()
      bytes = 0
      for (const flight of underway) flight.cleared = true
      flights.clear()
    },
  }
}

function keyOf({ reference, currency, country, locale }: DocumentKey): string {
  const name = `${reference} ${currency} ${country}`
  return locale === undefined ? name : `${name} ${locale}`
}

/** Makes room by the oldest. */
function bound(map: Map<string, unknown>, max: number): void {
  if (map.size < max) return
  for (const oldest of map.keys()) {
    map.delete(oldest)
    return
  }
}

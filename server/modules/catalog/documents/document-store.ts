import type { Metric } from 'prom-client'
import type { Database } from '../../../platform/db/database.ts'
import { shardOf } from '../../../platform/ids.ts'
import { DOCUMENT_LIFETIME_MS } from '../lifetimes.ts'
import type { ProductRecord } from '../model.ts'
import { readProducts, readProductsBySlug } from '../repository.ts'

/** A product's whole document, of no market yet. */
export type StoredProduct = Readonly<{
  record: ProductRecord
  /** Position in the event stream up to which it is certain to be complete. */
  asOf: number
  /** How long it may still be shown. */
  lifeMs: number
}>

/** What the events from `after` to `upTo` made void. */
export type DroppedProducts = Readonly<{
  after: number
  upTo: number
  productIds: readonly string[] | 'all'
}>

/** Where the documents of products are: PostgreSQL itself, or a document store before it. */
export type DocumentStore = Readonly<{
  /** By ids and slugs, in the order asked; undefined where there is no such product. */
  find(references: readonly string[]): Promise<(StoredProduct | undefined)[]>
  drop(part: DroppedProducts): void
  /** @param options.namespace names the database whose stream counts the positions */
  start(options: Readonly<{ namespace: string; position(): number }>): void
  stop(): Promise<void>
  isUp(): boolean
  readonly metrics: readonly Metric[]
}>

/** Whether this is spelled as a product's id, rather than a slug. */
export function isProductId(reference: string): boolean {
  return /^prd_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(reference)
}

/**
 * PostgreSQL as the store: one statement makes the JSON of whole products from their rows, so there
 * is no copy that could be old.
 */
export function createPostgresStore({
  db,
  position,
}: Readonly<{ db: Database; position(): number }>): DocumentStore {
  async function findById(ids: readonly string[]): Promise<[string, ProductRecord][]> {
    if (ids.length === 0) return []
    const rows = await readProducts(db, [ids.map(shardOf), ids])
    return rows.map((row) => [row.id, row])
  }
  async function findBySlug(slugs: readonly string[]): Promise<[string, ProductRecord][]> {
    if (slugs.length === 0) return []
    const rows = await readProductsBySlug(db, [slugs])
    return rows.map(({ askedSlug, ...row }) => [askedSlug, row])
  }
  return {
    metrics: [],
    isUp: () => true,
    async find(references) {
      const asOf = position()
      const unique = [...new Set(references)]
      const [byId, bySlug] = await Promise.all([
        findById(unique.filter(isProductId)),
        findBySlug(unique.filter((reference) => !isProductId(reference))),
      ])
      const found = new Map([...byId, ...bySlug])
      return references.map((reference) => {
        const record = found.get(reference)
        return record && { record, asOf, lifeMs: DOCUMENT_LIFETIME_MS }
      })
    },
    drop() {},
    start() {},
    stop: async () => {},
  }
}

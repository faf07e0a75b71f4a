import type { Collection } from 'mongodb'
import { createLink, type Link } from '../../../platform/cache/link.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import { DOCUMENT_LIFETIME_MS } from '../lifetimes.ts'
import type { ProductRecord } from '../model.ts'
import {
  type DocumentStore,
  type DroppedProducts,
  isProductId,
  type StoredProduct,
} from './document-store.ts'
import { createMongoConnection } from './mongo-connection.ts'

/** What a question may cost a page at most. */
const BUDGET_MS = 100
/** How long drops are remembered: longer than any document lives, and than any load takes. */
const REMEMBER_SECONDS = 600
/** More products than these in one part of the stream: all is dropped instead. */
const PRODUCTS_MAX = 20_000
const STATE = 'state'
const DUPLICATE_KEY = 11_000

/** A whole product, or only the memory that it was dropped. */
type ProductEntry = {
  _id: string
  /** Only what is complete up to here may be shown, or replace this. */
  floor: number
  /** Last written: the server forgets the entry some time after. */
  touchedAt: Date
  slug?: string
  asOf?: number
  builtAt?: Date
  product?: StoredForm
}

/** How far the drops have come, and the position below which everything is void. */
type StateEntry = { _id: typeof STATE; position: number; floor?: number }

type Entry = ProductEntry | StateEntry

type Options = Readonly<{
  url: string
  /** Where documents come from that are not here, or while this is down. */
  next: DocumentStore
  clock: Clock
  chance: Chance
  log: Log
  budgetMs?: number
}>

/**
 * Products as whole documents in MongoDB, read through from the next store and replaced as a whole
 * under a version guard: the position in the event stream. No sessions or transactions are needed,
 * because every write raises a position and none lowers one.
 */
export function createMongoStore({
  url,
  next,
  clock,
  chance,
  log,
  budgetMs = BUDGET_MS,
}: Options): DocumentStore {
  const connection = createMongoConnection<Entry>({ url, clock })
  let position = () => 0
  let indexed = false
  /** Drops that are on their way to MongoDB: what it gives of these may be older. */
  const pending = new Map<string, number>()
  let pendingAll = 0

  const link: Link = createLink({
    name: 'mongodb',
    clock,
    chance,
    log,
    budgetMs,
    async probe() {
      const now = position()
      await connection.renewIfStuck()
      await tell({ after: now, upTo: now, productIds: [] })
      connection.isAlive()
      const entries = connection.entries()
      // May take longer than a probe; tried again at a later one if it fails.
      if (!indexed && entries) {
        indexed = true
        void createIndexes(entries).catch(() => {
          indexed = false
        })
      }
    },
  })

  async function tell(part: DroppedProducts): Promise<void> {
    const entries = connection.entries()
    if (entries) await raise(entries, part, clock.now())
  }

  async function query(asked: readonly string[]): Promise<Map<string, StoredProduct>> {
    const found = new Map<string, StoredProduct>()
    const entries = connection.entries()
    if (!entries) return found
    // A drop that arrives while the answer is on its way is not in it.
    const pendingBefore = pending.size === 0 ? undefined : new Map(pending)
    const pendingAllBefore = pendingAll
    const ids = asked.filter(isProductId)
    const slugs = asked.filter((reference) => !isProductId(reference))
    const [byId, bySlug] = await Promise.all([
      entries.find({ _id: { $in: [STATE, ...ids] } }).toArray(),
      slugs.length === 0 ? [] : entries.find({ slug: { $in: slugs } }).toArray(),
    ])
    const state = byId.find((entry): entry is StateEntry => entry._id === STATE)
    if (!state) {
      link.lose('it was emptied')
      return found
    }
    const floor = Math.max(state.floor ?? 0, pendingAllBefore, pendingAll)
    for (const entry of [...byId, ...bySlug]) {
      const stored = 'product' in entry ? readEntry(entry, floor, clock.now()) : undefined
      const least = pending.get(entry._id) ?? pendingBefore?.get(entry._id) ?? 0
      if (!stored || stored.asOf < least) continue
      found.set(entry._id, stored)
      found.set(stored.record.slug, stored)
    }
    return found
  }

  function keep(products: readonly (StoredProduct | undefined)[]): void {
    const fresh = products.filter((stored) => stored !== undefined)
    if (fresh.length === 0) return
    void link.ask(async () => {
      const entries = connection.entries()
      if (entries) await replace(entries, fresh, clock.now())
      return true
    })
  }

  return {
    metrics: link.metrics,
    isUp: link.isUp,
    async find(references) {
      const unique = [...new Set(references)]
      const found = await link.ask(() => query(unique))
      if (!found) return next.find(references)
      const missing = unique.filter((reference) => !found.has(reference))
      if (missing.length > 0) {
        const built = await next.find(missing)
        keep(built)
        for (const [place, stored] of built.entries()) {
          if (stored) found.set(missing[place] as string, stored)
        }
      }
      return references.map((reference) => found.get(reference))
    },
    drop(part) {
      next.drop(part)
      link.tell(async () => {
        const { upTo } = part
        const all = part.productIds === 'all' || part.productIds.length > PRODUCTS_MAX
        const productIds = all ? [] : (part.productIds as readonly string[])
        for (const id of productIds) pending.set(id, upTo)
        if (all) pendingAll = upTo
        try {
          await tell({ ...part, productIds: all ? 'all' : productIds })
        } finally {
          for (const id of productIds) if (pending.get(id) === upTo) pending.delete(id)
          if (pendingAll === upTo) pendingAll = 0
        }
      })
    },
    start(options) {
      next.start(options)
      position = options.position
      // Until then the next store is asked, as while MongoDB is down.
      void connection.open(`products_${options.namespace}`).then(link.start)
    },
    async stop() {
      await link.stop()
      await connection.close()
      await next.stop()
    },
  }
}

async function createIndexes(entries: Collection<Entry>): Promise<void> {
  await entries.createIndex({ slug: 1 })
  await entries.createIndex({ touchedAt: 1 }, { expireAfterSeconds: REMEMBER_SECONDS })
}

/**
 * Raises the floors of dropped products, then the state's position; in this order, so that who
 * sees the position may rely on the floors. If nobody told of the stream before `after`, all that
 * is older is void: drops were missed.
 */
async function raise(
  entries: Collection<Entry>,
  part: DroppedProducts,
  now: Date,
  again = true,
): Promise<void> {
  const { after, upTo, productIds } = part
  const state = (await entries.findOne({ _id: STATE })) as StateEntry | null
  if (state && state.position >= upTo) return
  try {
    if (productIds !== 'all' && productIds.length > 0) {
      const touch = { $max: { floor: upTo }, $set: { touchedAt: now } }
      await entries.bulkWrite(
        productIds.map((_id) => ({ updateOne: { filter: { _id }, update: touch, upsert: true } })),
        { ordered: false },
      )
    }
    const known = { _id: STATE, position: { $gte: after } } as const
    if (productIds !== 'all') {
      const followed = await entries.updateOne(known, { $max: { position: upTo } })
      if (followed.matchedCount > 0) return
    }
    const floor = productIds === 'all' ? upTo : after
    const lifted = { $max: { position: upTo, floor } }
    await entries.updateOne({ _id: STATE }, lifted, { upsert: true })
  } catch (error) {
    // Another process has put the same entry in at the same moment.
    if (again && isDuplicateKey(error)) await raise(entries, part, now, false)
    else throw error
  }
}

/** Replaces whole documents, each unless it was dropped or replaced at a later position. */
async function replace(
  entries: Collection<Entry>,
  products: readonly StoredProduct[],
  now: Date,
): Promise<void> {
  try {
    await entries.bulkWrite(
      products.map(({ record, asOf }) => ({
        replaceOne: {
          filter: { _id: record.id, floor: { $lte: asOf } },
          replacement: {
            floor: asOf,
            touchedAt: now,
            slug: record.slug,
            asOf,
            builtAt: now,
            product: toStored(record),
          },
          upsert: true,
        },
      })),
      { ordered: false },
    )
  } catch (error) {
    // The guard did not let it through, so that it would have been a second one of this id.
    if (!isDuplicateKey(error)) throw error
  }
}

function readEntry(
  { floor, asOf, builtAt, product }: ProductEntry,
  floorOfAll: number,
  now: Date,
): StoredProduct | undefined {
  if (asOf === undefined || !builtAt || !product) return undefined
  const lifeMs = builtAt.getTime() + DOCUMENT_LIFETIME_MS - now.getTime()
  if (asOf < floor || asOf < floorOfAll || lifeMs <= 0) return undefined
  return { record: fromStored(product), asOf, lifeMs: Math.min(lifeMs, DOCUMENT_LIFETIME_MS) }
}

type Variant = ProductRecord['variants'][number]
type StoredVariant = Omit<Variant, 'options'> & { options: [string, string][] }
type StoredForm = Omit<ProductRecord, 'variants'> & { variants: StoredVariant[] }

/** Names of options are the seller's words, and might hold what MongoDB's names may not. */
function toStored(record: ProductRecord): StoredForm {
  const variants = record.variants.map((variant) => ({
    ...variant,
    options: Object.entries(variant.options),
  }))
  return { ...record, variants }
}

function fromStored(stored: StoredForm): ProductRecord {
  const variants = stored.variants.map((variant) => ({
    ...variant,
    options: Object.fromEntries(variant.options),
  }))
  return { ...stored, variants }
}

function isDuplicateKey(error: unknown): boolean {
  // A bulk write's error has those of its parts, of which the first lends it its own code.
  const { code, writeErrors } = error as { code?: unknown; writeErrors?: { code?: unknown }[] }
  const codes = writeErrors ? [writeErrors].flat().map((one) => one.code) : [code]
  return codes.length > 0 && codes.every((one) => one === DUPLICATE_KEY)
}

import { productChanged } from '#contracts/catalog/events.ts'
import { Problem } from '#contracts/kit/problem.ts'
import type { Database } from '../../../platform/db/database.ts'
import { only } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import type { Outbox } from '../../../platform/events/outbox.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { Ticker } from '../../../platform/module.ts'
import type { MediaApi, MediaFile } from '../../media/index.ts'
import { type Change, recordChanges } from '../admin/changes.ts'
import { listVariants, lockProduct } from '../admin/products-repository.ts'
import {
  claimFetches,
  endFetch,
  type Fetch,
  noteFetchFault,
  readImageAddresses,
  setProductImages,
  setVariantImages,
} from '../fetches-repository.ts'
import type { StoredImage } from '../images.ts'

type Deps = Readonly<{ db: Database; outbox: Outbox; ids: Ids; media: MediaApi }>

const EVERY_MS = 2_000
const PRODUCTS_AT_ONCE = 4
const ATTEMPTS = 7
const ACTOR = 'system:pictures'
/** What may be otherwise a little later. */
const PASSING: ReadonlySet<string> = new Set(['media.fetch_failed', 'unavailable', 'internal'])

/**
 * Fetches the pictures that files and operators named by address, and puts the shop's own in their
 * place. What fails is tried again after 1, 2, 4, … minutes; what is no picture is not.
 */
export function createImageFetcher(deps: Deps): Ticker {
  return {
    name: 'catalog.fetch_images',
    everyMs: EVERY_MS,
    async run() {
      const due = await claimFetches(deps.db, [PRODUCTS_AT_ONCE])
      await Promise.all(due.map((fetch) => fetchImages(deps, fetch)))
      return due.length
    },
  }
}

async function fetchImages(deps: Deps, { shard, productId, attempts }: Fetch): Promise<void> {
  const addresses = await readImageAddresses(deps.db, [shard, productId])
  const found = new Map<string, MediaFile>()
  const faults: string[] = []
  let mayPass = false
  for (const { url } of addresses) {
    try {
      found.set(url, await deps.media.addFromUrl({ url, actor: ACTOR }))
    } catch (error) {
      mayPass ||= !(error instanceof Problem) || PASSING.has(error.code)
      faults.push(`${url}: ${error instanceof Problem ? error.message : 'could not be kept'}`)
    }
  }
  if (found.size > 0) await replaceAddresses(deps, [shard, productId], found)
  const key = [shard, productId, attempts]
  if (faults.length === 0) await endFetch(deps.db, key)
  else await noteFetchFault(deps.db, [...key, faults.join('\n'), !mayPass || attempts >= ATTEMPTS])
}

/** In what the product shows by now, which may not be what was read before the fetching. */
async function replaceAddresses(
  { db, outbox, ids }: Deps,
  [shard, productId]: readonly [number, string],
  found: ReadonlyMap<string, MediaFile>,
): Promise<void> {
  const replace = (images: readonly StoredImage[]) =>
    images.map((image) => (typeof image === 'string' ? (found.get(image) ?? image) : image))
  await db.tx(async (tx) => {
    const [product] = await lockProduct(tx, [shard, productId])
    if (!product) return
    const own = { images: replace(product.images) }
    const variants = (await listVariants(tx, [shard, productId])).flatMap(({ id, images }) => {
      const diff = diffOf({ images }, { images: replace(images) })
      return diff['images'] ? [{ id, images: replace(images), diff }] : []
    })
    const diff = diffOf({ images: product.images }, own)
    const change = { action: 'pictures_fetched', subjectId: productId }
    const changes: Change[] = [
      ...(diff['images']
        ? [{ ...change, entity: 'product' as const, entityId: productId, diff }]
        : []),
      ...variants.map(({ id, diff }) => ({
        ...change,
        entity: 'variant' as const,
        entityId: id,
        diff,
      })),
    ]
    if (changes.length === 0) return
    if (variants.length > 0)
      await setVariantImages(tx, [
        shard,
        variants.map(({ id }) => id),
        variants.map(({ images }) => JSON.stringify(images)),
      ])
    const row = await setProductImages(tx, [shard, productId, JSON.stringify(own.images)])
    const { version } = only(row)
    await recordChanges(tx, ids, ACTOR, changes)
    const payload = { productId, version }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
  })
  outbox.appended.strike()
}

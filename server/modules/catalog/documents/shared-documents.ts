import type { SharedCache } from '../../../platform/cache/shared-cache.ts'
import type { Clock } from '../../../platform/clock.ts'
import { LIFETIMES_MS } from '../lifetimes.ts'
import type { DocumentKey, LoadDocument, ProductDocument } from './document-cache.ts'
import { isProductId } from './document-store.ts'

/** Raised when a document's bytes change their form: releases that run side by side share none. */
const FORM = 1

type Deps = Readonly<{
  cache: SharedCache
  /** The next layer. */
  load: LoadDocument
  clock: Clock
  /** Up to where this process has followed the event stream. */
  position(): number
  onHit(): void
}>

/**
 * Asks the cache that all processes share before the next layer, and fills it. A product's
 * documents are one group; a slug is a group of one value, the product's id, which it never leaves;
 * that there is no such product is believed only as long as nothing at all has happened since.
 */
export function shareDocuments({ cache, load, clock, position, onHit }: Deps): LoadDocument {
  async function look(key: DocumentKey): Promise<ProductDocument | null | undefined> {
    let productId = key.reference
    if (!isProductId(productId)) {
      const named = await cache.get(addressOf(key.reference))
      if (!named) return undefined
      productId = named.value.toString()
      if (productId === '') return named.asOf >= position() ? null : undefined
    }
    const found = await cache.get({ group: productId, name: nameOf(key) })
    return found && decode(found.value, clock.monotonicMs() + found.lifeMs, found.asOf)
  }

  function keep(key: DocumentKey, document: ProductDocument | null, asOf: number): void {
    const isSlug = !isProductId(key.reference)
    const value = Buffer.from(document?.productId ?? '')
    const lifeMs = document ? document.expiresAtMs - clock.monotonicMs() : LIFETIMES_MS.absence
    if (isSlug) {
      cache.set({ ...addressOf(key.reference), value, asOf: document?.asOf ?? asOf, lifeMs })
    }
    if (document === null) return
    const { productId } = document
    const address = { group: productId, name: nameOf(key) }
    cache.set({ ...address, value: encode(document), asOf: document.asOf, lifeMs })
  }

  return async (key) => {
    if (!cache.isUp()) return load(key)
    const found = await look(key)
    if (found !== undefined) {
      onHit()
      return found
    }
    const asOf = position()
    const document = await load(key)
    keep(key, document, asOf)
    return document
  }
}

function addressOf(reference: string): Readonly<{ group: string; name: string }> {
  return { group: `reference:${reference}`, name: 'id' }
}

function nameOf({ currency, country, locale = '' }: DocumentKey): string {
  return `${FORM} ${currency} ${country} ${locale}`
}

/** Length of the head, head, body. */
function encode({ productId, etag, locales, summary, body }: ProductDocument): Buffer {
  const head = Buffer.from(JSON.stringify({ productId, etag, locales, summary }))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(head.length)
  return Buffer.concat([length, head, body])
}

function decode(value: Buffer, expiresAtMs: number, asOf: number): ProductDocument {
  const end = 4 + value.readUInt32LE()
  const { productId, etag, locales, summary } = JSON.parse(value.toString('utf8', 4, end)) as Pick<
    ProductDocument,
    'productId' | 'etag' | 'locales' | 'summary'
  >
  return { productId, etag, locales, summary, body: value.subarray(end), expiresAtMs, asOf }
}

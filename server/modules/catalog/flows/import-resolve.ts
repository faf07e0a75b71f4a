import type { ImportRowError } from '#contracts/catalog/import.ts'
import type { Database } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'
import type { Ids } from '../../../platform/ids.ts'
import type { MediaApi } from '../../media/index.ts'
import type { KnownImages, StoredImage } from '../images.ts'
import { isMadeSlug, productSlug } from '../slug.ts'
import { lookUpBatchImages } from './import-images.ts'
import type { ImportEntry } from './import-rows.ts'

type KnownProduct = { ref: string; shard: number; productId: string; slug: string }
type KnownOffer = {
  sellerId: string
  sku: string
  offerId: string
  productId: string
  priceMinor: number
  currency: string
  salePriceMinor: number | null
  saleStartsAt: string | null
  saleEndsAt: string | null
}

const readRefs = statement<KnownProduct>(
  'catalog.read_refs',
  `select r.ref, r.shard, r.product_id as "productId", p.slug
   from unnest($1::text[]) as k (ref)
   cross join lateral (select r.* from catalog.product_refs r where r.ref = k.ref offset 0) r
   cross join lateral (
     select p.slug from catalog.products p where p.shard = r.shard and p.id = r.product_id offset 0
   ) p`,
)

const readVariantSkus = statement<{ id: string; productId: string; sku: string }>(
  'catalog.read_variant_skus',
  `select v.id, v.product_id as "productId", v.sku
   from unnest($1::smallint[], $2::text[]) as k (shard, id)
   cross join lateral (
     select v.id, v.product_id, v.sku from catalog.product_variants v
     where v.shard = k.shard and v.product_id = k.id offset 0
   ) v`,
)

const readOfferSkus = statement<KnownOffer>(
  'catalog.read_offer_skus',
  `select s.seller_id as "sellerId", s.sku, s.offer_id as "offerId", s.product_id as "productId",
          o.price_minor as "priceMinor", o.currency, o.sale_price_minor as "salePriceMinor",
          o.sale_starts_at as "saleStartsAt", o.sale_ends_at as "saleEndsAt"
   from unnest($1::text[], $2::text[]) as k (seller_id, sku)
   cross join lateral (
     select s.* from catalog.offer_skus s where s.seller_id = k.seller_id and s.sku = k.sku offset 0
   ) s
   cross join lateral (
     select o.* from catalog.offers o where o.shard = s.shard and o.id = s.offer_id offset 0
   ) o`,
)

const readSlugs = statement<{ slug: string; productId: string }>(
  'catalog.read_slugs',
  `select s.slug, s.product_id as "productId"
   from unnest($1::text[]) as k (slug)
   cross join lateral (
     select s.* from catalog.product_slugs s where s.slug = k.slug offset 0
   ) s`,
)

export type ResolvedOffer = Readonly<{
  id: string
  isNew: boolean
  priceChanged: boolean
  sellerId: string
  offer: ImportEntry['product']['variants'][number]['offers'][number]
}>

/** A row with the ids of all its records, be they new or known. */
export type ResolvedEntry = Readonly<{
  entry: ImportEntry
  id: string
  shard: number
  isNew: boolean
  slug: string
  /** Former ones that the row names. */
  pastSlugs: readonly string[]
  variants: readonly Readonly<{
    id: string
    isNew: boolean
    /** Its place among the product's variants. */
    place: number
    variant: ImportEntry['product']['variants'][number]
    images: readonly StoredImage[] | undefined
    offers: readonly ResolvedOffer[]
  }>[]
  images: readonly StoredImage[] | undefined
}>

export type Resolution = Readonly<{
  resolved: readonly ResolvedEntry[]
  errors: readonly ImportRowError[]
}>

/** Nothing is known: what the rows of a first load mean. */
const NOTHING_KNOWN = { products: new Map(), variants: new Map(), offers: new Map() }

/**
 * Finds what a batch's rows mean in the shop, in four look-ups for all of them.
 * @param areNew takes all of them for new without a look. The directories' unique keys refuse the
 * batch if one is not.
 */
export async function resolveEntries(
  deps: Readonly<{ db: Database; ids: Ids; media: MediaApi }>,
  entries: readonly ImportEntry[],
  { areNew, fetchImages }: Readonly<{ areNew: boolean; fetchImages: boolean }>,
): Promise<Resolution> {
  const images = await lookUpBatchImages(deps.media, entries, fetchImages)
  const slugs = entries.map(({ product }) => product.slug ?? productSlug(product.name, product.ref))
  // What lacks something if it is new must be known to be so, and no past slug is another's.
  const takeForNew =
    areNew &&
    entries.every(({ missing, product }) => missing === undefined && !product.pastSlugs?.length)
  const known: Known = takeForNew
    ? { ...NOTHING_KNOWN, slugs: new Map() }
    : await lookUp(deps.db, entries, [
        ...slugs,
        ...entries.flatMap(({ product }) => product.pastSlugs ?? []),
      ])
  const all = { ...known, images }
  const resolved: ResolvedEntry[] = []
  const errors: ImportRowError[] = []
  for (const [place, entry] of entries.entries()) {
    const result = resolve(entry, slugs[place] as string, all, deps.ids)
    if ('errors' in result) errors.push(...result.errors)
    else resolved.push(result)
  }
  return { resolved, errors }
}

async function lookUp(
  db: Database,
  entries: readonly ImportEntry[],
  slugs: readonly string[],
): Promise<Known> {
  const offers = entries.flatMap(({ product, sellerIds }) =>
    product.variants.flatMap((variant) =>
      variant.offers.map(({ seller, sku }) => ({ seller: sellerIds.get(seller) as string, sku })),
    ),
  )
  const [products, knownOffers] = await Promise.all([
    readRefs(db, [entries.map(({ product }) => product.ref)]),
    readOfferSkus(db, [offers.map(({ seller }) => seller), offers.map(({ sku }) => sku)]),
  ])
  const [variants, takenSlugs] = await Promise.all([
    readVariantSkus(db, [
      products.map(({ shard }) => shard),
      products.map(({ productId }) => productId),
    ]),
    readSlugs(db, [slugs]),
  ])
  return {
    products: new Map(products.map((product) => [product.ref, product])),
    variants: new Map(variants.map((row) => [`${row.productId}\n${row.sku}`, row.id])),
    offers: new Map(knownOffers.map((row) => [`${row.sellerId}\n${row.sku}`, row])),
    slugs: new Map(takenSlugs.map((row) => [row.slug, row.productId])),
  }
}

type Known = Readonly<{
  products: ReadonlyMap<string, KnownProduct>
  variants: ReadonlyMap<string, string>
  offers: ReadonlyMap<string, KnownOffer>
  slugs: Map<string, string>
}>

function resolve(
  entry: ImportEntry,
  wantedSlug: string,
  known: Known & Readonly<{ images: KnownImages }>,
  ids: Ids,
): ResolvedEntry | { errors: ImportRowError[] } {
  const { product, row } = entry
  const before = known.products.get(product.ref)
  const shard = before?.shard ?? entry.shard
  const id = before?.productId ?? ids.make('prd', shard)
  const errors: ImportRowError[] = before ? [] : [...(entry.missing ?? [])]
  const anyOffer = known.offers.size > 0
  const readImages = (texts: readonly string[] | undefined, at: string) => {
    if (!texts) return undefined
    const { images, faults } = known.images.read(texts, at)
    for (const { path, message } of faults) errors.push({ row, field: path, message })
    return images
  }
  const variants = product.variants.map((variant, place) => {
    // A new product has no known variants.
    const variantId = before && known.variants.get(`${id}\n${variant.sku}`)
    const offers = variant.offers.map((offer, nth): ResolvedOffer => {
      const sellerId = entry.sellerIds.get(offer.seller) as string
      const old = anyOffer ? known.offers.get(`${sellerId}\n${offer.sku}`) : undefined
      if (old && old.productId !== id) {
        const field = `variants[${place}].offers[${nth}].sku`
        errors.push({ row, field, message: 'is the SKU of another product of this seller' })
      }
      return {
        id: old?.offerId ?? ids.make('off', shard),
        isNew: !old,
        priceChanged: old !== undefined && !isSamePrice(old, offer),
        sellerId,
        offer,
      }
    })
    const newId = variantId ?? ids.make('var', shard)
    const images = readImages(variant.images, `variants[${place}].images`)
    return { id: newId, isNew: variantId === undefined, place, variant, offers, images }
  })
  const images = readImages(product.images, 'images')
  const checkSlug = (wanted: string, field: string) => {
    const owner = known.slugs.get(wanted) ?? id
    if (owner !== id) errors.push({ row, field, message: 'is the address of another product' })
  }
  if (product.slug !== undefined) checkSlug(product.slug, 'slug')
  const named = product.pastSlugs ?? []
  for (const [nth, past] of named.entries()) checkSlug(past, `pastSlugs[${nth}]`)
  if (errors.length > 0) return { errors }
  // A slug that somebody chose stays, as all that a row does not name.
  const isChosen = before && product.slug === undefined && !isMadeSlug(before.slug, product.ref)
  const slug = isChosen ? before.slug : chooseSlug(wantedSlug, product, id, known.slugs)
  for (const past of named) known.slugs.set(past, id)
  const pastSlugs = named.filter((past) => past !== slug)
  return { entry, id, shard, isNew: !before, slug, pastSlugs, variants, images }
}

/** Two products of one name whose marks are equal too: the later one's mark is longer. */
function chooseSlug(
  wanted: string,
  { name, ref }: ImportEntry['product'],
  id: string,
  taken: Map<string, string>,
): string {
  const owner = taken.get(wanted)
  const slug = owner === undefined || owner === id ? wanted : productSlug(name, ref, 16)
  taken.set(slug, id)
  return slug
}

function isSamePrice(old: KnownOffer, offer: ResolvedOffer['offer']): boolean {
  return (
    old.priceMinor === offer.price.amount &&
    old.currency === offer.price.currency &&
    old.salePriceMinor === (offer.salePrice?.amount ?? null) &&
    sameInstant(old.saleStartsAt, offer.saleStartsAt) &&
    sameInstant(old.saleEndsAt, offer.saleEndsAt)
  )
}

function sameInstant(a: string | null, b: string | undefined): boolean {
  if (a === null || b === undefined) return a === null && b === undefined
  return Date.parse(a) === Date.parse(b)
}

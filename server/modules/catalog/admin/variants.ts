import type { NewVariant, VariantEdit } from '#contracts/catalog/admin-schemas.ts'
import { productChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { type FieldError, generalProblem } from '#contracts/kit/problem.ts'
import { only, statement, type Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import { canonicalJson } from '../../../platform/idempotency.ts'
import { queueFetches } from '../fetches-repository.ts'
import { normalizeGtin } from '../gtin.ts'
import {
  isAddress,
  type KnownImages,
  lookUpImages,
  readImages,
  type StoredImage,
} from '../images.ts'
import { type Change, recordChanges } from './changes.ts'
import { type AdminDeps, type Command, keyOf, refuseFaults } from './deps.ts'
import { type OfferPlan, offerFaults, writeOffers } from './offers.ts'
import {
  type AdminVariantRow,
  listVariants,
  lockProduct,
  type ProductRow,
  setOptionNames,
  touchProduct,
} from './products-repository.ts'

// A removed variant whose SKU comes again is the same variant, brought back.
const writeVariantRows = statement(
  'catalog.write_variants',
  `insert into catalog.product_variants as v
     (shard, id, product_id, sku, name, gtin, options, images, weight_grams, length_mm, width_mm,
      height_mm, sort_order, is_active)
   select $1::smallint, k.id, $2::text, k.sku, k.name, k.gtin, k.options, k.images, k.weight_grams,
          k.length_mm, k.width_mm, k.height_mm, k.sort_order, k.is_active
   from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::jsonb[], $9::int[],
               $10::int[], $11::int[], $12::int[], $13::int[], $14::boolean[])
     as k (id, sku, name, gtin, options, images, weight_grams, length_mm, width_mm, height_mm, sort_order,
           is_active)
   on conflict (shard, id) do update
     set sku = excluded.sku, name = excluded.name, gtin = excluded.gtin,
         options = excluded.options, images = excluded.images, weight_grams = excluded.weight_grams,
         length_mm = excluded.length_mm, width_mm = excluded.width_mm,
         height_mm = excluded.height_mm, sort_order = excluded.sort_order,
         is_active = excluded.is_active, updated_at = now()`,
)

/** A variant that is to be written: what it was, if it was. */
export type VariantPlan = Readonly<{
  /** `body.variants[3]` */
  at: string
  before: AdminVariantRow | undefined
  after: AdminVariantRow
  offers: readonly OfferPlan[]
  /** What is wrong with its pictures. */
  faults: readonly FieldError[]
}>

export async function writeVariants(
  tx: Tx,
  [shard, productId]: readonly [number, string],
  plans: readonly VariantPlan[],
): Promise<void> {
  const column = (read: (row: AdminVariantRow) => unknown) => plans.map(({ after }) => read(after))
  await writeVariantRows(tx, [
    shard,
    productId,
    column(({ id }) => id),
    column(({ sku }) => sku),
    column(({ name }) => name),
    column(({ gtin }) => gtin),
    column(({ options }) => JSON.stringify(options)),
    column(({ images }) => JSON.stringify(images)),
    column(({ weightGrams }) => weightGrams),
    column(({ dimensionsMm }) => dimensionsMm?.[0] ?? null),
    column(({ dimensionsMm }) => dimensionsMm?.[1] ?? null),
    column(({ dimensionsMm }) => dimensionsMm?.[2] ?? null),
    column(({ sortOrder }) => sortOrder),
    column(({ isActive }) => isActive),
  ])
  await writeOffers(
    tx,
    [shard, productId],
    plans.flatMap(({ offers }) => offers),
  )
}

/** Plans for new variants of a product that has `known` ones. */
export function planVariants(
  { ids }: AdminDeps,
  shard: number,
  variants: readonly NewVariant[],
  { known, images }: Readonly<{ known: readonly AdminVariantRow[]; images: KnownImages }>,
): VariantPlan[] {
  const removed = new Map(known.filter((row) => !row.isActive).map((row) => [row.sku, row]))
  const next = Math.max(-1, ...known.map(({ sortOrder }) => sortOrder)) + 1
  return variants.map((variant, place) => {
    const at = `body.variants[${place}]`
    const before = removed.get(variant.sku)
    const id = before?.id ?? ids.make('var', shard)
    const blank = { ...NO_VARIANT, id, sku: variant.sku, sortOrder: next + place }
    const pictures = variant.images && images.read(variant.images, `${at}.images`)
    const after = edited(blank, variant, pictures?.images)
    const offers = (variant.offers ?? []).map((offer, nth) => ({
      id: ids.make('off', shard),
      variantId: id,
      at: `${at}.offers[${nth}]`,
      offer,
    }))
    return { at, before, after, offers, faults: pictures?.faults ?? [] }
  })
}

const NO_VARIANT = {
  name: null,
  gtin: null,
  options: {},
  images: [],
  weightGrams: null,
  dimensionsMm: null,
  isActive: true,
}

function edited(
  before: AdminVariantRow,
  edit: VariantEdit,
  images: readonly StoredImage[] | undefined,
): AdminVariantRow {
  const { sku, name, gtin, options, weightGrams, dimensionsMm } = edit
  return {
    ...before,
    sku: sku ?? before.sku,
    name: name === undefined ? before.name : name,
    gtin: gtin === undefined ? before.gtin : gtin && (normalizeGtin(gtin) ?? gtin),
    options: options ?? before.options,
    images: images ?? before.images,
    weightGrams: weightGrams === undefined ? before.weightGrams : weightGrams,
    dimensionsMm: dimensionsMm === undefined ? before.dimensionsMm : dimensionsMm,
  }
}

export function gtinFaults(plans: readonly Pick<VariantPlan, 'at' | 'after'>[]): FieldError[] {
  return plans.flatMap(({ at, after: { gtin } }) =>
    gtin === null || normalizeGtin(gtin) !== undefined
      ? []
      : [{ path: `${at}.gtin`, message: `has a wrong check digit: ${gtin}` }],
  )
}

/** @throws catalog.duplicate if two variants of the product have one SKU or one set of options */
export function refuseDuplicates(
  plans: readonly Pick<VariantPlan, 'at' | 'after'>[],
  known: readonly AdminVariantRow[],
): void {
  const own = new Set(plans.map(({ after }) => after.id))
  const others = known.filter(({ id }) => !own.has(id))
  const skus = new Set(others.map(({ sku }) => sku))
  const combinations = new Set(
    others.filter(({ isActive }) => isActive).map(({ options }) => canonicalJson(options)),
  )
  const errors: FieldError[] = []
  for (const { at, after } of plans) {
    if (skus.has(after.sku))
      errors.push({ path: `${at}.sku`, message: 'is the SKU of another variant of the product' })
    skus.add(after.sku)
    if (!after.isActive) continue
    const options = canonicalJson(after.options)
    if (combinations.has(options))
      errors.push({ path: `${at}.options`, message: 'are those of another variant of the product' })
    combinations.add(options)
  }
  if (errors.length > 0) throw catalogProblem('catalog.duplicate', { errors: errors.slice(0, 100) })
}

export function variantChanges(productId: string, plans: readonly VariantPlan[]): Change[] {
  return plans.map(({ before, after, offers }) => ({
    action: before ? (after.isActive ? 'edited' : 'removed') : 'created',
    entity: 'variant',
    entityId: after.id,
    subjectId: productId,
    diff: diffOf(before ? { ...before, offers: [] } : {}, {
      ...after,
      offers: offers.map(({ id, offer }) => ({ id, ...offer })),
    }),
  }))
}

/** Names of options that variants have and the product does not list yet, after those it lists. */
export function optionNames(
  listed: readonly string[],
  variants: readonly Pick<AdminVariantRow, 'options'>[],
): string[] {
  return [...new Set([...listed, ...variants.flatMap(({ options }) => Object.keys(options))])]
}

type Place = Readonly<{ productId: string }>

/**
 * Changes variants under the lock of their product.
 * @returns the product's version after it.
 */
async function change(
  { db, outbox, ids }: AdminDeps,
  { actor, expectedVersion, productId }: Command<Place>,
  plan: (product: ProductRow, known: readonly AdminVariantRow[]) => readonly VariantPlan[],
): Promise<number> {
  const key = keyOf('prd', productId)
  const version = await db.tx(async (tx) => {
    const [product] = await lockProduct(tx, key)
    if (!product) throw generalProblem('not_found')
    expectVersion(expectedVersion, product.version)
    const known = await listVariants(tx, key)
    const plans = plan(product, known)
    refuseDuplicates(plans, known)
    const changes = variantChanges(productId, plans)
    if (changes.every(({ diff }) => Object.keys(diff).length === 0)) return product.version
    await writeVariants(tx, key, plans)
    if (plans.some(({ after }) => after.images.some(isAddress)))
      await queueFetches(tx, [[key[0]], [key[1]]])
    const names = optionNames(
      product.options,
      plans.map(({ after }) => after),
    )
    if (names.length > product.options.length)
      await setOptionNames(tx, [...key, JSON.stringify(names)])
    const { version } = only(await touchProduct(tx, key))
    await recordChanges(tx, ids, actor, changes)
    const payload = { productId, version }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
    return version
  })
  outbox.appended.strike()
  return version
}

/** @throws not_found, precondition_failed, validation_failed, catalog.duplicate */
export async function addVariants(
  deps: AdminDeps,
  command: Command<Place & Readonly<{ variants: readonly NewVariant[] }>>,
): Promise<{ items: { id: string; sku: string }[]; version: number }> {
  const { productId, variants } = command
  const [shard] = keyOf('prd', productId)
  const images = await lookUpImages(
    deps.media,
    variants.flatMap((variant) => variant.images ?? []),
  )
  const first = planVariants(deps, shard, variants, { known: [], images })
  const offers = first.flatMap(({ offers }) => offers)
  refuseFaults([
    ...gtinFaults(first),
    ...first.flatMap(({ faults }) => faults),
    ...(await offerFaults(deps, offers)),
  ])
  let plans: readonly VariantPlan[] = []
  const version = await change(deps, command, (_product, known) => {
    plans = planVariants(deps, shard, variants, { known, images })
    return plans
  })
  return { items: plans.map(({ after: { id, sku } }) => ({ id, sku })), version }
}

type VariantPlace = Place & Readonly<{ variantId: string }>

/** @throws not_found, precondition_failed, validation_failed, catalog.duplicate */
export async function editVariant(
  deps: AdminDeps,
  command: Command<VariantPlace & Readonly<{ edit: VariantEdit }>>,
): Promise<{ id: string; version: number }> {
  const { variantId, edit } = command
  const images = edit.images && (await readImages(deps.media, edit.images))
  const version = await change(deps, command, (_product, known) => {
    const before = known.find(({ id, isActive }) => id === variantId && isActive)
    if (!before) throw generalProblem('not_found')
    const plan = { at: 'body', before, after: edited(before, edit, images), offers: [], faults: [] }
    refuseFaults(gtinFaults([plan]))
    return [plan]
  })
  return { id: variantId, version }
}

/** Takes a variant off sale; its options are free from then on. @throws not_found, precondition_failed */
export async function removeVariant(
  deps: AdminDeps,
  command: Command<VariantPlace>,
): Promise<{ id: string; version: number }> {
  const { variantId } = command
  const version = await change(deps, command, (_product, known) => {
    const before = known.find(({ id }) => id === variantId)
    if (!before) throw generalProblem('not_found')
    return [{ at: 'body', before, after: { ...before, isActive: false }, offers: [], faults: [] }]
  })
  return { id: variantId, version }
}

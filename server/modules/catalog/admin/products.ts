import type { AdminProduct, NewProduct, ProductEdit } from '#contracts/catalog/admin-schemas.ts'
import { productChanged } from '#contracts/catalog/events.ts'
import { catalogProblem } from '#contracts/catalog/problems.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { only, statement, type Tx } from '../../../platform/db/statement.ts'
import { diffOf } from '../../../platform/diff.ts'
import { expectVersion } from '../../../platform/http/etag.ts'
import { shardFor } from '../../../platform/ids.ts'
import { checkAttributes } from '../attribute-schema.ts'
import { queueFetches } from '../fetches-repository.ts'
import { isAddress, lookUpImages, readImages, type StoredImage } from '../images.ts'
import type { AttributeEntry } from '../model.ts'
import { productSlug } from '../slug.ts'
import { recordChanges } from './changes.ts'
import { type AdminDeps, type Command, categoryOf, keyOf, refuseFaults } from './deps.ts'
import { offerFaults } from './offers.ts'
import {
  claimRef,
  claimSlug,
  findBareProducts,
  giveUpSlug,
  insertProduct,
  lockProduct,
  type ProductRow,
  readAdminProduct,
  updateProduct,
} from './products-repository.ts'
import {
  gtinFaults,
  optionNames,
  planVariants,
  refuseDuplicates,
  variantChanges,
  writeVariants,
} from './variants.ts'
import { toAdminProduct } from './view.ts'

const findSeller = statement<{ id: string }>(
  'catalog.find_seller',
  'select id from catalog.sellers where id = $1',
)

const UNSELLABLE = {
  path: 'body.status',
  message: 'is not active before the product has a variant',
}

/** @throws validation_failed if a product that is to be published has no variant to sell */
export async function refuseUnsellable(
  tx: Tx,
  products: readonly (readonly [shard: number, id: string])[],
): Promise<void> {
  const columns = [products.map(([shard]) => shard), products.map(([, id]) => id)]
  const bare = await findBareProducts(tx, columns)
  refuseFaults(bare.map(({ id }) => ({ ...UNSELLABLE, message: `${UNSELLABLE.message} (${id})` })))
}

/** Everything of a product that operators edit. */
type Content = Omit<ProductRow, 'version' | 'sellerId' | 'ref'>

export type ProductWritten = Readonly<{ id: string; slug: string; version: number }>

const MARK_LENGTHS = [6, 16]

/** @throws not_found */
export async function getProduct({ db }: AdminDeps, productId: string): Promise<AdminProduct> {
  const [row] = await readAdminProduct(db, keyOf('prd', productId))
  if (!row) throw generalProblem('not_found')
  return toAdminProduct(row)
}

/**
 * Creates a product with its variants and their offers, in one transaction.
 * @throws validation_failed, catalog.duplicate, catalog.currency_not_sold
 */
export async function createProduct(
  deps: AdminDeps,
  { actor, product }: Command<{ product: NewProduct }>,
): Promise<ProductWritten> {
  const { db, outbox, ids, categories } = deps
  const category = await categoryOf(categories, product.categoryId, 'body.categoryId')
  const shard = shardFor(category.department)
  const id = ids.make('prd', shard)
  const ref = product.ref ?? id
  const wanted = product.variants ?? []
  const images = await lookUpImages(deps.media, [
    ...(product.images ?? []),
    ...wanted.flatMap((variant) => variant.images ?? []),
  ])
  const own = images.read(product.images ?? [], 'body.images')
  const variants = planVariants(deps, shard, wanted, { known: [], images })
  const content = created(
    product,
    own.images,
    variants.map(({ after }) => after),
  )
  const [seller] = await findSeller(db, [product.sellerId])
  const offers = variants.flatMap((plan) => plan.offers)
  refuseFaults([
    ...(seller ? [] : [{ path: 'body.sellerId', message: `is no seller: ${product.sellerId}` }]),
    ...checkAttributes(category.attributeSchema, content.attributes, 'body.attributes'),
    ...gtinFaults(variants),
    ...own.faults,
    ...variants.flatMap(({ faults }) => faults),
    ...(content.status === 'active' && variants.length === 0 ? [UNSELLABLE] : []),
    ...(await offerFaults(deps, offers)),
  ])
  refuseDuplicates(variants, [])
  const pictures = [...content.images, ...variants.flatMap(({ after }) => after.images)]
  const slug = await db.tx(async (tx) => {
    const [mine] = await claimRef(tx, [ref, shard, id])
    if (!mine) throw duplicate('body.ref', 'is the ref of another product')
    const slug = await takeSlug(tx, [shard, id], product.slug, { name: product.name, ref })
    await insertProduct(tx, [shard, id, slug, ...cellsOf(content), ref, product.sellerId])
    await writeVariants(tx, [shard, id], variants)
    if (pictures.some(isAddress)) await queueFetches(tx, [[shard], [id]])
    const diff = diffOf({}, { ...content, slug, ref, sellerId: product.sellerId })
    await recordChanges(tx, ids, actor, [
      { action: 'created', entity: 'product', entityId: id, subjectId: id, diff },
      ...variantChanges(id, variants),
    ])
    const payload = { productId: id, version: 1 }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: id, payload }])
    return slug
  })
  outbox.appended.strike()
  return { id, slug, version: 1 }
}

function created(
  product: NewProduct,
  images: readonly StoredImage[],
  variants: readonly Readonly<{ options: Readonly<Record<string, string>> }>[],
): Omit<Content, 'slug'> {
  return {
    name: product.name,
    description: product.description ?? null,
    categoryId: product.categoryId,
    brand: product.brand ?? null,
    attributes: toEntries(product.attributes ?? {}),
    images,
    options: optionNames(product.options ?? [], variants),
    taxClass: product.taxClass ?? 'standard',
    releasedOn: product.releasedOn ?? null,
    isFeatured: product.isFeatured ?? false,
    status: product.status ?? 'draft',
  }
}

function toEntries(
  attributes: Readonly<Record<string, AttributeEntry['value']>>,
): AttributeEntry[] {
  return Object.entries(attributes).map(([name, value]) => ({ name, value }))
}

/**
 * Edits a product; what the edit leaves out stays, and the same again changes nothing. A new name
 * makes a new slug, unless the edit names one; past slugs go on leading here.
 * @throws not_found, precondition_failed, validation_failed, catalog.duplicate
 */
export async function editProduct(
  deps: AdminDeps,
  command: Command<{ productId: string; edit: ProductEdit }>,
): Promise<ProductWritten> {
  const { db, outbox, ids, categories } = deps
  const { actor, expectedVersion, productId, edit } = command
  const key = keyOf('prd', productId)
  if (edit.categoryId !== undefined)
    await categoryOf(categories, edit.categoryId, 'body.categoryId')
  // Read before the transaction, where nothing else is asked.
  const images = edit.images && (await readImages(deps.media, edit.images))
  const tree = await categories.byId()
  const written = await db.tx(async (tx): Promise<ProductWritten> => {
    const [before] = await lockProduct(tx, key)
    if (!before) throw generalProblem('not_found')
    expectVersion(expectedVersion, before.version)
    const after = edited(before, edit, images)
    if (edit.attributes || edit.categoryId || edit.status) {
      const rules = tree.get(after.categoryId)?.attributeSchema
      if (rules) refuseFaults(checkAttributes(rules, after.attributes, 'body.attributes'))
    }
    if (after.status === 'active' && before.status !== 'active') await refuseUnsellable(tx, [key])
    const renamed = after.name !== before.name || edit.slug !== undefined
    const slug = renamed
      ? await takeSlug(tx, key, edit.slug, { name: after.name, ref: before.ref })
      : before.slug
    const diff = diffOf(before, { ...after, slug })
    if (Object.keys(diff).length === 0) return { id: productId, slug, version: before.version }
    if (slug !== before.slug) await giveUpSlug(tx, [before.slug])
    const { version } = only(await updateProduct(tx, [...key, slug, ...cellsOf(after)]))
    if (images?.some(isAddress)) await queueFetches(tx, [[key[0]], [key[1]]])
    await recordChanges(tx, ids, actor, [
      { action: 'edited', entity: 'product', entityId: productId, subjectId: productId, diff },
    ])
    const payload = { productId, version }
    await outbox.append(tx, [{ spec: productChanged, aggregateId: productId, payload }])
    return { id: productId, slug, version }
  })
  outbox.appended.strike()
  return written
}

function edited(
  before: ProductRow,
  edit: ProductEdit,
  images: readonly StoredImage[] | undefined,
): Omit<Content, 'slug'> {
  return {
    name: edit.name ?? before.name,
    description: edit.description === undefined ? before.description : edit.description,
    categoryId: edit.categoryId ?? before.categoryId,
    brand: edit.brand === undefined ? before.brand : edit.brand,
    attributes: edit.attributes ? toEntries(edit.attributes) : before.attributes,
    images: images ?? before.images,
    options: edit.options ?? before.options,
    taxClass: edit.taxClass ?? before.taxClass,
    releasedOn: edit.releasedOn === undefined ? before.releasedOn : edit.releasedOn,
    isFeatured: edit.isFeatured ?? before.isFeatured,
    status: edit.status ?? before.status,
  }
}

function cellsOf(content: Omit<Content, 'slug'>): unknown[] {
  return [
    content.name,
    content.description,
    content.categoryId,
    content.brand,
    JSON.stringify(content.attributes),
    JSON.stringify(content.images),
    JSON.stringify(content.options),
    content.taxClass,
    content.releasedOn,
    content.isFeatured,
    content.status,
  ]
}

/** The slug that was asked for, or one made from the name. @throws catalog.duplicate */
async function takeSlug(
  tx: Tx,
  [shard, id]: readonly [number, string],
  wanted: string | undefined,
  { name, ref }: Readonly<{ name: string; ref: string }>,
): Promise<string> {
  const candidates =
    wanted === undefined ? MARK_LENGTHS.map((length) => productSlug(name, ref, length)) : [wanted]
  for (const slug of candidates) {
    const [mine] = await claimSlug(tx, [slug, shard, id])
    if (mine) return slug
  }
  throw duplicate('body.slug', 'is, or was, the slug of another product')
}

function duplicate(path: string, message: string) {
  return catalogProblem('catalog.duplicate', { errors: [{ path, message }] })
}

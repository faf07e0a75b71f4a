import type { AdminProductItem, ProductFilter } from '#contracts/catalog/admin-schemas.ts'
import { type Database, sqlState } from '../../../platform/db/database.ts'
import { statement } from '../../../platform/db/statement.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../../../platform/http/cursor.ts'
import { normalizeGtin } from '../gtin.ts'
import { type StoredImage, thumbnailOf } from '../images.ts'
import { refuseFaults } from './deps.ts'
import { present } from './view.ts'

/**
 * A page looks at no more rows than these, however few of them pass all filters: it ends early and
 * says where to go on. So every page takes bounded time, at any size of the catalogue.
 */
const LOOKED_AT = 2_000

type Row = Readonly<{
  id: string
  shard: number
  word: string
  matches: boolean
  place: number
  slug: string
  name: string
  brand: string | null
  categoryId: string
  sellerId: string
  status: AdminProductItem['status']
  image: StoredImage | null
  version: number
  updatedAt: string
}>

const BRANCH = `
  select b.id from catalog.categories c
  join catalog.categories b on b.path >= c.path and b.path < c.path || chr(1114111)
  where c.id = $2`

// $1 status, $2 category, $3 seller, $4 brand, $5 updated since; $6, $7 and $9 the place to go on
// from: shard, id, and the word that the list is ordered by before them; $8 items wanted.
const FILTERS = `($1::text is null or q.status = $1)
  and ($2::text is null or q.category_id in (${BRANCH}))
  and ($3::text is null or q.seller_id = $3)
  and ($4::text is null or q.brand = $4)
  and ($5::timestamptz is null or q.updated_at >= $5)`

/** A list whose rows `source` gives in order of `order`; the filters beyond it are looked at here. */
function listing(name: string, { source, order, word = `''` }: Source) {
  return statement<Row>(
    `catalog.list_products_${name}`,
    `select q.id, q.shard, q.word, q.matches, q.place, q.slug, q.name, q.brand,
            q.category_id as "categoryId", q.seller_id as "sellerId", q.status,
            q.images -> 0 as image, q.version, q.updated_at as "updatedAt"
     from (
       select q.*, ${word} as word, row_number() over (order by ${order}) as place,
              (${FILTERS}) as matches
       from (${source}) q
     ) q
     where q.matches or q.place = ${LOOKED_AT}
     order by ${order} limit $8`,
  )
}

type Source = Readonly<{ source: string; order: string; word?: string }>

const FROM_HERE = `(p.shard, p.id) > ($6::smallint, $7::text)`
const BY_ID = `order by p.shard, p.id limit ${LOOKED_AT}`
const ORDER = 'q.shard, q.id'
const CATEGORY_ORDER = 'q.category_id, q.shard, q.id'

const all = listing('all', {
  source: `select p.* from catalog.products p where ${FROM_HERE} ${BY_ID}`,
  order: ORDER,
})

const bySeller = listing('by_seller', {
  source: `select p.* from catalog.products p where p.seller_id = $3 and ${FROM_HERE} ${BY_ID}`,
  order: ORDER,
})

const byBrand = listing('by_brand', {
  source: `select p.* from catalog.products p where p.brand = $4 and ${FROM_HERE} ${BY_ID}`,
  order: ORDER,
})

const byUpdate = listing('by_update', {
  source: `select p.* from catalog.products p
     where p.updated_at >= $5
       and (p.updated_at, p.shard, p.id) > ($9::timestamptz, $6::smallint, $7::text)
     order by p.updated_at, p.shard, p.id limit ${LOOKED_AT}`,
  order: 'q.updated_at, q.shard, q.id',
  word: 'q.updated_at::text',
})

const CATEGORY_PLACE = `(p.category_id, p.shard, p.id) > ($9::text, $6::smallint, $7::text)
  order by p.category_id, p.shard, p.id limit ${LOOKED_AT}`

const inactive = listing('inactive', {
  source: `select p.* from catalog.products p
     where p.status = $1 and p.status <> 'active' and ${CATEGORY_PLACE}`,
  order: CATEGORY_ORDER,
  word: 'q.category_id',
})

// One part for each status, because each has an index of its own kind.
const inBranch = (status: string) => `(
  select p.* from catalog.products p
  where p.status = '${status}' and ($1::text is null or $1 = '${status}')
    and p.category_id = any (array(${BRANCH})) and ${CATEGORY_PLACE})`

const byCategory = listing('by_category', {
  source: `${['active', 'archived', 'draft'].map(inBranch).join(' union all ')}
     order by category_id, shard, id limit ${LOOKED_AT}`,
  order: CATEGORY_ORDER,
  word: 'q.category_id',
})

// $9 is the SKU.
const bySku = listing('by_sku', {
  source: `select p.* from (
       select v.shard, v.product_id from catalog.product_variants v where v.sku = $9::text
       union
       select s.shard, s.product_id from catalog.offer_skus s where s.sku = $9::text
     ) k cross join lateral (
       select p.* from catalog.products p where p.shard = k.shard and p.id = k.product_id offset 0
     ) p
     where ${FROM_HERE} ${BY_ID}`,
  order: ORDER,
})

// $9 is the GTIN.
const byGtin = listing('by_gtin', {
  source: `select p.* from (
       select distinct v.shard, v.product_id
       from catalog.product_variants v where v.gtin = $9::text
     ) k cross join lateral (
       select p.* from catalog.products p where p.shard = k.shard and p.id = k.product_id offset 0
     ) p
     where ${FROM_HERE} ${BY_ID}`,
  order: ORDER,
})

type Driver = Readonly<{
  list: typeof all
  /** The ninth value, where a page begins; none: the list has eight. */
  ninth?: string
  /** The cursor carries the ninth value. */
  ordered?: boolean
}>

/** The list that the given filters leave the fewest rows of. */
function driverOf(filter: ProductFilter): Driver {
  const { gtin, sku, brand, sellerId, categoryId, updatedSince, status } = filter
  if (gtin !== undefined) return { list: byGtin, ninth: normalizeGtin(gtin) ?? gtin }
  if (sku !== undefined) return { list: bySku, ninth: sku }
  if (updatedSince !== undefined) return { list: byUpdate, ninth: updatedSince, ordered: true }
  if (brand !== undefined) return { list: byBrand }
  if (sellerId !== undefined) return { list: bySeller }
  if (categoryId !== undefined) return { list: byCategory, ninth: '', ordered: true }
  if (status === 'draft' || status === 'archived')
    return { list: inactive, ninth: '', ordered: true }
  return { list: all }
}

type Asked = ProductFilter & Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

const PAGE = 50

/**
 * A page of the products that pass all filters. It may be short, even empty, while there are more.
 * @throws validation_failed on a cursor of another list, or a SKU beside a GTIN.
 */
export async function listProducts(
  db: Database,
  { cursor, limit = PAGE, ...filter }: Asked,
): Promise<{ items: AdminProductItem[]; nextCursor: string | null }> {
  if (filter.sku !== undefined && filter.gtin !== undefined)
    refuseFaults([{ path: 'query.sku', message: 'is asked for without a GTIN' }])
  const { list, ninth, ordered } = driverOf(filter)
  const [shard, id, word] = cursor
    ? decodeCursor(cursor, ['number', 'string', 'string'])
    : [-1, '', ninth ?? '']
  const values = [
    filter.status ?? null,
    filter.categoryId ?? null,
    filter.sellerId ?? null,
    filter.brand ?? null,
    filter.updatedSince ?? null,
    shard,
    id,
    limit,
    ...(ninth === undefined ? [] : [ordered ? word : ninth]),
  ]
  const rows = await list(db, values).catch((error: unknown) => {
    // A cursor that was made up can hold what the columns cannot.
    if (cursor && sqlState(error)?.startsWith('22')) throw refuseCursor()
    throw error
  })
  const last = rows.at(-1)
  const more = last && (rows.length === limit || last.place === LOOKED_AT)
  return {
    items: rows.filter(({ matches }) => matches).map(toItem),
    nextCursor: more ? encodeCursor([last.shard, last.id, last.word]) : null,
  }
}

function toItem({ id, slug, name, categoryId, sellerId, status, ...row }: Row): AdminProductItem {
  const { brand, version, updatedAt } = row
  const image = row.image && thumbnailOf([row.image])
  return {
    id,
    slug,
    name,
    categoryId,
    sellerId,
    status,
    version,
    updatedAt,
    ...present({ brand, image }),
  }
}

import type { AttributeSchema } from '#contracts/catalog/admin-schemas.ts'
import { statement } from '../../../platform/db/statement.ts'

export type CategoryRecord = Readonly<{
  id: string
  code: string
  name: string
  slug: string
  description: string | null
  parentId: string | null
  path: string
  level: number
  sortOrder: number
  isActive: boolean
  productCount: number
  attributeSchema: AttributeSchema | null
  version: number
}>

const COLUMNS = `id, code, name, slug, description, parent_id as "parentId", path, level,
  sort_order as "sortOrder", is_active as "isActive", product_count as "productCount",
  attribute_schema as "attributeSchema", version`

export const readCategory = statement<CategoryRecord>(
  'catalog.read_category',
  `select ${COLUMNS} from catalog.categories where id = $1`,
)

export const lockCategory = statement<CategoryRecord>(
  'catalog.lock_category',
  `select ${COLUMNS} from catalog.categories where id = $1 for update`,
)

const COUNTED = 10_000

const countOf = (status: string) => `(
  select count(*)::int from (
    select from catalog.products p
    where p.status = '${status}' and p.category_id = c.id limit ${COUNTED}
  ) p)`

export type CategoryItemRow = CategoryRecord &
  Readonly<{ childCount: number; draftCount: number; archivedCount: number }>

/** In the order of the tree: by path, after one. */
export const listCategoriesAfter = statement<CategoryItemRow>(
  'catalog.list_categories_after',
  `select ${COLUMNS},
     (select count(*)::int from catalog.categories b where b.parent_id = c.id) as "childCount",
     ${countOf('draft')} as "draftCount", ${countOf('archived')} as "archivedCount"
   from catalog.categories c
   where c.path > $1 and ($2::text is null or c.parent_id = $2)
     and ($3::boolean is null or c.is_active = $3)
   order by c.path limit $4`,
)

/** Who changes the shape of the tree waits for whoever does so already. */
export const lockTree = statement('catalog.lock_tree', 'select pg_advisory_xact_lock(7017101)')

/** None returned: code or slug is another category's, or the slug was. */
export const insertCategory = statement<{ id: string }>(
  'catalog.insert_category',
  `insert into catalog.categories
     (id, code, name, slug, description, parent_id, path, level, sort_order)
   select $1, $2, $3, $4, $5, $6, $7, $8::int, $9::int
   where not exists (select from catalog.categories o where $4 = any(o.past_slugs))
   on conflict do nothing returning id`,
)

/** None returned: the slug is, or was, another category's. One that is given up goes on leading here. */
export const updateCategory = statement<{ version: number }>(
  'catalog.update_category',
  `update catalog.categories c
   set name = $2, slug = $3, description = $4, sort_order = $5, is_active = $6,
       past_slugs = case when slug = $3 then past_slugs else array_remove(past_slugs, $3) || slug end,
       version = version + 1, updated_at = now()
   where id = $1
     and not exists (
       select from catalog.categories o where o.id <> $1 and (o.slug = $3 or $3 = any(o.past_slugs)))
   returning version`,
)

export const updateAttributeSchema = statement<{ version: number }>(
  'catalog.update_attribute_schema',
  `update catalog.categories
   set attribute_schema = $2, version = version + 1, updated_at = now()
   where id = $1 returning version`,
)

/** The whole branch in one statement: its root gets a parent, all paths and levels their place. */
export const moveBranch = statement<{ id: string; version: number }>(
  'catalog.move_branch',
  `update catalog.categories c
   set parent_id = case when c.id = $1 then $2 else c.parent_id end,
       path = $4 || substr(c.path, length($3) + 1),
       level = c.level + $5,
       version = c.version + 1, updated_at = now()
   where c.path >= $3 and c.path < $3 || chr(1114111)
   returning c.id, c.version`,
)

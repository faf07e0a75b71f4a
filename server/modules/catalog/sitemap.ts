import { listSitemap, listSitemapPart, SITEMAP_ADDRESSES } from '#contracts/catalog/sitemap.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Database } from '../../platform/db/database.ts'
import { only, statement } from '../../platform/db/statement.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { decodeCursor, encodeCursor, refuseCursor } from '../../platform/http/cursor.ts'
import type { JobHandler } from '../../platform/module.ts'

type Part = Readonly<{ part: number; shard: number; id: string; lastModified: string }>
type Entry = Readonly<{ shard: number; id: string; slug: string; lastModified: string }>
type Place = readonly [shard: number, id: string]

/** A part has room for products that come between two plans. */
const PLANNED = SITEMAP_ADDRESSES - 5_000
const PAGE = 5_000
const START: Place = [-1, '']

// Each step is a range of the primary key.
const measurePart = statement<{ lastModified: string | null; shard: number; id: string }>(
  'catalog.measure_sitemap_part',
  `with part as materialized (
     select shard, id, updated_at from catalog.products
     where (shard, id) > ($1::smallint, $2::text) and status = 'active'
     order by shard, id limit $3
   )
   select max(updated_at) as "lastModified",
          (array_agg(shard order by shard desc, id desc))[1] as shard,
          (array_agg(id order by shard desc, id desc))[1] as id
   from part`,
)
const deletePartsFrom = statement(
  'catalog.delete_sitemap_parts_from',
  'delete from catalog.sitemap_parts where part >= $1',
)
// In order: of two who plan at once the second waits, and puts its plan over the first one's.
const putParts = statement(
  'catalog.put_sitemap_parts',
  `insert into catalog.sitemap_parts (part, after_shard, after_id, last_modified)
   select * from unnest($1::int[], $2::smallint[], $3::text[], $4::timestamptz[]) order by 1
   on conflict (part) do update set after_shard = excluded.after_shard,
     after_id = excluded.after_id, last_modified = excluded.last_modified`,
)
const listParts = statement<Part>(
  'catalog.list_sitemap_parts',
  `select part, after_shard as shard, after_id as id, last_modified as "lastModified"
   from catalog.sitemap_parts order by part`,
)
const listEntries = statement<Entry>(
  'catalog.list_sitemap_entries',
  `select shard, id, slug, updated_at as "lastModified" from catalog.products
   where (shard, id) > ($1::smallint, $2::text) and (shard, id) <= ($3::smallint, $4::text)
     and status = 'active'
   order by shard, id limit $5`,
)

/** Past every product. */
const END: Place = [32_767, '~']

/** Divides all active products, in order of their keys, into parts of nearly a sitemap each. */
export async function planSitemap(db: Database, planned = PLANNED): Promise<readonly Part[]> {
  const parts: Part[] = []
  for (let place: Place = START; ; ) {
    const { lastModified, shard, id } = only(await measurePart(db, [...place, planned]))
    if (lastModified === null) break
    parts.push({ part: parts.length + 1, shard: place[0], id: place[1], lastModified })
    place = [shard, id]
  }
  await db.tx(async (tx) => {
    const column = <Key extends keyof Part>(key: Key) => parts.map((part) => part[key])
    await putParts(tx, [column('part'), column('shard'), column('id'), column('lastModified')])
    await deletePartsFrom(tx, [parts.length + 1])
  })
  return parts
}

export function createSitemapJob(db: Database): JobHandler {
  return {
    name: 'catalog.plan_sitemap',
    cron: '35 * * * *',
    async run() {
      await planSitemap(db)
    },
  }
}

export function createSitemapRoutes(db: Database): Binding[] {
  let planning: Promise<readonly Part[]> | undefined

  /** Planned at once where no plan was made yet. */
  async function parts(): Promise<readonly Part[]> {
    const known = await listParts(db)
    if (known.length > 0) return known
    planning ??= planSitemap(db).finally(() => {
      planning = undefined
    })
    return planning
  }

  return [
    bind(listSitemap, async () => ({
      status: 200,
      body: {
        items: (await parts()).map(({ part, lastModified }) => ({ part, lastModified })),
        nextCursor: null,
      },
    })),
    bind(listSitemapPart, async ({ params, query }) => {
      const all = await parts()
      const at = all.findIndex(({ part }) => part === Number(params.part))
      const part = all[at]
      if (!part) throw generalProblem('not_found')
      const after = query.cursor === undefined ? [part.shard, part.id] : placeOf(query.cursor)
      const next = all[at + 1]
      const end = next ? [next.shard, next.id] : END
      const rows = await listEntries(db, [...after, ...end, PAGE])
      const last = rows.at(-1)
      return {
        status: 200,
        body: {
          items: rows.map(({ slug, lastModified }) => ({ slug, lastModified })),
          nextCursor: last && rows.length === PAGE ? encodeCursor([last.shard, last.id]) : null,
        },
      }
    }),
  ]
}

/** @throws validation_failed */
function placeOf(cursor: string): (string | number)[] {
  const place = decodeCursor(cursor, ['number', 'string'])
  const [shard] = place
  if (!Number.isInteger(shard) || Number(shard) < -1 || Number(shard) > END[0]) throw refuseCursor()
  return place
}

import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import type { JobHandler } from '../../platform/module.ts'
import type { MediaApi } from '../media/index.ts'

type Row = Readonly<{ shard: number; id: string; keys: readonly string[] }>

const PAGE = 1_000

/** Own pictures of rows after a place; those elsewhere have no key. */
const KEYS = `array(
    select i ->> 'key' from jsonb_array_elements(t.images) i where i ? 'key'
  ) as keys`

const listProductPictures = statement<Row>(
  'catalog.list_product_pictures',
  `select t.shard, t.id, ${KEYS} from catalog.products t
   where (t.shard, t.id) > ($1::smallint, $2) order by t.shard, t.id limit ${PAGE}`,
)

const listVariantPictures = statement<Row>(
  'catalog.list_variant_pictures',
  `select t.shard, t.id, ${KEYS} from catalog.product_variants t
   where (t.shard, t.id) > ($1::smallint, $2) order by t.shard, t.id limit ${PAGE}`,
)

/**
 * Removes pictures that nobody wants. Now and then, before that, all that products and variants
 * show are renewed; a product that takes up a picture meanwhile renews it by itself.
 */
export function createPictureSweep({
  db,
  media,
}: Readonly<{ db: Database; media: MediaApi }>): JobHandler {
  return {
    name: 'catalog.sweep_pictures',
    cron: '35 3 * * *',
    async run(_payload, { signal }) {
      if (await media.hasUnseen()) {
        for (const list of [listProductPictures, listVariantPictures]) {
          let last: Row | undefined
          do {
            if (signal.aborted) return
            const rows: readonly Row[] = await list(db, [last?.shard ?? -1, last?.id ?? ''])
            await media.renew({ keys: [...new Set(rows.flatMap(({ keys }) => keys))] })
            last = rows.at(-1)
          } while (last)
        }
      }
      await media.removeUnused({ signal })
    },
  }
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonl, productRow, testCatalog } from '../../../tests/support/catalog.ts'
import { shardOf } from '../../platform/ids.ts'
import { listForExport } from './flows/export-rows.ts'
import {
  listProductsAfter,
  readOffers,
  readOffersOfVariants,
  readProducts,
  readProductsBySlug,
} from './repository.ts'

const { catalog, platform } = await testCatalog()
const { db } = platform
const rows = Array.from({ length: 2_000 }, (_, n) => productRow(`p${n}`))
await catalog.importer.importProducts({ ...jsonl(rows), format: 'jsonl', key: 'all' })
const { rows: some } = await db.query({
  text: 'select p.slug, o.* from catalog.offers o join catalog.products p on p.id = o.product_id limit 3',
})
const column = (name: string) => some.map((row) => row[name])
const keyed = (name: string) => [column(name).map(shardOf), column(name)]

type Plan = { 'Node Type': string; 'Relation Name'?: string; 'Index Name'?: string; Plans?: Plan[] }

/** The plan as a long-lived connection has it: made once, while the tables were said to be empty. */
async function explain(text: string, values: readonly unknown[]): Promise<Plan[]> {
  return db.tx(async (tx) => {
    await tx.query({ text: 'set local plan_cache_mode = force_generic_plan' })
    await tx.query({ text: `prepare probe as ${text}` })
    const list = values.map((value) =>
      Array.isArray(value) ? `'{${value.join(',')}}'` : `'${value}'`,
    )
    const found = await tx.query({
      text: `explain (format json) execute probe (${list.join(',')})`,
    })
    await tx.query({ text: 'deallocate probe' })
    return flatten(found.rows[0]['QUERY PLAN'][0].Plan)
  })
}

function flatten(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flatten)]
}

const BIG = [
  'products',
  'product_variants',
  'offers',
  'offer_stock',
  'product_slugs',
  'product_refs',
]

const READS = [
  [readProducts, keyed('product_id')],
  [readProductsBySlug, [column('slug')]],
  [listProductsAfter, [0, '', 10]],
  [listForExport, ['', 10, 'sel_x']],
  [readOffers, keyed('id')],
  [readOffersOfVariants, keyed('variant_id')],
] as const

for (const [statement, values] of READS) {
  for (const analyzed of [false, true]) {
    test(`${statement.statementName} looks up by index, statistics ${analyzed}`, async () => {
      if (analyzed) await db.query({ text: 'analyze' })
      const plan = await explain(statement.text, values)
      const onBig = plan.filter((node) => BIG.includes(node['Relation Name'] ?? ''))
      assert.ok(onBig.length > 0)
      for (const node of onBig) {
        assert.match(node['Node Type'], /Index|Bitmap Heap Scan/, JSON.stringify(node))
      }
    })
  }
}

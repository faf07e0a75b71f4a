import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { declaredStatements } from '../../server/platform/db/statement.ts'
import { testPlatform } from '../support/platform.ts'
import { ROOT, sourceFiles } from './boundaries.ts'

/** Tables that grow with the shop: no statement may scan one from end to end. */
const BIG = [
  'products',
  'product_variants',
  'offers',
  'offer_stock',
  'price_history',
  'stock_levels',
  'movements',
  'reservations',
  'reservation_lines',
  'transfers',
  'transfer_lines',
  'carts',
  'cart_lines',
  'wishlists',
  'wishlist_items',
  'customer_wishlists',
  'orders',
  'order_lines',
  'seller_orders',
  'order_events',
  'checkouts',
  'quotes',
  'payment_attempts',
  'payment_events',
  'journals',
  'shipments',
  'events',
  'queries',
  'query_events',
  'inbox',
  'idempotency_keys',
  'files',
  'sources',
  'image_fetches',
  'counters',
  'spendings',
  'marks',
  'screenings',
  'purchase_counts',
  'purchase_claims',
]

/** Audits and exports read everything on purpose; they are not on any shopper's path. */
const READS_ALL = /\.(audit|export|sweep|count)_|_(audit|export)$/

const platform = await testPlatform()

before(async () => {
  const files = sourceFiles().filter(
    ({ path, text }) =>
      /^server\//.test(path) &&
      !/\.(test|suite)\.ts$|worker\.ts$/.test(path) &&
      /\bstatement[<(]/.test(text),
  )
  for (const { path } of files) await import(join(ROOT, path))
})

test('PostgreSQL accepts every declared statement against the migrated schema', async () => {
  assert.ok(
    declaredStatements().size > 50,
    `only ${declaredStatements().size} statements were found`,
  )
  const client = await platform.db.connect()
  const refused: string[] = []
  try {
    for (const [name, text] of declaredStatements()) {
      if (text.includes('graphile_worker')) continue
      await client.query(`prepare checked as ${text}`).then(
        () => client.query('deallocate checked'),
        (error: Error) => refused.push(`${name}: ${error.message}`),
      )
    }
  } finally {
    client.release()
  }
  assert.deepEqual(refused, [])
})

async function scans(text: string): Promise<string[]> {
  const { rows } = await platform.db.query({ text: `explain (generic_plan, format json) ${text}` })
  const found: string[] = []
  const walk = (node: Record<string, unknown>) => {
    if (node['Node Type'] === 'Seq Scan')
      found.push(String(node['Relation Name']).replace(/_(p|y)?\d.*$|_default$/, ''))
    for (const child of (node['Plans'] as Record<string, unknown>[] | undefined) ?? []) walk(child)
  }
  walk((rows[0] as { 'QUERY PLAN': [{ Plan: Record<string, unknown> }] })['QUERY PLAN'][0].Plan)
  return found
}

test('no statement has to scan a big table (connections forbid it where an index serves)', async () => {
  const offenders: string[] = []
  for (const [name, text] of declaredStatements()) {
    if (
      READS_ALL.test(name) ||
      text.includes('graphile_worker') ||
      !/^\s*(select|with|update|delete|insert)/i.test(text)
    )
      continue
    const tables = await scans(text).catch((error: Error) => [`(${error.message})`])
    for (const table of tables.filter((one) => BIG.includes(one)))
      offenders.push(`${name} scans ${table}`)
  }
  assert.deepEqual(offenders, [])
})

test('the rule finds a scan when there is one', async () => {
  await platform.db.query({ text: 'create table public.heap (a int)' })
  assert.deepEqual(await scans('select a from public.heap where a = $1'), ['heap'])
})

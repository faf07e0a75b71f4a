import type { Database } from '../../server/platform/db/database.ts'
import type { Watch } from './watch.ts'

type Node = Readonly<{
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  Plans?: readonly Node[]
}>

const BIG_ROWS = 10_000

/** Tables of the catalogue and the stock that are too big to be read through. */
async function bigTables(db: Database): Promise<ReadonlySet<string>> {
  const { rows } = await db.query({
    text: `select relname from pg_class join pg_namespace n on n.oid = relnamespace
           where nspname in ('catalog', 'inventory') and relkind in ('r', 'p') and reltuples > $1`,
    values: [BIG_ROWS],
  })
  return new Set(rows.map(({ relname }) => relname as string))
}

/**
 * Runs each statement that the measurements made once more, under EXPLAIN ANALYZE with the values it
 * last had, and prints how it reached the big tables.
 * @returns the names of statements that read a big table through.
 */
export async function printPlans(db: Database, watch: Watch): Promise<string[]> {
  const big = await bigTables(db)
  const scanning: string[] = []
  process.stdout.write(
    '\nHow each statement reached the big tables (EXPLAIN ANALYZE, last values):\n\n',
  )
  for (const [name, { text, values }] of [...watch.seen()].toSorted()) {
    if (!/^\s*(select|with)/i.test(text)) continue
    const { rows } = await db.query({
      text: `explain (analyze, buffers, format json) ${text}`,
      ...(values ? { values } : {}),
    })
    const [plan] = rows[0]['QUERY PLAN'] as [{ Plan: Node; 'Execution Time': number }]
    const nodes = flatten(plan.Plan).filter((node) => big.has(node['Relation Name'] ?? ''))
    if (nodes.length === 0) continue
    if (nodes.some((node) => node['Node Type'] === 'Seq Scan')) scanning.push(name)
    process.stdout.write(`${name}: ${plan['Execution Time'].toFixed(2)} ms\n`)
    for (const node of nodes) process.stdout.write(`    ${describe(node)}\n`)
  }
  return scanning
}

function describe(node: Node): string {
  const by = node['Index Name'] ? ` by ${node['Index Name']}` : ''
  const rows = Math.round(node['Actual Rows'] * node['Actual Loops'])
  return `${node['Node Type']} on ${node['Relation Name']}${by}, ${rows} rows`
}

function flatten(plan: Node): Node[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flatten)]
}

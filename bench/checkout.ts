/**
 * Whole checkouts/s: a quoted cart of two lines in, a confirmed and durable order out, paid at a provider that answers
 * at once; against pgbench's TPC-B on the same server, by turns. Modules are called in the process: HTTP is not in it,
 * nor is the provider's own time. Then a rush: 10,000 buyers for 100 units. Void unless the audits find nothing.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemChance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { openDatabase } from '../server/platform/db/database.ts'
import {
  destroyEmbeddedPostgres,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/platform/embedded-postgres/index.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { type Cost, costliest, forgetStatements, readCost, startCounting } from './checkout/cost.ts'
import { addPastOrders } from './checkout/past.ts'
import {
  breachesOf,
  drainOutbox,
  inParallel,
  openShop,
  type Pick,
  prepare,
  quote,
  type Shop,
} from './checkout/shop.ts'
import { type Figure, median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    orders: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    /** Of each run of TPC-B; 0 leaves it out, and with it the ratios. */
    seconds: { type: 'string', default: '5' },
    buyers: { type: 'string', default: '256,64' },
    offers: { type: 'string', default: '10000' },
    /** Buyers of the rush; 0 leaves it out. */
    rush: { type: 'string', default: '10000' },
    /** Orders that are in the tables before the last runs, such as 5000000. */
    past: { type: 'string', default: '0' },
    /** Prints so many of the costliest statements after each kind of run. */
    statements: { type: 'string', default: '0' },
  },
})
const offers = Number(flags.offers)
const count = Number(flags.orders)
const rounds = Number(flags.rounds)
const POOL = 16
const MAX_CONNECTIONS = 400
const TPCB_SCALE = 50
const RUSH_UNITS = 100
/** Bought by one of two lines of every cart of the hot runs; and by the rush alone. */
const HOT = 0
const SCARCE = offers - 1
/** Runs between the first one on large tables and those that are measured. */
const WARMING = 5

type Run = Readonly<{ rate: number; p50: number; p99: number; cost?: Cost }>
type Bench = Readonly<{ shop: Shop; postgres: EmbeddedPostgres }>

const anyOffer = () => 1 + Math.floor(systemChance.float() * (SCARCE - 1))
const other = (n: number) => 1 + (n % (SCARCE - 1))
const SPREAD: Pick = () => {
  const first = anyOffer()
  return [first, other(first)]
}
const ONE_HOT: Pick = () => [HOT, anyOffer()]

function between(before: Cost, after: Cost): Cost {
  const perOrder = (pick: (cost: Cost) => number) => (pick(after) - pick(before)) / count
  return {
    nodeUs: perOrder((cost) => cost.nodeUs),
    postgresUs: perOrder((cost) => cost.postgresUs),
    statements: perOrder((cost) => cost.statements),
    commits: perOrder((cost) => cost.commits),
  }
}

async function checkouts({ shop, postgres }: Bench, buyers: number, pick: Pick): Promise<Run> {
  const waiting = await inParallel(count, 32, () => quote(shop, pick))
  await drainOutbox(shop)
  await forgetStatements(shop.db)
  const before = await readCost(shop.db, postgres.pid())
  const times: number[] = []
  const began = clock.monotonicMs()
  await inParallel(count, buyers, async (n) => {
    const asked = clock.monotonicMs()
    const { order } = await shop.orders.api.place(waiting[n] as (typeof waiting)[number])
    if (order.status !== 'confirmed') throw new Error(`The figures are void: ${order.status}`)
    times.push(clock.monotonicMs() - asked)
  })
  const rate = (count * 1_000) / (clock.monotonicMs() - began)
  await shop.orders.stop?.()
  const cost = between(before, await readCost(shop.db, postgres.pid()))
  return { rate, p50: percentile(times, 0.5), p99: percentile(times, 0.99), cost }
}

function pgbench(url: string, args: readonly string[]): string {
  return execFileSync('pgbench', [...args, url], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function tpcb(url: string, clients: number): Run {
  const load = ['-n', '-M', 'prepared', '-j', '1', '-T', flags.seconds, '-c', String(clients)]
  const text = pgbench(url, load)
  const rate = Number(/tps = ([\d.]+)/.exec(text)?.[1])
  const mean = Number(/latency average = ([\d.]+)/.exec(text)?.[1])
  return { rate, p50: mean, p99: Number.NaN }
}

/** Everybody at once for one scarce offer: exactly its units are sold. */
async function rush({ shop }: Bench): Promise<Figure> {
  const buyers = Number(flags.rush)
  const levels = [{ offerId: `off_${SCARCE}`, warehouseCode: 'main', quantity: RUSH_UNITS }]
  await shop.inventory.api.importLevels({ key: 'rush', levels })
  const waiting = await inParallel(buyers, 32, () => quote(shop, () => [SCARCE]))
  await drainOutbox(shop)
  const began = clock.monotonicMs()
  const answers = await Promise.allSettled(waiting.map((input) => shop.orders.api.place(input)))
  const seconds = (clock.monotonicMs() - began) / 1_000
  const sold = answers.filter(({ status }) => status === 'fulfilled').length
  if (sold !== RUSH_UNITS) throw new Error(`The figures are void: ${sold} of ${RUSH_UNITS} sold`)
  const note = `${sold} sold, ${buyers - sold} refused`
  return { name: `${buyers} buyers for ${RUSH_UNITS} units`, value: seconds, unit: 's', note }
}

async function byTurns(bench: Bench, buyers: number, tpcbUrl: string): Promise<Figure[]> {
  const runs: Record<string, Run[]> = { tpcb: [], spread: [], 'one hot item': [] }
  for (let round = 0; round < rounds; round += 1) {
    if (Number(flags.seconds) > 0) runs['tpcb']?.push(tpcb(tpcbUrl, buyers))
    runs['spread']?.push(await checkouts(bench, buyers, SPREAD))
    await printStatements(bench)
    runs['one hot item']?.push(await checkouts(bench, buyers, ONE_HOT))
  }
  return figuresOf(runs, buyers)
}

async function printStatements({ shop }: Bench): Promise<void> {
  for (const { text, calls, ms, rows } of await costliest(shop.db, Number(flags.statements))) {
    const perOrder = `${((ms * 1_000) / count).toFixed(1)} µs`.padStart(10)
    const each = (calls / count).toFixed(3).padStart(7)
    process.stdout.write(`${perOrder} ${each} calls ${String(rows).padStart(7)} rows  ${text}\n`)
  }
}

async function measure(bench: Bench): Promise<Figure[]> {
  const { shop, postgres } = bench
  const { db } = shop
  await prepare(shop)
  await startCounting(db)
  const tpcbUrl = Object.assign(new URL(postgres.url), { pathname: '/tpcb' }).href
  if (Number(flags.seconds) > 0) {
    await db.query({ text: 'create database tpcb' })
    pgbench(tpcbUrl, ['-i', '-q', '-s', String(TPCB_SCALE)])
  }
  await checkouts(bench, 64, SPREAD)
  await db.query({ text: 'analyze' })
  const figures: Figure[] = []
  const widths = flags.buyers.split(',').map(Number)
  for (const buyers of widths) figures.push(...(await byTurns(bench, buyers, tpcbUrl)))
  if (Number(flags.rush) > 0) figures.push(await rush(bench))
  const breaches = await breachesOf(shop)
  if (breaches.length > 0) throw new Error(`The figures are void: ${breaches.join('; ')}`)
  if (Number(flags.past) > 0) figures.push(...(await withPast(bench, widths)))
  return figures
}

/**
 * The same with many past orders in the tables, which are copies: nothing is audited after it. What comes
 * first after so much was written pays for it: each page that it touches is read, and goes into the log whole.
 */
async function withPast(bench: Bench, widths: readonly number[]): Promise<Figure[]> {
  const all = await addPastOrders(bench.shop.db, Number(flags.past))
  const name = `spread, ${all} past orders`
  const first = widths[0] as number
  const cold = await checkouts(bench, first, SPREAD)
  const figures = figuresOf({ [`${name}, the first ${count}`]: [cold] }, first)
  for (let warm = 0; warm < WARMING; warm += 1) await checkouts(bench, first, SPREAD)
  for (const buyers of widths) {
    const runs: Run[] = []
    for (let round = 0; round < rounds; round += 1)
      runs.push(await checkouts(bench, buyers, SPREAD))
    figures.push(...figuresOf({ [name]: runs }, buyers))
  }
  return figures
}

function figuresOf(runs: Readonly<Record<string, readonly Run[]>>, buyers: number): Figure[] {
  const base = runs['tpcb'] ?? []
  const kinds = Object.entries(runs).filter(([, own]) => own.length > 0)
  return kinds.map(([name, own]) => {
    const rates = own.map(({ rate }) => rate)
    const p50 = median(own.map((run) => run.p50)).toFixed(0)
    const p99 = median(own.map((run) => run.p99)).toFixed(0)
    const ratio = median(own.map(({ rate }, round) => rate / (base[round]?.rate ?? Number.NaN)))
    return {
      name: name === 'tpcb' ? `TPC-B, ${buyers} clients` : `checkouts, ${buyers} buyers, ${name}`,
      value: median(rates),
      unit: '/s',
      ...(base.length > 0 ? { ratio, ratioTo: 'TPC-B' } : {}),
      spread: [Math.min(...rates), Math.max(...rates)] as const,
      note: name === 'tpcb' ? `mean ${p50} ms` : `p50 ${p50} ms, p99 ${p99} ms; ${costNote(own)}`,
    }
  })
}

/** Each figure's median over the runs: processor time is what a busy machine changes least. */
function costNote(runs: readonly Run[]): string {
  const costs = runs.flatMap(({ cost }) => cost ?? [])
  const mid = (pick: (cost: Cost) => number) => median(costs.map(pick))
  const node = mid((cost) => cost.nodeUs).toFixed(0)
  const postgres = mid((cost) => cost.postgresUs).toFixed(0)
  const statements = mid((cost) => cost.statements).toFixed(2)
  const commits = mid((cost) => cost.commits).toFixed(2)
  return `an order: CPU ${node} + ${postgres} µs (Node + PostgreSQL), ${statements} statements, ${commits} commits`
}

const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-checkout-'))
const settings = { max_connections: String(MAX_CONNECTIONS) }
const postgres = await startEmbeddedPostgres({ dataFolder, log, settings })
const db = openDatabase({ url: postgres.url, log, poolSize: POOL, statementTimeoutMs: 600_000 })
try {
  report('checkout', await measure({ shop: openShop(db, offers), postgres }))
} finally {
  await db.close()
  await postgres.stop()
  await destroyEmbeddedPostgres(dataFolder)
}

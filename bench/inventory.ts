/**
 * Reservations/s on one hot stock row and on many, against the usual way (SELECT … FOR UPDATE in a
 * transaction a caller) on the same durable server, run by turns; and the speed of an import.
 * Void unless the audit finds nothing.
 */
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createInventory, type InventoryApi } from '../server/modules/inventory/index.ts'
import { migrationSources } from '../server/modules/migrations.ts'
import { systemChance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { type Database, openDatabase } from '../server/platform/db/database.ts'
import { migrate } from '../server/platform/db/migrate.ts'
import { statement } from '../server/platform/db/statement.ts'
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/platform/embedded-postgres/index.ts'
import { createOutbox } from '../server/platform/events/outbox.ts'
import { createIds } from '../server/platform/ids.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { type Figure, median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    callers: { type: 'string', default: '512' },
    offers: { type: 'string', default: '10000' },
    levels: { type: 'string', default: '100000' },
  },
})
const callers = Number(flags.callers)
const seconds = Number(flags.seconds)
const offers = Number(flags.offers)
const POOL = 16

const lockUsual = statement<{ available: number }>(
  'bench.lock_usual',
  'select quantity - reserved as available from bench_stock where id = $1 for update',
)
const updateUsual = statement(
  'bench.update_usual',
  'update bench_stock set reserved = reserved + 1 where id = $1',
)
const insertUsual = statement(
  'bench.insert_usual',
  'insert into bench_reservations (key, stock_id, quantity) values ($1, $2, 1)',
)

type Run = Readonly<{ rate: number; p50: number; p99: number }>

let calls = 0

/** Callers that ask again as soon as they are answered, for some seconds. */
async function load(work: (key: string) => Promise<unknown>): Promise<Run> {
  const end = clock.monotonicMs() + seconds * 1_000
  const began = clock.monotonicMs()
  const times: number[] = []
  await Promise.all(
    Array.from({ length: callers }, async () => {
      while (clock.monotonicMs() < end) {
        const asked = clock.monotonicMs()
        calls += 1
        await work(`bench-${String(calls).padStart(10, '0')}`)
        times.push(clock.monotonicMs() - asked)
      }
    }),
  )
  const rate = (times.length * 1_000) / (clock.monotonicMs() - began)
  return { rate, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}

function usual(db: Database) {
  return (key: string) =>
    db.tx(async (tx) => {
      const [row] = await lockUsual(tx, [1])
      if ((row?.available ?? 0) < 1) return
      await updateUsual(tx, [1])
      await insertUsual(tx, [key, 1])
    })
}

const offerName = (place: number) => `off_${String(place).padStart(6, '0')}`

function reserve(api: InventoryApi, pick: () => readonly string[]) {
  return (key: string) =>
    api.reserve({
      key,
      lines: pick().map((offerId) => ({ offerId, quantity: 1 })),
      destination: { country: 'DE', postalCode: '10115' },
      ttlSeconds: 600,
    })
}

async function measureImport(api: InventoryApi, key: string, quantity: number): Promise<number> {
  const count = Number(flags.levels)
  const levels = Array.from({ length: count }, (_, place) => ({
    offerId: `imp_${String(place).padStart(7, '0')}`,
    warehouseCode: 'main',
    quantity,
  }))
  const began = clock.monotonicMs()
  await api.importLevels({ key, levels })
  return (count * 1_000) / (clock.monotonicMs() - began)
}

async function prepare(db: Database, api: InventoryApi): Promise<void> {
  await migrate(db, migrationSources(), log)
  await db.query({
    text: `create table bench_stock (id int primary key, quantity int not null, reserved int not null,
             check (reserved <= quantity)) with (fillfactor = 60);
           create table bench_reservations (key text collate "C" primary key, stock_id int not null, quantity int not null);
           insert into bench_stock values (1, 1000000000, 0)`,
  })
  const place = { sellerId: null, country: 'DE', region: null, postalCode: '10115', city: 'Berlin' }
  const at = { latitude: 52.5, longitude: 13.4, timezone: 'Europe/Berlin' }
  await api.importWarehouses({ warehouses: [{ code: 'main', name: 'Main', ...place, ...at }] })
  const spread = Array.from({ length: offers }, (_, n) => offerName(n))
  await api.importLevels({
    key: 'bench',
    levels: ['hot', ...spread].map((offerId) => ({
      offerId,
      warehouseCode: 'main',
      quantity: 100_000_000,
    })),
  })
}

async function measure(db: Database): Promise<Figure[]> {
  const ids = createIds({ clock, chance: systemChance })
  const outbox = createOutbox({ db, ids, clock })
  const { api } = createInventory({ db, outbox, ids, clock, log })
  await prepare(db, api)
  const random = () => offerName(Math.floor(systemChance.float() * offers))
  const ways = {
    usual: usual(db),
    hot: reserve(api, () => ['hot']),
    spread: reserve(api, () => [random()]),
    'two lines': reserve(api, () => [random(), random()]),
    'two lines, then commit': async (key: string) => {
      await reserve(api, () => [random(), random()])(key)
      await api.commit({ key })
    },
  }
  const runs = new Map<string, Run[]>()
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const [name, work] of Object.entries(ways)) {
      runs.set(name, [...(runs.get(name) ?? []), await load(work)])
      // What the sequencer would move meanwhile is moved between the runs, not within.
      while ((await outbox.sequence()) > 0);
    }
  }
  const imports = [
    ['import, new levels', await measureImport(api, 'new', 5)],
    ['import, changed levels', await measureImport(api, 'changed', 6)],
    ['import, the same levels', await measureImport(api, 'same', 6)],
  ] as const
  const breaches = await api.audit()
  if (breaches.length > 0) throw new Error(`The figures are void: ${breaches.join('; ')}`)
  return [...figuresOf(runs), ...imports.map(([name, value]) => ({ name, value, unit: 'rows/s' }))]
}

function figuresOf(runs: ReadonlyMap<string, readonly Run[]>): Figure[] {
  const base = runs.get('usual') ?? []
  return [...runs].map(([name, own]) => {
    const rates = own.map((run) => run.rate)
    const ratios = own.map((run, round) => run.rate / (base[round]?.rate ?? Number.NaN))
    const note = `p50 ${median(own.map((run) => run.p50)).toFixed(1)} ms, p99 ${median(own.map((run) => run.p99)).toFixed(1)} ms`
    return {
      name: name === 'usual' ? `SELECT FOR UPDATE, hot row, pool of ${POOL}` : `reserve, ${name}`,
      value: median(rates),
      unit: '/s',
      ratio: median(ratios),
      ratioTo: 'SELECT FOR UPDATE',
      spread: [Math.min(...rates), Math.max(...rates)] as const,
      note,
    }
  })
}

const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-inventory-'))
const postgres = await startEmbeddedPostgres({ dataFolder, log })
const db = openDatabase({ url: postgres.url, log, poolSize: POOL })
try {
  report('inventory', await measure(db))
} finally {
  await db.close()
  await postgres.stop()
  await destroyEmbeddedPostgres(dataFolder)
}

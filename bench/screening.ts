/**
 * How long the screening of one order takes by itself: on a table of velocities as a shop of a million orders a day has
 * it, one order after the other, and with many at once, which share their statements. The budget is 5 ms at p99.
 */
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createFraud } from '../server/modules/fraud/index.ts'
import { migrationSources } from '../server/modules/migrations.ts'
import { systemChance as chance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { openDatabase } from '../server/platform/db/database.ts'
import { migrate } from '../server/platform/db/migrate.ts'
import {
  destroyEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../server/platform/embedded-postgres/index.ts'
import { createOutbox } from '../server/platform/events/outbox.ts'
import { createIds } from '../server/platform/ids.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { createVault } from '../server/platform/vault.ts'
import { ADDRESS } from '../tests/support/checkout-fakes.ts'
import { median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    counters: { type: 'string', default: '1000000' },
    screenings: { type: 'string', default: '2000' },
    buyers: { type: 'string', default: '64' },
  },
})
const counters = Number(flags.counters)
const screenings = Number(flags.screenings)
const buyers = Number(flags.buyers)

const dataFolder = mkdtempSync(join(realpathSync(tmpdir()), 'stoa-bench-screening-'))
const postgres = await startEmbeddedPostgres({ dataFolder, log })
const db = openDatabase({ url: postgres.url, log, poolSize: 8, statementTimeoutMs: 600_000 })
try {
  await migrate(db, migrationSources(), log)
  const ids = createIds({ clock, chance })
  const vault = createVault({ keys: [{ id: 'bench', key: chance.bytes(32) }], chance })
  const fraud = createFraud({
    db,
    ids,
    clock,
    vault,
    outbox: createOutbox({ db, ids, clock }),
  })
  await fraud.start?.()
  await db.query({
    text: `insert into fraud.counters (shard, subject, bucket_at, orders)
           select n % 4096, 'email:' || md5((n / 4)::text),
                  date_trunc('hour', now()) - make_interval(mins => 10 * (n % 144)), 1 + n % 3
           from generate_series(1, $1::int) as n on conflict do nothing`,
    values: [counters],
  })
  await db.query({ text: 'analyze fraud.counters' })

  let placed = 0
  const screen = async (): Promise<number> => {
    placed += 1
    const buyer = placed % 5_000
    const startedAt = clock.monotonicMs()
    await fraud.api.screen({
      orderId: ids.make('ord'),
      customerId: buyer % 2 === 0 ? `acc_${buyer}` : null,
      email: `buyer${buyer}@example.com`,
      total: { amount: 5_000 + buyer, currency: 'EUR' },
      shippingAddress: { ...ADDRESS, line1: `Street ${buyer}` },
      billingAddress: ADDRESS,
      remoteAddress: `203.0.${buyer % 250}.${buyer % 100}`,
      device: `device-${buyer}`,
    })
    return clock.monotonicMs() - startedAt
  }
  for (let warm = 0; warm < 200; warm += 1) await screen()
  const alone: number[] = []
  for (let n = 0; n < screenings; n += 1) alone.push(await screen())
  const together: number[] = []
  const usedBefore = process.cpuUsage()
  const shopper = async () => {
    while (together.length < screenings) together.push(await screen())
  }
  await Promise.all(Array.from({ length: buyers }, shopper))
  const used = process.cpuUsage(usedBefore)
  const ms = (name: string, value: number) => ({ name, value, unit: 'ms' })
  report('screening', [
    ms('one order alone, p50', median(alone)),
    ms('one order alone, p99', percentile(alone, 0.99)),
    ms(`${buyers} buyers at once, p50`, median(together)),
    ms(`${buyers} buyers at once, p99`, percentile(together, 0.99)),
    {
      name: 'processor time of Node an order, together',
      value: (used.user + used.system) / together.length,
      unit: 'µs',
      note: `${counters} counters before`,
    },
  ])
} finally {
  await db.close()
  await postgres.stop()
  await destroyEmbeddedPostgres(dataFolder)
}

/**
 * How fast events travel from the commit of their change to the commit of a consumer's effect, on
 * one PostgreSQL that waits for its disk, with writers, sequencer and consumers in one process.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { event } from '#contracts/kit/event.ts'
import { seededChance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import { openDatabase } from '../server/platform/db/database.ts'
import { migrate } from '../server/platform/db/migrate.ts'
import { startEmbeddedPostgres } from '../server/platform/embedded-postgres/index.ts'
import type { Consumer } from '../server/platform/events/consumer.ts'
import { createOutbox } from '../server/platform/events/outbox.ts'
import { createConsumerRunner } from '../server/platform/events/runner.ts'
import { runSequencer } from '../server/platform/events/sequencer.ts'
import { createStreamFeed } from '../server/platform/events/stream-feed.ts'
import { createIds } from '../server/platform/ids.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { type Figure, median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    writers: { type: 'string', default: '8' },
    batch: { type: 'string', default: '25' },
    consumers: { type: 'string', default: '3' },
    rate: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '8' },
  },
})
const EVENTS = Number(flags.events)
const BATCH = Number(flags.batch)
const CONSUMERS = Number(flags.consumers)

const noted = event({
  type: 'bench.record_changed.v1',
  aggregate: 'record',
  summary: 'A record has changed',
  payload: z.object({ n: z.int(), sku: z.string(), amount: z.int(), currency: z.string() }),
})

/** When event n was committed, and how long after that each consumer's effect was. */
const committedAt: number[] = []
let delays: number[] = []
let handled = 0

function effectOf(name: string): Consumer {
  let batch: number[] = []
  return {
    name: `bench.${name}`,
    events: [noted],
    async handle(tx, events) {
      batch = events.map(({ payload }) => (payload as { n: number }).n)
      await tx.query({
        name: 'bench.effect',
        text: 'insert into public.effects select $1, n from unnest($2::int[]) n',
        values: [name, batch],
      })
    },
    afterCommit() {
      const now = clock.monotonicMs()
      // The writer hears of its commit after the sequencer may have: then the delay is none.
      for (const n of batch) delays.push(Math.max(0, now - (committedAt[n] ?? now)))
      handled += batch.length
      batch = []
    },
  }
}

const folder = mkdtempSync(join(tmpdir(), 'stoa-bench-events-'))
const postgres = await startEmbeddedPostgres({ dataFolder: folder, log })
const db = openDatabase({ url: postgres.url, log, poolSize: 16 })
const ending = new AbortController()
try {
  const migrations = join(import.meta.dirname, '../server/platform/migrations')
  await migrate(db, [{ module: 'platform', folder: migrations }], log)
  await db.query({ text: 'create table public.effects (consumer text, n int)' })
  const outbox = createOutbox({ db, ids: createIds({ clock, chance: seededChance(1) }), clock })
  let written = 0

  async function append(count: number): Promise<void> {
    const first = written
    written += count
    const events = Array.from({ length: count }, (_, at) => ({
      spec: noted,
      aggregateId: `record-${(first + at) % 1_000}`,
      payload: { n: first + at, sku: `SKU-${first + at}`, amount: 1_999, currency: 'EUR' },
    }))
    await db.tx((tx) => outbox.append(tx, events))
    const now = clock.monotonicMs()
    for (let n = first; n < first + count; n += 1) committedAt[n] = now
    outbox.appended.strike()
  }

  async function appendAll(count: number): Promise<number> {
    const [start, end] = [clock.monotonicMs(), written + count]
    const write = async () => {
      while (written < end) await append(Math.min(BATCH, end - written))
    }
    await Promise.all(Array.from({ length: Number(flags.writers) }, write))
    return seconds(start)
  }

  const seconds = (start: number) => (clock.monotonicMs() - start) / 1_000
  const settled = async () => {
    while (handled < written * CONSUMERS) await clock.sleep(2)
  }

  // The floor: the same appends with nobody behind them. Then the pace of moving what waits.
  const appendSeconds = await appendAll(EVENTS)
  const moveStart = clock.monotonicMs()
  while ((await outbox.sequence()) > 0);
  const moveSeconds = seconds(moveStart)
  const deps = { db, outbox, source: 'main', clock, log }
  const runners = Array.from({ length: CONSUMERS }, (_, n) => {
    const consumer = effectOf(`consumer_${n}`)
    return createConsumerRunner(consumer, { ...deps, feed: createStreamFeed(consumer.name, deps) })
  })
  const drainStart = clock.monotonicMs()
  await Promise.all(runners.map((runner) => runner.drain()))
  const drainSeconds = seconds(drainStart)

  const loops = [
    runSequencer(deps, ending.signal),
    ...runners.map((runner) => runner.run(ending.signal)),
  ]
  const throughputs: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const start = clock.monotonicMs()
    await appendAll(EVENTS)
    await settled()
    throughputs.push(EVENTS / seconds(start))
  }

  async function delaysAt(rate: number, perCommit: number): Promise<Figure[]> {
    delays = []
    const [start, from] = [clock.monotonicMs(), written]
    const open = new Set<Promise<void>>()
    for (let sent = 0; seconds(start) < Number(flags.seconds); ) {
      for (const due = seconds(start) * rate; sent < due; sent += perCommit) {
        const one = append(perCommit).finally(() => open.delete(one))
        open.add(one)
      }
      await clock.sleep(1)
    }
    await Promise.all(open)
    const offered = (written - from) / seconds(start)
    await settled()
    const note = `${Math.round(offered)} events/s offered, ${perCommit} a commit`
    const point = (name: string, share: number) => ({
      name: `delay ${name} at ${rate}/s`,
      value: percentile(delays, share),
      unit: 'ms',
      note,
    })
    return [point('p50', 0.5), point('p99', 0.99)]
  }

  const calm = await delaysAt(Number(flags.rate) / 25, 1)
  const busy = await delaysAt(Number(flags.rate), BATCH)
  const full = await delaysAt(Number(flags.rate) * 2, BATCH)
  ending.abort()
  await Promise.all(loops)
  const throughput = median(throughputs)
  const floor = EVENTS / appendSeconds
  report('events', [
    { name: 'append alone', value: floor, unit: 'events/s', note: `${BATCH} a commit` },
    { name: 'sequencer alone', value: EVENTS / moveSeconds, unit: 'events/s' },
    {
      name: 'consumers alone',
      value: EVENTS / drainSeconds,
      unit: 'events/s',
      note: `${CONSUMERS} at once, each all events`,
    },
    {
      name: 'commit to effect',
      value: throughput,
      unit: 'events/s',
      ratio: throughput / floor,
      ratioTo: 'append alone',
      spread: [Math.min(...throughputs), Math.max(...throughputs)],
      note: `${CONSUMERS} consumers, ${CONSUMERS * EVENTS} effects a run`,
    },
    ...calm,
    ...busy,
    ...full,
  ])
} finally {
  ending.abort()
  await db.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

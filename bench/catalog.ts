/**
 * The hot product page (Fastify, executor and handler) of the demo catalogue against bare
 * node:http that sends the same bytes, by turns.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { systemChance as chance } from '../server/platform/chance.ts'
import { systemClock as clock } from '../server/platform/clock.ts'
import type { Database } from '../server/platform/db/database.ts'
import { GUEST } from '../server/platform/http/actor.ts'
import { createExecutor } from '../server/platform/http/execute.ts'
import { createHttpServer, serveBindings } from '../server/platform/http/server.ts'
import { createIdempotency } from '../server/platform/idempotency.ts'
import { silentLog as log } from '../server/platform/log.ts'
import { durableCatalog } from './support/durable-catalog.ts'
import type { HttpLoad, HttpLoadResult } from './support/http-load.ts'
import { type Figure, median, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    data: { type: 'string', default: join(import.meta.dirname, '../data') },
  },
})
const connections = Number(flags.connections)

type Catalog = Awaited<ReturnType<typeof durableCatalog>>['catalog']

async function load(port: number, path: string): Promise<HttpLoadResult> {
  const workerData: HttpLoad = { port, path, connections, ms: Number(flags.seconds) * 1_000 }
  const worker = new Worker(join(import.meta.dirname, 'support/http-load.ts'), { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function measurePage(db: Database, { api, routes }: Catalog): Promise<Figure[]> {
  const [some] = await api.listForIndex({ after: null, limit: 1 })
  const app = createHttpServer({ log, chance })
  const idempotency = createIdempotency({ db, clock })
  const authenticate = async () => GUEST
  serveBindings(
    app,
    routes,
    createExecutor({ idempotency, clock, log, authenticate, checkReplies: false }),
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  const path = `/api/v1/products/${some?.productId}`
  const reply = await app.inject(path)
  const headers = { 'content-type': 'application/json', 'content-length': reply.rawPayload.length }
  const bare = createServer((_request, response) => {
    response.writeHead(200, headers).end(reply.rawPayload)
  })
  await new Promise<void>((done) => bare.listen(0, '127.0.0.1', done))
  const ports = [app.server, bare].map((server) => (server.address() as AddressInfo).port)
  const runs: HttpLoadResult[][] = [[], []]
  for (let round = 0; round < Number(flags.rounds); round += 1) {
    for (const [place, port] of ports.entries()) runs[place]?.push(await load(port, path))
  }
  await app.close()
  bare.close()
  const rates = runs.map((of) => of.map(({ requests }) => requests / Number(flags.seconds)))
  const [page = [], raw = []] = rates
  const ratios = page.map((rate, round) => rate / (raw[round] as number))
  const latencies = runs[0]?.flatMap((run) => run.latenciesMs) ?? []
  return [
    {
      name: `hot product page, ${connections} connections`,
      value: median(page),
      unit: 'requests/s',
      ratio: median(ratios),
      ratioTo: 'bare node:http, same bytes',
      spread: [Math.min(...page), Math.max(...page)],
      note: `${reply.rawPayload.length} bytes`,
    },
    { name: 'hot product page, p99', value: percentile(latencies, 0.99), unit: 'ms' },
    { name: 'bare node:http', value: median(raw), unit: 'requests/s' },
  ]
}

const shop = await durableCatalog(flags.data)
try {
  await shop.catalog.importer.loadDemo({ folder: join(flags.data, 'demo') })
  report('catalog', await measurePage(shop.db, shop.catalog))
} finally {
  await shop.close()
}

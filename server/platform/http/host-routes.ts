import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client'
import type { Database } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import type { FastLane } from './fast-lane.ts'

/** Answered whatever the load, and never counted. */
const OPEN = { config: { open: true } } as const

export type Health = Readonly<{ setReady(): void; setStopping(): void }>

const ping = statement('platform.ping', 'select 1')
const lag = statement<{ consumer: string; lag: number }>(
  'platform.consumer_lag',
  `select c.consumer, (h.position - c.position)::int as lag
   from platform.consumer_cursors c, platform.event_head h`,
)
const parked = statement<{ count: number }>(
  'platform.count_parked',
  'select count(*)::int as count from platform.parked_events',
)

type HostRoutesDeps = Readonly<{
  db: Database
  document: object
  /** What it answers is measured with the rest, until the process stops. */
  fastLane?: Pick<FastLane, 'onAnswer' | 'close'>
  metrics?: readonly Metric[]
}>

/** What the host asks: is it alive, is it ready, how does it do; and the API's description. */
export function serveHostRoutes(
  app: FastifyInstance,
  { db, document, fastLane, metrics = [] }: HostRoutesDeps,
): Health {
  let state: 'starting' | 'ready' | 'stopping' = 'starting'
  const openApi = Buffer.from(JSON.stringify(document))
  const registry = createMetrics(app, db, fastLane)
  for (const metric of metrics) registry.registerMetric(metric)

  // A connection that is kept open leads here still: its owner is told to open another one.
  app.addHook('onSend', async (_request, reply) => {
    if (state === 'stopping') reply.header('connection', 'close')
  })
  app.get('/health/live', OPEN, async () => ({ status: 'live' }))
  app.get('/health/ready', OPEN, async (_request, reply) => {
    const reachable =
      state === 'ready' &&
      (await ping(db).then(
        () => true,
        () => false,
      ))
    return reply
      .code(reachable ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: reachable ? 'ready' : state === 'ready' ? 'database unreachable' : state })
  })
  app.get('/metrics', OPEN, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  )
  app.get('/api/openapi.json', async (_request, reply) =>
    reply
      .type('application/json; charset=utf-8')
      .header('cache-control', 'public, max-age=300')
      .send(openApi),
  )
  return {
    setReady() {
      state = 'ready'
    },
    setStopping() {
      state = 'stopping'
      fastLane?.close()
    },
  }
}

function createMetrics(
  app: FastifyInstance,
  db: Database,
  fastLane: HostRoutesDeps['fastLane'],
): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'stoa_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    duration.observe(
      { method: request.method, route, status: reply.statusCode },
      reply.elapsedTime / 1000,
    )
    done()
  })
  fastLane?.onAnswer(({ path, status, ms }) =>
    duration.observe({ method: 'GET', route: path, status }, ms / 1000),
  )
  new Gauge({
    name: 'stoa_consumer_lag_events',
    help: 'Events that a consumer has not handled yet',
    labelNames: ['consumer'],
    registers: [registry],
    async collect() {
      for (const row of await lag(db).catch(() => [])) this.set({ consumer: row.consumer }, row.lag)
    },
  })
  new Gauge({
    name: 'stoa_parked_events',
    help: 'Events put aside after failing again and again',
    registers: [registry],
    async collect() {
      const [row] = await parked(db).catch(() => [])
      if (row) this.set(row.count)
    },
  })
  return registry
}

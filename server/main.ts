import type { FastifyInstance } from 'fastify'
import { apiDocument } from './api-document.ts'
import { eventLines } from './composition/event-lines.ts'
import { openCounts, shopGateway } from './composition/gateway.ts'
import { createOperations, type Operations } from './composition/operations.ts'
import { publicUrlOf } from './composition/shop-modules.ts'
import type { Config } from './config.ts'
import { createModules, type Modules } from './modules.ts'
import { type Background, createBackground } from './platform/background.ts'
import { type Database, openDatabase } from './platform/db/database.ts'
import { openReports } from './platform/db/reports.ts'
import type { Consumer } from './platform/events/consumer.ts'
import { createOutbox } from './platform/events/outbox.ts'
import { createAuthenticator } from './platform/http/authenticate.ts'
import type { Binding } from './platform/http/binding.ts'
import { createExecutor, type Executor } from './platform/http/execute.ts'
import { createFastLane } from './platform/http/fast-lane.ts'
import type { Gateway } from './platform/http/gateway/index.ts'
import { serveHostRoutes } from './platform/http/host-routes.ts'
import { createHttpServer, serveBindings } from './platform/http/server.ts'
import { createIdempotency } from './platform/idempotency.ts'
import { createIds } from './platform/ids.ts'
import { createJobs, type Jobs } from './platform/jobs/index.ts'
import { createVault } from './platform/vault.ts'
import type { ShopOptions } from './shop-options.ts'

type ShopModules = NonNullable<Modules['shop']>

/** A shop that is built and not yet listening. */
export type Shop = Readonly<{
  app: FastifyInstance
  db: Database
  modules: Modules
  bindings: readonly Binding[]
  /** All reactions to events, whose parked ones may be returned to them. */
  consumers: readonly Consumer[]
  execute: Executor
  /** What runs the shop and concerns all modules. */
  operations: Operations
  /** Lets in what the apps ask for within the process. */
  admitLocal: Gateway['admitLocal']
  /** The OpenAPI document of the API. */
  document: object
  /** Loads caches and indexes, then begins to work in the background. */
  start(): Promise<void>
  /** Handles the events that wait, and returns: for commands while no shop runs on the database. */
  catchUp(): Promise<void>
  /** Says that it is ready: `/health/ready` answers 200 from now on. */
  ready(): void
  /** Says that it is not, and goes on serving: whoever balances load sends it elsewhere. */
  unready(): void
  /** Finishes what runs, takes nothing new. */
  stop(): Promise<void>
}>

/** The composition root: configuration in, a shop out. It alone knows every part. */
export function createShop(options: ShopOptions): Shop {
  const { config, clock, chance, log } = options
  const { db, reports, closeDatabases } = openDatabases(options)
  const ids = createIds({ clock, chance })
  const outbox = createOutbox({ db, ids, clock })
  const vault = createVault({ keys: options.vaultKeys, chance })
  const idempotency = createIdempotency({ db, clock })
  const counts = openCounts(options)
  const gateway = shopGateway(options, counts)
  const base = { ...options, db, reports, ids, outbox, vault }
  const modules = createModules({ ...base, throttle: counts.throttle })
  const consumers = modules.parts.flatMap((part) => part.consumers)
  const operations = createOperations({ ...base, idempotency, consumers, parts: modules.parts })
  const parts = [...modules.parts, operations.parts]
  const { authenticate, knownReader } = createAuthenticator({
    operatorKey: options.operatorKey,
    ...(modules.shop ? door(modules.shop.identity, config) : {}),
  })
  const execute = createExecutor({
    ...base,
    idempotency,
    audit: operations.audit,
    authenticate,
    ...gateway.ofCalls,
    checkReplies: config.NODE_ENV === 'test',
  })
  const document = apiDocument()
  const bindings = parts.flatMap((part) => part.routes)
  const lane = createFastLane({ bindings, gateway, isProxy: gateway.isProxy, knownReader, clock })
  const app = createHttpServer({ log, chance, isProxy: gateway.isProxy, fastLane: lane })
  gateway.mount(app)
  serveBindings(app, bindings, execute)
  modules.serveRpc(app)
  const health = serveHostRoutes(app, {
    db,
    document,
    fastLane: lane,
    metrics: [gateway, counts, ...modules.parts].flatMap(({ metrics = [] }) => metrics),
  })
  const background: Background = createBackground({
    db,
    outbox,
    clock,
    log,
    consumers,
    ...eventLines(config, { db, outbox, clock, log }),
    tickers: parts.flatMap((part) => part.tickers),
  })
  const jobs: Jobs = createJobs({
    url: options.databaseUrl,
    clock,
    log,
    handlers: parts.flatMap((part) => part.jobs),
  })
  return {
    app,
    db,
    modules,
    bindings,
    consumers,
    execute,
    operations,
    admitLocal: gateway.admitLocal,
    document,
    ready: health.setReady,
    unready: health.setStopping,
    async start() {
      counts.start()
      for (const part of modules.parts) await part.start?.()
      background.start()
      await jobs.start()
    },
    catchUp: background.catchUp,
    async stop() {
      health.setStopping()
      for (const part of modules.parts) part.drain?.()
      await app.close()
      await jobs.stop()
      await background.stop()
      for (const part of modules.parts.toReversed()) await part.stop?.()
      await counts.stop()
      await operations.audit.tellRefusals({ all: true })
      gateway.stop()
      await closeDatabases()
    },
  }
}

function openDatabases({ config, databaseUrl, clock, log }: ShopOptions) {
  const db = openDatabase({ url: databaseUrl, log, poolSize: config.DATABASE_POOL_SIZE })
  const replicaUrl = config.DATABASE_REPLICA_URL
  const reports = openReports({ primary: db, replicaUrl, clock, log })
  const closeDatabases = async () => {
    await reports.close()
    await db.close()
  }
  return { db, reports, closeDatabases }
}

/** How the door knows accounts: by session token or API key, and by browsers' cookie. */
function door({ api, cookie }: ShopModules['identity'], config: Config) {
  const origin = new URL(publicUrlOf(config)).origin
  return { accounts: api, cookie: { name: cookie.name, origin } }
}

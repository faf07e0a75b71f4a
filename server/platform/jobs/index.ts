import {
  type AddJobFunction,
  makeWorkerUtils,
  parseCronItems,
  type Runner,
  run,
  type WorkerUtils,
} from 'graphile-worker'
import pg from 'pg'
import type { Clock } from '../clock.ts'
import { statement, type Tx } from '../db/statement.ts'
import type { Log } from '../log.ts'
import type { JobHandler } from '../module.ts'
import { quietLogger } from './logger.ts'

export type JobOptions = Readonly<{
  /** A job of this key that still waits is replaced, not doubled. */
  key?: string
  runAt?: Date
  maxAttempts?: number
}>

export type Jobs = Readonly<{
  /** Queues a job. */
  add(name: string, payload: unknown, options?: JobOptions): Promise<void>
  /** Queues a job in the caller's transaction: it exists if and only if that commits. */
  addInTransaction(tx: Tx, name: string, payload: unknown, options?: JobOptions): Promise<void>
  /** Begins to take jobs. Survives the database going away and coming back. */
  start(): Promise<void>
  /** Lets the running jobs end. */
  stop(): Promise<void>
}>

const CONCURRENCY = 2
const POLL_MS = 1_000
const RESTART_MS = 1_000

const addJob = statement(
  'platform.add_job',
  `select graphile_worker.add_job(
     identifier => $1, payload => $2::json, job_key => $3, run_at => $4::timestamptz, max_attempts => $5::int)`,
)

/**
 * The job queue: graphile-worker on the shop's own PostgreSQL. A job that fails is tried again with
 * growing pauses (25 times by default); any number of processes may take jobs.
 */
export function createJobs({
  url,
  handlers,
  clock,
  log,
}: Readonly<{ url: string; handlers: readonly JobHandler[]; clock: Clock; log: Log }>): Jobs {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONCURRENCY + 2,
    application_name: 'stoa-jobs',
  })
  pool.on('error', (error) => log.warn({ error: error.message }, 'job queue lost a connection'))
  pool.on('connect', (client) => client.on('error', () => {}))
  const ending = new AbortController()
  let utils: WorkerUtils | undefined
  let runner: Runner | undefined
  let loop: Promise<void> | undefined

  const taskList = Object.fromEntries(
    handlers.map((handler) => [
      handler.name,
      async (payload: unknown, helpers: { job: { attempts: number } }) =>
        handler.run(payload, { signal: ending.signal, attempt: helpers.job.attempts }),
    ]),
  )
  const parsedCronItems = parseCronItems(
    handlers.flatMap(({ name, cron }) =>
      cron ? [{ task: name, match: cron, identifier: name }] : [],
    ),
  )

  /** Starts the runner again whenever it ends without having been asked to. */
  async function keepRunning(): Promise<void> {
    while (!ending.signal.aborted) {
      try {
        runner = await run({
          pgPool: pool,
          taskList,
          parsedCronItems,
          concurrency: CONCURRENCY,
          pollInterval: POLL_MS,
          noHandleSignals: true,
          logger: quietLogger,
        })
        await runner.promise
      } catch (error) {
        log.warn({ error: String(error) }, 'job queue waits for its database')
      }
      await clock.sleep(RESTART_MS, ending.signal)
    }
  }

  return {
    async add(name, payload, options = {}) {
      await (utils as WorkerUtils).addJob(name, payload as object, {
        ...(options.key ? { jobKey: options.key } : {}),
        ...(options.runAt ? { runAt: options.runAt } : {}),
        ...(options.maxAttempts ? { maxAttempts: options.maxAttempts } : {}),
      } satisfies Parameters<AddJobFunction>[2])
    },
    async addInTransaction(tx, name, payload, options = {}) {
      const { key = null, runAt = null, maxAttempts = null } = options
      await addJob(tx, [
        name,
        JSON.stringify(payload),
        key,
        runAt?.toISOString() ?? null,
        maxAttempts,
      ])
    },
    async start() {
      utils = await makeWorkerUtils({ pgPool: pool, logger: quietLogger })
      await utils.migrate()
      loop = keepRunning()
    },
    async stop() {
      ending.abort()
      await runner?.stop().catch(() => {})
      await loop
      await utils?.release()
      await pool.end()
    },
  }
}

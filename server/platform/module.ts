import type { Metric } from 'prom-client'
import type { Consumer } from './events/consumers.ts'
import type { Binding } from './http/binding.ts'

/** Work that is done again and again: healing, expiry, sweeping. Several processes may do it at once. */
export type Ticker = Readonly<{
  name: string
  everyMs: number
  /** One bounded round. @returns how much was done; called again at once while it is not 0. */
  run(): Promise<number>
}>

/** Work queued by name in the database, done once by some worker, tried again when it fails. */
export type JobHandler = Readonly<{
  /** `module.verb_noun` */
  name: string
  /** Five fields of a crontab, UTC: queued then by itself, once for all processes. */
  cron?: string
  run(payload: unknown, helpers: Readonly<{ signal: AbortSignal; attempt: number }>): Promise<void>
}>

/** What a module hands to the composition root. */
export type ModuleParts<Api> = Readonly<{
  api: Api
  routes: readonly Binding[]
  consumers: readonly Consumer[]
  tickers: readonly Ticker[]
  jobs: readonly JobHandler[]
  /** What `/metrics` tells of it. */
  metrics?: readonly Metric[]
  /** Loads what must be there before the first request. */
  start?(): Promise<void>
  stop?(): Promise<void>
}>

import type { Metric } from 'prom-client'
import type { Consumer } from './events/consumer.ts'
import type { Binding } from './http/binding.ts'
import type { SealedColumn } from './sealed-columns.ts'

/** Work that is done again and again: healing, expiry, sweeping. Several processes may do it at once. */
export type Ticker = Readonly<{
  name: string
  everyMs: number
  /** It reads events by a cursor, so that it can be behind as consumers can. */
  followsEvents?: true
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

/** Whose data: an account, and the addresses that are proven to be its own. */
export type DataSubject = Readonly<{ accountId: string; emails: readonly string[] }>

/** What became of a person's data in one table. */
export type Erased = Readonly<{
  table: string
  /** Rows that are gone, and rows that the law keeps, without what tells of the person. */
  deleted: number
  anonymised: number
  /** Why rows are kept. */
  reason?: string
}>

/** What a module keeps of a person (GDPR, articles 15, 17 and 20). */
export type PersonalData = Readonly<{
  /** Everything, by a name for each kind, as plain data. */
  export(subject: DataSubject): Promise<Readonly<Record<string, unknown>>>
  /** Again does nothing more. */
  erase(subject: DataSubject): Promise<readonly Erased[]>
}>

/** What a module keeps of a person by the person's orders alone. */
export type OrderData = Readonly<{
  export(orderIds: readonly string[]): Promise<Readonly<Record<string, unknown>>>
  /** Again does nothing more. */
  erase(orderIds: readonly string[]): Promise<readonly Erased[]>
}>

/** What a module hands to the composition root. */
export type ModuleParts<Api> = Readonly<{
  api: Api
  routes: readonly Binding[]
  consumers: readonly Consumer[]
  tickers: readonly Ticker[]
  jobs: readonly JobHandler[]
  /** Both absent: the module keeps nothing of persons. */
  personalData?: PersonalData
  orderData?: OrderData
  /** Its columns whose values the vault has sealed; absent: none. */
  sealed?: readonly SealedColumn[]
  /** What `/metrics` tells of it. */
  metrics?: readonly Metric[]
  /** Loads what must be there before the first request. */
  start?(): Promise<void>
  /** Ends replies that would never end by themselves; called before the server closes. */
  drain?(): void
  stop?(): Promise<void>
}>

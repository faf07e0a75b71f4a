import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import {
  type Database,
  isBusyError,
  isConnectionError,
  openDatabase,
  sqlState,
} from './database.ts'
import type { Queryable } from './statement.ts'

/**
 * Where reports read: a replica, which may be late, or the primary without one. Nothing that
 * decides a write is read here, nor what somebody has just done and looks for.
 */
export type Reports = Queryable & Readonly<{ close(): Promise<void> }>

export type ReportsDeps = Readonly<{
  primary: Database
  replicaUrl?: string | undefined
  clock: Clock
  log: Log
}>

const CONNECTIONS = 2
const STATEMENT_MS = 60_000
/** How long a replica that did not answer is left alone. */
const PAUSE_MS = 10_000

/** A table or column that the replica has not heard of yet. */
function isSchemaBehind(error: unknown): boolean {
  return /^42(P01|703)$/.test(sqlState(error) ?? '')
}

/**
 * Reads for reports. While the replica cannot be reached, or cancels a statement for what it has
 * to replay, or lags behind the schema, the primary answers.
 */
export function openReports({ primary, replicaUrl, clock, log }: ReportsDeps): Reports {
  if (replicaUrl === undefined) return { query: primary.query, close: async () => {} }
  const replica = openDatabase({
    url: replicaUrl,
    log,
    poolSize: CONNECTIONS,
    statementTimeoutMs: STATEMENT_MS,
  })
  let pausedUntil = -1
  return {
    async query(config) {
      if (clock.monotonicMs() < pausedUntil) return primary.query(config)
      try {
        return await replica.query(config)
      } catch (error) {
        if (isConnectionError(error)) pausedUntil = clock.monotonicMs() + PAUSE_MS
        else if (!isBusyError(error) && !isSchemaBehind(error)) throw error
        log.warn(
          { replica: replica.label, error: String(error) },
          'the replica does not answer: the report is read from the primary',
        )
        return primary.query(config)
      }
    },
    close: replica.close,
  }
}

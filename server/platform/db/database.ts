import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import type { Log } from '../log.ts'
import type { Queryable, Tx } from './statement.ts'

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`)
  return value
})
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, isoOfTimestamp)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

export type Database = Queryable &
  Readonly<{
    /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
    tx<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions<T>): Promise<T>
    /** A connection of its own, for COPY and advisory locks; give it back by `release`. */
    connect(): Promise<pg.PoolClient>
    /** Host, port and database name; no password. For logs. */
    readonly label: string
    close(): Promise<void>
  }>

export type TransactionOptions<T = unknown> = Readonly<{
  isolation?: 'repeatable read'
  /**
   * Statements that `work` starts without waiting travel together, and run one after the other as
   * always: a round trip for all of them. COPY cannot be among them. `with begin` saves one more,
   * for a `work` that begins by reading or locking: if PostgreSQL refuses the `begin` alone, which
   * can be cancelled as anything can, what travelled with it has run outside of any transaction.
   */
  pipelined?: boolean | 'with begin'
  /**
   * Starts the statements with which a transaction ends, all of them at once, after `work`. If it is
   * pipelined the commit travels with them: nothing can depend on what they answer, except that
   * PostgreSQL rolls everything back if one of them fails.
   */
  last?(tx: Tx, result: T): Promise<unknown>
}>

export type DatabaseOptions = Readonly<{
  url: string
  log: Log
  /** Connections at most. Two to four times the cores: more is slower. */
  poolSize: number
  statementTimeoutMs?: number
  /** For a connection of the pool, and for a lock. */
  waitTimeoutMs?: number
}>

const openTransaction = new AsyncLocalStorage<true>()

/**
 * Guards a call to another process: a transaction held open across one would keep rows locked for
 * as long as the other side likes.
 */
export function assertOutsideTransaction(what: string): void {
  if (openTransaction.getStore()) throw new Error(`${what} inside an open transaction`)
}

/** Opens a pool. Nothing connects before the first query. */
export function openDatabase({
  url,
  log,
  poolSize,
  statementTimeoutMs = 10_000,
  waitTimeoutMs = 5_000,
}: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: waitTimeoutMs,
    idleTimeoutMillis: 30_000,
    application_name: 'stoa',
    // Statements prepared on empty tables would keep sequential scans for the connection's life.
    options: [
      '-c enable_seqscan=off',
      '-c jit=off',
      `-c statement_timeout=${statementTimeoutMs}`,
      `-c lock_timeout=${waitTimeoutMs}`,
      '-c idle_in_transaction_session_timeout=15000',
    ].join(' '),
  })
  pool.on('error', (error) => log.warn({ error: error.message }, 'database connection lost'))
  // A connection that is lost while in use tells its query; without this listener it would also
  // end the process.
  pool.on('connect', (client) => client.on('error', () => {}))
  const { host, port, database } = new pg.Client({ connectionString: url })
  return {
    label: `${host}:${port}/${database}`,
    query: (config) => pool.query(config),
    connect: () => pool.connect(),
    close: () => pool.end(),
    tx: (work, options) => runTransaction(pool, work, options),
  }
}

async function runTransaction<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  { isolation, pipelined = false, last }: TransactionOptions<T> = {},
): Promise<T> {
  assertOutsideTransaction('A transaction')
  // What the pool's own option sets for all of its connections, whose COPY it would refuse.
  const client: pg.PoolClient & { pipeline?: boolean } = await pool.connect()
  let broken: Error | undefined
  let firstFailure: unknown
  const noteFailure = (error: unknown) => {
    firstFailure ??= error
  }
  try {
    client.pipeline = pipelined !== false
    const query = pipelined ? sentTogether(client, noteFailure) : client.query.bind(client)
    const begun = query({ text: isolation ? `begin isolation level ${isolation}` : 'begin' })
    let closed: string | undefined
    begun.catch(() => {
      closed = 'A statement after a begin that failed'
    })
    if (pipelined !== 'with begin') await begun
    const tx: Tx = {
      isTransaction: true,
      query: (config) => (closed ? Promise.reject(new Error(closed)) : query(config)),
    }
    const worked = openTransaction.run(true, () => work(tx))
    const [result] = await Promise.all([worked, begun])
    const ended = last && openTransaction.run(true, () => last(tx, result))
    if (!pipelined) await ended
    closed = 'A statement after the commit'
    const [{ command }] = await Promise.all([query({ text: 'commit' }), ended])
    // PostgreSQL answers the commit of a transaction that has failed by rolling it back.
    if (command !== 'COMMIT') throw new Error('A failed statement was passed over: rolled back')
    return result
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw sqlState(error) === FAILED_BEFORE ? (firstFailure ?? error) : error
  } finally {
    client.pipeline = false
    // A connection whose rollback failed is in an unknown state: it is closed, not given back.
    client.release(broken)
  }
}

/** PostgreSQL's answer to what follows a failed statement in a transaction; it tells of no reason. */
const FAILED_BEFORE = '25P02'

/**
 * What a connection is asked in one turn of the event loop leaves by one write.
 * @param fails Is told failures in the order of the statements, in which promises of several may not reject.
 */
function sentTogether(client: pg.PoolClient, fails: (error: unknown) => void): Queryable['query'] {
  const { stream } = client.connection
  let isCorked = false
  return (config) => {
    if (!isCorked) {
      isCorked = true
      stream.cork()
      process.nextTick(() => {
        isCorked = false
        stream.uncork()
      })
    }
    const sent = client.query(config)
    sent.catch(fails)
    return sent
  }
}

/** PostgreSQL's error code (`23505`), if the error is one of its. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

/** Whether a row that was to be written has the key of another. */
export function isUniqueViolation(error: unknown): boolean {
  return sqlState(error) === '23505'
}

/** Whether the database could not be reached, as opposed to having refused. */
export function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', syscall } = error as { code?: string; syscall?: string }
  return (
    syscall === 'connect' ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|57P|08|53300)/.test(code) ||
    /^(Connection terminated|timeout exceeded when trying to connect|Client (has encountered|was closed))/.test(
      error.message,
    )
  )
}

/**
 * Refusals that a later try may not meet: a lock that was not had in time, a deadlock, a rival's
 * change, a statement that took too long, a transaction left idle, a full disk or memory, a server
 * that has become a standby.
 */
const BUSY = /^(55P03|40P01|40001|57014|25P03|53...|25006)$/

/** Whether the database answered that it cannot now, as opposed to never. */
export function isBusyError(error: unknown): boolean {
  return BUSY.test(sqlState(error) ?? '')
}

/**
 * RFC 3339 of a timestamp as PostgreSQL writes it (`2026-01-31 12:00:00.5+00`), to the millisecond.
 * In UTC it is rewritten as text, which is quicker than `Date` and does not stumble over years before 100.
 */
export function isoOfTimestamp(text: string): string {
  if (text[10] === ' ' && text.endsWith('+00')) {
    const thousandths = text.slice(20, -3).slice(0, 3).padEnd(3, '0')
    return `${text.slice(0, 10)}T${text.slice(11, 19)}.${thousandths}Z`
  }
  return new Date(text).toISOString()
}

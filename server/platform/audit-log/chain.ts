import type { Database } from '../db/database.ts'
import { only, statement } from '../db/statement.ts'
import type { Log } from '../log.ts'
import type { JobHandler, Ticker } from '../module.ts'
import { type AuditEntry, type AuditHead, chainHash, textOf } from './entry.ts'
import type { AuditTrail } from './record.ts'

const BATCH = 500
/** A call that has not ended after this time belongs to a process that is gone, or is very long. */
const UNKNOWN_AFTER_MINUTES = 10

type Head = Readonly<{ seq: number; hash: Uint8Array }>

const lockHead = statement<Head>(
  'platform.lock_audit_head',
  'select seq, hash from platform.audit_head where only_row for update skip locked',
)
const readHead = statement<Head>(
  'platform.read_audit_head',
  'select seq, hash from platform.audit_head where only_row',
)
const takeQueued = statement<{ id: string; entry: string; outcome: string | null }>(
  'platform.take_audit_queue',
  `delete from platform.audit_queue where id = any (array(
     select id from platform.audit_queue
     where outcome is not null or queued_at < now() - interval '${UNKNOWN_AFTER_MINUTES} minutes'
     order by id limit ${BATCH} for update skip locked))
   returning id, entry, outcome`,
)
const insertChained = statement(
  'platform.chain_audit_entries',
  `insert into platform.audit_log (seq, entry, prev_hash, hash)
   select seq, entry, prev_hash, hash
   from unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[]) as c (seq, entry, prev_hash, hash)`,
)
const moveHead = statement(
  'platform.move_audit_head',
  'update platform.audit_head set seq = $1, hash = $2 where only_row',
)

/**
 * Moves what waits into the log, each entry chained to the one before it. Of several processes one does it, and the
 * others pass by.
 * @returns how many were moved.
 */
export function chainAudit(db: Database): Promise<number> {
  return db.tx(async (tx) => {
    const [head] = await lockHead(tx)
    if (!head) return 0
    const queued = await takeQueued(tx)
    if (queued.length === 0) return 0
    let { seq, hash } = head
    const chained = queued
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ entry, outcome }) => {
        const told = { ...(JSON.parse(entry) as AuditEntry), outcome: outcome ?? 'unknown' }
        const text = textOf(told)
        const before = hash
        seq += 1
        hash = chainHash(before, seq, text)
        return { seq, text, before, hash }
      })
    await insertChained(tx, [
      chained.map((one) => one.seq),
      chained.map((one) => one.text),
      chained.map((one) => one.before),
      chained.map((one) => one.hash),
    ])
    await moveHead(tx, [seq, hash])
    return chained.length
  })
}

/** Where the chain ends now: to be kept somewhere else, so that a tail that is cut off is missed. */
export async function auditHead(db: Database): Promise<AuditHead> {
  const { seq, hash } = only(await readHead(db))
  return { seq, hash: Buffer.from(hash).toString('hex') }
}

/** The one writer, and the hourly word about where the chain ends. */
export function auditLogParts({
  db,
  log,
  audit,
  publish,
}: Readonly<{
  db: Database
  log: Log
  audit: Pick<AuditTrail, 'tellRefusals'>
  /** Keeps a head outside of the database. */
  publish(head: AuditHead): Promise<void>
}>): Readonly<{ tickers: readonly Ticker[]; jobs: readonly JobHandler[] }> {
  return {
    tickers: [
      { name: 'platform.tell_refusals', everyMs: 1_000, run: () => audit.tellRefusals() },
      { name: 'platform.chain_audit', everyMs: 1_000, run: () => chainAudit(db) },
    ],
    jobs: [
      {
        name: 'platform.publish_audit_head',
        cron: '10 * * * *',
        async run() {
          const head = await auditHead(db)
          log.info(head, 'the audit log ends here')
          await publish(head)
        },
      },
    ],
  }
}

import type { Database } from '../db/database.ts'
import { statement } from '../db/statement.ts'
import { auditHead } from './chain.ts'
import { type AuditHead, chainHash, NO_HASH } from './entry.ts'

export type AuditBreak = Readonly<{ seq: number; what: string }>

export type AuditVerdict = Readonly<{
  entries: number
  head: AuditHead
  /** Empty: nothing was changed, removed or put in between. The first tells where it begins. */
  breaks: readonly AuditBreak[]
}>

const PAGE = 1_000
const MOST_BREAKS = 20

type Row = Readonly<{ seq: number; entry: string; prev_hash: Uint8Array; hash: Uint8Array }>

const readChain = statement<Row>(
  'platform.read_audit_chain',
  `select seq, entry, prev_hash, hash from platform.audit_log
   where seq > $1 order by seq limit ${PAGE}`,
)

/**
 * Reads the whole chain and computes every hash anew.
 * @param published heads that were kept outside of the database: each must still be in the chain.
 */
export async function verifyAuditLog(
  db: Database,
  published: readonly AuditHead[] = [],
): Promise<AuditVerdict> {
  const breaks: AuditBreak[] = []
  const expected = Map.groupBy(published, ({ seq }) => seq)
  // Read before the entries: what is chained meanwhile comes after it.
  const head = await auditHead(db)
  let last: Readonly<{ seq: number; hash: Uint8Array }> = { seq: 0, hash: NO_HASH }
  let entries = 0
  let atHead: Uint8Array | undefined = head.seq === 0 ? NO_HASH : undefined
  for (let rows = await readChain(db, [0]); rows.length > 0; ) {
    for (const row of rows) {
      breaks.push(...faultsOf(row, last))
      for (const { hash } of expected.get(row.seq) ?? [])
        if (hash !== hex(row.hash)) breaks.push({ seq: row.seq, what: 'is not what was published' })
      if (row.seq === head.seq) atHead = row.hash
      last = row
      entries += 1
    }
    if (breaks.length >= MOST_BREAKS) break
    rows = await readChain(db, [last.seq])
  }
  const whole = breaks.length < MOST_BREAKS
  if (whole && (atHead === undefined || hex(atHead) !== head.hash))
    breaks.push({ seq: last.seq, what: `is the last, but the log ended at ${head.seq}` })
  const cut = published.filter(({ seq }) => seq > last.seq)
  if (whole && cut.length > 0) {
    const most = Math.max(...cut.map(({ seq }) => seq))
    breaks.push({ seq: last.seq, what: `is the last, but a head of ${most} was published` })
  }
  return { entries, head, breaks: breaks.slice(0, MOST_BREAKS) }
}

function faultsOf(row: Row, last: Readonly<{ seq: number; hash: Uint8Array }>): AuditBreak[] {
  const { seq } = row
  const faults: AuditBreak[] = []
  if (seq !== last.seq + 1)
    faults.push({ seq, what: `follows ${last.seq}: entries between them are missing` })
  if (hex(row.prev_hash) !== hex(last.hash))
    faults.push({ seq, what: 'does not continue the entry before it' })
  if (hex(chainHash(row.prev_hash, seq, row.entry)) !== hex(row.hash))
    faults.push({ seq, what: 'is not what was written' })
  return faults
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

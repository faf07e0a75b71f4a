import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { statement } from '../../platform/db/statement.ts'
import { auditBooks } from './audit-books.ts'
import { type PaymentProvider, ProviderRefused, ProviderSilent } from './provider.ts'

// These read whole tables on purpose: an audit believes no sum that was kept.
const unbalancedJournals = statement<{ journal_id: string; currency: string; off: number }>(
  'payments.audit_journals',
  `select journal_id, min(currency) as currency,
          sum(case side when 'D' then amount else -amount end)::bigint as off
   from payments.postings group by shard, journal_id
   having sum(case side when 'D' then amount else -amount end) <> 0
       or count(distinct currency) <> 1
   limit 20`,
)

const currencySums = statement<{ currency: string; off: number }>(
  'payments.audit_currencies',
  `select currency, sum(case side when 'D' then amount else -amount end)::bigint as off
   from payments.postings group by currency
   having sum(case side when 'D' then amount else -amount end) <> 0`,
)

const countedWrong = statement<{ order_id: string; attempt: number }>(
  'payments.audit_counters',
  `with sums as (
     select shard, order_id, attempt,
            coalesce(sum(amount) filter (where type = 'CAPTURE_OK'), 0) as captured,
            coalesce(sum(amount) filter (where type = 'REFUND_OK'), 0) as refunded,
            coalesce(sum(amount) filter (where type = 'CHARGEBACK'), 0)
              - coalesce(sum(amount) filter (where type = 'CHARGEBACK_REVERSED'), 0) as disputed
     from payments.payment_events group by shard, order_id, attempt
   )
   select p.order_id, p.attempt from payments.payments p
   left join sums s using (shard, order_id, attempt)
   where p.captured <> coalesce(s.captured, 0) or p.refunded <> coalesce(s.refunded, 0)
      or p.disputed <> coalesce(s.disputed, 0)
   limit 20`,
)

const chargedTwice = statement<{ order_id: string }>(
  'payments.audit_charged_twice',
  `select order_id from payments.payments where captured > refunded + credited
   group by shard, order_id having count(*) > 1 limit 20`,
)

const stuck = statement<{ what: string; id: string }>(
  'payments.audit_stuck',
  `select 'payment of' as what, order_id as id from payments.payments
   where state = 'unknown' and created_at < $1
   union all
   select 'refund of', order_id from payments.refunds where state = 'sent' and created_at < $1
   limit 20`,
)

const newestPayments = statement<{
  order_id: string
  provider: string
  provider_key: string
  provider_ref: string
  captured: number
  refunded: number
}>(
  'payments.audit_newest',
  `select order_id, provider, provider_key, provider_ref, captured, refunded
   from payments.payments where provider_ref is not null and refund_claimed = 0
     and (state not in ('unknown', 'requires_action') or created_at < $2)
   order by created_at desc limit $1`,
)

/** Outcomes older than this should be known. */
const DEADLINE_MS = 60 * 60_000
/** The newest payments that are compared with the provider's own record. */
const COMPARED = 1_000
const AT_ONCE = 16

type Deps = Readonly<{
  db: Database
  clock: Clock
  /** By name; of one that is no longer configured nobody is asked. */
  providers: ReadonlyMap<string, PaymentProvider>
}>

/** I2 of the reliability page: money in the ledger, in our records and at the provider agree. */
export function createAudit({ db, clock, providers }: Deps): () => Promise<string[]> {
  /** What is still open may have moved at the provider a moment ago: its webhook is on its way. */
  async function compare(late: string): Promise<string[]> {
    const waiting = await newestPayments(db, [COMPARED, late])
    const breaches: string[] = []
    const work = async (): Promise<void> => {
      for (let row = waiting.pop(); row; row = waiting.pop()) {
        const party = providers.get(row.provider)
        if (!party || party.recordless) continue
        const seen = await party
          .find({ reference: row.order_id, key: row.provider_key, ref: row.provider_ref })
          .catch((error: unknown) => {
            if (error instanceof ProviderSilent || error instanceof ProviderRefused)
              return undefined
            throw error
          })
        if (seen === undefined) continue
        const [theirs, ours] = [
          (seen?.captured ?? 0) - (seen?.refunded ?? 0),
          row.captured - row.refunded,
        ]
        if (theirs !== ours) {
          breaches.push(`I2: ${row.order_id}: the provider holds ${theirs}, the shop ${ours}`)
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    return breaches
  }

  return async () => {
    const late = new Date(clock.now().getTime() - DEADLINE_MS).toISOString()
    const books = await db.tx(async (tx) => {
      await tx.query({ text: 'set local statement_timeout = 0; set local enable_seqscan = on' })
      return [
        ...(await unbalancedJournals(tx)).map(
          (row) => `I2: journal ${row.journal_id} is off by ${row.off} ${row.currency}`,
        ),
        ...(await currencySums(tx)).map(
          (row) => `I2: the ledger is off by ${row.off} ${row.currency}`,
        ),
        ...(await auditBooks(tx)),
        ...(await countedWrong(tx)).map(
          (row) => `I2: ${row.order_id} attempt ${row.attempt} is not the sum of its events`,
        ),
        ...(await chargedTwice(tx)).map((row) => `I3: ${row.order_id} is paid twice`),
        ...(await stuck(tx, [late])).map((row) => `I8: ${row.what} ${row.id} has no outcome`),
      ]
    })
    return [...books, ...(await compare(late))]
  }
}

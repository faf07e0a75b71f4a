import { createBatcher } from '../../platform/batcher.ts'
import { type Database, isConnectionError } from '../../platform/db/database.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { PaymentsApi } from './api.ts'
import { reversalJournal, saleJournal } from './ledger.ts'
import type { LedgerRepository } from './ledger-repository.ts'
import { lockAttemptsOf } from './repository.ts'

type RecordSaleInput = Parameters<PaymentsApi['recordSale']>[0]

export type Sales = Readonly<{
  /** Writes a confirmed order's sale into the ledger, once per order; many in one transaction. */
  recordSale(input: RecordSaleInput): Promise<void>
  /**
   * Takes what was refunded out of the order's sale, if it is recorded. The caller holds the
   * order's attempts locked: a sale and a refund that come at once must see each other.
   */
  reverse(tx: Tx, order: Readonly<{ orderId: string; currency: string }>): Promise<void>
}>

type Deps = Readonly<{ db: Database; ledger: LedgerRepository }>

export function createSales({ db, ledger }: Deps): Sales {
  async function reverse(
    tx: Tx,
    { orderId, currency }: Readonly<{ orderId: string; currency: string }>,
  ): Promise<void> {
    for (const refund of await ledger.listUnreversedRefunds(tx, orderId)) {
      const parts = await ledger.listSaleParts(tx, orderId)
      const left = parts.find(({ account }) => account === 'buyer_receivable')?.balance ?? 0
      if (left === 0) return
      const amount = Math.min(refund.amount, -left)
      const journal = reversalJournal({ orderId, refundId: refund.id, currency, parts, amount })
      await ledger.write(tx, [journal])
    }
  }

  async function record(tx: Tx, inputs: readonly RecordSaleInput[]): Promise<void> {
    const attempts = await lockAttemptsOf(
      tx,
      inputs.map(({ orderId }) => orderId),
    )
    const written = await ledger.write(tx, inputs.map(saleJournal))
    const refunded = new Set(attempts.filter((a) => a.refunded > 0).map((a) => a.orderId))
    for (const journal of written) {
      if (refunded.has(journal.orderId)) await reverse(tx, journal)
    }
  }

  return {
    reverse,
    recordSale: createBatcher<RecordSaleInput, void>({
      maxBatch: 500,
      concurrency: 2,
      fatal: isConnectionError,
      async run(inputs) {
        const sorted = inputs.toSorted((a, b) => shardOf(a.orderId) - shardOf(b.orderId))
        await ledger.openAccounts(sorted.map(saleJournal))
        await db.tx((tx) => record(tx, sorted))
        return inputs.map(() => ({ value: undefined }))
      },
    }),
  }
}

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
  /** Writes a confirmed order's sale into the ledger, once per order; many in one statement. */
  recordSale(input: RecordSaleInput): Promise<void>
  /**
   * Takes what was refunded out of the order's sale, if it is recorded. The caller holds the
   * order's attempts locked: a sale and a refund that come at once must see each other.
   */
  reverse(tx: Tx, order: Readonly<{ orderId: string; currency: string }>): Promise<void>
  /**
   * Takes a lost dispute out of the order's sale, as a refund would be.
   * @returns how much of it the sale could bear.
   */
  reverseDispute(
    tx: Tx,
    dispute: Readonly<{ orderId: string; disputeId: string; currency: string; amount: number }>,
  ): Promise<number>
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
      const source = { sourceType: 'refund', sourceId: refund.id } as const
      const journal = reversalJournal({
        orderId,
        source,
        currency,
        parts,
        amount,
        splits: refund.splits,
      })
      await ledger.write(tx, [journal])
    }
  }

  /** Writes the sales of orders of which something was refunded before, and takes that out of them. */
  async function recordLate(tx: Tx, inputs: readonly RecordSaleInput[]): Promise<void> {
    await lockAttemptsOf(
      tx,
      inputs.map(({ orderId }) => orderId),
    )
    for (const journal of await ledger.write(tx, inputs.map(saleJournal))) {
      await reverse(tx, journal)
    }
  }

  return {
    reverse,
    async reverseDispute(tx, { orderId, disputeId, currency, amount: wanted }) {
      const parts = await ledger.listSaleParts(tx, orderId)
      const left = parts.find(({ account }) => account === 'buyer_receivable')?.balance ?? 0
      const amount = Math.min(wanted, -left)
      if (amount <= 0) return 0
      const source = { sourceType: 'dispute', sourceId: disputeId } as const
      await ledger.write(tx, [reversalJournal({ orderId, source, currency, parts, amount })])
      return amount
    },
    recordSale: createBatcher<RecordSaleInput, void>({
      maxBatch: 500,
      concurrency: 2,
      fatal: isConnectionError,
      async run(inputs) {
        const sorted = inputs.toSorted((a, b) => shardOf(a.orderId) - shardOf(b.orderId))
        await ledger.openAccounts(sorted.map(saleJournal))
        const refunded = await ledger.writeUnrefunded(db, sorted.map(saleJournal))
        const late = sorted.filter(({ orderId }) => refunded.has(orderId))
        if (late.length > 0) await db.tx((tx) => recordLate(tx, late))
        return inputs.map(() => ({ value: undefined }))
      },
    }),
  }
}

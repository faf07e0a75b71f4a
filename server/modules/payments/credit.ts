import { money } from '#contracts/kit/money.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { type Ids, shardFor } from '../../platform/ids.ts'
import type { LedgerRepository } from './ledger-repository.ts'
import { creditJournal } from './money-journals.ts'
import {
  findStoreCredit,
  insertNewPrepaid,
  moveOnce,
  type PrepaidAccount,
} from './prepaid-repository.ts'
import type { RefundRow } from './refund-repository.ts'

type Owner = Readonly<{ customerId: string; currency: string; reference: string }>

export type StoreCredit = Readonly<{
  /** A customer's account in one currency, opened if there is none yet. Undefined: the reference is another account's. */
  open(tx: Tx, owner: Owner): Promise<PrepaidAccount | undefined>
  /** Gives what a refund came to as store credit, with its journal; once per refund. */
  giveRefund(tx: Tx, refund: RefundRow, customerId: string): Promise<void>
}>

type Deps = Readonly<{ ids: Ids; clock: Clock; ledger: LedgerRepository }>

export function createStoreCredit({ ids, clock, ledger }: Deps): StoreCredit {
  const now = () => clock.now().toISOString()

  const open: StoreCredit['open'] = async (tx, { customerId, currency, reference }) => {
    const shard = shardFor(customerId)
    const id = ids.make('crd', shard)
    const fresh = { codeHash: null, last4: null, expiresAt: null, now: now() }
    const kind = 'store_credit'
    await insertNewPrepaid(tx, { ...fresh, shard, id, kind, customerId, currency, reference })
    return findStoreCredit(tx, { shard, customerId, currency })
  }

  return {
    open,
    async giveRefund(tx, { id, orderId, currency, creditAmount }, customerId) {
      const account = await open(tx, { customerId, currency, reference: id })
      if (!account) throw new Error(`${customerId} has no account of store credit`)
      const moved = await moveOnce(tx, {
        shard: account.shard,
        accountId: account.id,
        key: id,
        kind: 'return',
        amount: creditAmount,
        orderId,
        note: 'a refund',
        now: now(),
      })
      if (moved !== 'done') throw new Error(`${account.id} ${id}: ${moved}`)
      const amount = money(creditAmount, currency)
      await ledger.writeOpening(tx, [creditJournal({ orderId, refundId: id, amount })])
    },
  }
}

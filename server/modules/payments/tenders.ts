import type { Money } from '#contracts/kit/money.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { LedgerRepository } from './ledger-repository.ts'
import { tenderJournal } from './money-journals.ts'
import { isSpendable } from './prepaid.ts'
import { lockPrepaid, moveOnce, type PrepaidAccount } from './prepaid-repository.ts'
import {
  countReturn,
  countReturnedOf,
  insertNewTenders,
  listTenders,
  type Tender,
} from './tender-repository.ts'

/** What comes back to a card that has run out can be spent so much longer. */
const RETURNED_LASTS_MS = 90 * 24 * 60 * 60_000

type TakeInput = Readonly<{
  orderId: string
  total: Money
  /** In the order in which they pay. */
  accounts: readonly Pick<PrepaidAccount, 'shard' | 'id'>[]
}>

export type Tenders = Readonly<{
  /**
   * Takes what prepaid accounts can pay of an order; once per order: another attempt finds what
   * the first took. The caller holds the order. @returns null if one may not be spent.
   */
  take(tx: Tx, input: TakeInput): Promise<readonly Tender[] | null>
  /**
   * Gives parts of an order's tenders back, once per source. The caller holds the order.
   * @param parts what goes back to each.
   */
  giveBack(
    tx: Tx,
    input: Readonly<{
      orderId: string
      sourceId: string
      parts: readonly Readonly<{ tender: Tender; amount: number }>[]
    }>,
  ): Promise<void>
}>

type Deps = Readonly<{ clock: Clock; ledger: LedgerRepository }>

export function createTenders({ clock, ledger }: Deps): Tenders {
  async function draw(tx: Tx, input: TakeInput): Promise<Omit<Tender, 'refunded'>[] | null> {
    const { orderId, total, accounts } = input
    const locked = await lockPrepaid(tx, accounts)
    const now = clock.now()
    let left = total.amount
    const drawn: Omit<Tender, 'refunded'>[] = []
    for (const { id } of accounts) {
      const account = locked.find((one) => one.id === id)
      if (!account || account.currency !== total.currency || !isSpendable(account, now)) return null
      const amount = Math.min(left, account.balance)
      left -= amount
      if (amount === 0) continue
      drawn.push({
        shard: shardOf(orderId),
        orderId,
        n: drawn.length,
        accountShard: account.shard,
        accountId: account.id,
        kind: account.kind,
        last4: account.last4,
        currency: total.currency,
        amount,
      })
    }
    return drawn
  }

  async function move(
    tx: Tx,
    tender: Omit<Tender, 'refunded'>,
    change: Readonly<{ key: string; kind: 'redeem' | 'return'; amount: number }>,
  ): Promise<void> {
    const now = clock.now()
    const moved = await moveOnce(tx, {
      shard: tender.accountShard,
      accountId: tender.accountId,
      ...change,
      orderId: tender.orderId,
      note: change.kind === 'redeem' ? 'paid an order' : 'an order was given back',
      now: now.toISOString(),
      ...(change.kind === 'return'
        ? { notBefore: new Date(now.getTime() + RETURNED_LASTS_MS).toISOString() }
        : {}),
    })
    if (moved !== 'done') throw new Error(`${tender.accountId} ${change.key}: ${moved}`)
  }

  return {
    async take(tx, input) {
      const { orderId, total } = input
      const earlier = await listTenders(tx, orderId)
      if (earlier.length > 0) return earlier
      const drawn = await draw(tx, input)
      if (drawn === null || drawn.length === 0) return drawn === null ? null : []
      for (const tender of byAccount(drawn)) {
        await move(tx, tender, { key: orderId, kind: 'redeem', amount: -tender.amount })
      }
      await insertNewTenders(tx, drawn, clock.now().toISOString())
      const { currency } = total
      await ledger.writeOpening(tx, [
        tenderJournal({ orderId, sourceId: orderId, currency, parts: drawn }),
      ])
      return drawn.map((tender) => ({ ...tender, refunded: 0 }))
    },

    async giveBack(tx, { orderId, sourceId, parts }) {
      const moving = parts.filter(({ amount }) => amount > 0)
      const [first] = moving
      if (!first) return
      const tenders = moving.map(({ tender, amount }) => ({ ...tender, amount }))
      await lockPrepaid(
        tx,
        tenders.map(({ accountShard: shard, accountId: id }) => ({ shard, id })),
      )
      for (const tender of tenders) {
        if (!(await countReturn(tx, tender, tender.amount))) {
          throw new Error(`${orderId} gives ${tender.accountId} more back than it took`)
        }
        await move(tx, tender, { key: sourceId, kind: 'return', amount: tender.amount })
      }
      const amount = tenders.reduce((sum, tender) => sum + tender.amount, 0)
      await countReturnedOf(tx, { orderId, amount, now: clock.now().toISOString() })
      const back = tenders.map(({ kind, amount: part }) => ({ kind, amount: -part }))
      const { currency } = first.tender
      await ledger.writeOpening(tx, [tenderJournal({ orderId, sourceId, currency, parts: back })])
    },
  }
}

function byAccount<T extends Readonly<{ accountId: string }>>(tenders: readonly T[]): T[] {
  return tenders.toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1))
}

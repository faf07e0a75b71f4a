import type { Money } from '#contracts/kit/money.ts'
import { clearingOf, type Journal, postings } from './ledger.ts'
import type { Settlement } from './provider.ts'
import type { PrepaidKind } from './tender-repository.ts'

/** The debt that a prepaid account is to the shop. */
function liabilityOf(kind: PrepaidKind) {
  return kind === 'gift_card' ? 'gift_card_liability' : 'store_credit_liability'
}

/**
 * Prepaid money comes into being, or is corrected (`amount` below 0).
 * @param sold somebody paid for it elsewhere; else it is a present of the shop.
 */
export function issueJournal(input: {
  accountId: string
  kind: PrepaidKind
  key: string
  currency: string
  amount: number
  sold: boolean
}): Journal {
  const { accountId, kind, key, currency, amount, sold } = input
  return {
    orderId: accountId,
    sourceType: 'prepaid',
    sourceId: `${accountId} ${key}`,
    kind: 'issue',
    currency,
    postings: postings([
      {
        account: sold ? 'gift_card_sales' : 'goodwill_expense',
        purpose: 'prepaid',
        amount: -amount,
      },
      { account: liabilityOf(kind), purpose: 'prepaid', amount },
    ]),
  }
}

/** What prepaid accounts pay of an order (`amount` above 0), or get back of it (below 0). */
export function tenderJournal(input: {
  orderId: string
  sourceId: string
  currency: string
  parts: readonly Readonly<{ kind: PrepaidKind; amount: number }>[]
}): Journal {
  const { orderId, sourceId, currency, parts } = input
  const of = (wanted: PrepaidKind) =>
    parts.reduce((sum, { kind, amount }) => sum + (kind === wanted ? amount : 0), 0)
  const [cards, credit] = [of('gift_card'), of('store_credit')]
  return {
    orderId,
    sourceType: 'tender',
    sourceId,
    kind: cards + credit > 0 ? 'redeem' : 'return',
    currency,
    postings: postings([
      { account: 'gift_card_liability', purpose: 'prepaid', amount: -cards },
      { account: 'store_credit_liability', purpose: 'prepaid', amount: -credit },
      { account: 'buyer_receivable', purpose: 'payment', amount: cards + credit },
    ]),
  }
}

/** A refund that becomes store credit: the money stays where it is, and is owed to the customer. */
export function creditJournal(input: {
  orderId: string
  refundId: string
  amount: Money
}): Journal {
  const { orderId, refundId, amount } = input
  return {
    orderId,
    sourceType: 'refund',
    sourceId: refundId,
    kind: 'refund',
    currency: amount.currency,
    postings: postings([
      { account: 'buyer_receivable', purpose: 'payment', amount: -amount.amount },
      { account: liabilityOf('store_credit'), purpose: 'prepaid', amount: amount.amount },
    ]),
  }
}

type DisputeInput = Readonly<{
  orderId: string
  disputeId: string
  provider: string
  currency: string
  amount: number
  fee: number
}>

/** A dispute opens: the provider takes the money, and its fee, at once. */
export function chargebackJournal(input: DisputeInput): Journal {
  const { provider: owner, amount, fee } = input
  return disputeJournal(input, 'chargeback', [
    { account: 'chargeback_hold', owner, purpose: 'dispute', amount: -amount },
    { account: clearingOf(owner), owner, purpose: 'dispute', amount },
    { account: 'chargeback_loss', owner: 'fee', purpose: 'fee', amount: -fee },
    { account: clearingOf(owner), owner, purpose: 'fee', amount: fee },
  ])
}

/** A dispute is won: the money comes back, the fee does not. */
export function chargebackReversedJournal(input: DisputeInput): Journal {
  const { provider: owner, amount } = input
  return disputeJournal(input, 'chargeback_reversed', [
    { account: 'chargeback_hold', owner, purpose: 'dispute', amount },
    { account: clearingOf(owner), owner, purpose: 'dispute', amount: -amount },
  ])
}

/**
 * A dispute is lost: the buyer has his money back. @param borneBySale the part that the reversal of
 * the sale takes from the sellers; the rest is the marketplace's loss.
 */
export function chargebackLostJournal(input: DisputeInput, borneBySale: number): Journal {
  const { provider: owner, amount } = input
  return disputeJournal(input, 'chargeback_lost', [
    { account: 'chargeback_hold', owner, purpose: 'dispute', amount },
    { account: 'buyer_receivable', purpose: 'payment', amount: -borneBySale },
    { account: 'chargeback_loss', purpose: 'dispute', amount: borneBySale - amount },
  ])
}

function disputeJournal(
  { orderId, disputeId, currency }: DisputeInput,
  kind: Journal['kind'],
  lines: Parameters<typeof postings>[0],
): Journal {
  return {
    orderId,
    sourceType: 'dispute',
    sourceId: disputeId,
    kind,
    currency,
    postings: postings(lines),
  }
}

/**
 * A capture reaches the shop's account at its provider: less a fee, and perhaps in another
 * currency. An exchange is two linked journals of one currency each through a liquidity account
 * (semantics 4.6): they share their source, and no entry mixes currencies.
 */
export function settlementJournals(input: {
  orderId: string
  provider: string
  currency: string
  amount: number
  settlement: Settlement
}): Journal[] {
  const { orderId, provider: owner, currency, amount, settlement } = input
  const source = { orderId, sourceType: 'settlement', sourceId: settlement.ref } as const
  const exchanged = settlement.currency !== currency
  const fee: Journal = {
    ...source,
    kind: 'fee',
    currency: settlement.currency,
    postings: postings([
      { account: 'psp_fee', owner, purpose: 'fee', amount: -settlement.fee },
      {
        account: exchanged ? 'psp_settled' : clearingOf(owner),
        owner,
        purpose: 'fee',
        amount: settlement.fee,
      },
    ]),
  }
  if (!exchanged) return [fee]
  return [
    {
      ...source,
      kind: 'fx_out',
      currency,
      postings: postings([
        { account: 'fx_liquidity', owner, purpose: 'fx', amount: -amount },
        { account: clearingOf(owner), owner, purpose: 'fx', amount },
      ]),
    },
    {
      ...source,
      kind: 'fx_in',
      currency: settlement.currency,
      postings: postings([
        { account: 'psp_settled', owner, purpose: 'fx', amount: -settlement.gross },
        { account: 'fx_liquidity', owner, purpose: 'fx', amount: settlement.gross },
      ]),
    },
    fee,
  ]
}

/** A seller is paid out. */
export function payoutJournal(input: {
  payoutId: string
  sellerId: string
  currency: string
  amount: number
}): Journal {
  const { payoutId, sellerId: owner, currency, amount } = input
  return {
    orderId: payoutId,
    sourceType: 'payout',
    sourceId: payoutId,
    kind: 'payout',
    currency,
    postings: postings([
      { account: 'seller_payable', owner, purpose: 'payout', amount: -amount },
      { account: 'payout_in_transit', owner, purpose: 'payout', amount },
    ]),
  }
}

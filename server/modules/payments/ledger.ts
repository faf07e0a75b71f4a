import { allocate, divideHalfUp } from '#contracts/kit/money.ts'
import type { SaleSplit } from './api.ts'

/** Accounts of the double-entry ledger (semantics 14); one of each per owner and currency. */
export type AccountKind =
  | 'psp_clearing'
  | 'buyer_receivable'
  | 'seller_payable'
  | 'platform_commission'
  | 'tax_payable'

export type Purpose = 'payment' | 'goods' | 'shipping' | 'commission' | 'tax'

export type Posting = Readonly<{
  account: AccountKind
  /** A seller or a provider; empty where the shop itself is meant. */
  owner: string
  purpose: Purpose
  side: 'D' | 'C'
  /** Minor units, above 0. */
  amount: number
}>

/** One money fact of one currency; its debits equal its credits. */
export type Journal = Readonly<{
  orderId: string
  sourceType: 'payment' | 'order' | 'refund'
  sourceId: string
  kind: 'capture' | 'sale' | 'refund' | 'sale_reversal'
  currency: string
  postings: readonly Posting[]
}>

/** What is left of a sale, part by part: the sum of its postings and of those that reversed it. */
export type SalePart = Readonly<{
  account: AccountKind
  owner: string
  purpose: Purpose
  /** Credits minus debits. */
  balance: number
}>

type Line = Readonly<{ account: AccountKind; owner?: string; purpose: Purpose; amount: number }>

/** A credit of a positive amount, a debit of a negative one; nothing of zero. */
function postings(lines: readonly Line[]): Posting[] {
  return lines
    .filter((line) => line.amount !== 0)
    .map(({ account, owner = '', purpose, amount }) => ({
      account,
      owner,
      purpose,
      side: amount > 0 ? 'C' : 'D',
      amount: Math.abs(amount),
    }))
}

/** Money that the provider took for us: it is owed to the buyer until the order is confirmed. */
export function captureJournal(input: {
  orderId: string
  paymentId: string
  provider: string
  currency: string
  amount: number
}): Journal {
  const { orderId, paymentId, provider, currency, amount } = input
  return {
    orderId,
    sourceType: 'payment',
    sourceId: paymentId,
    kind: 'capture',
    currency,
    postings: postings([
      { account: 'psp_clearing', owner: provider, purpose: 'payment', amount: -amount },
      { account: 'buyer_receivable', purpose: 'payment', amount },
    ]),
  }
}

/** Money that went back to the buyer. */
export function refundJournal(input: {
  orderId: string
  refundId: string
  provider: string
  currency: string
  amount: number
}): Journal {
  const { orderId, refundId, provider, currency, amount } = input
  return {
    orderId,
    sourceType: 'refund',
    sourceId: refundId,
    kind: 'refund',
    currency,
    postings: postings([
      { account: 'buyer_receivable', purpose: 'payment', amount: -amount },
      { account: 'psp_clearing', owner: provider, purpose: 'payment', amount },
    ]),
  }
}

/**
 * The buyer's payment becomes the sellers' goods and shipping, the tax that the marketplace remits,
 * and its commission, which each seller pays out of his goods.
 */
export function saleJournal(input: {
  orderId: string
  currency: string
  splits: readonly SaleSplit[]
}): Journal {
  const { orderId, currency, splits } = input
  const total = splits.reduce(
    (sum, { goodsNet, tax, shipping }) => sum + goodsNet + tax + shipping,
    0,
  )
  const commission = splits.reduce((sum, split) => sum + split.commission, 0)
  const tax = splits.reduce((sum, split) => sum + split.tax, 0)
  return {
    orderId,
    sourceType: 'order',
    sourceId: orderId,
    kind: 'sale',
    currency,
    postings: postings([
      { account: 'buyer_receivable', purpose: 'payment', amount: -total },
      ...splits.flatMap(({ sellerId: owner, goodsNet, shipping, commission: fee }): Line[] => [
        { account: 'seller_payable', owner, purpose: 'goods', amount: goodsNet },
        { account: 'seller_payable', owner, purpose: 'shipping', amount: shipping },
        { account: 'seller_payable', owner, purpose: 'commission', amount: -fee },
      ]),
      { account: 'tax_payable', purpose: 'tax', amount: tax },
      { account: 'platform_commission', purpose: 'commission', amount: commission },
    ]),
  }
}

/**
 * Takes a refund out of what is left of a sale, in proportion (largest remainder); a seller's
 * commission follows his goods. Because each refund splits what the ones before it left, refunds
 * one by one end exactly where one refund of the whole does (semantics 10).
 * @param parts what is left. @param amount at most the sum of the parts that the buyer paid.
 */
export function reversalJournal(input: {
  orderId: string
  refundId: string
  currency: string
  parts: readonly SalePart[]
  amount: number
}): Journal {
  const { orderId, refundId, currency, amount } = input
  const paid = input.parts.filter(
    ({ purpose }) => purpose !== 'commission' && purpose !== 'payment',
  )
  const back = allocate(
    amount,
    paid.map((part) => part.balance),
  )
  const lines: Line[] = [{ account: 'buyer_receivable', purpose: 'payment', amount }]
  let commission = 0
  paid.forEach((part, place) => {
    const taken = back[place] ?? 0
    lines.push({ ...part, amount: -taken })
    if (part.purpose !== 'goods' || part.balance === 0) return
    const fee = commissionOf(input.parts, part.owner)
    const returned = Number(divideHalfUp(BigInt(fee) * BigInt(taken), BigInt(part.balance)))
    commission += returned
    lines.push({
      account: 'seller_payable',
      owner: part.owner,
      purpose: 'commission',
      amount: returned,
    })
  })
  lines.push({ account: 'platform_commission', purpose: 'commission', amount: -commission })
  return {
    orderId,
    sourceType: 'refund',
    sourceId: refundId,
    kind: 'sale_reversal',
    currency,
    postings: postings(lines),
  }
}

/** What a seller still pays for a sale. */
function commissionOf(parts: readonly SalePart[], sellerId: string): number {
  const part = parts.find(
    ({ account, owner, purpose }) =>
      account === 'seller_payable' && owner === sellerId && purpose === 'commission',
  )
  return part ? -part.balance : 0
}

/** `seller_payable:sel_…:USD`; one account a kind, owner and currency. */
export function accountId(kind: AccountKind, owner: string, currency: string): string {
  return owner === '' ? `${kind}:${currency}` : `${kind}:${owner}:${currency}`
}

import { allocate, divideHalfUp } from '#contracts/kit/money.ts'
import type { RefundSplit, SaleSplit } from './api.ts'

/** Accounts of the double-entry ledger (semantics 14); one of each per owner and currency. */
export const ACCOUNT_KINDS = [
  'psp_clearing',
  'cod_clearing',
  'bank_clearing',
  'psp_settled',
  'psp_fee',
  'fx_liquidity',
  'buyer_receivable',
  'seller_payable',
  'payout_in_transit',
  'platform_commission',
  'commission_vat',
  'tax_payable',
  'promo_expense',
  'goodwill_expense',
  'gift_card_sales',
  'gift_card_liability',
  'store_credit_liability',
  'chargeback_hold',
  'chargeback_loss',
] as const
export type AccountKind = (typeof ACCOUNT_KINDS)[number]

export type Purpose =
  | 'payment'
  | 'goods'
  | 'shipping'
  | 'commission'
  | 'tax'
  | 'commission_vat'
  | 'discount'
  | 'prepaid'
  | 'dispute'
  | 'fee'
  | 'fx'
  | 'payout'

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
  /** What it belongs to: an order, or else the prepaid account or payout itself. */
  orderId: string
  sourceType:
    | 'payment'
    | 'order'
    | 'refund'
    | 'prepaid'
    | 'tender'
    | 'dispute'
    | 'settlement'
    | 'payout'
  sourceId: string
  kind:
    | 'capture'
    | 'sale'
    | 'refund'
    | 'sale_reversal'
    | 'issue'
    | 'redeem'
    | 'return'
    | 'chargeback'
    | 'chargeback_reversed'
    | 'chargeback_lost'
    | 'fx_out'
    | 'fx_in'
    | 'fee'
    | 'payout'
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

/** A credit of a positive amount, a debit of a negative one; nothing of zero. */
export type Line = Readonly<{
  account: AccountKind
  owner?: string
  purpose: Purpose
  amount: number
}>

export function postings(lines: readonly Line[]): Posting[] {
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

/** Where a provider's money lies until it is settled: cash and transfers come by no provider. */
export function clearingOf(provider: string): AccountKind {
  if (provider === 'cash') return 'cod_clearing'
  return provider === 'transfer' ? 'bank_clearing' : 'psp_clearing'
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
      { account: clearingOf(provider), owner: provider, purpose: 'payment', amount: -amount },
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
      { account: clearingOf(provider), owner: provider, purpose: 'payment', amount },
    ]),
  }
}

/**
 * The buyer's payment becomes the sellers' goods and shipping, the tax that the marketplace remits,
 * and its commission (with VAT), which each seller pays out of his goods. A discount that the
 * marketplace bears is its expense, and the seller's all the same.
 */
export function saleJournal(input: {
  orderId: string
  currency: string
  splits: readonly SaleSplit[]
}): Journal {
  const { orderId, currency, splits } = input
  const sum = (pick: (split: SaleSplit) => number) =>
    splits.reduce((all, split) => all + pick(split), 0)
  const discount = sum((split) => split.marketplaceDiscount ?? 0)
  return {
    orderId,
    sourceType: 'order',
    sourceId: orderId,
    kind: 'sale',
    currency,
    postings: postings([
      {
        account: 'buyer_receivable',
        purpose: 'payment',
        amount: -sum(({ goodsNet, tax, shipping }) => goodsNet + tax + shipping),
      },
      ...splits.flatMap((split): Line[] => {
        const seller = { account: 'seller_payable', owner: split.sellerId } as const
        return [
          { ...seller, purpose: 'goods', amount: split.goodsNet },
          { ...seller, purpose: 'shipping', amount: split.shipping },
          { ...seller, purpose: 'discount', amount: split.marketplaceDiscount ?? 0 },
          { ...seller, purpose: 'commission', amount: -split.commission },
          { ...seller, purpose: 'commission_vat', amount: -(split.commissionVat ?? 0) },
        ]
      }),
      { account: 'promo_expense', owner: 'platform', purpose: 'discount', amount: -discount },
      { account: 'tax_payable', purpose: 'tax', amount: sum((split) => split.tax) },
      {
        account: 'platform_commission',
        purpose: 'commission',
        amount: sum((split) => split.commission),
      },
      {
        account: 'commission_vat',
        purpose: 'commission_vat',
        amount: sum((split) => split.commissionVat ?? 0),
      },
    ]),
  }
}

/** Whom the marketplace's side of a seller's share stands on. */
const COUNTERPARTS: Readonly<
  Partial<Record<Purpose, Readonly<{ account: AccountKind; owner?: string }>>>
> = {
  commission: { account: 'platform_commission' },
  commission_vat: { account: 'commission_vat' },
  discount: { account: 'promo_expense', owner: 'platform' },
}
const PAID_BY_BUYER: ReadonlySet<Purpose> = new Set(['goods', 'shipping', 'tax'])

/**
 * Takes a refund out of what is left of a sale, in proportion (largest remainder); a seller's
 * commission, its VAT and the discount that the marketplace bears follow his goods. Because each
 * refund splits what the ones before it left, refunds one by one end exactly where one refund of
 * the whole does (semantics 10).
 * @param parts what is left. @param amount at most the sum of the parts that the buyer paid.
 * @param splits whose it is, if it is about some sellers' goods.
 * @param source the refund, or the dispute that was lost.
 */
export function reversalJournal(input: {
  orderId: string
  source: Pick<Journal, 'sourceType' | 'sourceId'>
  currency: string
  parts: readonly SalePart[]
  amount: number
  splits?: readonly RefundSplit[] | null
}): Journal {
  const { orderId, source, currency, parts, amount, splits = null } = input
  const paid = parts.filter(({ purpose }) => PAID_BY_BUYER.has(purpose))
  const back = shareOut(amount, paid, splits)
  const lines: Line[] = [{ account: 'buyer_receivable', purpose: 'payment', amount }]
  paid.forEach((part, place) => {
    const taken = back[place] ?? 0
    lines.push({ ...part, amount: -taken })
    if (part.purpose === 'goods' && part.balance !== 0) {
      lines.push(...followers(parts, part, taken))
    }
  })
  return {
    orderId,
    ...source,
    kind: 'sale_reversal',
    currency,
    postings: postings(merge(lines)),
  }
}

/**
 * What of a refund goes out of each part: as its splits say, as far as the parts reach, and the
 * rest (or all of it) in proportion to what is left.
 */
function shareOut(
  amount: number,
  paid: readonly SalePart[],
  splits: readonly RefundSplit[] | null,
): number[] {
  const left = paid.map((part) => part.balance)
  if (!splits) return allocate(amount, left)
  const named = paid.map((part) => Math.min(part.balance, wantedOf(part, splits)))
  const sum = named.reduce((all, one) => all + one, 0)
  if (sum > amount) return allocate(amount, named)
  const rest = allocate(
    amount - sum,
    left.map((one, place) => one - (named[place] ?? 0)),
  )
  return named.map((one, place) => one + (rest[place] ?? 0))
}

function wantedOf({ purpose, owner }: SalePart, splits: readonly RefundSplit[]): number {
  return splits.reduce((sum, split) => {
    if (purpose === 'tax') return sum + split.tax
    if (split.sellerId !== owner) return sum
    return sum + (purpose === 'goods' ? split.goodsNet : split.shipping)
  }, 0)
}

/** What of a seller's commission, its VAT and his discount goes back with `taken` of his goods. */
function followers(parts: readonly SalePart[], goods: SalePart, taken: number): Line[] {
  return parts
    .filter(
      ({ account, owner, purpose }) =>
        account === 'seller_payable' && owner === goods.owner && purpose in COUNTERPARTS,
    )
    .flatMap(({ account, owner, purpose, balance }): Line[] => {
      const share = BigInt(balance) * BigInt(taken)
      const returned = Number(divideHalfUp(share, BigInt(goods.balance)))
      const counterpart = COUNTERPARTS[purpose] as Readonly<{ account: AccountKind }>
      return [
        { account, owner, purpose, amount: -returned },
        { ...counterpart, purpose, amount: returned },
      ]
    })
}

/** Lines of one account and purpose as one. */
function merge(lines: readonly Line[]): Line[] {
  const groups = Map.groupBy(lines, ({ account, owner = '', purpose }) =>
    [account, owner, purpose].join(' '),
  )
  return [...groups.values()].map((group) => ({
    ...(group[0] as Line),
    amount: group.reduce((sum, { amount }) => sum + amount, 0),
  }))
}

/** `seller_payable:sel_…:USD`; one account a kind, owner and currency. */
export function accountId(kind: AccountKind, owner: string, currency: string): string {
  return owner === '' ? `${kind}:${currency}` : `${kind}:${owner}:${currency}`
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  captureJournal,
  type Journal,
  refundJournal,
  reversalJournal,
  type SalePart,
  saleJournal,
} from './ledger.ts'

const orderId = 'ord_1'
const currency = 'EUR'

function balanceOf(journal: Journal): number {
  return journal.postings.reduce(
    (sum, { side, amount }) => sum + (side === 'D' ? amount : -amount),
    0,
  )
}

/** What the ledger would say is left, from all journals so far. */
function partsOf(journals: readonly Journal[]): SalePart[] {
  const parts = new Map<string, SalePart>()
  for (const { account, owner, purpose, side, amount } of journals.flatMap((j) => j.postings)) {
    const key = `${account} ${owner} ${purpose}`
    const before = parts.get(key)?.balance ?? 0
    parts.set(key, { account, owner, purpose, balance: before + (side === 'C' ? amount : -amount) })
  }
  return [...parts.values()].sort((a, b) =>
    `${a.account}${a.owner}${a.purpose}` < `${b.account}${b.owner}${b.purpose}` ? -1 : 1,
  )
}

const split = fc
  .record({
    sellerId: fc.constantFrom('sel_a', 'sel_b', 'sel_c', 'sel_d'),
    goodsNet: fc.integer({ min: 0, max: 50_000 }),
    tax: fc.integer({ min: 0, max: 9_000 }),
    shipping: fc.integer({ min: 0, max: 2_000 }),
    share: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ share, ...rest }) => ({ ...rest, commission: Math.floor((rest.goodsNet * share) / 100) }))
const splits = fc.uniqueArray(split, {
  selector: ({ sellerId }) => sellerId,
  minLength: 1,
  maxLength: 4,
})

test('every journal balances', () => {
  fc.assert(
    fc.property(splits, fc.integer({ min: 1, max: 1_000_000 }), (parts, amount) => {
      const of = { orderId, currency, amount, provider: 'fake' }
      assert.equal(balanceOf(saleJournal({ orderId, currency, splits: parts })), 0)
      assert.equal(balanceOf(captureJournal({ ...of, paymentId: 'pay_1' })), 0)
      assert.equal(balanceOf(refundJournal({ ...of, refundId: 'ref_1' })), 0)
    }),
    { numRuns: 2_000 },
  )
})

test('the worked example of semantics 14: capture 100, goods 80, tax 16, shipping 4, fee 8', () => {
  const sale = saleJournal({
    orderId,
    currency,
    splits: [{ sellerId: 'sel_a', goodsNet: 8000, tax: 1600, shipping: 400, commission: 800 }],
  })
  const lines = sale.postings.map(
    ({ side, account, owner, purpose, amount }) =>
      `${side} ${account}${owner && ` ${owner}`} ${purpose} ${amount}`,
  )
  assert.deepEqual(lines, [
    'D buyer_receivable payment 10000',
    'C seller_payable sel_a goods 8000',
    'C seller_payable sel_a shipping 400',
    'D seller_payable sel_a commission 800',
    'C tax_payable tax 1600',
    'C platform_commission commission 800',
  ])
})

test('refunds one by one, in any sizes, leave the ledger as one refund of the whole does', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(splits, cuts, (of, sizes) => {
      const sale = saleJournal({ orderId, currency, splits: of })
      const total = -(partsOf([sale]).find((p) => p.account === 'buyer_receivable')?.balance ?? 0)
      const journals = [sale]
      let left = total
      for (const [n, size] of [...sizes, Number.MAX_SAFE_INTEGER].entries()) {
        const amount = Math.min(size, left)
        if (amount === 0) continue
        const parts = partsOf(journals)
        const back = reversalJournal({
          orderId,
          currency,
          source: { sourceType: 'refund', sourceId: `ref_${n}` },
          parts,
          amount,
        })
        assert.equal(balanceOf(back), 0)
        journals.push(back)
        left -= amount
        for (const { account, purpose, balance } of partsOf(journals)) {
          const isDebt = account === 'buyer_receivable' || purpose === 'commission'
          if (!isDebt) assert.ok(balance >= 0, `${account} ${purpose} ${balance}`)
        }
      }
      assert.ok(partsOf(journals).every(({ balance }) => balance === 0))
    }),
    { numRuns: 3_000 },
  )
})

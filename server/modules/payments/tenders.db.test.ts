import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { issueGiftCards, moveStoreCredit } from '#contracts/payments/routes.ts'
import { createFakeProvider, type FakeToken } from '../../../tests/support/fake-provider.ts'
import { testClock, testPlatform, testVault } from '../../../tests/support/platform.ts'
import { seededChance } from '../../platform/chance.ts'
import { silentLog } from '../../platform/log.ts'
import { createPayments } from './index.ts'
import { createLedgerRepository } from './ledger-repository.ts'
import { createPrepaid } from './prepaid.ts'

const clock = testClock()
const platform = await testPlatform({ clock, poolSize: 16 })
const provider = createFakeProvider()
const vault = testVault()
const deps = { ...platform, clock, log: silentLog, vault }
const payments = createPayments({ ...deps, providers: [provider] })
const { api } = payments
const prepaid = createPrepaid({ ...deps, ledger: createLedgerRepository(deps) })

const eur = (amount: number) => money(amount, 'EUR')
const newOrder = () => platform.ids.make('ord', 7)
let issued = 0

async function issue(amount: number): Promise<string> {
  issued += 1
  const input = { reference: `test-${issued}`, count: 1, amount: eur(amount), sold: true }
  const [card] = await prepaid.issueCards(input)
  return card!.code
}

const balanceOf = async (code: string) => (await prepaid.findCard({ code })).balance

type Options = Readonly<{
  method?: string
  token?: FakeToken
  attempt?: number
  storeCreditOf?: string
}>

function charge(
  orderId: string,
  total: number,
  giftCards: readonly string[],
  options: Options = {},
) {
  const { method = 'card', token = 'tok_success', attempt = 1, storeCreditOf } = options
  const paid = { orderId, attempt, amount: eur(total), method, token, giftCards }
  return api.charge({ ...paid, ...(storeCreditOf ? { storeCreditOf } : {}) })
}

const refusesWith = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

test('a gift card pays first, the card the rest; both are told', async () => {
  const [orderId, code] = [newOrder(), await issue(2_000)]
  const payment = await charge(orderId, 5_000, [code])
  assert.deepEqual([payment.state, payment.captured], ['captured', 5_000])
  assert.deepEqual(payment.shown.amount, eur(5_000))
  assert.deepEqual(payment.shown.tenders, [
    { type: 'gift_card', amount: eur(2_000), refunded: eur(0), last4: code.slice(-4) },
  ])
  assert.equal(provider.paymentsOf(orderId)[0]?.amount, 3_000)
  assert.equal(await balanceOf(code), 0)
})

test('an order that gift cards and store credit pay whole needs no provider', async () => {
  const [orderId, code] = [newOrder(), await issue(1_500)]
  const credit = { customerId: 'cus_a', amount: eur(1_000), reference: 'r1', note: 'sorry' }
  await prepaid.moveCredit(credit)
  await prepaid.moveCredit(credit)
  const payment = await charge(orderId, 2_200, [code], {
    method: 'prepaid',
    storeCreditOf: 'cus_a',
  })
  assert.equal(payment.state, 'captured')
  assert.equal(provider.paymentsOf(orderId).length, 0)
  assert.equal((await prepaid.listCredit({ customerId: 'cus_a' }))[0]?.balance, 300)
  assert.equal((await charge(orderId, 2_200, [code], { method: 'prepaid' })).state, 'captured')
})

test('what is not enough takes nothing: prepaid alone, a wrong, barred or expired card', async () => {
  const [code, barred] = [await issue(100), await issue(100)]
  const { id } = await prepaid.findCard({ code: barred })
  await prepaid.setCardDisabled({ id, disabled: true })
  const expiring = { reference: 'short', count: 1, amount: eur(100), sold: false }
  const expiresAt = new Date(clock.now().getTime() + 1_000).toISOString()
  const [expired] = await prepaid.issueCards({ ...expiring, expiresAt })
  clock.advance(2_000)
  const cases = [
    [[code], 'prepaid', 'prepaid_too_little'],
    [[code, 'AAAA-BBBB-CCCC-DDDD'], 'card', 'gift_card_unusable'],
    [[code, barred], 'card', 'gift_card_unusable'],
    [[code, expired!.code], 'card', 'gift_card_unusable'],
  ] as const
  for (const [codes, method, declineCode] of cases) {
    const orderId = newOrder()
    const payment = await charge(orderId, 500, codes, { method })
    assert.deepEqual([payment.state, payment.shown.declineCode], ['failed', declineCode])
    assert.equal(provider.paymentsOf(orderId).length, 0)
    assert.equal(await balanceOf(code), 100)
  }
})

test('a declined card keeps the tender for the next attempt; giving up gives it back', async () => {
  const [orderId, code] = [newOrder(), await issue(1_000)]
  assert.equal((await charge(orderId, 3_000, [code], { token: 'tok_down' })).state, 'failed')
  assert.equal(await balanceOf(code), 0)
  const second = await charge(orderId, 3_000, [code], { attempt: 2, token: 'tok_declined' })
  assert.equal(second.state, 'failed')
  await api.cancel({ key: 'k', orderId, reason: 'declined' })
  await api.cancel({ key: 'k', orderId, reason: 'declined' })
  assert.equal(await balanceOf(code), 1_000)
})

test('a refund goes back in proportion, and the last cent where it came from', async () => {
  const [orderId, code] = [newOrder(), await issue(1_000)]
  await charge(orderId, 3_000, [code])
  const refund = (key: string, amount: number) =>
    api.refund({ key, orderId, amount: eur(amount), reason: 'test' })
  await refund('a', 100)
  await refund('a', 100)
  assert.equal(await balanceOf(code), 33)
  assert.equal(provider.paymentsOf(orderId)[0]?.refunded, 67)
  for (let n = 0; n < 29; n += 1) await refund(`b${n}`, 100)
  assert.deepEqual(
    [await balanceOf(code), provider.paymentsOf(orderId)[0]?.refunded],
    [1_000, 2_000],
  )
  await assert.rejects(refund('c', 1), refusesWith('payments.refund_too_large'))
  assert.equal((await api.getByOrder({ orderId }))?.shown.status, 'refunded')
})

test('F16: of 100 orders at once no cent more is spent than the card has', async () => {
  const code = await issue(5_500)
  const orders = Array.from({ length: 100 }, newOrder)
  const all = await Promise.all(
    orders.map((orderId) => charge(orderId, 1_000, [code], { method: 'prepaid' })),
  )
  const paid = all.filter(({ state }) => state === 'captured')
  assert.equal(paid.length, 5)
  assert.equal(await balanceOf(code), 500)
  assert.ok(all.every(({ state }) => state === 'captured' || state === 'failed'))
})

test('F16: 100 orders share one card and store credit, each paying its rest by card', async () => {
  const code = await issue(3_333)
  await prepaid.moveCredit({ customerId: 'cus_b', amount: eur(2_222), reference: 'x', note: 'x' })
  const orders = Array.from({ length: 100 }, newOrder)
  await Promise.all(
    orders.map((orderId) => charge(orderId, 100, [code], { storeCreditOf: 'cus_b' })),
  )
  const byCard = orders.reduce((sum, id) => sum + (provider.paymentsOf(id)[0]?.captured ?? 0), 0)
  assert.equal(byCard, 100 * 100 - 3_333 - 2_222)
  assert.equal(await balanceOf(code), 0)
})

test('the same order charged from many places takes its tender once', async () => {
  const [orderId, code] = [newOrder(), await issue(5_000)]
  await Promise.all(Array.from({ length: 20 }, () => charge(orderId, 1_200, [code])))
  assert.equal(await balanceOf(code), 3_800)
})

test('codes are kept nowhere, and the same reference gives the same ones', async () => {
  const input = { reference: 'batch-7', count: 3, amount: eur(700), sold: true }
  const first = await prepaid.issueCards(input)
  const again = await prepaid.issueCards(input)
  assert.deepEqual(
    again.map(({ code }) => code),
    first.map(({ code }) => code),
  )
  assert.equal(new Set(first.map(({ code }) => code)).size, 3)
  await assert.rejects(prepaid.issueCards({ ...input, amount: eur(701) }), refusesWith('conflict'))
  const { rows } = await platform.db.query({ text: 'select * from payments.prepaid_accounts' })
  const text = JSON.stringify(rows)
  assert.ok(first.every(({ code }) => !text.includes(code.slice(0, 9))))
  const typed = first[0]!.code.toLowerCase().replaceAll('-', ' ')
  assert.equal(await balanceOf(typed), 700)
})

test('the database itself refuses a balance below zero', async () => {
  const { id } = await prepaid.findCard({ code: await issue(100) })
  await assert.rejects(
    platform.db.query({
      text: 'update payments.prepaid_accounts set balance = -1 where id = $1',
      values: [id],
    }),
    /prepaid_accounts_balance_check/,
  )
  await assert.rejects(
    prepaid.moveCredit({ customerId: 'cus_c', amount: eur(-1), reference: 'x', note: 'x' }),
    refusesWith('payments.prepaid_too_little'),
  )
})

test('random histories of tenders, captures, refunds and cancellations keep every book', async () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const chance = seededChance(seed)
    const draw = (below: number) => Math.floor(chance.float() * below)
    const pick = <T>(all: readonly T[]): T => all[draw(all.length)] as T
    const codes = [await issue(1 + draw(4_000)), await issue(1 + draw(4_000))]
    const orderId = newOrder()
    const total = 1 + draw(6_000)
    const tokens = [
      'tok_success',
      'tok_declined',
      'tok_timeout',
      'tok_down',
      'tok_requires_action',
    ] as const
    const given = codes.slice(0, draw(3))
    let attempt = 1
    for (let step = 0; step < 8; step += 1) {
      const action = step === 0 ? 0 : draw(4)
      if (action === 0) {
        const { state } = await charge(orderId, total, given, { attempt, token: pick(tokens) })
        if (state === 'failed') attempt += 1
      } else if (action === 1) {
        const amount = eur(1 + draw(total))
        await api.refund({ key: `r${draw(4)}`, orderId, amount, reason: 'x' }).catch(() => {})
      } else if (action === 2) {
        const open = provider.paymentsOf(orderId).at(-1)?.status === 'requires_action'
        if (open) provider.decide(orderId, draw(2) === 0)
        await api.resolve({ orderId })
      } else if (draw(3) === 0) {
        await api.cancel({ key: 'c', orderId, reason: 'x' })
      }
      const payment = await api.getByOrder({ orderId })
      if (payment) assert.ok(payment.refunded <= payment.captured, `${seed}: more back than taken`)
    }
    const payment = await api.getByOrder({ orderId })
    if (payment?.state === 'captured') {
      assert.equal(payment.captured, total, `${seed}: paid whole, not more`)
    }
  }
  assert.deepEqual(await api.audit(), [])
})

test('the audit finds a cent that is missing from any book', async () => {
  assert.deepEqual(await api.audit(), [])
  const { id } = await prepaid.findCard({ code: await issue(100) })
  const tamper = (text: string) => platform.db.query({ text, values: [id] })
  await tamper('update payments.prepaid_accounts set balance = balance - 1 where id = $1')
  assert.equal((await api.audit()).length, 2)
  await tamper('update payments.prepaid_accounts set balance = balance + 1 where id = $1')
  const one = `update payments.ledger_balances set debit = debit + 1
    where (account_id, slot) = (select account_id, slot from payments.ledger_balances limit 1)`
  await platform.db.query({ text: one })
  assert.equal((await api.audit()).length, 1)
})

test('what is issued at once is bounded, so that no sum of the books outgrows a number', () => {
  const issued = (amount: number) =>
    issueGiftCards.body.safeParse({ reference: 'r', amount: eur(amount), count: 500 }).success
  const moved = (amount: number) =>
    moveStoreCredit.body.safeParse({ reference: 'r', amount: eur(amount), note: 'n' }).success
  assert.deepEqual([0, 1, 1e9, 1e9 + 1].map(issued), [false, true, true, false])
  assert.deepEqual([-1e9 - 1, -1e9, 0, 1e9, 1e9 + 1].map(moved), [false, true, false, true, false])
})

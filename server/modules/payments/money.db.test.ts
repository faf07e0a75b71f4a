import assert from 'node:assert/strict'
import { test } from 'node:test'
import { money } from '#contracts/kit/money.ts'
import { Problem } from '#contracts/kit/problem.ts'
import { createFakeProvider } from '../../../tests/support/fake-provider.ts'
import { testClock, testPlatform, testVault } from '../../../tests/support/platform.ts'
import type { Binding, CallContext } from '../../platform/http/binding.ts'
import { silentLog } from '../../platform/log.ts'
import { createPayments } from './index.ts'
import type { ProviderDispute } from './provider.ts'

const clock = testClock()
const platform = await testPlatform({ clock })
const provider = createFakeProvider()
const payments = createPayments({
  ...platform,
  clock,
  log: silentLog,
  vault: testVault(),
  providers: [provider],
  byHand: {
    cashOnDelivery: true,
    bankTransfer: { accountHolder: 'Stoa GmbH', iban: 'DE02120300000000202051', days: 5 },
  },
})
const { api } = payments

const eur = (amount: number) => money(amount, 'EUR')
const newOrder = () => platform.ids.make('ord', 9)
const refusesWith = (code: string) => (error: unknown) =>
  error instanceof Problem && error.code === code

/** Calls a route as the executor would, after validation. */
async function call(operation: string, input: object, context: object = {}) {
  const binding = payments.routes.find(({ route }) => route.operation === operation) as Binding
  const whole = { params: {}, query: {}, body: {}, ...input }
  const reply = await binding.handle(whole, context as CallContext)
  const schema = binding.route.replies[reply.status]
  assert.ok(schema?.safeParse(reply.body).success, JSON.stringify(schema?.safeParse(reply.body)))
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what the contract describes
  return reply.body as any
}

function pay(orderId: string, amount: number, method: string) {
  return api.charge({ orderId, attempt: 1, amount: eur(amount), method, token: 'tok_success' })
}

async function balances(kind: string): Promise<Record<string, number>> {
  const { items } = await call('listLedgerBalances', { query: { kind } })
  return Object.fromEntries(
    items.map((one: { account: string; balance: { amount: number } }) => [
      one.account,
      one.balance.amount,
    ]),
  )
}

async function dispute(orderId: string, changes: Partial<ProviderDispute>): Promise<void> {
  const paymentRef = provider.paymentsOf(orderId).at(-1)?.ref ?? ''
  const basics = { paymentRef, currency: 'EUR', fee: 1_500, reason: 'fraudulent' } as const
  const told = {
    ref: `dp_${orderId}`,
    status: 'open',
    amount: 10_000,
    ...basics,
    ...changes,
  } as const
  const { headers, rawBody } = provider.webhook(orderId, { dispute: told })
  await call('receivePaymentWebhook', { params: { provider: 'fake' } }, { headers, rawBody })
}

/** The worked example of semantics 14: goods 80, tax 16, shipping 4, commission 8 and its VAT. */
async function sell(orderId: string): Promise<void> {
  await pay(orderId, 10_000, 'card')
  const split = { sellerId: 'sel_a', goodsNet: 8_000, tax: 1_600, shipping: 400, commission: 800 }
  await api.recordSale({ orderId, currency: 'EUR', splits: [{ ...split, commissionVat: 160 }] })
}

test('cash on delivery stands at once, and is booked when it came', async () => {
  const orderId = newOrder()
  const promised = await pay(orderId, 4_200, 'cash_on_delivery')
  assert.deepEqual([promised.state, promised.shown.status], ['authorized', 'pending'])
  await assert.rejects(
    api.capture({ orderId, amount: eur(4_100) }),
    refusesWith('payments.amount_mismatch'),
  )
  const paid = await api.capture({ orderId })
  assert.deepEqual([paid.state, paid.shown.status], ['captured', 'completed'])
  assert.equal((await api.capture({ orderId })).state, 'captured')
  assert.deepEqual(await balances('cod_clearing'), { 'cod_clearing:cash:EUR': -4_200 })
})

test('a transfer is booked by its reference and amount, also as somebody copied it', async () => {
  const orderId = newOrder()
  const asked = await pay(orderId, 5_000, 'bank_transfer')
  assert.deepEqual([asked.state, asked.shown.status], ['requires_action', 'pending'])
  const { reference = '', iban, payBefore } = asked.shown.transfer ?? {}
  assert.match(reference, /^RF\d\d[0-9A-Z]{16}$/)
  assert.equal(iban, 'DE02120300000000202051')
  assert.equal(Date.parse(payBefore ?? ''), clock.now().getTime() + 5 * 24 * 3_600_000)
  const receive = (amount: number, text = reference) =>
    call('receiveTransfer', { body: { reference: text, amount: eur(amount) } })
  await assert.rejects(receive(4_999), refusesWith('payments.amount_mismatch'))
  const slip = reference.slice(0, -1) + (reference.endsWith('A') ? 'B' : 'A')
  await assert.rejects(receive(5_000, slip), refusesWith('payments.transfer_unknown'))
  const spaced = reference.toLowerCase().replace(/(.{4})/g, '$1 ')
  assert.equal((await receive(5_000, spaced)).orderId, orderId)
  assert.equal((await receive(5_000)).payment.status, 'completed')
  assert.deepEqual(await balances('bank_clearing'), { 'bank_clearing:transfer:EUR': -5_000 })
})

test('what was paid by transfer is given back by hand: pending until somebody did', async () => {
  const orderId = newOrder()
  const asked = await pay(orderId, 900, 'bank_transfer')
  const reference = asked.shown.transfer?.reference
  await api.cancel({ key: 'x', orderId, reason: 'expired' })
  assert.equal((await api.getByOrder({ orderId }))?.state, 'voided')
  await call('receiveTransfer', { body: { reference, amount: eur(900) } })
  assert.equal((await api.getByOrder({ orderId }))?.state, 'captured', 'late money is booked')
  const back = await api.cancel({ key: 'y', orderId, reason: 'expired' })
  assert.deepEqual([back?.refunded, back?.refunding], [0, 900])
  const { refunds } = await call('getOrderMoney', { params: { orderId } })
  assert.equal(refunds[0].state, 'pending')
  const settle = { params: { orderId, refundId: refunds[0].id }, body: { outcome: 'succeeded' } }
  assert.equal((await call('settleRefund', settle)).status, 'refunded')
  assert.equal((await call('settleRefund', settle)).status, 'refunded')
  const failed = { ...settle, body: { outcome: 'failed' } }
  await assert.rejects(call('settleRefund', failed), refusesWith('invalid_transition'))
})

test('a dispute holds the money; won it comes back, and the fee stays lost', async () => {
  const orderId = newOrder()
  await sell(orderId)
  await dispute(orderId, {})
  await dispute(orderId, {})
  const refund = { key: 'r', orderId, amount: eur(1), reason: 'x' }
  await assert.rejects(api.refund(refund), refusesWith('payments.refund_too_large'))
  const open = (await call('listDisputes', { query: { state: 'open' } })).items
  assert.deepEqual(
    open.map((one: { orderId: string }) => one.orderId),
    [orderId],
  )
  assert.deepEqual(await balances('chargeback_hold'), { 'chargeback_hold:fake:EUR': -10_000 })
  await dispute(orderId, { status: 'won' })
  await dispute(orderId, { status: 'lost' })
  assert.deepEqual(await balances('chargeback_hold'), { 'chargeback_hold:fake:EUR': 0 })
  assert.deepEqual(await balances('chargeback_loss'), { 'chargeback_loss:fee:EUR': -1_500 })
  assert.equal((await balances('seller_payable'))['seller_payable:sel_a:EUR'], 7_440)
  assert.deepEqual(await api.audit(), [])
})

test('a dispute that is lost is borne by the seller as a refund is, commission and VAT back', async () => {
  const orderId = newOrder()
  const before = await balances('seller_payable')
  await sell(orderId)
  await dispute(orderId, { status: 'lost', fee: 0 })
  assert.deepEqual(await balances('seller_payable'), before)
  assert.deepEqual(await balances('chargeback_hold'), { 'chargeback_hold:fake:EUR': 0 })
  const { journals, disputes } = await call('getOrderMoney', { params: { orderId } })
  assert.deepEqual(journals.map(({ kind }: { kind: string }) => kind).sort(), [
    'capture',
    'chargeback',
    'chargeback_lost',
    'sale',
    'sale_reversal',
  ])
  assert.equal(disputes[0].state, 'lost')
  assert.deepEqual(await api.audit(), [])
})

test('a capture that settles in another currency is two journals of one currency each', async () => {
  const orderId = newOrder()
  await pay(orderId, 10_000, 'card')
  const payment = provider.paymentsOf(orderId)[0]!
  const settlement = { ref: `txn_${orderId}`, currency: 'USD', gross: 11_684, fee: 369 }
  const told = provider.webhook(orderId, { payment: { ...payment, settlement } })
  for (let time = 0; time < 3; time += 1) {
    await call('receivePaymentWebhook', { params: { provider: 'fake' } }, told)
  }
  assert.deepEqual(await balances('fx_liquidity'), {
    'fx_liquidity:fake:EUR': -10_000,
    'fx_liquidity:fake:USD': 11_684,
  })
  assert.deepEqual(await balances('psp_settled'), { 'psp_settled:fake:USD': -11_315 })
  assert.deepEqual(await balances('psp_fee'), { 'psp_fee:fake:USD': -369 })
  await api.refund({ key: 'r', orderId, amount: eur(10_000), reason: 'x' })
  assert.deepEqual(await api.audit(), [], 'a refund is of the currency of the charge')
})

test('a discount that the marketplace bears is its expense, and goes back with the goods', async () => {
  const orderId = newOrder()
  await pay(orderId, 9_000, 'card')
  const split = { sellerId: 'sel_promo', goodsNet: 9_000, tax: 0, shipping: 0, commission: 1_000 }
  await api.recordSale({
    orderId,
    currency: 'EUR',
    splits: [{ ...split, marketplaceDiscount: 1_000 }],
  })
  const owed = async () => (await balances('seller_payable'))['seller_payable:sel_promo:EUR']
  assert.equal(await owed(), 9_000)
  assert.deepEqual(await balances('promo_expense'), { 'promo_expense:platform:EUR': -1_000 })
  await api.refund({ key: 'half', orderId, amount: eur(4_500), reason: 'x' })
  assert.equal(await owed(), 4_500)
  await api.refund({ key: 'rest', orderId, amount: eur(4_500), reason: 'x' })
  assert.equal(await owed(), 0)
  assert.deepEqual(await balances('promo_expense'), { 'promo_expense:platform:EUR': 0 })
})

test('a payout is booked once, and never more than is owed, however many at once', async () => {
  const orderId = newOrder()
  await pay(orderId, 10_000, 'card')
  const split = { sellerId: 'sel_pay', goodsNet: 10_000, tax: 0, shipping: 0, commission: 1_000 }
  await api.recordSale({ orderId, currency: 'EUR', splits: [split] })
  const payOut = (reference: string, amount: number) =>
    call('recordPayout', {
      params: { sellerId: 'sel_pay' },
      body: { reference, amount: eur(amount) },
    })
  const many = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => payOut(`p${n}`, 2_000)),
  )
  assert.equal(many.filter(({ status }) => status === 'fulfilled').length, 4)
  const first = many.findIndex(({ status }) => status === 'fulfilled')
  assert.equal((await payOut(`p${first}`, 2_000)).balance.amount, 1_000)
  await assert.rejects(payOut(`p${first}`, 1_999), refusesWith('conflict'))
  await assert.rejects(payOut('more', 1_001), refusesWith('payments.payout_too_large'))
})

test('methods are offered by country, currency and amount, and refused at the check', async () => {
  const list = async (country: string, amount: number) =>
    (await call('listPaymentMethods', { query: { country, currency: 'EUR', amount } })).items.map(
      ({ method }: { method: string }) => method,
    )
  assert.deepEqual(await list('DE', 5_000), [
    'card',
    'bank_transfer',
    'cash_on_delivery',
    'prepaid',
  ])
  const rule = { method: 'cash_on_delivery', country: '*', currency: '*', enabled: false }
  await call('setPaymentMethodRule', { body: rule })
  const german = { ...rule, country: 'DE', currency: 'EUR', enabled: true, maxAmount: 20_000 }
  await call('setPaymentMethodRule', { body: german })
  assert.ok((await list('DE', 20_000)).includes('cash_on_delivery'))
  assert.ok(!(await list('DE', 20_001)).includes('cash_on_delivery'))
  assert.ok(!(await list('FR', 5_000)).includes('cash_on_delivery'))
  await assert.rejects(
    api.check({ method: 'cash_on_delivery', country: 'FR', amount: eur(1) }),
    refusesWith('payments.method_not_offered'),
  )
  assert.equal((await call('listPaymentMethodRules', {})).items.length, 2)
})

test('who tries codes of gift cards is slowed down; a right one forgets', async () => {
  const body = { reference: 'shop-1', amount: eur(500), count: 1, reason: 'sold' }
  const { items } = await call('issueGiftCards', { body })
  const ask = (code: string, remoteAddress: string) =>
    call('getGiftCardBalance', { body: { code } }, { remoteAddress })
  const wrong = 'AAAA-BBBB-CCCC-DDDD'
  for (let n = 0; n < 5; n += 1) {
    await assert.rejects(ask(wrong, '1.1.1.1'), refusesWith('payments.gift_card_unusable'))
  }
  assert.deepEqual((await ask(items[0].code, '1.1.1.1')).balance, eur(500))
  for (let n = 0; n < 10; n += 1) {
    await assert.rejects(ask(wrong, '1.1.1.1'), refusesWith('payments.gift_card_unusable'))
  }
  await assert.rejects(ask(items[0].code, '1.1.1.1'), refusesWith('rate_limited'))
  assert.deepEqual((await ask(items[0].code, '2.2.2.2')).balance, eur(500))
  const { entries } = await call('getGiftCard', { params: { giftCardId: items[0].id } })
  assert.equal(entries.length, 1)
  assert.deepEqual(await api.audit(), [])
})

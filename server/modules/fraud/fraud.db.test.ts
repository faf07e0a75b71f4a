import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as contract from '#contracts/fraud/routes.ts'
import type { FraudRule } from '#contracts/fraud/schemas.ts'
import { money } from '#contracts/kit/money.ts'
import { paymentDisputed } from '#contracts/payments/events.ts'
import { ADDRESS } from '../../../tests/support/checkout-fakes.ts'
import { callerOf, operatorOf } from '../../../tests/support/operator.ts'
import { testClock, testPlatform, testVault } from '../../../tests/support/platform.ts'
import type { ScreenInput } from './api.ts'
import { createFraud } from './module.ts'

const clock = testClock()
const platform = await testPlatform({ clock })
const { db, ids, outbox } = platform
const base = { db, ids, outbox, clock, vault: testVault() }
const fraud = createFraud(base)
/** Another process on the same database. */
const rival = createFraud(base)
const call = operatorOf(platform, fraud.routes, 'acc_eve')

let buyers = 0
function order(more: Partial<ScreenInput> = {}): ScreenInput {
  buyers += 1
  return {
    orderId: ids.make('ord'),
    total: money(5_000, 'EUR'),
    customerId: null,
    email: `buyer${buyers}@example.com`,
    shippingAddress: { ...ADDRESS, line1: `${buyers} High Street` },
    billingAddress: { ...ADDRESS, line1: `${buyers} High Street` },
    remoteAddress: null,
    device: null,
    ...more,
  }
}

const FREQUENT: FraudRule = {
  code: 'order_frequency',
  enabled: true,
  score: 60,
  threshold: 3,
  windowMinutes: 60,
}

async function setRules(rules: readonly FraudRule[], mode: 'enforce' | 'observe' = 'enforce') {
  const body = { mode, reviewAt: 60, denyAt: 100, rules, note: 'for a test' }
  const { status, body: made } = await call(contract.setFraudRules, { body })
  assert.equal(status, 200)
  return made
}

const rows = async (text: string) => (await db.query({ text })).rows
const get = (orderId: string) => call(contract.getFraudScreening, { params: { orderId } })

test('the shop comes with rules; a change is a version that names who made it', async () => {
  const first = await call(contract.getFraudRules)
  assert.deepEqual([first.body.version, first.headers['etag']], [0, '"0"'])
  const headers = { 'if-match': '"0"' }
  const body = { mode: 'enforce', reviewAt: 60, denyAt: 100, rules: [FREQUENT], note: 'less' }
  const changed = await call(contract.setFraudRules, { body, headers })
  assert.deepEqual([changed.body.version, changed.body.createdBy], [1, 'operator:acc_eve'])
  const late = await call(contract.setFraudRules, { body, headers })
  assert.deepEqual([late.status, late.problem.code], [412, 'precondition_failed'])
  const { body: page } = await call(contract.listFraudRuleVersions, { query: { limit: '1' } })
  assert.deepEqual(
    [page.items.map(({ version }) => version), page.nextCursor !== null],
    [[1], true],
  )
  const query = { limit: '1', cursor: page.nextCursor }
  const { body: last } = await call(contract.listFraudRuleVersions, { query })
  assert.deepEqual([last.items[0]?.version, last.nextCursor], [0, null])
})

test('rules that lack a number, come twice or contradict themselves are refused', async () => {
  const good = { mode: 'enforce', reviewAt: 60, denyAt: 100, rules: [FREQUENT] }
  const bad = [
    { ...good, rules: [{ ...FREQUENT, windowMinutes: undefined }] },
    { ...good, rules: [FREQUENT, FREQUENT] },
    { ...good, rules: [{ ...FREQUENT, code: 'horoscope' }] },
    { ...good, reviewAt: 200 },
  ]
  for (const body of bad) {
    const { status } = await call(contract.setFraudRules, { body })
    assert.equal(status, 400, JSON.stringify(body))
  }
  assert.equal((await call(contract.getFraudRules)).body.version, 1)
})

test('an order is screened once, and counted once, whoever asks again', async () => {
  const input = order()
  const all = await Promise.all([
    fraud.api.screen(input),
    fraud.api.screen(input),
    rival.api.screen(input),
  ])
  for (const one of all) assert.deepEqual(one, { decision: 'allow', hold: false })
  assert.deepEqual(await fraud.api.screen(input), all[0])
  const counted = await rows(`select sum(orders)::int as n from fraud.counters c
    join fraud.screenings s on c.subject = s.buyer where s.order_id = '${input.orderId}'`)
  assert.equal(counted[0].n, 1)
  assert.equal(await fraud.api.assess({ orderId: ids.make('ord'), riskScore: null }), null)
})

test('of many orders of one buyer that come at once, those beyond the threshold are held', async () => {
  await setRules([FREQUENT])
  const inputs = Array.from({ length: 10 }, (_, n) => order({ email: `frequent+${n}@example.com` }))
  const screened = await Promise.all(inputs.map((input) => fraud.api.screen(input)))
  const held = inputs.filter((_, n) => screened[n]?.hold)
  assert.equal(held.length, 7)
  const bodies = await Promise.all(held.map(async ({ orderId }) => (await get(orderId)).body))
  for (const { decision } of bodies) assert.equal(decision, 'review')
  const reason = { rule: 'order_frequency', score: 60, subject: 'email', threshold: 3 }
  assert.deepEqual(
    bodies.flatMap(({ reasons }) => reasons).sort((a, b) => (a.value ?? 0) - (b.value ?? 0)),
    [4, 5, 6, 7, 8, 9, 10].map((value) => ({ ...reason, value })),
  )
  clock.advance(2 * 60 * 60_000)
  const later = await fraud.api.screen(order({ email: 'frequent@example.com' }))
  assert.equal(later.decision, 'allow', 'the window has passed')
})

test('two processes see what the other has counted', async () => {
  const email = 'both@example.com'
  for (const process of [fraud, rival, fraud]) {
    assert.equal((await process.api.screen(order({ email }))).decision, 'allow')
  }
  assert.equal((await rival.api.screen(order({ email }))).decision, 'review')
})

test('rules that only look on keep their verdict, and let the order pass', async () => {
  await setRules([{ ...FREQUENT, threshold: 0 }], 'observe')
  const input = order()
  assert.deepEqual(await fraud.api.screen(input), { decision: 'allow', hold: false })
  const { body } = await get(input.orderId)
  assert.deepEqual([body.decision, body.enforced, body.reviewState], ['review', false, null])
  await setRules([FREQUENT])
})

test('a high score of the provider holds an order that was allowed; once', async () => {
  await setRules([{ code: 'provider_risk', enabled: true, score: 60, threshold: 75 }])
  const { orderId } = order()
  await fraud.api.screen(order({ orderId }))
  assert.equal((await fraud.api.assess({ orderId, riskScore: 8 }))?.hold, false)
  const held = { decision: 'review', hold: true }
  assert.deepEqual(await fraud.api.assess({ orderId, riskScore: 93 }), held)
  assert.deepEqual(await rival.api.assess({ orderId, riskScore: 93 }), held)
  assert.equal((await get(orderId)).body.reasons.length, 1)
  const flagged = await rows(`select 1 from platform.outbox where type = 'fraud.order_flagged.v1'
    and aggregate_id = '${orderId}'`)
  assert.equal(flagged.length, 1)
})

test('lists decide before the rules, until they expire', async () => {
  await setRules([FREQUENT])
  const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString()
  const put = (list: string, entry: object, more: object = {}) =>
    call(contract.addFraudListEntry, { body: { list, entry, reason: 'seen before', ...more } })
  await put('deny', { kind: 'network', value: '8.8.4.200' }, { expiresAt })
  const from = (remoteAddress: string) => fraud.api.screen(order({ remoteAddress }))
  assert.equal((await from('8.8.4.4')).decision, 'deny')
  assert.equal((await from('8.8.5.4')).decision, 'allow')
  clock.advance(61_000)
  assert.equal((await from('8.8.4.4')).decision, 'allow')
  const { body: entry } = await put('deny', { kind: 'address', address: ADDRESS })
  const moved = { shippingAddress: ADDRESS, billingAddress: ADDRESS }
  assert.equal((await fraud.api.screen(order(moved))).decision, 'deny')
  const params = { entryId: entry.id }
  assert.equal((await call(contract.removeFraudListEntry, { params })).status, 204)
  assert.equal((await call(contract.removeFraudListEntry, { params })).status, 404)
  assert.equal((await fraud.api.screen(order(moved))).decision, 'allow')
  assert.equal((await put('deny', { kind: 'network', value: '127.0.0.1' })).status, 400)
  const { body: page } = await call(contract.listFraudListEntries)
  assert.deepEqual(
    page.items.map(({ list, kind }) => [list, kind]),
    [['deny', 'network']],
  )
})

test("the operator's queue: oldest first, notes, one decision", async () => {
  await setRules([{ ...FREQUENT, threshold: 0 }])
  const inputs = [order(), order(), order()]
  for (const input of inputs) await fraud.api.screen(input)
  const { body: queue } = await call(contract.listFraudReviews, { query: { limit: '100' } })
  const waiting = queue.items.map(({ orderId }) => orderId)
  assert.deepEqual(waiting, waiting.toSorted())
  const [orderId = ''] = waiting.slice(-1)
  const params = { orderId }
  await call(contract.addFraudNote, { params, body: { text: 'Phoned him' } })
  const decide = (outcome: string) =>
    call(contract.decideFraudReview, { params, body: { outcome, note: 'Sounds fine' } })
  const { body } = await decide('approved')
  assert.deepEqual([body.reviewState, body.decidedBy], ['approved', 'operator:acc_eve'])
  assert.deepEqual(
    body.notes.map(({ text }) => text),
    ['Phoned him', 'Sounds fine'],
  )
  assert.equal((await decide('approved')).status, 200, 'again does nothing')
  const other = await decide('rejected')
  assert.deepEqual([other.status, other.problem.code], [409, 'invalid_transition'])
  assert.equal((await get(orderId)).body.notes.length, 2)
  const told = await rows(`select 1 from platform.outbox where type = 'fraud.review_decided.v1'
    and aggregate_id = '${orderId}'`)
  assert.equal(told.length, 1)
  assert.equal((await fraud.api.assess({ orderId, riskScore: 8 }))?.hold, false)
  const query = { state: 'approved' }
  const { body: decided } = await call(contract.listFraudReviews, { query })
  assert.equal(decided.items[0]?.orderId, orderId)
  const missing = { params: { orderId: ids.make('ord') }, body: { outcome: 'approved' } }
  assert.equal((await call(contract.decideFraudReview, missing)).status, 404)
})

test('S23: a hundred orders at once of one shopper get no more units than the limit allows', async () => {
  const productId = ids.make('prd')
  const params = { productId }
  await call(contract.setPurchaseLimit, { params, body: { maxUnits: 5, windowDays: null } })
  const shop = [fraud, createFraud(base)]
  const claims = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      shop[n % 2]!.api.claimPurchase({
        orderId: ids.make('ord'),
        customerId: n % 3 === 0 ? 'acc_greedy' : null,
        email: `greedy+${n}@example.com`,
        lines: [{ productId, quantity: 1 }],
      }),
    ),
  )
  assert.equal(claims.filter((refusal) => refusal === null).length, 5)
  const refusals = claims.filter((refusal) => refusal !== null)
  for (const refusal of refusals) assert.deepEqual(refusal, { productId, maxUnits: 5 })
  const counts = await rows(`select subject, units from fraud.purchase_counts
    where product_id = '${productId}'`)
  for (const { units } of counts) assert.ok(units <= 5)
  const claimed = await rows(`select sum(units)::int as n from fraud.purchase_claims
    where product_id = '${productId}' and subject like 'email:%'`)
  assert.equal(claimed[0].n, 5)
})

test('a limit counts once per order, all products or none, and by its window', async () => {
  const [scarce, plenty] = [ids.make('prd'), ids.make('prd')]
  const set = (productId: string, body: object) =>
    call(contract.setPurchaseLimit, { params: { productId }, body })
  await set(scarce, { maxUnits: 2, windowDays: 1 })
  await set(plenty, { maxUnits: 10, windowDays: null })
  const buy = (quantities: Record<string, number>, orderId: string = ids.make('ord')) =>
    fraud.api.claimPurchase({
      orderId,
      customerId: null,
      email: 'once@example.com',
      lines: Object.entries(quantities).map(([productId, quantity]) => ({ productId, quantity })),
    })
  const first = ids.make('ord')
  assert.equal(await buy({ [scarce]: 2 }, first), null)
  assert.equal(await buy({ [scarce]: 2 }, first), null, 'the same order again')
  const both = { [plenty]: 9, [scarce]: 1 }
  assert.equal((await buy(both))?.productId, scarce)
  assert.equal(await buy({ [plenty]: 10 }), null, 'the refused order took none')
  assert.equal((await buy({ [plenty]: 1 }))?.maxUnits, 10)
  clock.advance(25 * 60 * 60_000)
  assert.equal(await buy({ [scarce]: 2 }), null, 'the next day')
  assert.equal(await buy({ [ids.make('prd')]: 1_000 }), null, 'no limit, no count')
})

test('a dispute is held against its buyer until the shop has won it', async () => {
  await setRules([{ code: 'earlier_disputes', enabled: true, score: 60, threshold: 1 }])
  const email = 'disputes@example.com'
  const { orderId } = order()
  await fraud.api.screen(order({ orderId, email }))
  const tell = async (status: 'open' | 'won') => {
    const amount = money(5_000, 'EUR')
    const payload = { orderId, paymentId: 'pay_1', amount, disputeId: 'dsp_1', status }
    const told = [{ spec: paymentDisputed, aggregateId: orderId, payload }]
    await db.tx((tx) => outbox.append(tx, told))
    await platform.deliver(fraud.consumers)
    return (await fraud.api.screen(order({ email }))).decision
  }
  assert.equal(await tell('open'), 'review')
  assert.equal(await tell('won'), 'allow')
})

test('who is no operator learns nothing', async () => {
  const { orderId } = order()
  await fraud.api.screen(order({ orderId }))
  for (const actor of [{ kind: 'guest' }, { kind: 'customer', id: 'acc_1' }] as const) {
    const stranger = callerOf(platform, fraud.routes, actor)
    const { status } = await stranger(contract.getFraudScreening, { params: { orderId } })
    assert.ok(status === 401 || status === 403 || status === 404, String(status))
  }
})

test('nothing that is kept tells an e-mail, an IP or a street address', async () => {
  const input = order({ email: 'Secret.Person@example.com', remoteAddress: '8.8.4.77' })
  await fraud.api.screen({ ...input, customerId: 'acc_secret', device: 'browser-secret' })
  for (const table of ['screenings', 'counters', 'marks', 'spendings', 'list_entries']) {
    const text = JSON.stringify(await rows(`select * from fraud.${table}`))
    assert.doesNotMatch(text, /secret|8\.8\.4|High Street/i, table)
  }
})

test("a person's screenings are exported, and erased down to the bare decision", async () => {
  const emails = ['Forget.Me@example.com']
  const input = order({ email: emails[0]!, customerId: 'acc_forget' })
  await fraud.api.screen(input)
  const subject = { accountId: 'acc_forget', emails }
  const exported = await fraud.personalData!.export(subject)
  assert.equal((exported['screenings'] as unknown[]).length, 1)
  const erased = await fraud.personalData!.erase(subject)
  assert.deepEqual(
    erased.map(({ table, deleted, anonymised }) => [table, deleted, anonymised]),
    [
      ['fraud.counters', 2, 0],
      ['fraud.spendings', 0, 0],
      ['fraud.marks', 0, 0],
      ['fraud.purchase_counts', 0, 0],
      ['fraud.screenings', 0, 1],
    ],
  )
  const again = await fraud.personalData!.erase(subject)
  assert.ok(again.every(({ deleted, anonymised }) => deleted + anonymised === 0))
  assert.equal((await get(input.orderId)).body.decision, 'allow')
})

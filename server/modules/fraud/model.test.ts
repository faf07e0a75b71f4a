import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FraudRule, FraudRuleSet } from '#contracts/fraud/schemas.ts'
import { money } from '#contracts/kit/money.ts'
import { DEFAULT_RULE_SET } from './default-rules.ts'
import { addProviderRisk, type Facts, judge, type SubjectFacts } from './model.ts'
import type { SubjectKind } from './subjects.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

function known(kind: SubjectKind, facts: Partial<Omit<SubjectFacts, 'subject'>> = {}) {
  const subject = { kind, key: `${kind}:hash`, shard: 1 }
  return { subject, buckets: [], spendings: [], marks: [], listed: null, ...facts }
}

function facts(more: Partial<Facts> = {}): Facts {
  const subjects = [known('email'), known('address')]
  return { at: NOW, total: money(5_000, 'EUR'), country: 'DE', billedTo: 'same', subjects, ...more }
}

const rule = (code: FraudRule['code']) =>
  DEFAULT_RULE_SET.rules.find((one) => one.code === code) as FraudRule

/** Only one rule counts. */
const only = (code: FraudRule['code'], more: Partial<FraudRule> = {}): FraudRuleSet => ({
  ...DEFAULT_RULE_SET,
  rules: [{ ...rule(code), ...more }],
})

const orders = (count: number, minutesAgo: number) => ({
  at: NOW - minutesAgo * MINUTE,
  orders: count,
  declines: 0,
})

const regular = {
  spendings: [{ currency: 'EUR', orders: 4, amount: 20_000 }],
  marks: [
    { kind: 'country', value: 'DE' },
    { kind: 'device', value: 'device:hash' },
  ],
} as const

test('an ordinary order is allowed, and nothing is said against it', () => {
  assert.deepEqual(judge(DEFAULT_RULE_SET, facts()), { decision: 'allow', score: 0, reasons: [] })
  const subjects = [known('customer', regular), known('email'), known('device')]
  assert.equal(judge(DEFAULT_RULE_SET, facts({ subjects })).score, 0)
})

test('orders are counted with the one in question, and only those in the window', () => {
  const seen = (buckets: SubjectFacts['buckets']) =>
    judge(only('order_frequency', { threshold: 3, windowMinutes: 60 }), {
      ...facts(),
      subjects: [known('email', { buckets })],
    }).reasons[0]
  assert.equal(seen([orders(2, 5)]), undefined)
  assert.deepEqual(seen([orders(2, 5), orders(1, 30)]), {
    rule: 'order_frequency',
    score: 35,
    subject: 'email',
    value: 4,
    threshold: 3,
  })
  assert.equal(seen([orders(9, 61)]), undefined)
})

test('each velocity looks at its own kind of subject', () => {
  for (const kind of ['address', 'device', 'network'] as const) {
    const subjects = [known('email'), known(kind, { buckets: [orders(1_000, 1)] })]
    const codes = judge(DEFAULT_RULE_SET, facts({ subjects })).reasons.map((one) => one.rule)
    assert.ok(codes.includes(`${kind}_velocity`), codes.join())
    assert.ok(!codes.includes('order_frequency'))
  }
})

test('declined payments hold the next order', () => {
  const buckets = [{ at: NOW, orders: 0, declines: 6 }]
  const verdict = judge(DEFAULT_RULE_SET, facts({ subjects: [known('email', { buckets })] }))
  assert.equal(verdict.decision, 'review')
  assert.equal(verdict.reasons[0]?.rule, 'declined_payments')
})

test('an amount is measured against what the buyer spends, in its currency, once there is a history', () => {
  const rules = only('amount_against_history', { threshold: 500 })
  const judged = (amount: number, currency: string, spendings: SubjectFacts['spendings']) =>
    judge(rules, {
      ...facts({ total: money(amount, currency) }),
      subjects: [known('customer', { spendings })],
    }).reasons[0]?.value
  const history = [{ currency: 'EUR', orders: 4, amount: 20_000 }]
  assert.equal(judged(25_000, 'EUR', history), undefined)
  assert.equal(judged(25_100, 'EUR', history), 502)
  assert.equal(judged(900_000, 'USD', history), undefined)
  assert.equal(judged(900_000, 'EUR', [{ currency: 'EUR', orders: 2, amount: 10_000 }]), undefined)
})

test('a high first order, another country, a new device: each by itself passes, together they do not', () => {
  const total = money(200_000, 'EUR')
  assert.equal(judge(DEFAULT_RULE_SET, facts({ total })).decision, 'allow')
  const abroad = facts({ billedTo: 'other_country' })
  assert.equal(judge(DEFAULT_RULE_SET, abroad).decision, 'allow')
  const subjects = [known('email'), known('address', { buckets: [orders(30, 5)] })]
  const all = judge(DEFAULT_RULE_SET, { ...abroad, total, subjects })
  assert.deepEqual([all.decision, all.score], ['review', 75])
  const devices = [known('customer', regular), known('device')]
  const strange = { ...known('device'), subject: { kind: 'device', key: 'device:new', shard: 1 } }
  const codes = (list: Facts['subjects'], country = 'DE') =>
    judge(DEFAULT_RULE_SET, facts({ subjects: list, country })).reasons.map((one) => one.rule)
  assert.deepEqual(codes(devices), [])
  assert.deepEqual(codes([devices[0]!, strange as SubjectFacts], 'FR'), [
    'new_country',
    'new_device',
  ])
})

test('disputes are counted once, whether seen by account or by e-mail', () => {
  const marks = [{ kind: 'dispute', value: 'dsp_1' }] as const
  const subjects = [known('customer', { marks }), known('email', { marks })]
  const verdict = judge(DEFAULT_RULE_SET, facts({ subjects }))
  assert.deepEqual([verdict.decision, verdict.reasons[0]?.value], ['review', 1])
})

test('lists outweigh the score, and denying outweighs allowing', () => {
  const buckets = [{ at: NOW, orders: 900, declines: 900 }]
  const trusted = known('email', { buckets, listed: 'allow' })
  assert.equal(judge(DEFAULT_RULE_SET, facts({ subjects: [trusted] })).decision, 'allow')
  const barred = known('network', { listed: 'deny' })
  const verdict = judge(DEFAULT_RULE_SET, facts({ subjects: [trusted, barred] }))
  assert.deepEqual(verdict.reasons, [{ rule: 'deny_list', score: 0, subject: 'network' }])
  assert.equal(verdict.decision, 'deny')
})

test('a rule that is switched off says nothing', () => {
  const off = only('country_mismatch', { enabled: false })
  assert.equal(judge(off, facts({ billedTo: 'other_country' })).score, 0)
})

test("the provider's score holds a paid order, never denies it, and counts once", () => {
  const fine = { decision: 'allow', score: 30, reasons: [] } as const
  assert.equal(addProviderRisk(DEFAULT_RULE_SET, fine, 74), null)
  assert.equal(addProviderRisk(DEFAULT_RULE_SET, fine, null), null)
  const held = addProviderRisk(DEFAULT_RULE_SET, fine, 93)
  assert.deepEqual([held?.decision, held?.score], ['review', 90])
  assert.equal(addProviderRisk(DEFAULT_RULE_SET, held!, 93), null)
  const doubtful = { ...fine, decision: 'review', score: 110 } as const
  assert.equal(addProviderRisk(DEFAULT_RULE_SET, doubtful, 99)?.decision, 'review')
  const trusted = { ...fine, reasons: [{ rule: 'allow_list', score: 0 }] } as const
  assert.equal(addProviderRisk(DEFAULT_RULE_SET, trusted, 99), null)
})

import type {
  FraudReason,
  FraudRule,
  FraudRuleCode,
  FraudRuleSet,
} from '#contracts/fraud/schemas.ts'
import type { Money } from '#contracts/kit/money.ts'
import type { Subject, SubjectKind } from './subjects.ts'

export type Decision = 'allow' | 'review' | 'deny'

/** Counters are kept in steps of this length. */
export const BUCKET_MS = 10 * 60_000

/** What is known of one subject of an order: of the time before it. */
export type SubjectFacts = Readonly<{
  subject: Subject
  /** Orders and declined payments by the step's beginning, in milliseconds. */
  buckets: readonly Readonly<{ at: number; orders: number; declines: number }>[]
  spendings: readonly Readonly<{ currency: string; orders: number; amount: number }>[]
  marks: readonly Readonly<{ kind: 'country' | 'device' | 'dispute'; value: string }>[]
  listed: 'allow' | 'deny' | null
}>

export type Facts = Readonly<{
  at: number
  total: Money
  country: string
  billedTo: 'same' | 'other_address' | 'other_country'
  subjects: readonly SubjectFacts[]
}>

export type Verdict = Readonly<{
  decision: Decision
  score: number
  reasons: readonly FraudReason[]
}>

/** Whom the orders of a person are counted by. */
const BUYER: readonly SubjectKind[] = ['customer', 'email']

/** Average of this many orders says something. */
const HISTORY_ORDERS = 3

type Found = Readonly<{ value?: number; threshold?: number; subject?: SubjectKind }>

/** Whether a rule holds for an order; what it saw, if it does. */
type Check = (rule: FraudRule, facts: Facts) => Found | null

const CHECKS: Readonly<Record<Exclude<FraudRuleCode, 'provider_risk'>, Check>> = {
  order_frequency: velocityOf('orders', BUYER),
  address_velocity: velocityOf('orders', ['address']),
  device_velocity: velocityOf('orders', ['device']),
  network_velocity: velocityOf('orders', ['network']),
  declined_payments: velocityOf('declines', [...BUYER, 'device', 'network']),
  amount_against_history({ threshold = 0 }, { subjects, total }) {
    const history = buyersOf(subjects)
      .flatMap(({ spendings }) => spendings)
      .filter(({ currency, orders }) => currency === total.currency && orders >= HISTORY_ORDERS)
      .toSorted((a, b) => b.orders - a.orders)[0]
    if (!history || history.amount === 0) return null
    const percent = Math.floor((total.amount * history.orders * 100) / history.amount)
    return percent > threshold ? { value: percent, threshold } : null
  },
  first_order_amount({ amounts = {} }, { subjects, total }) {
    const threshold = amounts[total.currency]
    if (threshold === undefined || total.amount < threshold || isKnown(subjects)) return null
    return { value: total.amount, threshold }
  },
  address_mismatch: (_, { billedTo }) => (billedTo === 'other_address' ? {} : null),
  country_mismatch: (_, { billedTo }) => (billedTo === 'other_country' ? {} : null),
  new_country(_, { subjects, country }) {
    return isKnown(subjects) && !isMarked(subjects, 'country', country) ? {} : null
  },
  new_device(_, { subjects }) {
    const device = subjects.find(({ subject }) => subject.kind === 'device')
    if (!device || !isKnown(subjects)) return null
    return isMarked(subjects, 'device', device.subject.key) ? null : { subject: 'device' }
  },
  earlier_disputes({ threshold = 1 }, { subjects }) {
    const disputes = new Set(
      buyersOf(subjects).flatMap(({ marks }) =>
        marks.flatMap(({ kind, value }) => (kind === 'dispute' ? [value] : [])),
      ),
    )
    return disputes.size >= threshold ? { value: disputes.size, threshold } : null
  },
}

function buyersOf(subjects: readonly SubjectFacts[]): readonly SubjectFacts[] {
  return subjects.filter(({ subject }) => BUYER.includes(subject.kind))
}

function isKnown(subjects: readonly SubjectFacts[]): boolean {
  return buyersOf(subjects).some(({ spendings }) => spendings.length > 0)
}

function isMarked(
  subjects: readonly SubjectFacts[],
  kind: 'country' | 'device',
  value: string,
): boolean {
  return buyersOf(subjects).some(({ marks }) =>
    marks.some((mark) => mark.kind === kind && mark.value === value),
  )
}

/** More than so many in a window, of any of these: of the one that is most often seen. */
function velocityOf(what: 'orders' | 'declines', kinds: readonly SubjectKind[]): Check {
  // The order itself is one of those that are counted.
  const own = what === 'orders' ? 1 : 0
  return ({ threshold = 0, windowMinutes = 0 }, { at, subjects }) => {
    const since = at - windowMinutes * 60_000
    const counts = subjects
      .filter(({ subject }) => kinds.includes(subject.kind))
      .map(({ subject, buckets }) => ({
        subject: subject.kind,
        value: buckets.reduce((sum, one) => sum + (one.at > since ? one[what] : 0), own),
      }))
      .toSorted((a, b) => b.value - a.value)
    const most = counts[0]
    return most && most.value > threshold ? { ...most, threshold } : null
  }
}

/**
 * Judges an order by the rules. A deny list outweighs an allow list, and both outweigh the score.
 * Pure: the same facts give the same verdict.
 */
export function judge(ruleSet: FraudRuleSet, facts: Facts): Verdict {
  const listed = judgeByLists(facts.subjects)
  if (listed) return listed
  const reasons = ruleSet.rules.flatMap((rule): FraudReason[] => {
    if (!rule.enabled || rule.code === 'provider_risk') return []
    const found = CHECKS[rule.code](rule, facts)
    return found ? [{ rule: rule.code, score: rule.score, ...found }] : []
  })
  return sumUp(ruleSet, reasons)
}

function judgeByLists(subjects: readonly SubjectFacts[]): Verdict | null {
  for (const list of ['deny', 'allow'] as const) {
    const match = subjects.find(({ listed }) => listed === list)
    if (!match) continue
    const reasons = [{ rule: `${list}_list` as const, score: 0, subject: match.subject.kind }]
    return { decision: list, score: 0, reasons }
  }
  return null
}

function sumUp({ reviewAt, denyAt }: FraudRuleSet, reasons: readonly FraudReason[]): Verdict {
  const score = reasons.reduce((sum, reason) => sum + reason.score, 0)
  const decision = score >= denyAt ? 'deny' : score >= reviewAt ? 'review' : 'allow'
  return { decision, score, reasons }
}

/**
 * What the provider's score adds to a verdict once the money is there: an order that is paid is
 * held for a person at most, never denied by a machine.
 * @param riskScore 0 (fine) to 100 (fraud).
 * @returns null if it changes nothing.
 */
export function addProviderRisk(
  ruleSet: FraudRuleSet,
  { decision, score, reasons }: Verdict,
  riskScore: number | null,
): Verdict | null {
  const rule = ruleSet.rules.find(({ code }) => code === 'provider_risk')
  const threshold = rule?.threshold ?? 0
  if (!rule?.enabled || riskScore === null || riskScore < threshold) return null
  if (reasons.some((one) => one.rule === 'provider_risk' || one.rule === 'allow_list')) return null
  const found = { rule: rule.code, score: rule.score, value: riskScore, threshold }
  const sum = score + rule.score
  return {
    decision: sum >= ruleSet.reviewAt && decision === 'allow' ? 'review' : decision,
    score: sum,
    reasons: [...reasons, found],
  }
}

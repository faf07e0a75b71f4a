import { orderFlagged } from '#contracts/fraud/events.ts'
import type { FraudRuleSet } from '#contracts/fraud/schemas.ts'
import type { Address } from '#contracts/kit/address.ts'
import { createBatcher } from '../../platform/batcher.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isConnectionError } from '../../platform/db/database.ts'
import type { Outbox } from '../../platform/events/outbox.ts'
import type { FraudApi, Screened, ScreenInput } from './api.ts'
import type { FraudMetrics } from './metrics.ts'
import { addProviderRisk, BUCKET_MS, type Facts, judge, type SubjectFacts } from './model.ts'
import type { Rules } from './rules.ts'
import {
  insertScreenings,
  listFacts,
  listScreenings,
  type NewScreening,
  raise,
  type ScreeningRecord,
} from './screening-repository.ts'
import type { Subject, Subjects } from './subjects.ts'

type Deps = Readonly<{
  db: Database
  outbox: Outbox
  clock: Clock
  subjects: Subjects
  rules: Rules
  metrics: FraudMetrics
}>

const DAY_MS = 24 * 60 * 60_000
/** Verdicts that need no look-up when the payment is there: those of the orders under way here. */
const REMEMBERED = 10_000

/** Judges orders, many at once: one statement reads what is known, one writes what was decided. */
export function createScreening(deps: Deps): Pick<FraudApi, 'screen' | 'assess'> {
  const { db, outbox, rules, metrics, clock } = deps
  const allowed = createRecent(REMEMBERED)

  // One batch at a time: of many orders of one buyer that come at once, each sees those before it.
  const submit = createBatcher<ScreenInput, Screened>({
    maxBatch: 250,
    fatal: isConnectionError,
    async run(inputs) {
      const startedAt = clock.monotonicMs()
      const screened = await screenAll(deps, inputs)
      metrics.took((clock.monotonicMs() - startedAt) / 1000)
      return screened.map((value, place) => {
        if (value.decision === 'allow') allowed.add((inputs[place] as ScreenInput).orderId)
        return { value }
      })
    },
  })

  async function addRisk(kept: ScreeningRecord, ruleSet: FraudRuleSet, riskScore: number | null) {
    const verdict = addProviderRisk(ruleSet, kept, riskScore)
    if (verdict === null) return kept
    const raised = { ...kept, ...verdict }
    const isNew = await db.tx(async (tx) => {
      if (!(await raise(tx, raised))) return false
      if (verdict.decision === 'review' && kept.enforced) await outbox.append(tx, [flag(raised)])
      return true
    })
    outbox.appended.strike()
    if (isNew && verdict.decision !== kept.decision) metrics.decided(verdict.decision)
    return (await listScreenings(db, [kept.orderId])).get(kept.orderId) ?? kept
  }

  return {
    screen: submit,
    async assess({ orderId, riskScore }) {
      const ruleSet = await rules.current()
      const fresh = { decision: 'allow', score: 0, reasons: [] } as const
      const isFine = addProviderRisk(ruleSet, fresh, riskScore) === null
      if (isFine && allowed.has(orderId)) return { decision: 'allow', hold: false }
      const kept = (await listScreenings(db, [orderId])).get(orderId)
      if (!kept) return null
      return toScreened(isFine ? kept : await addRisk(kept, ruleSet, riskScore))
    },
  }
}

async function screenAll(deps: Deps, inputs: readonly ScreenInput[]): Promise<Screened[]> {
  const { db, clock, rules, subjects, metrics } = deps
  const now = clock.now()
  const ruleSet = await rules.current()
  const perOrder = inputs.map((input) => subjects.ofOrder(input))
  const since = new Date(now.getTime() - DAY_MS - BUCKET_MS).toISOString()
  const bucketAt = Math.floor(now.getTime() / BUCKET_MS) * BUCKET_MS
  const known = await readKnown(db, perOrder.flat(), { since, now: now.toISOString() })
  const judged = inputs.map((input, place): NewScreening => {
    const own = perOrder[place] as readonly Subject[]
    const verdict = judge(ruleSet, factsOf(input, own, { known, at: now.getTime() }))
    for (const { key } of own) countOrder(known, key, bucketAt)
    return {
      ...verdict,
      orderId: input.orderId,
      subjects: own,
      enforced: ruleSet.mode === 'enforce',
      rulesVersion: ruleSet.version,
      currency: input.total.currency,
      total: input.total.amount,
      country: input.shippingAddress.country,
    }
  })
  const unique = [...new Map(judged.map((one) => [one.orderId, one])).values()]
  const times = { now: now.toISOString(), bucketAt: new Date(bucketAt).toISOString() }
  const fresh = await keep(deps, unique, times)
  const old = unique.filter(({ orderId }) => !fresh.has(orderId)).map(({ orderId }) => orderId)
  const kept = await listScreenings(db, old)
  for (const { orderId, decision } of unique) if (fresh.has(orderId)) metrics.decided(decision)
  const byId = new Map(unique.map((one) => [one.orderId, one]))
  return inputs.map(({ orderId }) => {
    const before = kept.get(orderId)
    if (before) return toScreened(before)
    const { decision, enforced } = byId.get(orderId) as NewScreening
    return toScreened({ decision, enforced, reviewState: decision === 'review' ? 'open' : null })
  })
}

/** Most batches hold no doubtful order, and need no transaction. @returns whose are new. */
async function keep(
  { db, outbox }: Pick<Deps, 'db' | 'outbox'>,
  screenings: readonly NewScreening[],
  times: Parameters<typeof insertScreenings>[2],
): Promise<Set<string>> {
  const doubtful = screenings.filter(({ enforced, decision }) => enforced && decision !== 'allow')
  if (doubtful.length === 0) return insertScreenings(db, screenings, times)
  const fresh = await db.tx(async (tx) => {
    const inserted = await insertScreenings(tx, screenings, times)
    const flagged = doubtful.filter(({ orderId }) => inserted.has(orderId))
    if (flagged.length > 0) await outbox.append(tx, flagged.map(flag))
    return inserted
  })
  outbox.appended.strike()
  return fresh
}

function toScreened({
  decision,
  enforced,
  reviewState,
}: Pick<ScreeningRecord, 'decision' | 'enforced' | 'reviewState'>): Screened {
  if (!enforced) return { decision: 'allow', hold: false }
  return { decision, hold: decision === 'review' && reviewState === 'open' }
}

type Known = Map<string, SubjectFacts>

async function readKnown(
  db: Database,
  all: readonly Subject[],
  times: Readonly<{ since: string; now: string }>,
): Promise<Known> {
  const unique = [...new Map(all.map((subject) => [subject.key, subject])).values()]
  const facts = await listFacts(db, unique, times)
  return new Map(facts.map((one) => [one.subject.key, one]))
}

function countOrder(known: Known, key: string, at: number): void {
  const before = known.get(key)
  if (before) {
    known.set(key, { ...before, buckets: [...before.buckets, { at, orders: 1, declines: 0 }] })
  }
}

function factsOf(
  { total, shippingAddress, billingAddress }: ScreenInput,
  own: readonly Subject[],
  { known, at }: Readonly<{ known: Known; at: number }>,
): Facts {
  return {
    at,
    total,
    country: shippingAddress.country,
    billedTo: comparePlaces(shippingAddress, billingAddress),
    subjects: own.map(({ key }) => known.get(key) as SubjectFacts),
  }
}

function comparePlaces(shipping: Address, billing: Address): Facts['billedTo'] {
  if (shipping.country !== billing.country) return 'other_country'
  const plain = ({ postalCode, line1 }: Address) =>
    `${postalCode}\n${line1}`.toLowerCase().replace(/[^\p{L}\p{N}\n]/gu, '')
  return plain(shipping) === plain(billing) ? 'same' : 'other_address'
}

function flag({ orderId, decision, score }: Pick<NewScreening, 'orderId' | 'decision' | 'score'>) {
  const flagged = decision === 'deny' ? 'deny' : 'review'
  return {
    spec: orderFlagged,
    aggregateId: orderId,
    payload: { orderId, decision: flagged, score } as const,
  }
}

/** The newest so many of what was added. */
function createRecent(capacity: number) {
  const all = new Set<string>()
  return {
    has: (key: string) => all.has(key),
    add(key: string) {
      all.add(key)
      if (all.size <= capacity) return
      const [oldest = ''] = all
      all.delete(oldest)
    },
  }
}

import * as contract from '#contracts/fraud/routes.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { RouteInput } from '#contracts/kit/route.ts'
import { actorName } from '../../platform/http/actor.ts'
import { type Binding, bind } from '../../platform/http/binding.ts'
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.ts'
import { readIfMatch, versionTag } from '../../platform/http/etag.ts'
import type { Lists } from './lists.ts'
import type { PurchaseLimits } from './purchase-limits.ts'
import type { Reviews } from './reviews.ts'
import type { Rules } from './rules.ts'
import type { Subject, Subjects } from './subjects.ts'

type Deps = Readonly<{
  rules: Rules
  reviews: Reviews
  lists: Lists
  limits: PurchaseLimits
  subjects: Subjects
}>

const PAGE = 50

type Query = Readonly<{ cursor?: string | undefined; limit?: number | undefined }>

/** One page by keyset: one more than is shown is read, to know whether there is another. */
async function pageOf<T>(
  { cursor, limit = PAGE }: Query,
  list: (place: string | null, limit: number) => Promise<T[]>,
  placeOf: (item: T) => string,
) {
  const place = cursor === undefined ? null : String(decodeCursor(cursor, ['string'])[0])
  const rows = await list(place, limit + 1)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  const hasMore = rows.length > limit && last !== undefined
  return { items, nextCursor: hasMore ? encodeCursor([placeOf(last)]) : null }
}

export function fraudBindings(deps: Deps): Binding[] {
  return [
    ...ruleBindings(deps),
    ...reviewBindings(deps),
    ...listBindings(deps),
    ...limitBindings(deps),
  ]
}

function ruleBindings({ rules }: Deps): Binding[] {
  return [
    bind(contract.getFraudRules, async () => {
      const body = await rules.current()
      return { status: 200, body, headers: versionTag(body.version) }
    }),
    bind(contract.setFraudRules, async ({ body: wanted }, context) => {
      const by = actorName(context.actor)
      const body = await rules.change({ ...wanted, by, expectedVersion: readIfMatch(context) })
      return { status: 200, body, headers: versionTag(body.version) }
    }),
    bind(contract.listFraudRuleVersions, async ({ query }) => {
      const { limit = PAGE, cursor } = query
      const before = cursor === undefined ? null : Number(decodeCursor(cursor, ['number'])[0])
      const items = (await rules.list({ before, limit: limit + 1 })).slice(0, limit)
      const last = items.at(-1)?.version ?? 0
      return { status: 200, body: { items, nextCursor: last > 0 ? encodeCursor([last]) : null } }
    }),
  ]
}

function reviewBindings({ reviews }: Deps): Binding[] {
  return [
    bind(contract.listFraudReviews, async ({ query: { state = 'open', ...query } }) => {
      const list = (after: string | null, limit: number) => reviews.list({ state, after, limit })
      return { status: 200, body: await pageOf(query, list, ({ orderId }) => orderId) }
    }),
    bind(contract.getFraudScreening, async ({ params }) => ({
      status: 200,
      body: await reviews.get(params),
    })),
    bind(contract.decideFraudReview, async ({ params, body: { outcome, note } }, { actor }) => ({
      status: 200,
      body: await reviews.decide({ ...params, outcome, note, by: actorName(actor) }),
    })),
    bind(contract.addFraudNote, async ({ params, body: { text } }, { actor }) => ({
      status: 201,
      body: await reviews.note({ ...params, text, by: actorName(actor) }),
    })),
  ]
}

type Listed = RouteInput<typeof contract.addFraudListEntry>['body']['entry']

function listBindings({ lists, subjects }: Deps): Binding[] {
  /** @throws validation_failed for a network that is none of the public internet */
  function subjectOf(entry: Listed): Subject {
    if (entry.kind === 'address') return subjects.ofAddress(entry.address)
    const subject = subjects.of(entry.kind, entry.value)
    if (subject !== null) return subject
    throw generalProblem('validation_failed', {
      errors: [{ path: 'body.entry.value', message: 'is no public IP address' }],
    })
  }
  return [
    bind(contract.addFraudListEntry, async ({ body }, { actor }) => {
      const { list, entry, reason, expiresAt = null } = body
      const subject = subjectOf(entry)
      const by = actorName(actor)
      return { status: 201, body: await lists.put({ list, subject, reason, expiresAt, by }) }
    }),
    bind(contract.listFraudListEntries, async ({ query }) => {
      const list = (before: string | null, limit: number) => lists.list({ before, limit })
      return { status: 200, body: await pageOf(query, list, ({ id }) => id) }
    }),
    bind(contract.removeFraudListEntry, async ({ params }) => {
      await lists.remove(params)
      return { status: 204, body: undefined }
    }),
  ]
}

function limitBindings({ limits }: Deps): Binding[] {
  return [
    bind(contract.listPurchaseLimits, async ({ query }) => {
      const list = (after: string | null, limit: number) => limits.list({ after, limit })
      return { status: 200, body: await pageOf(query, list, ({ productId }) => productId) }
    }),
    bind(contract.setPurchaseLimit, async ({ params, body }, { actor }) => ({
      status: 200,
      body: await limits.set({ ...params, ...body, by: actorName(actor) }),
    })),
    bind(contract.removePurchaseLimit, async ({ params }) => {
      await limits.remove(params)
      return { status: 204, body: undefined }
    }),
  ]
}

import { z } from 'zod'
import { Address } from '../kit/address.ts'
import { id } from '../kit/ids.ts'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import {
  FraudListEntry,
  FraudNote,
  FraudRuleSet,
  FraudRuleSetInput,
  FraudScreening,
  PurchaseLimit,
  REVIEW_STATES,
} from './schemas.ts'

const admin = { access: ['operator'], permission: 'fraud.write', traffic: 'admin' } as const
const orderParams = z.object({ orderId: id('ord') })
const listing = { cursor: z.string().max(300).optional(), limit: queryInt(1, 100).optional() }
const Detailed = FraudScreening.extend({ notes: z.array(FraudNote) })

export const getFraudRules = route({
  ...admin,
  operation: 'getFraudRules',
  summary: 'The rules that orders are screened by, and their version',
  method: 'GET',
  path: '/api/v1/admin/fraud/rules',
  replies: { 200: FraudRuleSet },
})

export const setFraudRules = route({
  ...admin,
  operation: 'setFraudRules',
  summary: 'A new version of the rules; earlier ones are kept',
  method: 'PUT',
  path: '/api/v1/admin/fraud/rules',
  body: FraudRuleSetInput,
  replies: { 200: FraudRuleSet },
  takesIfMatch: true,
  problems: ['precondition_failed', 'conflict'],
})

export const listFraudRuleVersions = route({
  ...admin,
  operation: 'listFraudRuleVersions',
  summary: 'Every version of the rules, newest first: who changed them, when and why',
  method: 'GET',
  path: '/api/v1/admin/fraud/rules/versions',
  query: z.object(listing),
  replies: { 200: page(FraudRuleSet) },
})

export const listFraudReviews = route({
  ...admin,
  operation: 'listFraudReviews',
  summary: 'Orders that wait for an operator, oldest first; or decided ones',
  method: 'GET',
  path: '/api/v1/admin/fraud/reviews',
  query: z.object({ ...listing, state: z.enum(REVIEW_STATES).optional() }),
  replies: { 200: page(FraudScreening) },
})

export const getFraudScreening = route({
  ...admin,
  operation: 'getFraudScreening',
  summary: 'Why an order was allowed, held or denied, and what operators noted',
  method: 'GET',
  path: '/api/v1/admin/fraud/screenings/:orderId',
  params: orderParams,
  replies: { 200: Detailed },
  problems: ['not_found'],
})

export const decideFraudReview = route({
  ...admin,
  operation: 'decideFraudReview',
  summary: 'Lets a held order pass, or rejects it: it is then cancelled and its money goes back',
  method: 'POST',
  path: '/api/v1/admin/fraud/reviews/:orderId/decision',
  params: orderParams,
  body: z.strictObject({
    outcome: z.enum(['approved', 'rejected']),
    note: z.string().trim().min(1).max(2000).optional(),
  }),
  replies: { 200: Detailed },
  problems: ['not_found', 'invalid_transition'],
  idempotency: 'accepted',
})

export const addFraudNote = route({
  ...admin,
  operation: 'addFraudNote',
  summary: 'Notes something on the screening of an order',
  method: 'POST',
  path: '/api/v1/admin/fraud/screenings/:orderId/notes',
  params: orderParams,
  body: z.strictObject({ text: z.string().trim().min(1).max(2000) }),
  replies: { 201: Detailed },
  problems: ['not_found'],
  idempotency: 'accepted',
})

/** What an entry names; kept as a keyed hash. */
const Listed = z.union([
  z.strictObject({
    kind: z.enum(['customer', 'email', 'network', 'device']),
    value: z.string().trim().min(1).max(254).describe('A network by one of its IP addresses'),
  }),
  z.strictObject({ kind: z.literal('address'), address: Address }),
])

export const addFraudListEntry = route({
  ...admin,
  operation: 'addFraudListEntry',
  summary: 'Always allows, or always denies, orders of somebody; replaces what was listed of him',
  method: 'POST',
  path: '/api/v1/admin/fraud/lists',
  body: z.strictObject({
    list: z.enum(['allow', 'deny']),
    entry: Listed,
    reason: z.string().trim().min(1).max(500),
    expiresAt: Timestamp.optional(),
  }),
  replies: { 201: FraudListEntry },
  problems: ['validation_failed'],
  idempotency: 'accepted',
})

export const listFraudListEntries = route({
  ...admin,
  operation: 'listFraudListEntries',
  summary: 'Who is always allowed or denied, newest first',
  method: 'GET',
  path: '/api/v1/admin/fraud/lists',
  query: z.object(listing),
  replies: { 200: page(FraudListEntry) },
})

export const removeFraudListEntry = route({
  ...admin,
  operation: 'removeFraudListEntry',
  summary: 'Takes an entry off its list',
  method: 'DELETE',
  path: '/api/v1/admin/fraud/lists/:entryId',
  params: z.object({ entryId: id('fle') }),
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

const productParams = z.object({ productId: id('prd') })

export const listPurchaseLimits = route({
  ...admin,
  operation: 'listPurchaseLimits',
  summary: 'Products of which one shopper may buy only so many',
  method: 'GET',
  path: '/api/v1/admin/purchase-limits',
  query: z.object(listing),
  replies: { 200: page(PurchaseLimit) },
})

export const setPurchaseLimit = route({
  ...admin,
  operation: 'setPurchaseLimit',
  summary: 'Limits how many units of a product one account or e-mail address may order',
  method: 'PUT',
  path: '/api/v1/admin/purchase-limits/:productId',
  params: productParams,
  body: PurchaseLimit.omit({ productId: true }),
  replies: { 200: PurchaseLimit },
})

export const removePurchaseLimit = route({
  ...admin,
  operation: 'removePurchaseLimit',
  summary: 'Lets everybody buy as many as there are',
  method: 'DELETE',
  path: '/api/v1/admin/purchase-limits/:productId',
  params: productParams,
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

export const fraudRoutes = [
  getFraudRules,
  setFraudRules,
  listFraudRuleVersions,
  listFraudReviews,
  getFraudScreening,
  decideFraudReview,
  addFraudNote,
  addFraudListEntry,
  listFraudListEntries,
  removeFraudListEntry,
  listPurchaseLimits,
  setPurchaseLimit,
  removePurchaseLimit,
] as const

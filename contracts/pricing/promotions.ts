import { z } from 'zod'
import { Money } from '../kit/money.ts'
import { page, queryBool, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'

export const PROMOTION_CLASSES = ['product', 'order', 'shipping'] as const

const Percent = z
  .string()
  .regex(/^(100(\.0{1,4})?|\d{1,2}(\.\d{1,4})?)$/, 'is a percentage such as "12.5"')
  .refine((text) => /[1-9]/.test(text), 'is above 0')
const Positive = Money.refine(({ amount }) => amount > 0, 'is above 0')
const Limit = z.int().min(1).max(1_000_000_000).nullable().default(null)
const Names = z.array(z.string().min(1).max(80)).max(1000).default([])
const Units = z.int().min(1).max(1000)

/** What a promotion takes off. */
export const PromotionEffect = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('percentage'), percent: Percent }),
    z.strictObject({
      kind: z.literal('fixed'),
      amount: Positive.describe('Off every unit of a product, once off an order or its shipping'),
    }),
    z.strictObject({
      kind: z.literal('buy_x_get_y'),
      buy: Units,
      get: Units,
      percent: Percent.describe('Off the cheapest `get` of every `buy` + `get` units'),
    }),
    z.strictObject({ kind: z.literal('free_shipping') }),
  ])
  .meta({ id: 'PromotionEffect' })

/** Effects that mean something for a class only. */
const ONLY_FOR = { buy_x_get_y: 'product', free_shipping: 'shipping' } as const

const fields = {
  name: z.string().trim().min(1).max(200).describe('What shoppers read'),
  class: z.enum(PROMOTION_CLASSES).describe('What it is off: lines, the order, its shipping'),
  effect: PromotionEffect,
  target: z
    .strictObject({ sellerIds: Names, departments: Names, productIds: Names, offerIds: Names })
    .prefault({})
    .describe('Which lines count: all of the lists must match; an empty one takes everything'),
  minimum: Positive.nullable().default(null).describe('What the lines it is about must come to'),
  combinesWith: z
    .array(z.enum(PROMOTION_CLASSES))
    .max(3)
    .default([])
    .describe('Both promotions must allow it'),
  priority: z.int().min(0).max(10_000).default(100).describe('Smaller is tried first'),
  sellerSharePercent: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe('What of the cost the seller bears; the marketplace bears the rest'),
  needsCoupon: z.boolean().default(false),
  startsAt: Timestamp.nullable().default(null),
  endsAt: Timestamp.nullable().default(null),
  totalLimit: Limit.describe('Orders in all'),
  perCustomerLimit: Limit.describe('Orders of one account or e-mail address'),
  perCodeLimit: Limit.describe('Orders by one and the same code'),
  budget: Positive.nullable().default(null).describe('What it may cost in all'),
  active: z.boolean().default(true),
}

/** A promotion as an operator writes it (the rules: semantics of coupons and promotions). */
export const PromotionInput = z
  .strictObject(fields)
  .superRefine((promotion, context) => {
    const { effect, class: kind, startsAt, endsAt } = promotion
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    const only = ONLY_FOR[effect.kind as keyof typeof ONLY_FOR]
    if (only && only !== kind) refuse('effect', `${effect.kind} is for class ${only}`)
    if (startsAt && endsAt && startsAt >= endsAt) refuse('endsAt', 'is after startsAt')
    if (promotion.perCodeLimit !== null && !promotion.needsCoupon)
      refuse('perCodeLimit', 'is for promotions that need a coupon')
  })
  .meta({ id: 'PromotionInput' })
export type PromotionInput = Readonly<z.output<typeof PromotionInput>>

export const PromotionRecord = z
  .strictObject({
    id: z.string(),
    ...fields,
    used: z.int().describe('Counted where there is a limit or a budget'),
    budgetUsed: Money.nullable(),
    coupons: z.int().describe('How many codes there are'),
    version: z.int(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: 'Promotion' })
export type PromotionRecord = Readonly<z.output<typeof PromotionRecord>>

export const CouponCode = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$/, 'is 3 to 40 letters, digits, _ or -')

export const Coupon = z
  .strictObject({ code: z.string(), used: z.int().describe('Counted where codes have a limit') })
  .meta({ id: 'Coupon' })

/** What a promotion did in a time. */
export const PromotionUsage = z
  .strictObject({
    promotionId: z.string(),
    orders: z.int().describe('That used it and were not given up'),
    givenBack: z.int().describe('Orders that used it and ended'),
    codes: z.int().describe('Different codes that were used'),
    discounts: z.array(z.strictObject({ discount: Money, bySellers: Money, byMarketplace: Money })),
  })
  .meta({ id: 'PromotionUsage' })
export type PromotionUsage = Readonly<z.infer<typeof PromotionUsage>>

const operators = { access: ['operator'], permission: 'pricing.write', traffic: 'admin' } as const
const PATH = '/api/v1/admin/promotions'
const ofPromotion = z.object({
  promotionId: z.string().regex(/^prm_[a-z0-9_]{1,60}$/, 'is an id that begins with prm_'),
})
const listing = { cursor: z.string().max(300).optional(), limit: queryInt(1, 200).optional() }
const writing = ['catalog.currency_not_sold'] as const

export const listPromotions = route({
  operation: 'listPromotions',
  summary: 'Promotions, the newest first',
  method: 'GET',
  path: PATH,
  ...operators,
  query: z.object({ ...listing, active: queryBool.optional() }),
  replies: { 200: page(PromotionRecord) },
})

export const createPromotion = route({
  operation: 'createPromotion',
  summary: 'A new promotion',
  method: 'POST',
  path: PATH,
  ...operators,
  body: PromotionInput,
  replies: { 201: PromotionRecord },
  problems: writing,
  idempotency: 'required',
})

export const getPromotion = route({
  operation: 'getPromotion',
  summary: 'One promotion, and what of its limits is used',
  method: 'GET',
  path: `${PATH}/:promotionId`,
  ...operators,
  params: ofPromotion,
  replies: { 200: PromotionRecord },
  problems: ['not_found'],
})

export const replacePromotion = route({
  operation: 'replacePromotion',
  summary: 'Changes a promotion; what is used of it stays counted',
  method: 'PUT',
  path: `${PATH}/:promotionId`,
  ...operators,
  params: ofPromotion,
  body: PromotionInput,
  replies: { 200: PromotionRecord },
  problems: [...writing, 'not_found', 'precondition_failed', 'pricing.limit_below_use'],
  idempotency: 'accepted',
  takesIfMatch: true,
})

export const switchPromotion = route({
  operation: 'switchPromotion',
  summary: 'Switches a promotion on or off',
  method: 'PATCH',
  path: `${PATH}/:promotionId`,
  ...operators,
  params: ofPromotion,
  body: z.strictObject({ active: z.boolean() }),
  replies: { 200: PromotionRecord },
  problems: ['not_found', 'precondition_failed'],
  idempotency: 'accepted',
  takesIfMatch: true,
})

export const listPromotionCodes = route({
  operation: 'listPromotionCodes',
  summary: 'Codes of a promotion, in order',
  method: 'GET',
  path: `${PATH}/:promotionId/coupons`,
  ...operators,
  params: ofPromotion,
  query: z.object(listing),
  replies: { 200: page(Coupon) },
  problems: ['not_found'],
})

export const createPromotionCodes = route({
  operation: 'createPromotionCodes',
  summary: 'Codes for a promotion: chosen ones, or as many as are wanted by chance',
  method: 'POST',
  path: `${PATH}/:promotionId/coupons`,
  ...operators,
  params: ofPromotion,
  body: z.union([
    z.strictObject({ codes: z.array(CouponCode).min(1).max(1000) }),
    z.strictObject({
      count: z.int().min(1).max(10_000),
      prefix: z
        .string()
        .regex(/^[A-Z0-9-]{0,16}$/, 'is up to 16 capital letters, digits and -')
        .default(''),
    }),
  ]),
  replies: { 201: z.strictObject({ codes: z.array(z.string()) }) },
  problems: ['not_found', 'pricing.coupon_taken'],
  idempotency: 'required',
})

export const removePromotionCode = route({
  operation: 'removePromotionCode',
  summary: 'Takes a code away; orders that used it stay as they are',
  method: 'DELETE',
  path: `${PATH}/:promotionId/coupons/:code`,
  ...operators,
  params: ofPromotion.extend({ code: z.string().min(1).max(60) }),
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

export const getPromotionUsage = route({
  operation: 'getPromotionUsage',
  summary: 'What a promotion took off in a time, and who bears it',
  method: 'GET',
  path: `${PATH}/:promotionId/usage`,
  ...operators,
  params: ofPromotion,
  query: z.object({ from: Timestamp.optional(), to: Timestamp.optional() }),
  replies: { 200: PromotionUsage },
  problems: ['not_found'],
})

export const promotionRoutes = [
  listPromotions,
  createPromotion,
  getPromotion,
  replacePromotion,
  switchPromotion,
  listPromotionCodes,
  createPromotionCodes,
  removePromotionCode,
  getPromotionUsage,
] as const

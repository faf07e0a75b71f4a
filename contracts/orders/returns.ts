import { z } from 'zod'
import { id } from '../kit/ids.ts'
import { Money } from '../kit/money.ts'
import { page, queryInt, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'

export const RETURN_STATES = [
  'requested',
  'approved',
  'declined',
  'label_issued',
  'in_transit',
  'received',
  'inspected',
  'resolved',
  'cancelled',
  'expired',
] as const

export const RETURN_REASONS = [
  'changed_mind',
  'ordered_by_mistake',
  'too_late',
  'not_as_described',
  'defective',
  'damaged_in_transit',
  'wrong_item',
] as const

export const RETURN_RESOLUTIONS = ['refund', 'exchange', 'store_credit', 'rejected'] as const

const Note = z.string().min(1).max(500)
const Wanted = z
  .enum(['refund', 'exchange', 'store_credit'])
  .describe('`store_credit` is for customers with an account')

const lineId = id('orl')
const isOnce = (lines: readonly Readonly<{ lineId: string }>[]) =>
  new Set(lines.map((line) => line.lineId)).size === lines.length
const ONCE = { message: 'names a line once' }

export const Return = z
  .strictObject({
    id: z.string(),
    orderId: z.string(),
    state: z.enum(RETURN_STATES),
    wanted: Wanted,
    resolution: z.enum(RETURN_RESOLUTIONS).nullable(),
    shippingPaidBy: z.enum(['shop', 'customer']),
    labelFee: Money.describe('What is taken off the refund for a label that the shop paid'),
    carrier: z.string().nullable(),
    trackingNumber: z.string().nullable(),
    labelUrl: z.string().nullable(),
    note: z.string().nullable(),
    photos: z.array(z.string()),
    lines: z.array(
      z.strictObject({
        lineId: z.string(),
        name: z.string(),
        sku: z.string(),
        quantity: z.int(),
        reason: z.enum(RETURN_REASONS),
        received: z.int(),
        restocked: z.int(),
        damaged: z.int(),
        sentBack: z.int(),
      }),
    ),
    refunded: Money.nullable().describe('What was given back for it'),
    sendUntil: Timestamp.nullable(),
    steps: z.array(
      z.strictObject({
        event: z.string(),
        at: Timestamp,
        by: z.enum(['customer', 'operator', 'shop']),
        note: z.string().optional(),
      }),
    ),
    allowedActions: z.array(z.string()),
    version: z.int(),
    createdAt: Timestamp,
  })
  .meta({ id: 'Return' })
export type Return = Readonly<z.infer<typeof Return>>

const ofOrder = z.object({ orderId: id('ord') })
const ofReturn = ofOrder.extend({ returnId: id('ret') })
const holders = {
  access: ['holder', 'operator'],
  permission: 'orders.write',
  traffic: 'account',
} as const
const operators = { access: ['operator'], permission: 'orders.write', traffic: 'admin' } as const
const PATH = '/api/v1/orders/:orderId/returns'
const ADMIN_PATH = '/api/v1/admin/orders/:orderId/returns/:returnId'
const stepProblems = ['not_found', 'invalid_transition', 'orders.return_not_possible'] as const

export const requestReturn = route({
  operation: 'requestReturn',
  summary: 'Asks to send delivered units back, for money or for the same again',
  method: 'POST',
  path: PATH,
  ...holders,
  params: ofOrder,
  body: z.strictObject({
    lines: z
      .array(z.strictObject({ lineId, quantity: z.int().min(1), reason: z.enum(RETURN_REASONS) }))
      .min(1)
      .max(200)
      .refine(isOnce, ONCE),
    wanted: Wanted.default('refund'),
    note: Note.optional(),
    photos: z
      .array(z.url({ protocol: /^https$/ }).max(500))
      .max(5)
      .default([]),
  }),
  replies: { 201: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const listReturnsOfOrder = route({
  operation: 'listReturnsOfOrder',
  summary: 'What of an order came back or shall come back',
  method: 'GET',
  path: PATH,
  ...holders,
  permission: 'orders.read',
  params: ofOrder,
  replies: { 200: z.strictObject({ items: z.array(Return), nextCursor: z.null() }) },
  problems: ['not_found'],
})

export const sendReturn = route({
  operation: 'sendReturn',
  summary: 'Says by which parcel the goods come back',
  method: 'POST',
  path: `${PATH}/:returnId/send`,
  ...holders,
  params: ofReturn,
  body: z.strictObject({
    carrier: z.string().min(1).max(60),
    trackingNumber: z.string().min(1).max(60),
  }),
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const cancelReturn = route({
  operation: 'cancelReturn',
  summary: 'Keeps the goods after all, as long as they were not sent',
  method: 'POST',
  path: `${PATH}/:returnId/cancel`,
  ...holders,
  params: ofReturn,
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const listReturns = route({
  operation: 'listReturns',
  summary: 'Returns in one state, the oldest first',
  method: 'GET',
  path: '/api/v1/admin/returns',
  ...operators,
  permission: 'orders.read',
  query: z.object({
    state: z.enum(RETURN_STATES).optional().describe('`requested` if absent'),
    cursor: id('ret').optional(),
    limit: queryInt(1, 100).optional(),
  }),
  replies: { 200: page(Return) },
})

export const approveReturn = route({
  operation: 'approveReturn',
  summary: 'Lets the goods come back',
  method: 'POST',
  path: `${ADMIN_PATH}/approve`,
  ...operators,
  params: ofReturn,
  body: z.strictObject({
    shippingPaidBy: z
      .enum(['shop', 'customer'])
      .optional()
      .describe('If absent the shop, where the fault is its own, else the customer'),
    note: Note.optional(),
  }),
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const declineReturn = route({
  operation: 'declineReturn',
  summary: 'Does not let the goods come back',
  method: 'POST',
  path: `${ADMIN_PATH}/decline`,
  ...operators,
  params: ofReturn,
  body: z.strictObject({ note: Note.describe('Why; the customer reads it') }),
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const labelReturn = route({
  operation: 'labelReturn',
  summary: 'Gives the customer a label for the parcel',
  method: 'POST',
  path: `${ADMIN_PATH}/label`,
  ...operators,
  params: ofReturn,
  body: z.strictObject({
    carrier: z.string().min(1).max(60),
    trackingNumber: z.string().min(1).max(60),
    labelUrl: z
      .url({ protocol: /^https$/ })
      .max(500)
      .optional(),
    fee: Money.refine(({ amount }) => amount > 0, 'is above 0')
      .optional()
      .describe('Taken off the refund, if the customer pays for the way back'),
  }),
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const receiveReturn = route({
  operation: 'receiveReturn',
  summary: 'Books what came back',
  method: 'POST',
  path: `${ADMIN_PATH}/receive`,
  ...operators,
  params: ofReturn,
  body: z.strictObject({
    lines: z
      .array(z.strictObject({ lineId, quantity: z.int().min(0) }))
      .min(1)
      .max(200)
      .refine(isOnce, ONCE)
      .optional()
      .describe('All of it if absent; a line that is not named did not come'),
    warehouseId: z
      .string()
      .max(60)
      .optional()
      .describe('Where; each line to where it was sent from if absent'),
    note: Note.optional(),
  }),
  replies: { 200: Return },
  problems: stepProblems,
  idempotency: 'required',
})

export const inspectReturn = route({
  operation: 'inspectReturn',
  summary: 'Says of each received unit whether it is sold again, damaged, or sent back',
  method: 'POST',
  path: `${ADMIN_PATH}/inspect`,
  ...operators,
  params: ofReturn,
  body: z.strictObject({
    lines: z
      .array(
        z.strictObject({
          lineId,
          restocked: z.int().min(0).default(0),
          damaged: z.int().min(0).default(0).describe('Taken, and kept apart in the warehouse'),
          sentBack: z.int().min(0).default(0).describe('Not taken'),
        }),
      )
      .min(1)
      .max(200)
      .refine(isOnce, ONCE),
    note: Note.optional(),
  }),
  replies: { 200: Return },
  problems: [...stepProblems, 'inventory.insufficient_stock'],
  idempotency: 'required',
})

export const resolveReturn = route({
  operation: 'resolveReturn',
  summary: 'Gives money, store credit or the same goods again for what was taken, or nothing',
  method: 'POST',
  path: `${ADMIN_PATH}/resolve`,
  ...operators,
  permission: 'refunds.write',
  params: ofReturn,
  body: z
    .strictObject({
      resolution: z.enum(RETURN_RESOLUTIONS),
      refundShipping: z.boolean().default(false).describe('Also what the way there cost'),
      deduction: Money.refine(({ amount }) => amount > 0, 'is above 0')
        .optional()
        .describe('Taken off the refund, such as for wear'),
      carrier: z.string().min(1).max(60).optional(),
      trackingNumber: z.string().min(1).max(60).optional().describe('Of the exchanged goods'),
      note: Note.optional(),
    })
    .refine((body) => body.resolution !== 'exchange' || (body.carrier && body.trackingNumber), {
      message: 'names the parcel of the exchanged goods',
    }),
  replies: { 200: Return },
  problems: [
    ...stepProblems,
    'orders.refund_not_possible',
    'payments.refund_too_large',
    'inventory.insufficient_stock',
  ],
  idempotency: 'required',
})

export const returnsRoutes = [
  requestReturn,
  listReturnsOfOrder,
  sendReturn,
  cancelReturn,
  listReturns,
  approveReturn,
  declineReturn,
  labelReturn,
  receiveReturn,
  inspectReturn,
  resolveReturn,
] as const

import { z } from 'zod'
import { event } from '../kit/event.ts'

export const orderFlagged = event({
  type: 'fraud.order_flagged.v1',
  aggregate: 'order',
  summary: 'An order waits for an operator, or was denied, because of its screening',
  payload: z.strictObject({
    orderId: z.string(),
    decision: z.enum(['review', 'deny']),
    score: z.int(),
  }),
})

export const reviewDecided = event({
  type: 'fraud.review_decided.v1',
  aggregate: 'order',
  summary: 'An operator has let an order pass that was held, or has rejected it',
  payload: z.strictObject({ orderId: z.string(), outcome: z.enum(['approved', 'rejected']) }),
})

export const fraudEvents = [orderFlagged, reviewDecided] as const

import { z } from 'zod'
import { event } from '../kit/event.ts'
import { Money } from '../kit/money.ts'

const about = { orderId: z.string(), paymentId: z.string(), amount: Money }

export const paymentProcessed = event({
  type: 'payments.payment_processed.v1',
  aggregate: 'order',
  summary: 'A payment was authorised or captured',
  payload: z.strictObject({ ...about, status: z.enum(['authorized', 'completed']) }),
})

export const paymentFailed = event({
  type: 'payments.payment_failed.v1',
  aggregate: 'order',
  summary: 'A payment was declined or failed for good',
  payload: z.strictObject({ ...about, declineCode: z.string() }),
})

export const paymentRefunded = event({
  type: 'payments.payment_refunded.v1',
  aggregate: 'order',
  summary: 'Money went back to the shopper',
  payload: z.strictObject({ ...about, refundId: z.string() }),
})

export const paymentDisputed = event({
  type: 'payments.payment_disputed.v1',
  aggregate: 'order',
  summary: "A shopper's bank takes money back, or the dispute has ended",
  payload: z.strictObject({
    ...about,
    disputeId: z.string(),
    status: z.enum(['open', 'won', 'lost']),
  }),
})

export const paymentsEvents = [
  paymentProcessed,
  paymentFailed,
  paymentRefunded,
  paymentDisputed,
] as const

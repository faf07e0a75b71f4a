import { z } from 'zod'
import { Money } from '../kit/money.ts'

export const PAYMENT_METHODS = ['card'] as const

/** How the shopper wants to pay. Card numbers never come here: `token` is the provider's. */
export const PaymentInput = z
  .strictObject({
    method: z.enum(PAYMENT_METHODS),
    token: z
      .string()
      .regex(/^[\w-]{3,200}$/, 'is a token of the payment provider')
      .optional(),
  })
  .refine((payment) => payment.method !== 'card' || payment.token !== undefined, {
    path: ['token'],
    message: 'is needed to pay by card',
  })

export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'completed',
  'failed',
  'partially_refunded',
  'refunded',
] as const

export const PaymentState = z
  .strictObject({
    status: z.enum([...PAYMENT_STATUSES, 'requires_action']),
    amount: Money,
    card: z.strictObject({ brand: z.string(), last4: z.string() }).optional(),
    redirectUrl: z.string().optional().describe('Where the shopper proves who pays'),
    declineCode: z.string().optional(),
  })
  .meta({ id: 'PaymentState' })
export type PaymentState = Readonly<z.infer<typeof PaymentState>>

import { z } from 'zod'
import { route } from '../kit/route.ts'

export const receiveWebhook = route({
  operation: 'receivePaymentWebhook',
  summary: 'A payment provider tells what happened (signed)',
  method: 'POST',
  path: '/api/v1/payments/webhooks/:provider',
  access: ['provider'],
  traffic: 'webhook',
  params: z.object({ provider: z.string().regex(/^[a-z]{2,20}$/) }),
  body: z.looseObject({ id: z.string(), type: z.string() }),
  replies: { 200: z.strictObject({ received: z.literal(true) }) },
  problems: ['payments.signature_invalid', 'not_found'],
  bodyLimitBytes: 256 * 1024,
})

export const paymentsRoutes = [receiveWebhook] as const

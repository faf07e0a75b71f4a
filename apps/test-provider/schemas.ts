import { z } from 'zod'
import { AMOUNT_MAX, exponentOf } from './currencies.ts'
import { type FieldError, ProviderProblem } from './problem.ts'

const Amount = z
  .int('Must be whole minor units: 19.99 EUR is 1999, 1999 JPY is 1999.')
  .min(1)
  .max(AMOUNT_MAX)
const Currency = z
  .string()
  .refine((code) => exponentOf(code) !== undefined, 'Must be an ISO 4217 code, such as EUR.')
const Rate = z.number().min(0).max(1)
const Milliseconds = z.int().min(0).max(600_000)

export const CreatePayment = z.strictObject({
  amount: Amount,
  currency: Currency,
  token: z.string().regex(/^tok_[a-z0-9_]{1,60}$/, 'Must be a token: tok_…'),
  capture: z.boolean().default(true),
  reference: z.string().min(1).max(128),
  returnUrl: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .optional(),
  metadata: z
    .record(z.string().max(40), z.string().max(500))
    .refine((entries) => Object.keys(entries).length <= 50, 'At most 50 entries.')
    .optional(),
})

export const CapturePayment = z.strictObject({ amount: Amount.optional() })

export const CancelPayment = z.strictObject({})

export const CreateRefund = z.strictObject({
  paymentId: z.string().min(1).max(64),
  amount: Amount,
  reason: z.string().min(1).max(255).optional(),
})

export const CloseDispute = z.strictObject({ outcome: z.enum(['won', 'lost']) })

export const SetChaos = z
  .strictObject({
    latencyMs: z
      .strictObject({ min: Milliseconds, max: Milliseconds })
      .refine(({ min, max }) => min <= max, 'min must not be above max.'),
    timeoutRate: Rate,
    errorRate: Rate,
    resetRate: Rate,
    webhookDelayMs: Milliseconds,
    webhookDuplicate: z.int().min(0).max(100),
    webhookReorder: z.boolean(),
    webhookLoss: Rate,
    seed: z.int().min(0).max(0xffffffff),
  })
  .partial()
  .refine(
    ({ timeoutRate = 0, errorRate = 0, resetRate = 0 }) => timeoutRate + errorRate + resetRate <= 1,
    'The three rates together must not be above 1.',
  )

export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'Must be 1 to 255 printable characters without spaces.')

/** @throws validation_failed, naming each field */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const errors: FieldError[] = result.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: key.slice(0, 64), message: 'Unknown field.' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  )
  throw new ProviderProblem(400, 'validation_failed', 'The request is not valid.', errors)
}

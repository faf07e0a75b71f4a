import { z } from 'zod'
import { type Chance, systemChance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import {
  type PaymentProvider,
  type ProviderDispute,
  type ProviderNotice,
  type ProviderPayment,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../provider.ts'
import { createProviderClient, type ProviderReply } from './http-client.ts'
import { verifyStandardWebhook } from './standard-webhooks.ts'

/** Longest wait for a payment, and for anything else. */
const PAYMENT_DEADLINE_MS = 10_000
const DEADLINE_MS = 5_000

const PaymentBody = z.looseObject({
  id: z.string(),
  reference: z.string(),
  status: z.enum([
    'succeeded',
    'authorized',
    'failed',
    'requires_action',
    'processing',
    'canceled',
  ]),
  currency: z.string(),
  amount: z.int(),
  amountCaptured: z.int(),
  amountRefunded: z.int(),
  declineCode: z.string().optional(),
  nextAction: z.looseObject({ url: z.string() }).optional(),
  card: z.looseObject({ brand: z.string(), last4: z.string() }).optional(),
  riskScore: z.int().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
})

const RefundBody = z.looseObject({
  id: z.string(),
  paymentId: z.string(),
  status: z.enum(['succeeded', 'failed']),
  amount: z.int(),
  failureCode: z.string().optional(),
})

const ListBody = z.looseObject({ items: z.array(PaymentBody) })
const ProblemBody = z.looseObject({ code: z.string() })

const DisputeBody = z.looseObject({
  id: z.string(),
  paymentId: z.string(),
  amount: z.int(),
  currency: z.string(),
  reason: z.string(),
  status: z.enum(['open', 'won', 'lost']).default('open'),
})

const WebhookBody = z.looseObject({
  id: z.string(),
  type: z.string(),
  createdAt: z.string(),
  data: z.looseObject({
    payment: PaymentBody,
    refund: RefundBody.optional(),
    dispute: DisputeBody.optional(),
  }),
})

const STATUS = {
  succeeded: 'captured',
  authorized: 'authorized',
  failed: 'failed',
  requires_action: 'requires_action',
  processing: 'processing',
  canceled: 'voided',
} as const

export type TestProviderSettings = Readonly<{
  baseUrl: string
  apiKey: string
  /** `whsec_…`; several while one is being changed. */
  webhookSecrets: readonly string[]
  clock: Clock
  log: Log
  chance?: Chance
}>

/** The built-in test bank (`apps/test-provider`), spoken to over HTTP like any other provider. */
export function createTestProviderAdapter(
  settings: TestProviderSettings,
): PaymentProvider & Readonly<{ close(): void }> {
  const { baseUrl, apiKey, webhookSecrets, clock, log, chance = systemChance } = settings
  const client = createProviderClient({ baseUrl, clock, log, chance })
  const authorization = `Bearer ${apiKey}`

  async function command(
    path: string,
    input: Readonly<{ key: string; body: unknown; deadlineMs: number }>,
  ): Promise<unknown> {
    const { key, body, deadlineMs } = input
    const headers = { authorization, 'idempotency-key': key }
    return readBody(await client.call({ method: 'POST', path, headers, body, deadlineMs }))
  }

  return {
    name: 'test',
    methods: ['card'],
    async authorize({ key, reference, attempt, amount, token, capture, returnUrl }) {
      const body = {
        amount: amount.amount,
        currency: amount.currency,
        token,
        capture,
        reference,
        returnUrl,
        metadata: { attempt: String(attempt) },
      }
      return toPayment(
        await command('/v1/payments', { key, body, deadlineMs: PAYMENT_DEADLINE_MS }),
      )
    },
    async capture({ key, ref, amount }) {
      const body = { amount: amount.amount }
      const path = `/v1/payments/${encodeURIComponent(ref)}/capture`
      return toPayment(await command(path, { key, body, deadlineMs: DEADLINE_MS }))
    },
    async void({ key, ref }) {
      const path = `/v1/payments/${encodeURIComponent(ref)}/cancel`
      return toPayment(await command(path, { key, body: {}, deadlineMs: DEADLINE_MS }))
    },
    async refund({ key, ref, amount, reason }) {
      const body = { paymentId: ref, amount: amount.amount, reason: reason.slice(0, 255) }
      return toRefund(await command('/v1/refunds', { key, body, deadlineMs: DEADLINE_MS }))
    },
    async find({ key, ref }) {
      const path = ref
        ? `/v1/payments/${encodeURIComponent(ref)}`
        : `/v1/payments?idempotencyKey=${encodeURIComponent(key)}`
      const headers = { authorization }
      const reply = await client.call({ method: 'GET', path, headers, deadlineMs: DEADLINE_MS })
      if (ref && reply.status === 404) return null
      const body = readBody(reply)
      if (ref) return toPayment(body)
      const [first] = ListBody.parse(body).items
      return first ? toPayment(first) : null
    },
    async verifyWebhook({ headers, rawBody, now }) {
      verifyStandardWebhook({ secrets: webhookSecrets, headers, rawBody, now })
      return toNotice(JSON.parse(rawBody))
    },
    close: client.close,
  }
}

/** @throws ProviderRefused on a definite no, ProviderSilent when what it did is not known. */
function readBody({ status, body }: ProviderReply): unknown {
  if (status >= 200 && status < 300) return body
  const code = ProblemBody.safeParse(body).data?.code ?? `http_${status}`
  // A running or reused key says nothing of what the first call with it did.
  if (status === 409 && code === 'idempotency_in_progress') throw new ProviderSilent(code)
  if (code === 'idempotency_key_reused') throw new ProviderSilent(code)
  if (status >= 500) throw new ProviderSilent(code, true)
  throw new ProviderRefused(code)
}

function toPayment(body: unknown): ProviderPayment {
  const payment = PaymentBody.parse(body)
  const attempt = Number(payment.metadata?.['attempt'])
  return {
    ref: payment.id,
    reference: payment.reference,
    attempt: Number.isInteger(attempt) ? attempt : undefined,
    status: STATUS[payment.status],
    currency: payment.currency,
    amount: payment.amount,
    captured: payment.amountCaptured,
    refunded: payment.amountRefunded,
    declineCode: payment.declineCode,
    redirectUrl: payment.nextAction?.url,
    card: payment.card && { brand: payment.card.brand, last4: payment.card.last4 },
    riskScore: payment.riskScore,
  }
}

function toRefund(body: unknown): ProviderRefund {
  const { id, paymentId, status, amount, failureCode } = RefundBody.parse(body)
  return { ref: id, paymentRef: paymentId, status, amount, failureCode }
}

function toDispute(body: unknown): ProviderDispute {
  const { id, paymentId, status, amount, currency, reason } = DisputeBody.parse(body)
  return { ref: id, paymentRef: paymentId, status, amount, currency, reason, fee: 0 }
}

function toNotice(body: unknown): ProviderNotice | null {
  const parsed = WebhookBody.safeParse(body)
  if (!parsed.success) return null
  const { id, createdAt, data } = parsed.data
  return {
    eventId: id,
    at: createdAt,
    payment: toPayment(data.payment),
    ...(data.refund ? { refund: toRefund(data.refund) } : {}),
    ...(data.dispute ? { dispute: toDispute(data.dispute) } : {}),
  }
}

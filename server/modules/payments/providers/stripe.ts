import type Stripe from 'stripe'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Log } from '../../../platform/log.ts'
import {
  type AuthorizeInput,
  type PaymentProvider,
  type ProviderDispute,
  type ProviderNotice,
  type ProviderPayment,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../provider.ts'
import { WEBHOOK_TOLERANCE_SECONDS } from './standard-webhooks.ts'
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts'

const DEADLINE_MS = 10_000
const RETRIES = 2
const EXPAND = ['latest_charge.balance_transaction']
const STRIPE_API = 'https://api.stripe.com'

export type StripeSettings = Readonly<{
  secretKey: string
  /** `whsec_…`; several while one is being changed. */
  webhookSecrets: readonly string[]
  /** Stripe's own if absent. */
  apiUrl?: string
  log: Log
}>

/**
 * Cards by Stripe's Payment Intents, through Stripe's own SDK. Each command carries our key as its
 * idempotency key, and the intent our order, attempt and key as metadata: an intent whose creation
 * was not answered is found by them. Stripe's search lags behind by up to a minute, so that no
 * record of a silent charge proves nothing until our caller's patience (15 minutes) is over.
 */
export function createStripeAdapter(settings: StripeSettings): PaymentProvider {
  const { webhookSecrets, log } = settings
  let opened: Promise<Stripe> | undefined
  const open = () => {
    opened ??= openClient(settings)
    return opened
  }

  async function run<T>(command: (stripe: Stripe) => Promise<T>): Promise<T> {
    const stripe = await open()
    return command(stripe).catch((error: unknown) => {
      throw describe(error)
    })
  }

  async function retrieve(ref: string): Promise<Stripe.PaymentIntent> {
    return run((stripe) => stripe.paymentIntents.retrieve(ref, { expand: EXPAND }))
  }

  return {
    name: 'stripe',
    methods: ['card'],

    async authorize(input) {
      const stripe = await open()
      try {
        const params = intentParams(input)
        return toPayment(await stripe.paymentIntents.create(params, { idempotencyKey: input.key }))
      } catch (error) {
        const declined = declinedIntent(error)
        if (declined) return toPayment(declined)
        throw describe(error)
      }
    },

    async capture({ key, ref, amount }) {
      const amountToCapture = toStripeAmount(amount.amount, amount.currency)
      const params = { amount_to_capture: amountToCapture, expand: EXPAND }
      return toPayment(
        await run((stripe) => stripe.paymentIntents.capture(ref, params, { idempotencyKey: key })),
      )
    },

    async void({ key, ref }) {
      const params = { expand: EXPAND }
      return toPayment(
        await run((stripe) => stripe.paymentIntents.cancel(ref, params, { idempotencyKey: key })),
      )
    },

    async refund({ key, ref, amount, reason }) {
      const params = {
        payment_intent: ref,
        amount: toStripeAmount(amount.amount, amount.currency),
        metadata: { reason: reason.slice(0, 500) },
      }
      return toRefund(
        await run((stripe) => stripe.refunds.create(params, { idempotencyKey: key })),
        ref,
      )
    },

    async find({ key, ref }) {
      if (ref) return toPayment(await retrieve(ref))
      const query = `metadata['charge_key']:'${key}'`
      const found = await run((stripe) =>
        stripe.paymentIntents.search({
          query,
          limit: 10,
          expand: EXPAND.map((one) => `data.${one}`),
        }),
      )
      const intent = found.data.find(({ metadata }) => metadata['charge_key'] === key)
      return intent ? toPayment(intent) : null
    },

    async verifyWebhook({ headers, rawBody, now }) {
      const stripe = await open()
      const signature = String(headers['stripe-signature'] ?? '')
      const event = webhookSecrets.reduce<Stripe.Event | null>(
        (found, secret) => found ?? verify(stripe, { rawBody, signature, secret, now }),
        null,
      )
      if (!event) throw paymentsProblem('payments.signature_invalid')
      const notice = await toNotice(event, retrieve)
      if (!notice) log.debug({ event: event.id, type: event.type }, 'a Stripe event of no interest')
      return notice
    },
  }
}

/** The SDK is loaded with the first call: a shop without Stripe never pays for it. */
async function openClient({ secretKey, apiUrl = STRIPE_API }: StripeSettings): Promise<Stripe> {
  const { default: StripeClient } = await import('stripe')
  const { protocol, hostname, port } = new URL(apiUrl)
  return new StripeClient(secretKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port ? { port } : {}),
    timeout: DEADLINE_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
    appInfo: { name: 'Stoa' },
  })
}

function intentParams(input: AuthorizeInput): Stripe.PaymentIntentCreateParams {
  const { key, reference, attempt, amount, token = '', capture, returnUrl } = input
  return {
    amount: toStripeAmount(amount.amount, amount.currency),
    currency: amount.currency.toLowerCase(),
    confirm: true,
    capture_method: capture ? 'automatic' : 'manual',
    metadata: { order_id: reference, attempt: String(attempt), charge_key: key },
    expand: EXPAND,
    ...(returnUrl ? { return_url: returnUrl } : {}),
    ...(token.startsWith('ctoken_')
      ? { confirmation_token: token }
      : {
          payment_method: token,
          automatic_payment_methods: {
            enabled: true,
            allow_redirects: returnUrl ? 'always' : 'never',
          },
        }),
  }
}

type StripeFailure = Readonly<{
  type: string
  code?: string
  decline_code?: string
  statusCode?: number
  message: string
  payment_intent?: Stripe.PaymentIntent
  detail?: unknown
}>

function asFailure(error: unknown): StripeFailure | undefined {
  const type = (error as { type?: unknown } | null)?.type
  return typeof type === 'string' && type.startsWith('Stripe')
    ? (error as StripeFailure)
    : undefined
}

/** The intent of a card that was declined: it exists, and says so. */
function declinedIntent(error: unknown): Stripe.PaymentIntent | undefined {
  const failure = asFailure(error)
  return failure?.type === 'StripeCardError' ? failure.payment_intent : undefined
}

const NEVER_ARRIVED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/
/** Stripe said no before it did anything. */
const REFUSALS = new Set([
  'StripeCardError',
  'StripeInvalidRequestError',
  'StripeAuthenticationError',
  'StripePermissionError',
])

/** What an error of the SDK tells about what was done: nothing for certain, or nobody knows. */
function describe(error: unknown): unknown {
  const failure = asFailure(error)
  if (!failure) return error
  const { type, code, decline_code: declineCode, message, detail } = failure
  if (REFUSALS.has(type)) {
    return new ProviderRefused(
      declineCode ?? code ?? type.replace(/^Stripe|Error$/g, '').toLowerCase(),
    )
  }
  if (type === 'StripeRateLimitError') return new ProviderRefused('unreachable')
  if (type === 'StripeConnectionError' && NEVER_ARRIVED.test(`${String(detail)} ${message}`)) {
    return new ProviderRefused('unreachable')
  }
  return new ProviderSilent(`Stripe: ${type}`)
}

function toPayment(intent: Stripe.PaymentIntent): ProviderPayment {
  const currency = intent.currency.toUpperCase()
  const amountOf = (minor: number) => fromStripeAmount(minor, currency)
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null
  const attempt = Number(intent.metadata['attempt'])
  const card = charge?.payment_method_details?.card
  const error = intent.last_payment_error
  return {
    ref: intent.id,
    reference: intent.metadata['order_id'] ?? '',
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : undefined,
    status: statusOf(intent),
    currency,
    amount: amountOf(intent.amount),
    captured: intent.status === 'succeeded' ? amountOf(intent.amount_received) : 0,
    refunded: charge ? amountOf(charge.amount_refunded) : 0,
    declineCode: error ? (error.decline_code ?? error.code ?? 'declined') : undefined,
    redirectUrl: intent.next_action?.redirect_to_url?.url ?? undefined,
    card: card ? { brand: card.brand ?? 'card', last4: card.last4 ?? '' } : undefined,
    riskScore: charge?.outcome?.risk_score,
    settlement: settlementOf(charge),
  }
}

function statusOf({
  status,
  last_payment_error: error,
}: Stripe.PaymentIntent): ProviderPayment['status'] {
  if (status === 'succeeded') return 'captured'
  if (status === 'requires_capture') return 'authorized'
  if (status === 'requires_action') return 'requires_action'
  if (status === 'canceled') return 'voided'
  return status === 'requires_payment_method' && error ? 'failed' : 'processing'
}

function settlementOf(charge: Stripe.Charge | null): ProviderPayment['settlement'] {
  const entry = charge?.balance_transaction
  if (!entry || typeof entry === 'string' || !charge.captured) return undefined
  const currency = entry.currency.toUpperCase()
  return {
    ref: entry.id,
    currency,
    gross: fromStripeAmount(entry.amount, currency),
    fee: fromStripeAmount(entry.fee, currency),
  }
}

const REFUND_STATUS: Readonly<Record<string, ProviderRefund['status']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'failed',
}

function toRefund(refund: Stripe.Refund, paymentRef: string): ProviderRefund {
  return {
    ref: refund.id,
    paymentRef,
    status: REFUND_STATUS[refund.status ?? ''] ?? 'pending',
    amount: fromStripeAmount(refund.amount, refund.currency.toUpperCase()),
    failureCode: refund.failure_reason,
  }
}

/** Enquiries take no money; they become disputes if they do. */
function toDispute(dispute: Stripe.Dispute, paymentRef: string): ProviderDispute | undefined {
  const { status } = dispute
  if (status.startsWith('warning') || status === 'prevented') return undefined
  const currency = dispute.currency.toUpperCase()
  const fees = dispute.balance_transactions
    .filter((entry) => entry.currency === dispute.currency)
    .reduce((sum, entry) => sum + Math.max(0, entry.fee), 0)
  return {
    ref: dispute.id,
    paymentRef,
    status: status === 'won' ? 'won' : status === 'lost' ? 'lost' : 'open',
    currency,
    amount: fromStripeAmount(dispute.amount, currency),
    fee: fromStripeAmount(fees, currency),
    reason: dispute.reason,
  }
}

function verify(
  stripe: Stripe,
  input: Readonly<{ rawBody: string; signature: string; secret: string; now: Date }>,
): Stripe.Event | null {
  const { rawBody, signature, secret, now } = input
  try {
    return stripe.webhooks.constructEvent(
      rawBody,
      signature,
      secret,
      WEBHOOK_TOLERANCE_SECONDS,
      undefined,
      now.getTime(),
    )
  } catch (error) {
    if ((error as { type?: string }).type === 'StripeSignatureVerificationError') return null
    throw error
  }
}

function idOf(value: string | { id: string } | null | undefined): string | undefined {
  return typeof value === 'object' && value !== null ? value.id : (value ?? undefined)
}

/** What an event says; of what is not an intent itself the intent is asked for. */
async function toNotice(
  event: Stripe.Event,
  retrieve: (ref: string) => Promise<Stripe.PaymentIntent>,
): Promise<ProviderNotice | null> {
  const about = { eventId: event.id, at: new Date(event.created * 1_000).toISOString() }
  const { object } = event.data as { object: { object: string } }
  if (object.object === 'payment_intent') {
    return { ...about, payment: toPayment(object as Stripe.PaymentIntent) }
  }
  if (!['charge', 'refund', 'dispute'].includes(object.object)) return null
  const ref = idOf((object as Stripe.Charge).payment_intent)
  if (!ref) return null
  const payment = toPayment(await retrieve(ref))
  if (object.object === 'refund') {
    return { ...about, payment, refund: toRefund(object as Stripe.Refund, ref) }
  }
  if (object.object === 'charge') return { ...about, payment }
  const dispute = toDispute(object as Stripe.Dispute, ref)
  return { ...about, payment, ...(dispute ? { dispute } : {}) }
}

import type { z } from 'zod'
import { paymentsProblem } from '#contracts/payments/problems.ts'
import type { Chance } from '../../../platform/chance.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Log } from '../../../platform/log.ts'
import {
  type AuthorizeInput,
  type PaymentProvider,
  type ProviderNotice,
  type ProviderPayment,
  type ProviderRefund,
  ProviderRefused,
  ProviderSilent,
} from '../provider.ts'
import { createProviderClient, type ProviderReply } from './http-client.ts'
import {
  CaptureBody,
  DisputeBody,
  ErrorBody,
  EventBody,
  fromPayPalAmount,
  OrderBody,
  RefundBody,
  TokenBody,
  toPayPalAmount,
} from './paypal-bodies.ts'

const DEADLINE_MS = 10_000
/** A token is given up so long before it ends. */
const TOKEN_MARGIN_MS = 60_000

export type PayPalSettings = Readonly<{
  clientId: string
  clientSecret: string
  webhookId: string
  apiUrl: string
  clock: Clock
  log: Log
  chance: Chance
}>

type Call = (
  path: string,
  input?: Readonly<{ key?: string; body?: unknown }>,
) => Promise<ProviderReply>

/**
 * PayPal's Orders v2 by its REST interface: an order is made, the shopper approves it at PayPal,
 * then it is captured; each command under a request id of ours, so that it may come twice. Making
 * an order moves no money: one whose making was not answered is simply made again.
 */
export function createPayPalAdapter(
  settings: PayPalSettings,
): PaymentProvider & Readonly<{ close(): void }> {
  const { call, close } = createCaller(settings)

  const getOrder = async (ref: string) =>
    readAs(OrderBody, await call(`/v2/checkout/orders/${encodeURIComponent(ref)}`))

  const getCapture = async (id: string) =>
    readAs(CaptureBody, await call(`/v2/payments/captures/${encodeURIComponent(id)}`))

  /** The payment that a capture belongs to. */
  async function paymentOfCapture(capture: CaptureBody): Promise<ProviderPayment | null> {
    const ref = capture.supplementary_data?.related_ids?.order_id
    return ref ? toPayment(await getOrder(ref)) : null
  }

  return {
    name: 'paypal',
    methods: ['paypal'],
    close,

    async authorize(input) {
      const { key } = input
      const reply = await call('/v2/checkout/orders', { key, body: orderParams(input) })
      return toPayment(readAs(OrderBody, reply))
    },

    async capture({ key, ref }) {
      const path = `/v2/checkout/orders/${encodeURIComponent(ref)}/capture`
      const reply = await call(path, { key, body: {} })
      if (issueOf(reply) === 'ORDER_ALREADY_CAPTURED') return toPayment(await getOrder(ref))
      readAs(OrderBody, reply)
      // The answer to a capture leaves out what the order was for.
      return toPayment(await getOrder(ref))
    },

    // An order that nobody approved cannot be cancelled: it ends by itself, and takes nothing.
    async void({ ref }) {
      const payment = toPayment(await getOrder(ref))
      if (payment.captured > 0) throw new ProviderRefused('already_captured')
      return { ...payment, status: 'voided' }
    },

    async refund({ key, ref, amount, reason }) {
      const capture = capturesOf(await getOrder(ref))[0]
      if (!capture) throw new ProviderRefused('not_captured')
      const path = `/v2/payments/captures/${encodeURIComponent(capture.id)}/refund`
      const body = { amount: toPayPalAmount(amount), note_to_payer: reason.slice(0, 255) }
      const refund = readAs(RefundBody, await call(path, { key, body }))
      return toRefund(refund, { paymentRef: ref, amount: amount.amount })
    },

    find: async ({ ref }) => (ref ? toPayment(await getOrder(ref)) : null),

    async verifyWebhook({ headers, rawBody }) {
      const genuine = await isGenuine({ call, webhookId: settings.webhookId, headers, rawBody })
      if (!genuine) throw paymentsProblem('payments.signature_invalid')
      const parsed = EventBody.safeParse(JSON.parse(rawBody))
      if (!parsed.success) return null
      const { id: eventId, create_time: at, event_type: type, resource } = parsed.data
      const told = await readEvent(type, resource, { getOrder, getCapture, paymentOfCapture })
      return told && { eventId, at, ...told }
    },
  }
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** PayPal itself says whether a message is its own; the body goes to it letter by letter. */
async function isGenuine(
  input: Readonly<{ call: Call; webhookId: string; headers: Headers; rawBody: string }>,
): Promise<boolean> {
  const { call, webhookId, headers, rawBody } = input
  const facts: Record<string, string> = { webhook_id: webhookId }
  for (const [field, header] of Object.entries({
    auth_algo: 'paypal-auth-algo',
    cert_url: 'paypal-cert-url',
    transmission_id: 'paypal-transmission-id',
    transmission_sig: 'paypal-transmission-sig',
    transmission_time: 'paypal-transmission-time',
  })) {
    const value = headers[header]
    if (typeof value !== 'string' || value === '') return false
    facts[field] = value
  }
  const body = `${JSON.stringify(facts).slice(0, -1)},"webhook_event":${rawBody}}`
  const reply = await call('/v1/notifications/verify-webhook-signature', { body })
  if (reply.status >= 500) throw new ProviderSilent('PayPal cannot verify its message')
  const { verification_status: status } = reply.body as { verification_status?: unknown }
  return reply.status < 300 && status === 'SUCCESS'
}

/** Calls PayPal with a bearer token that is asked for when there is none, and again when it ends. */
function createCaller(settings: PayPalSettings): Readonly<{ call: Call; close(): void }> {
  const { apiUrl, clientId, clientSecret, clock } = settings
  const client = createProviderClient({ ...settings, baseUrl: apiUrl })
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  let token: Readonly<{ text: Promise<string>; endsAt(): number }> | null = null

  async function ask(setEnd: (at: number) => void): Promise<string> {
    const reply = await client.call({
      method: 'POST',
      path: '/v1/oauth2/token',
      headers: {
        authorization: `Basic ${basic}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      deadlineMs: DEADLINE_MS,
    })
    // Without a token nothing can have been done.
    if (reply.status >= 500) throw new ProviderRefused('unreachable')
    if (reply.status !== 200) throw new ProviderRefused('credentials_refused')
    const { access_token: text, expires_in: seconds } = TokenBody.parse(reply.body)
    setEnd(clock.now().getTime() + seconds * 1_000 - TOKEN_MARGIN_MS)
    return text
  }

  function bearer(): Promise<string> {
    if (token && token.endsAt() > clock.now().getTime()) return token.text
    let end = Number.POSITIVE_INFINITY
    const text = ask((at) => {
      end = at
    }).catch((error: unknown) => {
      token = null
      if (error instanceof ProviderSilent) throw new ProviderRefused('unreachable')
      throw error
    })
    token = { text, endsAt: () => end }
    return text
  }

  const send = async (path: string, { key, body }: { key?: string; body?: unknown } = {}) =>
    client.call({
      method: body === undefined ? 'GET' : 'POST',
      path,
      headers: {
        authorization: `Bearer ${await bearer()}`,
        prefer: 'return=representation',
        ...(key ? { 'paypal-request-id': key } : {}),
      },
      body,
      deadlineMs: DEADLINE_MS,
    })

  return {
    close: client.close,
    async call(path, input) {
      const reply = await send(path, input)
      if (reply.status !== 401) return reply
      // The token was taken back before its time.
      token = null
      return send(path, input)
    },
  }
}

/** @throws ProviderRefused on a definite no, ProviderSilent when what it did is not known. */
function readAs<T extends z.ZodType>(schema: T, reply: ProviderReply): z.output<T> {
  if (reply.status >= 200 && reply.status < 300) return schema.parse(reply.body)
  const issue = issueOf(reply) ?? `http_${reply.status}`
  if (reply.status === 409 || issue === 'DUPLICATE_REQUEST_ID') throw new ProviderSilent(issue)
  if (reply.status === 429) throw new ProviderRefused('unreachable')
  if (reply.status >= 500) throw new ProviderSilent(issue)
  throw new ProviderRefused(issue.toLowerCase())
}

function issueOf({ status, body }: ProviderReply): string | undefined {
  if (status < 400) return undefined
  const error = ErrorBody.safeParse(body).data
  return error?.details?.[0]?.issue ?? error?.name
}

function orderParams({ reference, attempt, amount, returnUrl }: AuthorizeInput) {
  return {
    intent: 'CAPTURE',
    purchase_units: [
      {
        reference_id: String(attempt),
        custom_id: reference,
        invoice_id: `${reference}-${attempt}`,
        amount: toPayPalAmount(amount),
      },
    ],
    payment_source: {
      paypal: {
        experience_context: {
          user_action: 'PAY_NOW',
          shipping_preference: 'NO_SHIPPING',
          ...(returnUrl ? { return_url: returnUrl, cancel_url: returnUrl } : {}),
        },
      },
    },
  }
}

function capturesOf({ purchase_units: [unit] }: OrderBody): readonly CaptureBody[] {
  return unit?.payments?.captures ?? []
}

const TAKEN = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'])

function statusOf(order: OrderBody): ProviderPayment['status'] {
  const capture = capturesOf(order)[0]
  if (capture) {
    if (TAKEN.has(capture.status)) return 'captured'
    return capture.status === 'PENDING' ? 'processing' : 'failed'
  }
  if (order.status === 'APPROVED') return 'approved'
  if (order.status === 'VOIDED') return 'voided'
  return order.status === 'COMPLETED' ? 'processing' : 'requires_action'
}

function toPayment(order: OrderBody): ProviderPayment {
  const [unit] = order.purchase_units
  const capture = capturesOf(order).find(({ status }) => TAKEN.has(status))
  const told = unit?.amount ?? capturesOf(order)[0]?.amount
  if (!unit || !told) throw new ProviderSilent('PayPal tells no amount')
  const { amount, currency } = fromPayPalAmount(told)
  const attempt = Number(unit.reference_id)
  const status = statusOf(order)
  const refunded = (unit.payments?.refunds ?? [])
    .filter((refund) => refund.status === 'COMPLETED' && refund.amount)
    .reduce((sum, refund) => sum + (refund.amount ? fromPayPalAmount(refund.amount).amount : 0), 0)
  return {
    ref: order.id,
    reference: unit.custom_id ?? '',
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt : undefined,
    status,
    currency,
    amount,
    captured: capture ? fromPayPalAmount(capture.amount).amount : 0,
    refunded,
    declineCode: status === 'failed' ? 'declined' : undefined,
    redirectUrl: order.links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve')?.href,
    settlement: capture ? settlementOf(capture) : undefined,
  }
}

function settlementOf(capture: CaptureBody): ProviderPayment['settlement'] {
  const breakdown = capture.seller_receivable_breakdown
  if (!breakdown?.paypal_fee) return undefined
  const fee = fromPayPalAmount(breakdown.paypal_fee)
  // An exchanged amount comes without its fee: that was taken in the currency of the charge.
  const gross = fromPayPalAmount(breakdown.receivable_amount ?? breakdown.gross_amount)
  const sameCurrency = fee.currency === gross.currency
  return {
    ref: capture.id,
    currency: gross.currency,
    gross: gross.amount,
    fee: sameCurrency ? fee.amount : 0,
  }
}

const REFUND_STATUS: Readonly<Record<string, ProviderRefund['status']>> = {
  COMPLETED: 'succeeded',
  FAILED: 'failed',
  CANCELLED: 'failed',
}

function toRefund(
  refund: RefundBody,
  { paymentRef, amount }: Readonly<{ paymentRef: string; amount: number }>,
): ProviderRefund {
  return { ref: refund.id, paymentRef, status: REFUND_STATUS[refund.status] ?? 'pending', amount }
}

type Readers = Readonly<{
  getOrder(ref: string): Promise<OrderBody>
  getCapture(id: string): Promise<CaptureBody>
  paymentOfCapture(capture: CaptureBody): Promise<ProviderPayment | null>
}>

/** What an event means; of its resource only the ids are believed, the rest is asked for. */
async function readEvent(
  type: string,
  resource: unknown,
  { getOrder, getCapture, paymentOfCapture }: Readers,
): Promise<Omit<ProviderNotice, 'eventId' | 'at'> | null> {
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const order = OrderBody.safeParse(resource)
    return order.success ? { payment: toPayment(await getOrder(order.data.id)) } : null
  }
  if (type === 'PAYMENT.CAPTURE.REFUNDED') {
    const refund = RefundBody.safeParse(resource)
    const up = refund.data?.links
      ?.find(({ rel }) => rel === 'up')
      ?.href.split('/')
      .at(-1)
    const payment = up ? await paymentOfCapture(await getCapture(up)) : null
    if (!refund.success || !payment) return null
    const { amount } = refund.data
    if (!amount) return { payment }
    const facts = { paymentRef: payment.ref, amount: fromPayPalAmount(amount).amount }
    return { payment, refund: toRefund(refund.data, facts) }
  }
  if (type.startsWith('PAYMENT.CAPTURE.')) {
    const capture = CaptureBody.safeParse(resource)
    const payment = capture.success
      ? await paymentOfCapture(await getCapture(capture.data.id))
      : null
    return payment && { payment }
  }
  if (!type.startsWith('CUSTOMER.DISPUTE.')) return null
  const dispute = DisputeBody.safeParse(resource)
  const captureId = dispute.data?.disputed_transactions[0]?.seller_transaction_id
  const payment = captureId ? await paymentOfCapture(await getCapture(captureId)) : null
  return dispute.success && payment ? { payment, dispute: toDispute(dispute.data, payment) } : null
}

function toDispute(body: DisputeBody, payment: ProviderPayment) {
  const { amount, currency } = fromPayPalAmount(body.dispute_amount)
  const outcome = body.dispute_outcome?.outcome_code ?? ''
  const lost = outcome === 'RESOLVED_BUYER_FAVOUR' || outcome === 'ACCEPTED'
  return {
    ref: body.dispute_id,
    paymentRef: payment.ref,
    status: body.status !== 'RESOLVED' ? 'open' : lost ? 'lost' : 'won',
    currency,
    amount,
    fee: 0,
    reason: body.reason ?? 'dispute',
  } as const
}

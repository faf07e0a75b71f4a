import { type FakeReply, type FakeRequest, openHttpFake } from './http-fake.ts'

type Intent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_received: number
  currency: string
  status: string
  metadata: Record<string, string>
  last_payment_error: { code: string; decline_code?: string } | null
  next_action: { type: string; redirect_to_url: { url: string } } | null
  latest_charge: object | null
}

const DECLINED = 'pm_card_visa_chargeDeclinedInsufficientFunds'
const ASKS = 'pm_card_authenticationRequired'

/** Stripe's Payment Intents as far as the adapter uses them, in the shapes that Stripe sends. */
export async function openFakeStripe() {
  const intents = new Map<string, Intent>()
  const kept = new Map<string, FakeReply>()
  let count = 0

  function charge(intent: Intent, captured: boolean): object {
    return {
      id: `ch_${intent.id}`,
      object: 'charge',
      amount: intent.amount,
      amount_refunded: 0,
      captured,
      outcome: { risk_score: 12 },
      payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
      balance_transaction: captured
        ? { id: `txn_${intent.id}`, amount: 1_170, currency: 'usd', fee: 64 }
        : null,
    }
  }

  function create(form: URLSearchParams): FakeReply {
    count += 1
    const method = form.get('payment_method')
    const manual = form.get('capture_method') === 'manual'
    const amount = Number(form.get('amount'))
    const status =
      method === DECLINED
        ? 'requires_payment_method'
        : method === ASKS
          ? 'requires_action'
          : manual
            ? 'requires_capture'
            : 'succeeded'
    const intent: Intent = {
      id: `pi_${count}`,
      object: 'payment_intent',
      amount,
      amount_received: status === 'succeeded' ? amount : 0,
      currency: form.get('currency') ?? '',
      status,
      metadata: Object.fromEntries(
        [...form].flatMap(([name, value]) => {
          const key = /^metadata\[(.+)\]$/.exec(name)?.[1]
          return key ? [[key, value]] : []
        }),
      ),
      last_payment_error: null,
      next_action: null,
      latest_charge: null,
    }
    intents.set(intent.id, intent)
    if (status === 'requires_action') {
      const url = `https://hooks.stripe.com/3d_secure_2/${intent.id}`
      intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url } }
    }
    if (status === 'succeeded' || status === 'requires_capture') {
      intent.latest_charge = charge(intent, status === 'succeeded')
    }
    if (status !== 'requires_payment_method') return { status: 200, body: intent }
    const failure = { code: 'card_declined', decline_code: 'insufficient_funds' }
    intent.last_payment_error = failure
    const error = { ...failure, type: 'card_error', message: 'Declined.', payment_intent: intent }
    return { status: 402, body: { error } }
  }

  function refuse(message: string, code = 'resource_missing'): FakeReply {
    return { status: 400, body: { error: { type: 'invalid_request_error', code, message } } }
  }

  function act(intent: Intent, verb: string, form: URLSearchParams): FakeReply {
    if (verb === 'capture') {
      if (intent.status !== 'requires_capture') {
        return refuse('not capturable', 'payment_intent_unexpected_state')
      }
      intent.status = 'succeeded'
      intent.amount_received = Number(form.get('amount_to_capture') ?? intent.amount)
      intent.latest_charge = charge(intent, true)
    } else {
      if (intent.status === 'succeeded') {
        return refuse('already succeeded', 'payment_intent_unexpected_state')
      }
      intent.status = 'canceled'
    }
    return { status: 200, body: intent }
  }

  function answer({ method, path, body }: FakeRequest): FakeReply {
    const url = new URL(path, 'http://stripe')
    const form = new URLSearchParams(body)
    if (url.pathname === '/v1/payment_intents' && method === 'POST') return create(form)
    if (url.pathname === '/v1/payment_intents/search') {
      const key = /'charge_key'\]:'(.+)'/.exec(url.searchParams.get('query') ?? '')?.[1]
      const data = [...intents.values()].filter(({ metadata }) => metadata['charge_key'] === key)
      return { status: 200, body: { object: 'search_result', data, has_more: false } }
    }
    const [, id = '', verb] =
      /^\/v1\/payment_intents\/([^/]+)(?:\/(\w+))?$/.exec(url.pathname) ?? []
    const intent = intents.get(id || (form.get('payment_intent') ?? ''))
    if (!intent) return refuse('no such payment intent')
    if (verb) return act(intent, verb, form)
    if (url.pathname !== '/v1/refunds') return { status: 200, body: intent }
    const amount = Number(form.get('amount'))
    const left =
      intent.amount_received -
      ((intent.latest_charge as { amount_refunded?: number })?.amount_refunded ?? 0)
    if (amount > left) return refuse('too much', 'charge_already_refunded')
    Object.assign(intent.latest_charge ?? {}, {
      amount_refunded: intent.amount_received - left + amount,
    })
    count += 1
    const { currency } = intent
    const refund = { id: `re_${count}`, object: 'refund', amount, currency, status: 'succeeded' }
    return { status: 200, body: { ...refund, payment_intent: intent.id } }
  }

  const server = await openHttpFake((request) => {
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined
    if (typeof key !== 'string') return answer(request)
    const same = kept.get(key)
    if (same) return same
    const reply = structuredClone(answer(request))
    kept.set(key, reply)
    return reply
  })
  return { ...server, intents }
}

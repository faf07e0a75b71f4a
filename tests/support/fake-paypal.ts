import { type FakeReply, type FakeRequest, openHttpFake } from './http-fake.ts'

type Amount = { currency_code: string; value: string }
type Unit = {
  reference_id: string
  custom_id: string
  amount: Amount
  payments?: { captures: Capture[]; refunds: object[] }
}
type Capture = {
  id: string
  status: string
  amount: Amount
  custom_id: string
  supplementary_data: object
  seller_receivable_breakdown: object
}
type Order = { id: string; status: string; purchase_units: Unit[]; links: object[] }

const CREDENTIALS = Buffer.from('client-id:client-secret').toString('base64')

/** PayPal's Orders v2 as far as the adapter uses them: a shopper approves, commands may come twice. */
export async function openFakePayPal() {
  const orders = new Map<string, Order>()
  const kept = new Map<string, FakeReply>()
  let tokens = 0
  let count = 0

  const refuse = (issue: string, status = 422): FakeReply => ({
    status,
    body: { name: 'UNPROCESSABLE_ENTITY', details: [{ issue }] },
  })

  function create(body: string): FakeReply {
    count += 1
    const { purchase_units: units } = JSON.parse(body) as { purchase_units: Unit[] }
    const id = `PP${count}`
    const links = [{ rel: 'payer-action', href: `https://paypal.example/approve/${id}` }]
    const order = { id, status: 'PAYER_ACTION_REQUIRED', purchase_units: units, links }
    orders.set(id, order)
    return { status: 201, body: order }
  }

  function capture(order: Order): FakeReply {
    const unit = order.purchase_units[0] as Unit
    if (order.status === 'COMPLETED') return refuse('ORDER_ALREADY_CAPTURED')
    if (order.status !== 'APPROVED') return refuse('ORDER_NOT_APPROVED')
    if (unit.amount.value === '66.60') return refuse('INSTRUMENT_DECLINED')
    order.status = 'COMPLETED'
    const taken: Capture = {
      id: `CAP-${order.id}`,
      status: 'COMPLETED',
      amount: unit.amount,
      custom_id: unit.custom_id,
      supplementary_data: { related_ids: { order_id: order.id } },
      seller_receivable_breakdown: {
        gross_amount: unit.amount,
        paypal_fee: { ...unit.amount, value: '0.64' },
      },
    }
    unit.payments = { captures: [taken], refunds: [] }
    return {
      status: 201,
      body: { id: order.id, status: 'COMPLETED', purchase_units: [{ payments: unit.payments }] },
    }
  }

  function refund(order: Order, body: string): FakeReply {
    const { amount } = JSON.parse(body) as { amount: Amount }
    const unit = order.purchase_units[0] as Unit
    const earlier = (unit.payments?.refunds ?? []) as { amount: Amount }[]
    const given = earlier.reduce((sum, one) => sum + Number(one.amount.value), 0)
    if (given + Number(amount.value) > Number(unit.amount.value)) {
      return refuse('REFUND_AMOUNT_EXCEEDED')
    }
    count += 1
    const made = { id: `REF${count}`, status: 'COMPLETED', amount, custom_id: unit.custom_id }
    unit.payments?.refunds.push(made)
    return { status: 201, body: made }
  }

  function answer({ path, method, body }: FakeRequest): FakeReply {
    if (path === '/v2/checkout/orders' && method === 'POST') return create(body)
    const orderId = /^\/v2\/checkout\/orders\/([^/]+)/.exec(path)?.[1]
    const captureId = /^\/v2\/payments\/captures\/CAP-([^/]+)/.exec(path)?.[1]
    const order = orders.get(orderId ?? captureId ?? '')
    if (!order) return refuse('RESOURCE_NOT_FOUND', 404)
    if (path.endsWith('/capture')) return capture(order)
    if (path.endsWith('/refund')) return refund(order, body)
    const made = order.purchase_units[0]?.payments?.captures[0]
    return { status: 200, body: captureId ? (made ?? {}) : order }
  }

  function verify(body: string): FakeReply {
    const { transmission_sig: signature, webhook_event: event } = JSON.parse(body)
    const genuine = signature === `signed ${JSON.stringify(event)}`
    return { status: 200, body: { verification_status: genuine ? 'SUCCESS' : 'FAILURE' } }
  }

  const server = await openHttpFake((request) => {
    const { path, headers, body } = request
    if (path === '/v1/oauth2/token') {
      if (headers.authorization !== `Basic ${CREDENTIALS}`) return { status: 401, body: {} }
      tokens += 1
      return { status: 200, body: { access_token: `token-${tokens}`, expires_in: 32_000 } }
    }
    if (headers.authorization !== `Bearer token-${tokens}`) return { status: 401, body: {} }
    if (path === '/v1/notifications/verify-webhook-signature') return verify(body)
    const key = headers['paypal-request-id']
    if (typeof key !== 'string') return answer(request)
    const same = kept.get(key)
    if (same) return same
    const reply = structuredClone(answer(request))
    if (reply.status < 300) kept.set(key, reply)
    return reply
  })
  return {
    ...server,
    orders,
    /** The shopper's word on PayPal's page. */
    approve(id: string) {
      const order = orders.get(id)
      if (order?.status === 'PAYER_ACTION_REQUIRED') order.status = 'APPROVED'
    },
    /** PayPal takes its token back before its time. */
    revoke: () => {
      tokens += 1
    },
    message(type: string, resource: object) {
      const event = {
        id: `WH-${type}`,
        event_type: type,
        create_time: '2026-03-01T12:00:00Z',
        resource,
      }
      const rawBody = JSON.stringify(event)
      const headers: Record<string, string> = {
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-cert-url': 'https://api.paypal.com/cert',
        'paypal-transmission-id': '1',
        'paypal-transmission-time': '2026-03-01T12:00:00Z',
        'paypal-transmission-sig': `signed ${rawBody}`,
      }
      return { headers, rawBody, now: new Date() }
    },
  }
}

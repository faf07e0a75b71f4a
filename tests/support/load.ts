/** Buyers who go on while parts of the shop come and go. */
import { randomUUID } from 'node:crypto'
import type { Client, Order } from '../../packages/client/src/index.ts'
import { ADDRESS, type Buyable, checkoutBody, PAID } from './shopper.ts'

/** Refusals that a buyer meets while a part of the shop is away, and tries again after. */
const PASSING = new Set([
  'network_error',
  'unavailable',
  'rate_limited',
  'conflict',
  'idempotency_in_progress',
  'payments.provider_unavailable',
])
/** A load balancer that finds nobody says so in words of its own. */
const FROM_BALANCER = new Set([502, 503, 504])
const PAUSE_MS = 200
/** For a machine that is many times slower than a developer's. */
const PATIENCE_MS = 240_000

type Answer<T> = Readonly<
  { ok: true; data: T } | { ok: false; problem: Readonly<{ code: string; status: number }> }
>

export type Patience = Readonly<{
  /** How long a buyer goes on trying the same. */
  patienceMs?: number
  /** Takes no refusal at all. */
  strict?: boolean
}>

/** Asks again while the refusal is a passing one. @throws with any other, or when patience ends */
async function insist<T>(
  what: string,
  ask: () => Promise<Answer<T>>,
  { patienceMs = PATIENCE_MS, strict = false }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer.ok) return answer.data
    const { problem } = answer
    const isPassing = PASSING.has(problem.code) || FROM_BALANCER.has(problem.status)
    if (strict || !isPassing || performance.now() > deadline)
      throw new Error(`${what}: ${JSON.stringify(problem)}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

let buyers = 0

export type Buyer = Awaited<ReturnType<typeof prepareBuyer>>

/** Somebody with an address of mail of his own and a cart that is quoted: all but the checkout. */
export async function prepareBuyer(
  client: Client,
  { variantId, offerId }: Pick<Buyable, 'variantId' | 'offerId'>,
  patience: Patience = {},
) {
  buyers += 1
  const email = `buyer-${process.pid}-${buyers}@example.com`
  const opened = { body: { currency: 'USD', country: 'US' } } as const
  const { id: cartId } = await insist('cart', () => client.createCart(opened), patience)
  const params = { cartId }
  const line = { params, body: { variantId, offerId, quantity: 1 }, idempotencyKey: randomUUID() }
  const cart = await insist('line', () => client.addCartLine(line), patience)
  const address = { params, body: { shippingAddress: ADDRESS } }
  const quote = await insist('quote', () => client.quoteCart(address), patience)
  const body = (token?: string) => ({ ...checkoutBody({ cart, quote }, token), email })
  return { cart, quote, body, idempotencyKey: randomUUID() }
}

/** Checks out under the buyer's own key until there is a paid order. */
export async function payPatiently(
  client: Client,
  { body, idempotencyKey }: Buyer,
  patience: Patience & Readonly<{ token?: string }> = {},
): Promise<Order> {
  const asked = { body: body(patience.token), idempotencyKey }
  const placed = await insist('checkout', () => client.placeOrder(asked), patience)
  return untilPaid(client, placed.id, patience)
}

/** Looks at an order until it is paid. One that is pending is no refusal: the strict wait for it too. */
export async function untilPaid(
  client: Client,
  orderId: string,
  patience: Patience = {},
): Promise<Order> {
  const deadline = performance.now() + (patience.patienceMs ?? PATIENCE_MS)
  const what = `order ${orderId}`
  for (;;) {
    const order = await insist(what, () => client.getOrder({ params: { orderId } }), patience)
    if (PAID.includes(order.status)) return order
    if (order.status !== 'pending' || performance.now() > deadline)
      throw new Error(`${what}: ${order.status}`)
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}

export async function buyPatiently(
  client: Client,
  item: Pick<Buyable, 'variantId' | 'offerId'>,
  patience: Patience = {},
): Promise<Order> {
  return payPatiently(client, await prepareBuyer(client, item, patience), patience)
}

/**
 * Buyers who come one after the other until `stop`, which tells what they bought.
 * Whoever is refused in earnest, or beyond his patience, makes `stop` fail.
 */
export function startLoad(
  client: Client,
  items: readonly Buyable[],
  { atOnce = 4, pauseMs = 50, ...patience }: Patience & { atOnce?: number; pauseMs?: number } = {},
) {
  const bought: string[] = []
  let isOver = false
  const shopper = async (nth: number): Promise<void> => {
    for (let turn = nth; !isOver; turn += 1) {
      const item = items[turn % items.length] as Buyable
      bought.push((await buyPatiently(client, item, patience)).id)
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
  const running = Promise.all(Array.from({ length: atOnce }, (_, nth) => shopper(nth)))
  running.catch(() => {})
  return {
    bought: bought as readonly string[],
    async stop(): Promise<readonly string[]> {
      isOver = true
      await running
      return bought
    },
  }
}

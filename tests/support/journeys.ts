/** What a shopper does, and how well it goes while a part of the shop is away (I9, docs/reliability.md). */
import { randomUUID } from 'node:crypto'
import { createClient, httpTransport } from '../../packages/client/src/index.ts'
import { type Buyer, buyPatiently, prepareBuyer } from './load.ts'
import { type Buyable, PAID } from './shopper.ts'

export const JOURNEYS = ['browse', 'search', 'cart', 'checkout', 'order status'] as const
export type Journey = (typeof JOURNEYS)[number]

/**
 * full: as ever. degraded: answered, and says what is missing (search without ranking, an order whose payment is not
 * known yet). refused: 503 in the shop's own words with Retry-After, and nothing half done.
 */
export type Outcome = 'full' | 'degraded' | 'refused'

/** Nothing takes longer than this, whatever is away. */
const DEADLINE_MS = 15_000

export type Shopper = Readonly<{
  url: string
  item: Buyable
  /** The card that he pays with. */
  token: string
  /** Bought before. */
  orderId: string
  /** Ready to check out. */
  buyer: Buyer
  /** Another cart, to change. */
  cartId: string
}>

/** A shopper who has looked at a product, filled a cart and bought something before. */
export async function openShopper(
  url: string,
  item: Buyable,
  token = 'tok_success',
): Promise<Shopper> {
  const client = createClient({ transport: httpTransport(url) })
  const shopper = {
    url,
    item,
    token,
    orderId: (await buyPatiently(client, item)).id,
    buyer: await prepareBuyer(client, item),
    cartId: (await prepareBuyer(client, item)).cart.id,
  }
  await walk(shopper, ['browse', 'search', 'order status'])
  return shopper
}

/** Walks the journeys once each. @throws if one neither goes nor is refused cleanly */
export async function walk(
  shopper: Shopper,
  journeys: readonly Journey[] = JOURNEYS,
): Promise<Partial<Record<Journey, Outcome>>> {
  const outcomes: Partial<Record<Journey, Outcome>> = {}
  for (const journey of journeys) outcomes[journey] = await WALKS[journey](shopper)
  return outcomes
}

const PLENTY = 1_000_000_000
let asked = 0

const MARKET = 'currency=USD&country=US'

const WALKS: Readonly<Record<Journey, (shopper: Shopper) => Promise<Outcome>>> = {
  async browse(shopper) {
    const { productId, slug } = shopper.item
    const seen = await Promise.all([
      call(shopper, `/api/v1/products/${productId}?${MARKET}`),
      call(shopper, `/p/${slug}`),
    ])
    return worst(seen.map(({ outcome }) => outcome))
  },
  async search(shopper) {
    const word = encodeURIComponent(shopper.item.name.split(' ')[0] as string)
    // Up to a price that nobody asked for before: answers of a while ago are remembered.
    asked += 1
    const path = `/api/v1/search?q=${word}&maxPrice=${PLENTY + asked}&${MARKET}`
    return (await call(shopper, path)).outcome
  },
  async cart(shopper) {
    const { variantId, offerId } = shopper.item
    const path = `/api/v1/carts/${shopper.cartId}`
    const changed = await call(shopper, `${path}/lines`, { variantId, offerId, quantity: 1 })
    const read = await call(shopper, path)
    return worst([changed.outcome, read.outcome])
  },
  async checkout(shopper) {
    const { body, idempotencyKey } = shopper.buyer
    const { outcome, answer } = await call(
      shopper,
      '/api/v1/checkout',
      body(shopper.token),
      idempotencyKey,
    )
    if (outcome !== 'full') return outcome
    return PAID.includes(String(answer['status'])) ? 'full' : 'degraded'
  },
  async 'order status'(shopper) {
    return (await call(shopper, `/api/v1/orders/${shopper.orderId}`)).outcome
  },
}

type Seen = Readonly<{ outcome: Outcome; answer: Readonly<Record<string, unknown>> }>

async function call(
  { url }: Shopper,
  path: string,
  body?: object,
  idempotencyKey: string = randomUUID(),
): Promise<Seen> {
  const reply = await fetch(url + path, {
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body
      ? {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
        }
      : {}),
  })
  const text = await reply.text()
  const isJson = reply.headers.get('content-type')?.includes('json')
  const answer = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
  if (reply.ok) return { outcome: answer['degraded'] === true ? 'degraded' : 'full', answer }
  if (reply.status === 503 && reply.headers.has('retry-after'))
    return { outcome: 'refused', answer }
  throw new Error(`${path}: ${reply.status} ${text.slice(0, 500)}`)
}

function worst(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('refused')) return 'refused'
  return outcomes.includes('degraded') ? 'degraded' : 'full'
}

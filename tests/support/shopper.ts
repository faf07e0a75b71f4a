import assert from 'node:assert/strict'
import type { Cart, Client, Order, Quote } from '../../packages/client/src/index.ts'

export const ADDRESS = {
  name: 'Ada Lovelace',
  line1: '1 Main Street',
  city: 'New York',
  region: 'NY',
  postalCode: '10001',
  country: 'US',
} as const

/** A paid order's states: the demo's warehouse and carrier go on with it by themselves. */
export const PAID: readonly string[] = ['confirmed', 'partially_shipped', 'shipped', 'delivered']

/** Has the screening of orders note its doubts and hold nobody: one address buys as hundreds would. */
export async function watchOnly(operator: Client): Promise<void> {
  const { mode: _, note, ...rules } = unwrap(await operator.getFraudRules({}))
  const body = { reviewAt: rules.reviewAt, denyAt: rules.denyAt, rules: rules.rules, note }
  unwrap(await operator.setFraudRules({ body: { ...body, mode: 'observe' } }))
}

/** The data of an answer that must be a success. */
export function unwrap<T>(
  result: { ok: true; data: T } | { ok: false; problem: { code: string } },
): T {
  assert.ok(result.ok, result.ok ? '' : `refused: ${JSON.stringify(result.problem)}`)
  return (result as { ok: true; data: T }).data
}

/** The problem of an answer that must be a refusal with this code. */
export function refused<P extends { code: string }>(
  result: { ok: true } | { ok: false; problem: P },
  code: string,
): P {
  assert.ok(!result.ok, 'expected a refusal')
  const { problem } = result as { problem: P }
  assert.equal(problem.code, code, JSON.stringify(problem))
  return problem
}

export type Buyable = Readonly<{
  productId: string
  variantId: string
  offerId: string
  name: string
  slug: string
}>

/** Products with at least `stock` units each, as a shopper who browses finds them once search knows of them. */
export async function findBuyable(client: Client, count: number, stock = 20): Promise<Buyable[]> {
  return eventually(
    () => browseBuyable(client, count, stock),
    (found) => found.length === count,
  )
}

async function browseBuyable(client: Client, count: number, stock: number): Promise<Buyable[]> {
  const buyable: Buyable[] = []
  for (let page = 1; page <= 5; page += 1) {
    const found = unwrap(await client.search({ query: { q: '', inStock: true, limit: 100, page } }))
    for (const item of found.items.filter((one) => one.availability.quantity >= stock)) {
      const product = unwrap(await client.getProduct({ params: { id: item.id } }))
      const variant = product.variants.find((one) => one.availability.quantity >= stock)
      if (!variant) continue
      const { id: productId, name, slug } = product
      buyable.push({ productId, variantId: variant.id, offerId: variant.offerId, name, slug })
      if (buyable.length === count) return buyable
    }
    if (found.items.length < 100) break
  }
  return buyable
}

/** A cart with one of each, quoted to the address with its cheapest shipping. */
export async function quotedCart(
  client: Client,
  lines: readonly Readonly<{ variantId: string; offerId?: string; quantity: number }>[],
): Promise<{ cart: Cart; quote: Quote }> {
  let cart = unwrap(await client.createCart({ body: { currency: 'USD', country: 'US' } }))
  for (const body of lines)
    cart = unwrap(await client.addCartLine({ params: { cartId: cart.id }, body }))
  const quote = unwrap(
    await client.quoteCart({ params: { cartId: cart.id }, body: { shippingAddress: ADDRESS } }),
  )
  return { cart, quote }
}

export function checkoutBody({ cart, quote }: { cart: Cart; quote: Quote }, token = 'tok_success') {
  return {
    cartId: cart.id,
    quoteId: quote.quoteId,
    email: 'ada@example.com',
    shippingAddress: ADDRESS,
    shippingOptionId: quote.shippingOptionId ?? (quote.shippingOptions[0]?.id as string),
    payment: { method: 'card' as const, token },
  }
}

/** A whole purchase that must succeed. */
export async function buy(
  client: Client,
  lines: readonly Readonly<{ variantId: string; quantity: number }>[],
): Promise<Order> {
  const quoted = await quotedCart(client, lines)
  return unwrap(await client.placeOrder({ body: checkoutBody(quoted) }))
}

/** Asks again until it holds. @throws after `ms`. */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  ms = 180_000,
): Promise<T> {
  const deadline = performance.now() + ms
  for (;;) {
    const value = await ask()
    if (holds(value)) return value
    if (performance.now() > deadline)
      throw new Error(`Not within ${ms} ms: ${JSON.stringify(value).slice(0, 400)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Product } from '#contracts/catalog/schemas.ts'
import { Money } from '#contracts/kit/money.ts'
import { shardFor } from '../../platform/ids.ts'

/** What has happened to an order, as far as its buyer is told. */
export const ORDER_STEPS = [
  'confirmed',
  'cancelled',
  'shipped',
  'out_for_delivery',
  'delivered',
  'exception',
] as const
export type OrderStep = (typeof ORDER_STEPS)[number]

/** What is told, without its words: those are found when it is sent. */
export const Facts = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('order'), orderId: z.string(), step: z.enum(ORDER_STEPS) }),
  z.strictObject({
    kind: z.literal('price'),
    productId: z.string(),
    slug: z.string(),
    name: z.string(),
    was: Money,
    now: Money,
  }),
])
export type Facts = Readonly<z.infer<typeof Facts>>

export function isOrderStep(text: string): text is OrderStep {
  return (ORDER_STEPS as readonly string[]).includes(text)
}

/** The hash by which a browser is found, and the shard that follows from it. */
export function endpointKey(endpoint: string): Readonly<{ hash: string; shard: number }> {
  const hash = createHash('sha256').update(endpoint).digest('base64url')
  return { hash, shard: shardFor(hash) }
}

/** The least that a piece of it costs from anyone who has one; null: nobody has. */
export function lowestPrice(product: Pick<Product, 'variants'>): Money | null {
  const prices = product.variants.flatMap(({ offers }) =>
    offers
      .filter(({ availability }) => availability.inStock)
      .map(({ price, salePrice }) => salePrice ?? price),
  )
  return prices.reduce<Money | null>(
    (least, price) => (least === null || price.amount < least.amount ? price : least),
    null,
  )
}

/** Less than this part of a price is no news: exchange rates alone move by as much. */
const LEAST_DROP_PERCENT = 1

/** @param was minor units at which the shopper asked, or was last told. */
export function isDrop(was: number, now: number): boolean {
  return now * 100 <= was * (100 - LEAST_DROP_PERCENT) && now < was
}

export type Outcome = 'sent' | 'gone' | 'refused' | 'later'

/**
 * What a push service's answer means. Source: RFC 8030, 5 and 7.3; RFC 8292, 2 and 4.2. A key that it does not
 * know (401, 403) is of another installation: the browser asks anew when it is next allowed to.
 */
export function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'sent'
  if (status === 404 || status === 410 || status === 401 || status === 403) return 'gone'
  if (status === 429 || status === 408 || status >= 500) return 'later'
  return 'refused'
}

const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 3_600_000

/** How long to wait for the next try. @param retryAfter the header, in seconds or as a date. */
export function waitMs(tries: number, retryAfter: string | undefined, now: Date): number {
  const usual = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries)
  if (retryAfter === undefined) return usual
  const asked = /^\d{1,7}$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - now.getTime()
  return asked > 0 ? Math.min(LONGEST_WAIT_MS, Math.max(usual, asked)) : usual
}

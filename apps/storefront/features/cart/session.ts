import type { Cart, Refusal } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearCookie, readCart, writeCart } from '../../lib/cookies.ts'
import type { Visit } from '../../lib/shop.ts'

export type CartResult =
  | Readonly<{ ok: true; data: Cart }>
  | Readonly<{ ok: false; problem: Refusal }>

type Exchange = Readonly<{ visit: Visit; request: FastifyRequest; reply: FastifyReply }>

/** The browser's cart as of now, and its count in the cookie put right; undefined if there is none. */
export async function openCart({
  visit,
  request,
  reply,
}: Exchange): Promise<CartResult | undefined> {
  const cookie = readCart(request)
  if (!cookie) return undefined
  const found = await visit.shop.api.getCart({ params: { cartId: cookie.id } })
  if (isGone(found)) {
    clearCookie(visit.shop, reply, 'cart')
    return undefined
  }
  if (found.ok && found.data.itemCount !== cookie.count)
    keepCart({ visit, request, reply }, found.data)
  return found
}

function isGone(result: CartResult): boolean {
  if (result.ok) return result.data.status !== 'open'
  return result.problem.code === 'not_found' || result.problem.code === 'validation_failed'
}

export function keepCart({ visit, reply }: Exchange, cart: Cart): void {
  writeCart(visit.shop, reply, { id: cart.id, count: cart.itemCount })
}

export type Wanted = Readonly<{
  variantId: string
  quantity: number
  offerId?: string | undefined
  /** Of a browser that may send the same again; it is added once. */
  key?: string | undefined
}>

/** Adds to the browser's cart; makes one if there is none, or if the old one has been ordered. */
export async function addToCart(exchange: Exchange, wanted: Wanted): Promise<CartResult> {
  const { visit, request } = exchange
  const cookie = readCart(request)
  if (cookie) {
    const added = await add(exchange, cookie.id, wanted)
    const isLost =
      !added.ok && (added.problem.code === 'cart.not_open' || added.problem.code === 'not_found')
    if (!isLost) return added
  }
  const made = await visit.shop.api.createCart({ body: visit.market, ...once(wanted, 'cart') })
  return made.ok ? add(exchange, made.data.id, wanted) : made
}

/** The browser's cart, a new one if it has none that can be changed; undefined if that cannot be. */
export async function cartFor(exchange: Exchange): Promise<string | undefined> {
  const opened = await openCart(exchange)
  if (opened?.ok) return opened.data.id
  const made = await exchange.visit.shop.api.createCart({ body: exchange.visit.market })
  return made.ok ? made.data.id : undefined
}

function once({ key }: Wanted, step: string): Readonly<{ idempotencyKey?: string }> {
  return key === undefined ? {} : { idempotencyKey: `${key}.${step}` }
}

async function add(exchange: Exchange, cartId: string, wanted: Wanted): Promise<CartResult> {
  const { variantId, quantity, offerId } = wanted
  const added = await exchange.visit.shop.api.addCartLine({
    params: { cartId },
    body: { variantId, quantity, ...(offerId ? { offerId } : {}) },
    ...once(wanted, cartId),
  })
  if (added.ok) keepCart(exchange, added.data)
  return added
}

/**
 * A cart keeps the currency it was made with, so another market needs another cart: with the same
 * things in it, as far as they are still sold.
 */
export async function moveCart(
  exchange: Exchange,
  market: Readonly<{ country: string; currency: string }>,
): Promise<void> {
  const opened = await openCart(exchange)
  if (!opened?.ok || opened.data.lines.length === 0) return
  const { currency, country, lines, coupons } = opened.data
  if (currency === market.currency && country === market.country) return
  await copyCart(exchange, { ...market, lines, coupons })
}

/** An order that was not paid has used up its cart: the same things in a new one, to be tried again. */
export async function restoreCart(exchange: Exchange): Promise<void> {
  const cookie = readCart(exchange.request)
  if (!cookie) return
  const found = await exchange.visit.shop.api.getCart({ params: { cartId: cookie.id } })
  if (found.ok && found.data.status === 'ordered') await copyCart(exchange, found.data)
}

async function copyCart(
  exchange: Exchange,
  { currency, country, lines, coupons }: Pick<Cart, 'currency' | 'country' | 'lines' | 'coupons'>,
): Promise<void> {
  const { api } = exchange.visit.shop
  const made = await api.createCart({ body: { currency, country } })
  if (!made.ok) return
  let cart: Cart = made.data
  for (const { variantId, offerId, quantity } of lines) {
    const body = { variantId, offerId, quantity }
    const added = await api.addCartLine({ params: { cartId: cart.id }, body })
    if (added.ok) cart = added.data
  }
  for (const code of coupons) await api.addCoupon({ params: { cartId: cart.id, code } })
  keepCart(exchange, cart)
}

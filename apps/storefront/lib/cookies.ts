import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'

const DAY_SECONDS = 24 * 60 * 60

/** What the shop remembers in the browser. All are HttpOnly: no script reads them. */
const COOKIES = {
  /** Id of the cart and how many things are in it, so that a page need not ask for it. */
  cart: { path: '/', maxAge: 60 * DAY_SECONDS },
  /** Country, currency and language, as chosen. */
  market: { path: '/', maxAge: 365 * DAY_SECONDS },
  /** Address and choices of a checkout that is not finished. */
  checkout: { path: '/checkout', maxAge: DAY_SECONDS / 6 },
  /** Ids of the orders placed here: a guest's keys to them. */
  orders: { path: '/', maxAge: 180 * DAY_SECONDS },
  /** Ids of a guest's wish lists: the keys to them. */
  wishes: { path: '/', maxAge: 365 * DAY_SECONDS },
  /** Country and postal code for which delivery days are shown. */
  place: { path: '/', maxAge: 365 * DAY_SECONDS },
  /** Ids of products looked at. */
  seen: { path: '/', maxAge: 30 * DAY_SECONDS },
  /** A number by which searches and views of this browser are counted together. */
  visitor: { path: '/', maxAge: 90 * DAY_SECONDS },
  /** Token of the sign-in; the API ends it, here it only has to outlive that. */
  session: { path: '/', maxAge: 60 * DAY_SECONDS },
  /** That this browser has signed in before, so that strangers' guesses do not lock its owner out. */
  device: { path: '/sign-in', maxAge: 365 * DAY_SECONDS },
  /** What began with an authenticator or a provider, until it ends. */
  ceremony: { path: '/', maxAge: 600 },
  /** Token that the account's forms carry. */
  form: { path: '/', maxAge: DAY_SECONDS },
  /** The style sheet that the browser has, so that pages need not bring it along. */
  styles: { path: '/', maxAge: 30 * DAY_SECONDS },
  /** A message for the next page. */
  flash: { path: '/', maxAge: 60 },
} as const

export type CookieName = keyof typeof COOKIES

/** Whether the shop is reached by https, so that its cookies never leave in the clear. */
type Security = Readonly<{ secureCookies: boolean }>

export function setCookie(
  shop: Security,
  reply: FastifyReply,
  cookie: Readonly<{ name: CookieName; value: string }>,
): void {
  const name = cookieName(shop, cookie.name)
  reply.setCookie(name, cookie.value, { ...options(shop), ...COOKIES[cookie.name] })
}

export function clearCookie(shop: Security, reply: FastifyReply, name: CookieName): void {
  const { path } = COOKIES[name]
  reply.clearCookie(cookieName(shop, name), { ...options(shop), path })
}

/** The session's cookie is the API's own, which is bound to this host where the shop has https. */
export function cookieName({ secureCookies }: Security, name: CookieName) {
  return name === 'session' && secureCookies ? '__Host-session' : name
}

function options(shop: Security) {
  return { httpOnly: true, sameSite: 'lax', secure: shop.secureCookies } as const
}

export type CartCookie = Readonly<{ id: string; count: number }>

export function readCart(request: FastifyRequest): CartCookie | undefined {
  const match = /^(crt_\w{10,40})\.(\d{1,6})$/.exec(request.cookies['cart'] ?? '')
  return match ? { id: match[1] as string, count: Number(match[2]) } : undefined
}

export function writeCart(shop: Security, reply: FastifyReply, cart: CartCookie): void {
  setCookie(shop, reply, { name: 'cart', value: `${cart.id}.${cart.count}` })
}

const MAX_SEEN = 10
const MAX_ORDERS = 20

const KEPT_IDS = {
  orders: /^ord_\w{10,40}$/,
  seen: /^prd_\w{10,40}$/,
  wishes: /^wsl_\w{10,40}$/,
} as const

export function readIds(request: FastifyRequest, name: keyof typeof KEPT_IDS): string[] {
  const text = request.cookies[name] ?? ''
  return text.split('.').filter((id) => KEPT_IDS[name].test(id))
}

/** Puts an id first in its list. */
export function rememberId(
  shop: Security,
  request: FastifyRequest,
  reply: FastifyReply,
  entry: Readonly<{ name: keyof typeof KEPT_IDS; id: string }>,
): void {
  const known = readIds(request, entry.name).filter((id) => id !== entry.id)
  const kept = [entry.id, ...known].slice(0, entry.name === 'seen' ? MAX_SEEN : MAX_ORDERS)
  setCookie(shop, reply, { name: entry.name, value: kept.join('.') })
}

/** Reads JSON that this shop put into a cookie; undefined if it is not what it should be. */
export function readJson<T>(
  request: FastifyRequest,
  name: CookieName,
  schema: z.ZodType<T>,
): T | undefined {
  const text = request.cookies[name]
  if (!text) return undefined
  try {
    return schema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch {
    return undefined
  }
}

export function writeJson(
  shop: Security,
  reply: FastifyReply,
  cookie: Readonly<{ name: CookieName; value: object }>,
): void {
  const value = Buffer.from(JSON.stringify(cookie.value)).toString('base64url')
  setCookie(shop, reply, { name: cookie.name, value })
}

const Flash = z.strictObject({
  tone: z.enum(['good', 'bad', 'note']),
  text: z.string().max(400),
})
/** A sentence that the next page says once. */
export type Flash = Readonly<z.infer<typeof Flash>>

export function say(shop: Security, reply: FastifyReply, flash: Flash): void {
  writeJson(shop, reply, { name: 'flash', value: flash })
}

/** Reads the message and takes it away. */
export function takeFlash(
  shop: Security,
  request: FastifyRequest,
  reply: FastifyReply,
): Flash | undefined {
  const flash = readJson(request, 'flash', Flash)
  if (request.cookies['flash'] !== undefined) clearCookie(shop, reply, 'flash')
  return flash
}

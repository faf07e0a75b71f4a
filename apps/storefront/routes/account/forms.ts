import type { Account, Refusal, SignedIn } from '@stoa/client'
import type { Html } from '@stoa/html'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { accountFrame } from '../../features/account/parts.ts'
import { giveLists } from '../../features/wishlists/session.ts'
import type { AssetSource } from '../../lib/assets.ts'
import { clearCookie, say, setCookie, writeCart } from '../../lib/cookies.ts'
import { hasFormToken } from '../../lib/form-token.ts'
import { type Form, readForm, seeOther } from '../../lib/forms.ts'
import { sendPage } from '../../lib/layout.ts'
import { type AccountPage, paths } from '../../lib/paths.ts'
import type { Shop, Visit } from '../../lib/shop.ts'
import { visit } from '../../lib/visit.ts'

/** One request to a page of the account. */
export type Exchange = Readonly<{
  shop: Shop
  v: Visit
  request: FastifyRequest
  reply: FastifyReply
}>

type Handle<More = unknown> = (exchange: Exchange & More) => Promise<FastifyReply>

export function onGet(app: FastifyInstance, shop: Shop, path: string, handle: Handle): void {
  app.get(path, async (request, reply) =>
    handle({ shop, v: await visit(shop, request, reply), request, reply }),
  )
}

/** A form of the account: refused without the token that its page gave it. */
export function onPost(
  app: FastifyInstance,
  shop: Shop,
  path: string,
  handle: Handle<{ form: Form }>,
): void {
  app.post(path, async (request, reply) => {
    const v = await visit(shop, request, reply)
    if (!hasFormToken(request))
      return reply.code(403).type('text/plain; charset=utf-8').send(v.t.wrongOrigin)
    return handle({ shop, v, request, reply, form: readForm(request) })
  })
}

/** Only for who is signed in; others are asked to, and come back here. */
export function signedIn<More>(
  handle: (exchange: Exchange & More & { account: Account }) => Promise<FastifyReply>,
): Handle<More> {
  return async (exchange) => {
    const { v, shop, reply, request } = exchange
    if (v.account) return handle({ ...exchange, account: v.account })
    say(shop, reply, { tone: 'note', text: v.t.account.signInFirst })
    return seeOther(reply, paths.signIn(request.method === 'GET' ? v.url : paths.account()))
  }
}

/** Sends a narrow page that stands by itself, such as signing in. */
export async function sendNarrow(
  { v, reply }: Exchange,
  page: Readonly<{ title: string; main: Html; status?: number; scripts?: readonly AssetSource[] }>,
): Promise<FastifyReply> {
  await sendPage(v, reply, {
    title: `${page.title} · ${v.t.shopName}`,
    kind: 'sign-in',
    ...(page.scripts ? { scripts: page.scripts } : {}),
    isPrivate: true,
    status: page.status ?? 200,
    main: page.main,
  })
  return reply
}

/** Sends a page of the account. */
export async function sendAccountPage(
  { v, reply }: Exchange,
  page: Readonly<{
    here?: AccountPage
    title: string
    main: Html
    status?: number
    scripts?: readonly AssetSource[]
  }>,
): Promise<FastifyReply> {
  await sendPage(v, reply, {
    title: `${page.title} · ${v.t.shopName}`,
    kind: 'account',
    ...(page.scripts ? { scripts: page.scripts } : {}),
    isPrivate: true,
    status: page.status ?? 200,
    main: accountFrame(v, page.here, page.main),
  })
  return reply
}

/** What a refusal means, in words. */
export function explain({ t }: Visit, problem: Refusal): string {
  const own = t.account.problems[problem.code] ?? t.account.access.problems[problem.code]
  if (own) return own
  switch (problem.code) {
    case 'identity.credentials_wrong':
      return t.account.wrongSignIn
    case 'identity.second_factor_wrong':
      return t.account.wrongCode
    case 'identity.link_invalid':
      return t.account.linkInvalid
    case 'identity.email_taken':
      return t.account.emailTaken
    case 'rate_limited':
      return t.tryLater
    case 'validation_failed':
    case 'shipping.address_invalid':
      return t.account.checkFields
    default:
      return t.tryLater
  }
}

/** Goes where the visitor came from; staff who have yet to set up a second factor, to where that is done. */
export async function enter(
  exchange: Exchange,
  signedIn: SignedIn,
  back: string,
): Promise<FastifyReply> {
  const { v, shop, reply } = exchange
  await keepSignIn(exchange, signedIn)
  if (!signedIn.secondFactorRequired) return seeOther(reply, back)
  say(shop, reply, { tone: 'note', text: v.t.account.secondFactorRequired })
  return seeOther(reply, paths.account('security'))
}

/** Keeps the sign-in in cookies that no script reads; the cart becomes the customer's. */
export async function keepSignIn(exchange: Exchange, signedIn: SignedIn): Promise<void> {
  const { shop, reply } = exchange
  setCookie(shop, reply, { name: 'session', value: signedIn.token ?? '' })
  setCookie(shop, reply, { name: 'device', value: signedIn.deviceToken })
  clearCookie(shop, reply, 'form')
  await giveLists(exchange, `Bearer ${signedIn.token}`)
  if (signedIn.cartId === null) return clearCookie(shop, reply, 'cart')
  const authorization = `Bearer ${signedIn.token}`
  const params = { cartId: signedIn.cartId }
  const cart = await shop.api.getCart({ params, headers: { authorization } })
  if (cart.ok) writeCart(shop, reply, { id: cart.data.id, count: cart.data.itemCount })
}

/** Takes everything of the customer's out of the browser. */
export function dropSignIn({ shop, reply }: Exchange): void {
  for (const name of ['session', 'cart', 'checkout', 'form', 'wishes'] as const)
    clearCookie(shop, reply, name)
}

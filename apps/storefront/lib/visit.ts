import type { Account } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Choice, readChoice } from '../features/markets/choice.ts'
import { type Messages, messagesFor } from '../messages/index.ts'
import { accountOf } from './caller.ts'
import { type CartCookie, type Flash, readCart, takeFlash } from './cookies.ts'
import { type Format, formatFor } from './format.ts'
import type { Shop } from './shop.ts'
import { type VisitorHeaders, visitorHeaders } from './visitor.ts'

/** One request for a page: who looks, in which words and prices, with which cart. */
export type Visit = Readonly<{
  shop: Shop
  choice: Choice
  /** Country and currency as queries of the API take them. */
  market: Readonly<{ country: string; currency: string }>
  t: Messages
  format: Format
  cart: CartCookie | undefined
  /** Who is signed in. */
  account: Account | undefined
  flash: Flash | undefined
  /** Whether the browser has the style sheet already. */
  hasStyles: boolean
  /** Headers by which the API knows whose searches and views these are. */
  visitor: VisitorHeaders
  /** Path and query of the page. */
  url: string
}>

export async function visit(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit> {
  const choice = await readChoice(shop, request)
  return {
    shop,
    choice,
    market: { country: choice.country, currency: choice.currency },
    t: messagesFor(choice.language),
    format: formatFor(`${choice.language}-${choice.country}`),
    cart: readCart(request),
    account: accountOf(request),
    flash: request.method === 'GET' ? takeFlash(shop, request, reply) : undefined,
    hasStyles: request.cookies['styles'] === shop.assets.inlineStyles.name,
    visitor: visitorHeaders(shop, request, reply),
    url: request.url,
  }
}

import type { Account } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  type Choice,
  languageOfAddress,
  readChoice,
  writeChoice,
} from '../features/markets/choice.ts'
import type { Messages } from '../messages/index.ts'
import { accountOf } from './caller.ts'
import { type CartCookie, type Flash, readCart, setCookie, takeFlash } from './cookies.ts'
import { type Format, formatFor, localeOf } from './format.ts'
import { inLanguage } from './paths.ts'
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
  /** Path and query of the page, but for its language. */
  url: string
}>

export async function visit(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit> {
  const choice = await readChoice(shop, request)
  const named = languageOfAddress(request)
  // Whoever comes by such an address goes on in its language.
  if (named) setCookie(shop, reply, { name: 'market', value: writeChoice(choice) })
  return {
    shop,
    choice,
    market: { country: choice.country, currency: choice.currency },
    t: shop.wordsOf(choice.language),
    format: formatFor(localeOf(choice)),
    cart: readCart(request),
    account: accountOf(request),
    flash: request.method === 'GET' ? takeFlash(shop, request, reply) : undefined,
    hasStyles: request.cookies['styles'] === shop.assets.inlineStyles.name,
    visitor: visitorHeaders(shop, request, reply),
    url: named ? inLanguage(request.url, undefined) : request.url,
  }
}

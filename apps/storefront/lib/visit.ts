import type { FastifyReply, FastifyRequest } from 'fastify'
import { languageOfAddress, readChoice, writeChoice } from '../features/markets/choice.ts'
import { accountOf } from './caller.ts'
import { readCart, setCookie, takeFlash } from './cookies.ts'
import { formatFor, localeOf } from './format.ts'
import { inLanguage } from './paths.ts'
import type { Shop, Visit } from './shop.ts'
import { visitorHeaders } from './visitor.ts'

/** Reads from a request who looks, and how he is to be served. */
export async function visit(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Visit> {
  const choice = await readChoice(shop.markets, request)
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

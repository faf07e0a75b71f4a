import type { FastifyReply, FastifyRequest } from 'fastify'
import { setCookie } from './cookies.ts'

/** What is handed on of a page's request, so that the API knows whose views and searches they are. */
export type VisitorHeaders = Readonly<Record<string, string>>

const HANDED_ON = ['user-agent', 'sec-gpc', 'dnt'] as const
const ID = /^[\w-]{8,64}$/

/**
 * The visitor's number, made with the first page. Who asks by his browser not to be followed
 * (Global Privacy Control, Do Not Track) gets none, and the one he had is not used.
 */
export function visitorHeaders(
  shop: Readonly<{ secureCookies: boolean; newId: () => string }>,
  request: FastifyRequest,
  reply: FastifyReply,
): VisitorHeaders {
  const given = HANDED_ON.flatMap((name) => {
    const value = request.headers[name]
    return typeof value === 'string' ? [[name, value.slice(0, 500)] as const] : []
  })
  const headers = Object.fromEntries(given)
  if (headers['sec-gpc'] === '1' || headers['dnt'] === '1') return headers
  const known = request.cookies['visitor'] ?? ''
  if (ID.test(known)) return { ...headers, 'x-visitor-id': known }
  if (request.method !== 'GET') return headers
  const value = shop.newId()
  setCookie(shop, reply, { name: 'visitor', value })
  return { ...headers, 'x-visitor-id': value }
}

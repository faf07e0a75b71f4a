import { timingSafeEqual } from 'node:crypto'
import { type Html, html } from '@stoa/html'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setCookie } from './cookies.ts'
import type { Shop } from './shop.ts'

const made = new WeakMap<FastifyRequest, string>()

/**
 * A hidden field that forms of the account carry besides the check of their origin: it has to equal
 * a cookie that no other site can set or read.
 */
export function formToken(shop: Shop, request: FastifyRequest, reply: FastifyReply): Html {
  let token = made.get(request) ?? request.cookies['form']
  if (token === undefined || !/^[\w-]{10,64}$/.test(token)) {
    token = shop.newId()
    setCookie(shop, reply, { name: 'form', value: token })
  }
  made.set(request, token)
  return html`<input type="hidden" name="form" value="${token}">`
}

/** Whether a posted form carries the token of this browser. */
export function hasFormToken(request: FastifyRequest): boolean {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>
  const given = Buffer.from(typeof body['form'] === 'string' ? body['form'] : '')
  const kept = Buffer.from(request.cookies['form'] ?? '')
  return kept.length > 0 && given.length === kept.length && timingSafeEqual(given, kept)
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { localPath, paths } from './paths.ts'

export type Form = Readonly<{
  /** The field's text, trimmed; empty if it is not there. */
  text(name: string): string
  /** A whole number in range, or the nearest end of it; `standard` for anything else. */
  count(name: string, standard: number, most: number): number
}>

/** The fields of a posted form. What comes twice or is no text counts as not sent. */
export function readForm(request: FastifyRequest): Form {
  const body = (request.body ?? {}) as Readonly<Record<string, unknown>>
  const text = (name: string) => {
    const value = Object.hasOwn(body, name) ? body[name] : undefined
    return typeof value === 'string' ? value.trim().slice(0, 2000) : ''
  }
  return {
    text,
    count(name, standard, most) {
      const value = text(name)
      if (!/^\d{1,6}$/.test(value)) return standard
      return Math.min(Number(value), most)
    },
  }
}

/** Whether an island asks, and not a form that loads a page. */
export function wantsJson(request: FastifyRequest): boolean {
  return request.headers.accept === 'application/json'
}

/** The page of this shop that the form was on; home if the browser does not say. */
export function cameFrom(request: FastifyRequest): string {
  const { referer = '', host } = request.headers
  if (!URL.canParse(referer)) return paths.home()
  const page = new URL(referer)
  return page.host === host ? localPath(page.pathname + page.search) : paths.home()
}

const LOCAL = new Set(['localhost', '127.0.0.1'])

/**
 * Where who is sent away comes back to. One's own machine has two names, and a browser's cookies are
 * kept under the one by which it was called.
 */
export function ownAddress(publicUrl: string, { headers }: FastifyRequest): string {
  const url = new URL(publicUrl)
  const called = URL.parse(`${url.protocol}//${headers.host}`)
  const isSameShop = called?.port === url.port && LOCAL.has(called.hostname)
  return isSameShop && LOCAL.has(url.hostname) ? called.origin : publicUrl
}

/** After a POST: the browser fetches a page, so that reloading it does not post again. */
export function seeOther(reply: FastifyReply, path: string): FastifyReply {
  return reply.redirect(path, 303)
}

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Account, Transport } from '@stoa/client'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { clearCookie, cookieName } from './cookies.ts'
import type { Shop } from './shop.ts'

type Caller = { headers: Readonly<Record<string, string>> }

const callers = new AsyncLocalStorage<Caller>()
const accounts = new WeakMap<FastifyRequest, Account>()

/** Sends every request to the API in the name of the visitor whose page asks for it. */
export function inCallersName(transport: Transport): Transport {
  return (request) => {
    const headers = { ...callers.getStore()?.headers, ...request.headers }
    return transport({ ...request, headers })
  }
}

/** Runs the rest of a request as its visitor: address, browser, and session if there is one. */
export function asVisitor(shop: Shop, request: FastifyRequest, rest: () => void): void {
  const { 'user-agent': agent } = request.headers
  const session = request.cookies[cookieName(shop, 'session')]
  const isToken = session !== undefined && /^ses_[\w-]{40,80}$/.test(session)
  const headers = {
    'x-forwarded-for': request.ip,
    ...(agent ? { 'user-agent': agent } : {}),
    ...(isToken ? { authorization: `Bearer ${session}` } : {}),
  }
  callers.run({ headers }, rest)
}

/** Asks the API in nobody's name: for what is then shown to others too. */
export function asGuest<Made>(work: () => Promise<Made>): Promise<Made> {
  const { authorization: _, ...headers } = callers.getStore()?.headers ?? {}
  return callers.run({ headers }, work)
}

/** Who a token belonged to a moment ago: pages ask in quick succession, and only for a name. */
const recent = new Map<string, Readonly<{ account: Account; until: number }>>()
const RECENT_MS = 1_000
const RECENT_MAX = 5_000

function remember(token: string, account: Account, until: number): void {
  recent.set(token, { account, until })
  if (recent.size > RECENT_MAX) recent.delete(recent.keys().next().value as string)
}

/** Finds out who is signed in. A session that has ended is taken away: the visitor is a guest. */
export async function recognise(
  shop: Shop,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const caller = callers.getStore()
  const token = caller?.headers['authorization']
  if (caller === undefined || token === undefined) return
  const nowMs = shop.now().getTime()
  const known = recent.get(token)
  // The account's own pages show it as it is now.
  if (known && known.until > nowMs && !request.url.startsWith('/account')) {
    accounts.set(request, known.account)
    return
  }
  recent.delete(token)
  const found = await shop.api.getSession({})
  if (found.ok) {
    accounts.set(request, found.data.account)
    remember(token, found.data.account, nowMs + RECENT_MS)
    return
  }
  if (found.problem.code !== 'unauthenticated') return
  const { authorization: _, ...rest } = caller.headers
  caller.headers = rest
  clearCookie(shop, reply, 'session')
}

/** Who is signed in. */
export function accountOf(request: FastifyRequest): Account | undefined {
  return accounts.get(request)
}

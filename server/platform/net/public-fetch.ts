import { lookup } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { isPublicAddress } from './public-address.ts'

/** Why an address that somebody else named was not asked, or had no good answer. */
export type FetchFault =
  | 'not_http'
  | 'credentials'
  | 'port'
  | 'unknown_host'
  | 'private_address'
  | 'too_many_redirects'
  | 'unreachable'
  | 'status'

export class PublicFetchError extends Error {
  readonly fault: FetchFault
  constructor(fault: FetchFault, message: string) {
    super(message)
    this.name = 'PublicFetchError'
    this.fault = fault
  }
}

export type PublicFetchOptions = Readonly<{
  url: string
  headers?: Readonly<Record<string, string>>
  /** For all hops and the answer's body together. */
  deadlineMs: number
  /** The world, as tests replace it. */
  resolve?: (host: string) => Promise<readonly string[]>
  isAllowed?: (address: string) => boolean
  ports?: readonly string[]
}>

export type PublicReply = Readonly<{
  url: string
  body: AsyncIterable<Uint8Array>
  /** What the sender says that it will send; 0 if nothing. */
  declaredBytes: number
}>

const MAX_REDIRECTS = 3
const PORTS = ['', '80', '443']
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Gets what a URL from outside names, and never anything within our own network: each hop's host is
 * resolved once, all its addresses must be public, and the connection goes to the very address that
 * was looked at, so that a name which changes its mind gains nothing.
 * @throws PublicFetchError; while the body is read, whatever the connection throws.
 */
export async function publicFetch(options: PublicFetchOptions): Promise<PublicReply> {
  const signal = AbortSignal.timeout(options.deadlineMs)
  let url = options.url
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const target = checkUrl(url, options.ports ?? PORTS)
    const address = await pinAddress(target, options)
    const reply = await ask({ target, address, headers: options.headers ?? {}, signal })
    const status = reply.statusCode ?? 0
    if (status === 200)
      return {
        url: target.href,
        body: reply,
        declaredBytes: Number(reply.headers['content-length'] ?? 0),
      }
    reply.destroy()
    const { location } = reply.headers
    if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, target))
      throw new PublicFetchError('status', `${target.host} answered ${status}`)
    url = new URL(location, target).href
  }
  throw new PublicFetchError('too_many_redirects', `more than ${MAX_REDIRECTS} redirects`)
}

export type PublicPost = Omit<PublicFetchOptions, 'headers'> &
  Readonly<{ headers: Readonly<Record<string, string | number>>; body: Uint8Array }>

export type PostReply = Readonly<{ status: number; retryAfter: string | undefined }>

/**
 * Posts bytes to a URL from outside, by the same rules; follows no redirect, and reads no answer but its status.
 * @throws PublicFetchError
 */
export async function publicPost(options: PublicPost): Promise<PostReply> {
  const signal = AbortSignal.timeout(options.deadlineMs)
  const target = checkUrl(options.url, options.ports ?? PORTS)
  const address = await pinAddress(target, options)
  const { headers, body } = options
  const reply = await ask({ target, address, headers, signal, method: 'POST', body })
  reply.destroy()
  return { status: reply.statusCode ?? 0, retryAfter: reply.headers['retry-after'] }
}

function checkUrl(text: string, ports: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw new PublicFetchError('not_http', 'is no address that begins with https:// or http://')
  if (url.username || url.password)
    throw new PublicFetchError('credentials', 'must not carry a name or a password')
  if (!ports.includes(url.port))
    throw new PublicFetchError('port', `port ${url.port} is not asked: only 80 and 443`)
  return url
}

async function pinAddress(
  { hostname }: URL,
  {
    resolve = resolveHost,
    isAllowed = isPublicAddress,
  }: Pick<PublicFetchOptions, 'resolve' | 'isAllowed'>,
): Promise<string> {
  const literal = hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(literal)
    ? [literal]
    : await resolve(hostname).catch((): readonly string[] => [])
  const [first] = addresses
  if (first === undefined)
    throw new PublicFetchError('unknown_host', `${hostname} is no host that is known`)
  if (!addresses.every(isAllowed))
    throw new PublicFetchError('private_address', `${hostname} is not on the public internet`)
  return first
}

async function resolveHost(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address)
}

type Hop = Readonly<{
  target: URL
  address: string
  headers: Readonly<Record<string, string | number>>
  signal: AbortSignal
  method?: string
  body?: Uint8Array
}>

function ask({
  target,
  address,
  headers,
  signal,
  method = 'GET',
  body,
}: Hop): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp
  const entry = { address, family: isIP(address) }
  return new Promise((resolve, reject) => {
    const call = request(
      target,
      {
        method,
        headers: { 'accept-encoding': 'identity', ...headers },
        signal,
        agent: false,
        lookup: (_host, options, done) =>
          options.all ? done(null, [entry]) : done(null, entry.address, entry.family),
      },
      resolve,
    )
    call.on('error', (error) =>
      reject(
        new PublicFetchError('unreachable', `${target.host} cannot be reached: ${error.message}`),
      ),
    )
    call.end(body)
  })
}

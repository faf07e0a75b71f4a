import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser sent this from one of the shop's own pages. Browsers say where a request comes
 * from; a request that does not say comes from no page.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders, ownOrigin: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const { origin } = headers
  // Without TLS and far from localhost browsers tell the origin alone.
  return origin !== undefined && (origin === ownOrigin || hostOf(origin) === headers.host)
}

/**
 * Whether a page of another site asks for this change in a way that could carry the visitor's
 * rights along. Programs name no site, and who shows a token in `Authorization` acts in its name.
 */
export function isForeignChange(
  { method, headers }: Readonly<{ method: string; headers: IncomingHttpHeaders }>,
  { ownOrigin, allowed }: Readonly<{ ownOrigin: string; allowed: ReadonlySet<string> }>,
): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return false
  if (headers.authorization !== undefined) return false
  const { origin } = headers
  const isFromBrowser = origin !== undefined || headers['sec-fetch-site'] !== undefined
  if (!isFromBrowser || headers['sec-fetch-site'] === 'none') return false
  if (isFromOwnPage(headers, ownOrigin)) return false
  return headers.cookie !== undefined || origin === undefined || !allowed.has(origin)
}

const ALLOWED_HEADERS =
  'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id'
const EXPOSED_HEADERS =
  'ETag, Idempotent-Replayed, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id'

/** Headers by which the pages of an allowed origin may read an answer: never under a cookie. */
export function crossOriginHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED_HEADERS,
    vary: 'Origin',
  }
}

/** The answer to a browser that asks whether it may send such a request. */
export function preflightHeaders(origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': ALLOWED_HEADERS,
    'access-control-max-age': '7200',
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

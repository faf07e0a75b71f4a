import type { FastifyReply, FastifyRequest } from 'fastify'
import { paths } from './paths.ts'
import type { Shop } from './shop.ts'

/** What a page may load beyond the shop's own files. */
export type PageNeeds = Readonly<{
  /** The payment provider's card fields, and forms that lead to it. */
  provider?: boolean
}>

/** Where browsers send what a page's policy has stopped. */
const REPORTS = '/api/v1/security/csp-reports'

/** Headers of every page. No inline script is ever allowed, and no style but the shop's own. */
export function protect(shop: Shop, reply: FastifyReply, needs: PageNeeds = {}): void {
  const provider = needs.provider && shop.providerUrl ? [new URL(shop.providerUrl).origin] : []
  const policy = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...provider],
    'style-src': ["'self'", shop.assets.inlineStyles.policy],
    'img-src': ["'self'", 'data:', ...(shop.externalImages ? ['https:'] : [])],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'frame-src': provider.length > 0 ? provider : ["'none'"],
    'form-action': ["'self'", ...provider],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    // Browsers that know `report-to` look at nothing else, and send by https alone.
    'report-uri': [REPORTS],
    ...(shop.secureCookies ? { 'report-to': ['policy'] } : {}),
  }
  reply.headers({
    'content-security-policy': Object.entries(policy)
      .map(([name, sources]) => `${name} ${sources.join(' ')}`)
      .join('; '),
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(self), geolocation=(), microphone=(), payment=(self)',
  })
  if (shop.secureCookies) {
    reply.headers({
      'strict-transport-security': 'max-age=31536000',
      'reporting-endpoints': `policy="${new URL(REPORTS, shop.publicUrl).href}"`,
    })
  }
}

/** Whether a POST is carried out wherever it comes from: its address alone says all that it may do. */
export function isForAll(request: FastifyRequest): boolean {
  return request.routeOptions.url === paths.unsubscribe()
}

/**
 * Whether a form comes from a page of this shop. Browsers say where a POST comes from; another
 * site's form is refused even where a cookie went along with it.
 */
export function isOwnForm(shop: Shop, request: FastifyRequest): boolean {
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  const { origin } = request.headers
  if (origin === undefined) return site === 'same-origin'
  if (!URL.canParse(origin)) return false
  return origin === new URL(shop.publicUrl).origin || new URL(origin).host === request.headers.host
}

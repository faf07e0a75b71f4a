import type { FastifyInstance } from 'fastify'
import { contentTag } from '../lib/assets.ts'
import { acceptedEncoding, encoded } from '../lib/compress.ts'
import { LOGO_PATHS } from '../lib/icons.ts'
import { paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'

const FOREVER = 'public, max-age=31536000, immutable'
const DAY = 'public, max-age=86400'

const FAVICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -3 40 36"><style>path{fill:#0b4f6c}@media(prefers-color-scheme:dark){path{fill:#8cc4dc}}</style>${LOGO_PATHS}</svg>`

const FOLLOWED = [paths.home(), paths.departments(), '/c/*']
const MEANT = ['/p/*', '/search', '/search?*', '/cart']

/**
 * Pages that the browser may fetch ahead: those that only show something when the pointer rests on
 * their link, those whose opening is counted not before it is pressed.
 */
const SPECULATION = JSON.stringify({
  prefetch: [
    { where: { href_matches: FOLLOWED }, eagerness: 'moderate' },
    { where: { href_matches: MEANT }, eagerness: 'conservative' },
  ],
})

/** What machines ask for: bundled files, icon, robots. */
export function technicalRoutes(app: FastifyInstance, shop: Shop): void {
  app.get<{ Params: { file: string } }>('/assets/:file', async (request, reply) => {
    const asset = shop.assets.files.get(`/assets/${request.params.file}`)
    if (!asset) return reply.code(404).type('text/plain').send('Not found')
    const encoding = asset.type === 'font/woff2' ? undefined : acceptedEncoding(request)
    if (encoding) reply.header('content-encoding', encoding)
    return reply
      .headers({
        'cache-control': FOREVER,
        vary: 'Accept-Encoding',
        'access-control-allow-origin': '*',
      })
      .type(asset.type)
      .send(Buffer.from(encoded(asset, encoding)))
  })

  const text = (path: string, type: string, body: string) =>
    app.get(path, (_request, reply) =>
      reply
        .headers({ 'cache-control': DAY, etag: `"${contentTag(body)}"` })
        .type(type)
        .send(body),
    )
  text(paths.favicon(), 'image/svg+xml', FAVICON)
  text('/robots.txt', 'text/plain; charset=utf-8', robots(shop.publicUrl))
  text(paths.speculation(), 'application/speculationrules+json', SPECULATION)
  app.get('/favicon.ico', (_request, reply) => reply.redirect(paths.favicon(), 301))
}

function robots(publicUrl: string): string {
  const closed = [
    '/cart',
    '/checkout',
    '/orders',
    '/preferences',
    '/suggest',
    '/search',
    '/share',
    '/api/',
  ]
  return `User-agent: *\n${closed.map((path) => `Disallow: ${path}\n`).join('')}\nSitemap: ${publicUrl}${paths.sitemap()}\n`
}

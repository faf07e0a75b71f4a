import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { drawing } from '../features/departments/drawings.ts'
import { filtersQuery } from '../features/search/filters.ts'
import { drawIcon, type IconShape, isIconShape, SIZES } from '../lib/app-icons.ts'
import { contentTag } from '../lib/assets.ts'
import { sendPage } from '../lib/layout.ts'
import { LANGUAGE, localPath, paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'
import { isLanguage, type Language } from '../messages/index.ts'

const DAY = 'public, max-age=86400'

/** What makes the pages an app: manifest, icons, service worker, its page, and what is shared with it. */
export function appRoutes(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: { [LANGUAGE]?: string } }>('/manifest.webmanifest', (request, reply) => {
    const named = request.query[LANGUAGE]
    const body = manifest(shop, isLanguage(named) ? named : 'en')
    return reply.header('cache-control', DAY).type('application/manifest+json').send(body)
  })

  app.get<{ Params: { name: string } }>('/icons/:name.png', async (request, reply) => {
    const { name } = request.params
    if (!isIconShape(name)) return reply.code(404).type('text/plain').send('Not found')
    return reply
      .header('cache-control', DAY)
      .type('image/png')
      .send(await drawIcon(name))
  })

  const worker = serviceWorker(shop)
  app.get(paths.serviceWorker(), (_request, reply) =>
    reply
      .headers({ 'cache-control': 'no-cache', etag: `"${contentTag(worker)}"` })
      .header('content-security-policy', "default-src 'none'; connect-src 'self'")
      .type('text/javascript; charset=utf-8')
      .send(worker),
  )

  app.get(paths.offline(), async (request, reply) => {
    const v = await visit(shop, request, reply)
    const t = v.t.app
    reply.header('content-language', v.choice.language)
    await sendPage(v, reply, {
      title: `${t.offlineTitle} · ${v.t.shopName}`,
      kind: 'prose',
      scripts: ['islands/offline.ts'],
      main: html`<div class="empty">${drawing('amphora')}<h1>${t.offlineTitle}</h1><p>${t.offlineHelp}</p>
<ul class="seen-pages" data-seen-pages></ul>
<p><button class="button" type="button" data-again>${t.tryAgain}</button></p></div>`,
    })
    return reply
  })

  shareRoute(app, shop)
}

type Shared = Readonly<Partial<Record<'title' | 'text' | 'url', unknown>>>

/** GET /share: what another app hands over. An address of this shop is opened; words are searched for. */
function shareRoute(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: Shared }>('/share', (request, reply) => {
    const given = ['url', 'text', 'title'].map((name) => request.query[name as keyof Shared])
    const texts = given.filter((text) => typeof text === 'string')
    const addresses = texts.join(' ').match(/https?:\/\/\S+/g) ?? []
    const own = addresses.find((address) => URL.parse(address)?.origin === shop.publicUrl)
    if (own) {
      const { pathname, search } = new URL(own)
      return reply.redirect(localPath(pathname + search), 303)
    }
    const words = texts.find((text) => text.replace(/https?:\/\/\S+/g, '').trim() !== '') ?? ''
    const q = words
      .replace(/https?:\/\/\S+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200)
    return reply.redirect(q ? paths.search(filtersQuery({ q })) : paths.home(), 303)
  })
}

const PRECACHED = [
  'styles/main.css',
  'islands/shop.ts',
  'islands/follow.ts',
  'islands/offline.ts',
] as const

/** The worker's program, after what it must know of this shop. */
function serviceWorker({ assets }: Shop): string {
  const files = [...PRECACHED.map((source) => assets.url(source)), assets.fontUrl]
  const program = assets.text('workers/service-worker.ts')
  const version = contentTag([program, ...assets.files.keys()].join('\n'))
  return `self.SHOP=${JSON.stringify({ version, files, offline: paths.offline() })};${program}`
}

function manifest(shop: Shop, language: Language): string {
  const t = shop.wordsOf(language)
  const png = (name: IconShape, purpose: string) => ({
    src: paths.icon(name),
    sizes: SIZES[name],
    type: 'image/png',
    purpose,
  })
  const shortcut = (name: string, url: string) => ({ name, url, icons: [png('app-192', 'any')] })
  return JSON.stringify({
    id: paths.home(),
    name: t.shopName,
    short_name: t.shopName,
    description: t.shopDescription,
    lang: language,
    dir: t.dir,
    start_url: paths.home(),
    scope: paths.home(),
    display: 'standalone',
    background_color: '#fbfaf7',
    theme_color: '#fbfaf7',
    categories: ['shopping'],
    icons: [
      { src: paths.favicon(), sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
      png('app-192', 'any'),
      png('app-512', 'any'),
      png('maskable-192', 'maskable'),
      png('maskable-512', 'maskable'),
    ],
    shortcuts: [
      shortcut(t.search, paths.search()),
      shortcut(t.cart, paths.cart()),
      shortcut(t.orders, paths.orders()),
    ],
    share_target: {
      action: paths.share(),
      method: 'GET',
      params: { title: 'title', text: 'text', url: 'url' },
    },
  })
}

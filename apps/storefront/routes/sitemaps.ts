import { Readable } from 'node:stream'
import type { CategoryNode } from '@stoa/client'
import { type Html, html, raw } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { SITEMAP_ADDRESSES } from '../../../contracts/catalog/sitemap.ts'
import { inLanguage, paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { LANGUAGES } from '../messages/index.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9'
const XML = 'application/xml; charset=utf-8'
const HOUR = 'public, max-age=3600'

type Page = Readonly<{
  items: readonly Readonly<{ slug: string; lastModified: string }>[]
  nextCursor: string | null
}>

/** The index of all sitemaps, one of pages and categories, and the parts with the products. */
export function sitemapRoutes(app: FastifyInstance, shop: Shop): void {
  app.get(paths.sitemap(), async (_request, reply) => {
    const parts = await shop.api.listSitemap({})
    if (!parts.ok) return reply.code(503).header('retry-after', '60').send()
    const entries = [
      html`<sitemap><loc>${shop.publicUrl}${paths.sitemapOfPages()}</loc></sitemap>\n`,
      ...parts.data.items.map(
        ({ part, lastModified }) =>
          html`<sitemap><loc>${shop.publicUrl}${paths.sitemapPart(part)}</loc><lastmod>${lastModified}</lastmod></sitemap>\n`,
      ),
    ]
    const body = html`${raw(HEAD)}<sitemapindex xmlns="${NAMESPACE}">
${entries}</sitemapindex>`
    return reply.header('cache-control', HOUR).type(XML).send(body.text)
  })

  app.get(paths.sitemapOfPages(), async (_request, reply) => {
    const addresses = [paths.home(), paths.departments(), paths.about(), paths.shipping()]
    const walk = (node: CategoryNode) => {
      if (node.productCount === 0) return
      addresses.push(paths.category(node.slug))
      node.children.forEach(walk)
    }
    for (const department of await shop.departments.list()) walk(department)
    const body = html`${raw(HEAD)}<urlset xmlns="${NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${addresses.slice(0, SITEMAP_ADDRESSES).map((path) => html`<url>${inLanguages(shop, path)}</url>\n`)}</urlset>`
    return reply.header('cache-control', HOUR).type(XML).send(body.text)
  })

  app.get<{ Params: { part: string } }>('/sitemaps/products-:part.xml', async (request, reply) => {
    const { part } = request.params
    const first = await shop.api.listSitemapPart({ params: { part } })
    if (!first.ok) {
      const isNone = first.problem.status === 404 || first.problem.status === 400
      return reply.code(isNone ? 404 : 503).send()
    }
    const text = Readable.from(writePart(shop, part, first.data))
    return reply.header('cache-control', HOUR).type(XML).send(text)
  })
}

/** One sitemap, a page of the API at a time. A page that fails breaks the reply off: half is none. */
async function* writePart(shop: Shop, part: string, first: Page): AsyncGenerator<string> {
  yield `${HEAD}<urlset xmlns="${NAMESPACE}" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n`
  let left = SITEMAP_ADDRESSES
  for (let page = first; ; ) {
    const items = page.items.slice(0, left)
    left -= items.length
    yield html`${items.map(
      ({ slug, lastModified }) =>
        html`<url>${inLanguages(shop, paths.product(slug))}<lastmod>${lastModified}</lastmod></url>\n`,
    )}`.text
    if (page.nextCursor === null || left === 0) break
    const cursor = page.nextCursor
    const next = await shop.api.listSitemapPart({ params: { part }, query: { cursor } })
    if (!next.ok) throw new Error(`Part ${part} of the sitemap ends early: ${next.problem.code}`)
    page = next.data
  }
  yield '</urlset>\n'
}

/** A page's address, and those of the same page in every language. */
function inLanguages({ publicUrl }: Shop, path: string): Html {
  const link = (name: string, address: string) =>
    html`<xhtml:link rel="alternate" hreflang="${name}" href="${publicUrl}${address}"/>`
  const [standard] = LANGUAGES
  return html`<loc>${publicUrl}${path}</loc>${link('x-default', path)}${LANGUAGES.map((language) => link(language, language === standard ? path : inLanguage(path, language)))}`
}

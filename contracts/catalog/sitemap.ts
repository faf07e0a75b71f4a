import { z } from 'zod'
import { page, Timestamp } from '../kit/page.ts'
import { route } from '../kit/route.ts'

/** As many addresses fit into one sitemap. Source: sitemaps.org, protocol. */
export const SITEMAP_ADDRESSES = 50_000

export const listSitemap = route({
  operation: 'listSitemap',
  summary: 'The parts into which all products are divided for sitemaps',
  method: 'GET',
  path: '/api/v1/sitemap',
  access: ['public'],
  traffic: 'browse',
  replies: {
    200: z.strictObject({
      items: z.array(z.strictObject({ part: z.int(), lastModified: Timestamp })),
      nextCursor: z.null(),
    }),
  },
  cacheSeconds: 600,
})

export const listSitemapPart = route({
  operation: 'listSitemapPart',
  summary: 'Slugs of the products of one part, a page at a time',
  method: 'GET',
  path: '/api/v1/sitemap/:part',
  access: ['public'],
  traffic: 'browse',
  params: z.object({ part: z.string().regex(/^[1-9]\d{0,4}$/, 'is the number of a part') }),
  query: z.object({ cursor: z.string().max(1000).optional() }),
  replies: { 200: page(z.strictObject({ slug: z.string(), lastModified: Timestamp })) },
  problems: ['not_found'],
  cacheSeconds: 600,
})

export const sitemapRoutes = [listSitemap, listSitemapPart] as const

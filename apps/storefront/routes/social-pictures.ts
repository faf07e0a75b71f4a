import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type Sketch,
  sketchOfCategory,
  sketchOfProduct,
  socialAddress,
} from '../features/products/social.ts'
import { formatFor, localeOf } from '../lib/format.ts'
import { lookOf } from '../lib/paths.ts'
import type { Shop, Visit } from '../lib/shop.ts'
import { drawSocialPicture } from '../lib/social-picture.ts'
import { visit } from '../lib/visit.ts'
import { isLanguage } from '../messages/index.ts'

const FOREVER = 'public, max-age=31536000, immutable'
/** Of some 50 kB each. */
const MOST_KEPT = 200
/** Drawn at one time; who waits longer in line is told to come again. */
const MOST_DRAWN = 2
const MOST_WAITING = 20

type PictureRequest = { Params: { '*': string } }

/** GET /og/p/SLUG/LOOK-TAG.jpg: the picture by which a page is shared; under an old tag it leads to the present one. */
export function socialPictureRoutes(app: FastifyInstance, shop: Shop): void {
  const studio = createStudio(shop)
  for (const kind of ['p', 'c'] as const) {
    app.get<PictureRequest>(`/og/${kind}/*`, async (request, reply) => {
      const asked = await readAsked(shop, request, reply)
      const sketch = asked && (await sketchOf(asked.visit, kind, asked.slug))
      if (!asked || !sketch) return reply.code(404).type('text/plain').send('Not found')
      const address = socialAddress(asked.visit, { kind, slug: asked.slug, sketch })
      if (address !== request.url.split('?')[0])
        return reply.header('cache-control', 'public, max-age=300').redirect(address, 302)
      const picture = await studio(address, sketch)
      if (!picture) return reply.code(503).header('retry-after', '5').send()
      return reply.header('cache-control', FOREVER).type('image/jpeg').send(picture)
    })
  }
}

type Asked = Readonly<{ visit: Visit; slug: string }>

/** Who is meant to see it follows from the address, and not from who asks. */
async function readAsked(
  shop: Shop,
  request: FastifyRequest<PictureRequest>,
  reply: FastifyReply,
): Promise<Asked | undefined> {
  const look = lookOf(request.params['*'])
  if (!look || !isLanguage(look.language)) return undefined
  const { items, currencies } = await shop.markets.list()
  const { language, country, currency, slug } = look
  if (!currencies.includes(currency) || !items.some((item) => item.country === country))
    return undefined
  const choice = { language, country, currency }
  const seen = await visit(shop, request, reply)
  const market = { country, currency }
  const own = { choice, market, t: shop.wordsOf(language), format: formatFor(localeOf(choice)) }
  return { slug, visit: { ...seen, ...own } }
}

async function sketchOf(v: Visit, kind: 'p' | 'c', slug: string): Promise<Sketch | undefined> {
  if (kind === 'c') {
    const found = await v.shop.api.getCategory({ params: { idOrSlug: slug } })
    return found.ok ? sketchOfCategory(v, found.data) : undefined
  }
  // As one that does not count as a view.
  const headers = { 'sec-gpc': '1' }
  const query = { ...v.market, locale: v.choice.language }
  const found = await v.shop.api.getProduct({ params: { id: slug }, query, headers })
  return found.ok ? sketchOfProduct(v, found.data) : undefined
}

/** Draws each picture once, few at a time, and keeps those that were asked for last. */
function createStudio(shop: Shop) {
  const kept = new Map<string, Promise<Buffer>>()
  const waiting: (() => void)[] = []
  let drawn = 0

  async function draw({ photoUrl, ...sketch }: Sketch): Promise<Buffer> {
    if (drawn >= MOST_DRAWN) await new Promise<void>((resolve) => waiting.push(resolve))
    drawn += 1
    try {
      const photo = photoUrl === undefined ? undefined : await shop.readPicture(photoUrl)
      return await drawSocialPicture({ ...sketch, photo })
    } finally {
      drawn -= 1
      waiting.shift()?.()
    }
  }

  return async (address: string, sketch: Sketch): Promise<Buffer | undefined> => {
    let picture = kept.get(address)
    if (!picture && waiting.length >= MOST_WAITING) return undefined
    picture ??= draw(sketch)
    kept.delete(address)
    kept.set(address, picture)
    picture.catch(() => kept.delete(address))
    if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    return picture
  }
}

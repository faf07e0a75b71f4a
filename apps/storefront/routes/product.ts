import type { Product, ProductSummary } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { buyBar, buyBox, offerTable } from '../features/products/buy-box.ts'
import { deliveryPart, postalCodeOf } from '../features/products/delivery.ts'
import {
  demoNote,
  description,
  gallery,
  hasPictures,
  specifications,
} from '../features/products/facts.ts'
import { lookedAt, shelf } from '../features/products/shelf.ts'
import { sketchOfProduct, socialAddress } from '../features/products/social.ts'
import { stars } from '../features/products/stars.ts'
import { structuredData } from '../features/products/structured-data.ts'
import { tiles } from '../features/products/tile.ts'
import { chooseVariant, optionChips } from '../features/products/variants.ts'
import { breadcrumbs } from '../features/search/categories.ts'
import { filtersQuery } from '../features/search/filters.ts'
import { tellOf } from '../features/search/following.ts'
import { ORIGIN, readOrigin } from '../features/search/origin.ts'
import { readIds, rememberId } from '../lib/cookies.ts'
import { type Shareable, sendShared } from '../lib/layout.ts'
import { place } from '../lib/own-parts.ts'
import type { Subject } from '../lib/page-cache.ts'
import { paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Instead, Shop, Visit } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

/** Longer names are lists of facts rather than names, and are set smaller. */
const LONG_NAME = 70
const RELATED = 5
const SEEN = 5

/** GET /p/:slug?variant=SKU */
export function productRoute(app: FastifyInstance, shop: Shop): void {
  app.get<{ Params: { slug: string }; Querystring: { variant?: string; [ORIGIN]?: string } }>(
    '/p/:slug',
    async (request, reply) => {
      const v = await visit(shop, request, reply)
      const { slug } = request.params
      const { variant } = request.query
      const sku = typeof variant === 'string' ? variant : undefined
      const url = paths.product(slug, sku === undefined ? {} : { variant: sku })
      const { subject, isKept } = await sendShared(v, reply, {
        url,
        lifetime: shop.lifetimes.told,
        make: (anyone) => makeProduct(anyone, slug, sku),
        own: (subject) => ownParts(v, request, { subject, url }),
        before: ({ id }) => rememberId(shop, request, reply, { name: 'seen', id }),
      })
      if (!subject) return reply
      // A page is made in nobody's name: whose view it is, is told besides.
      if (isKept || v.account) countView(v, subject)
      const origin = readOrigin(request.query[ORIGIN])
      if (origin) tellOf(v, [{ kind: 'click', productId: subject.id, ...origin }])
      return reply
    },
  )
}

/** What this visitor alone sees: when it would be here, and what was looked at before. */
async function ownParts(v: Visit, request: FastifyRequest, { subject, url }: Here) {
  const before = readIds(request, 'seen').filter((other) => other !== subject?.id)
  const postalCode = postalCodeOf(request, v.choice.country)
  const [delivery, seen] = await Promise.all([
    deliveryPart(v, { postalCode, offerId: subject?.offerId, back: url }),
    lookedAt(v, before.slice(0, SEEN)),
  ])
  return { delivery, seen: shelf(v, v.t.wishes.seen, seen) }
}

type Here = Readonly<{ subject: Subject | undefined; url: string }>

/** The page; or the address that counts, or why there is none. */
async function makeProduct(
  v: Visit,
  slug: string,
  sku: string | undefined,
): Promise<Shareable | Instead> {
  const found = await v.shop.api.getProduct({
    params: { id: slug },
    query: inWordsOf(v),
    headers: v.visitor,
  })
  if (!found.ok) return (visitor, reply) => sendProblem(visitor, reply, found.problem)
  const product = found.data
  if (product.slug !== slug) {
    const query = sku === undefined ? {} : { variant: sku }
    return (_visitor, reply) => reply.redirect(paths.product(product.slug, query), 301)
  }
  const variant = chooseVariant(product, sku)
  const others = await related(v, product)
  const picture = socialAddress(v, { kind: 'p', slug, sketch: sketchOfProduct(v, product) })
  return {
    shows: [product.id, ...others.map(({ id }) => id)],
    subject: { id: product.id, tag: found.headers['etag'] ?? '', offerId: variant?.offerId },
    page: {
      title: `${product.name} · ${v.t.shopName}`,
      description: product.description ?? product.name,
      canonical: paths.product(product.slug),
      picture,
      kind: 'product',
      head: structuredData(v.shop, product, { variant, picture }),
      hasOwnBar: true,
      scripts: [
        'islands/news.ts',
        'islands/follow.ts',
        ...(hasPictures(v, product, variant) ? (['islands/gallery.ts'] as const) : []),
      ],
      main: productBody(v, product, { variant, others }),
    },
  }
}

/** In the shopper's market and language. */
function inWordsOf({ market, choice }: Visit) {
  return { ...market, locale: choice.language }
}

/** The API counts views when it is asked for the product; that it has not changed, is enough. */
function countView(v: Visit, { id, tag }: Subject): void {
  const headers = { ...v.visitor, 'if-none-match': tag }
  void v.shop.api.getProduct({ params: { id }, query: inWordsOf(v), headers })
}

type Chosen = Readonly<{
  variant: ReturnType<typeof chooseVariant>
  others: readonly ProductSummary[]
}>

function productBody(v: Visit, product: Product, { variant, others }: Chosen): Html {
  const { t } = v
  return html`${breadcrumbs(v, product.categories)}
<div class="product-top">
${gallery(v, product, variant)}
<div class="product-name">
${product.brand && html`<p class="product-brand"><a href="${paths.search(filtersQuery({ brand: [product.brand] }))}">${product.brand}</a></p>`}
<h1 dir="auto"${attrs({ class: product.name.length > LONG_NAME ? 'is-long' : undefined })}>${product.name}</h1>
${stars(v, product.rating, product.reviewCount)}
${variant && optionChips(v, product, variant)}
${highlights(product)}
</div>
${variant ? buyBox(v, product, variant) : html`<section class="buy-box"><p class="stock stock-none">${t.notSold}</p></section>`}
</div>
${variant && offerTable(v, variant)}
<div class="product-rest">
${specifications(v, product, variant?.sku ?? '')}
<div>${description(v, product)}${demoNote(v, product)}</div>
</div>
${relatedShelf(v, product, others)}
${place('seen')}
${variant && buyBar(v, variant)}`
}

/** The first facts, where the eye is. */
function highlights(product: Product): Html | false {
  const facts = product.attributes
    .filter(({ value }) => typeof value === 'string' && value.length < 40)
    .slice(0, 4)
  if (facts.length === 0) return false
  return html`<dl class="highlights">${facts.map(({ name, value }) => html`<div><dt><bdi>${name}</bdi></dt><dd><bdi>${String(value)}</bdi></dd></div>`)}</dl>`
}

/** What sells best in the same category. */
async function related(v: Visit, product: Product): Promise<readonly ProductSummary[]> {
  const category = product.categories.at(-1)
  if (!category) return []
  const found = await v.shop.api.search({
    query: { ...inWordsOf(v), category: category.slug, sort: 'popular', limit: RELATED + 1 },
  })
  const others = found.ok ? found.data.items.filter((item) => item.id !== product.id) : []
  return others.slice(0, RELATED)
}

function relatedShelf(v: Visit, product: Product, others: readonly ProductSummary[]): Html | false {
  const category = product.categories.at(-1)
  if (!category || others.length === 0) return false
  return html`<section class="shelf-section"><div class="shelf-head"><h2>${v.t.bestSellers}: ${category.name}</h2><a href="${paths.category(category.slug)}">${v.t.seeAll}</a></div>${tiles(v, others)}</section>`
}

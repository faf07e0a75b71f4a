import type { Product } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { buyBar, buyBox, offerTable } from '../features/products/buy-box.ts'
import { demoNote, description, gallery, specifications } from '../features/products/facts.ts'
import { stars } from '../features/products/stars.ts'
import { structuredData } from '../features/products/structured-data.ts'
import { tiles } from '../features/products/tile.ts'
import { chooseVariant, optionChips } from '../features/products/variants.ts'
import { breadcrumbs } from '../features/search/categories.ts'
import { filtersQuery } from '../features/search/filters.ts'
import { ORIGIN, readOrigin, tellOf } from '../features/search/following.ts'
import { rememberId } from '../lib/cookies.ts'
import { sendPage } from '../lib/layout.ts'
import { paths } from '../lib/paths.ts'
import { sendProblem } from '../lib/problems.ts'
import type { Shop } from '../lib/shop.ts'
import { type Visit, visit } from '../lib/visit.ts'

const RELATED = 5

/** GET /p/:slug?variant=SKU */
export function productRoute(app: FastifyInstance, shop: Shop): void {
  app.get<{ Params: { slug: string }; Querystring: { variant?: string; [ORIGIN]?: string } }>(
    '/p/:slug',
    async (request, reply) => {
      const v = await visit(shop, request, reply)
      const { slug } = request.params
      const found = await shop.api.getProduct({
        params: { id: slug },
        query: v.market,
        headers: v.visitor,
      })
      if (!found.ok) return sendProblem(v, reply, found.problem)
      const product = found.data
      const { variant: sku } = request.query
      if (product.slug !== slug) {
        const query = typeof sku === 'string' ? { variant: sku } : {}
        return reply.redirect(paths.product(product.slug, query), 301)
      }
      const origin = readOrigin(request.query[ORIGIN])
      if (origin) tellOf(v, [{ kind: 'click', productId: product.id, ...origin }])
      rememberId(shop, request, reply, { name: 'seen', id: product.id })
      const variant = chooseVariant(product, typeof sku === 'string' ? sku : undefined)
      await sendPage(v, reply, {
        title: `${product.name} · ${v.t.shopName}`,
        description: product.description ?? product.name,
        canonical: paths.product(product.slug),
        kind: 'product',
        head: structuredData(shop, product, variant),
        hasOwnBar: true,
        scripts: ['islands/follow.ts'],
        main: await productBody(v, product, variant),
      })
      return reply
    },
  )
}

async function productBody(
  v: Visit,
  product: Product,
  variant: ReturnType<typeof chooseVariant>,
): Promise<Html> {
  const { t } = v
  return html`${breadcrumbs(v, product.categories)}
<div class="product-top">
${gallery(v, product, variant)}
<div class="product-name">
${product.brand && html`<p class="product-brand"><a href="${paths.search(filtersQuery({ brand: [product.brand] }))}">${product.brand}</a></p>`}
<h1>${product.name}</h1>
${stars(v, product.rating, product.reviewCount)}
${variant && optionChips(v, product, variant)}
${highlights(product)}
</div>
${variant ? buyBox(v, product, variant) : html`<section class="buy-box"><p class="stock stock-none">${t.notSold}</p></section>`}
</div>
${variant && offerTable(v, product, variant)}
<div class="product-rest">
${specifications(v, product, variant?.sku ?? '')}
<div>${description(v, product)}${demoNote(v, product)}</div>
</div>
${await related(v, product)}
${variant && buyBar(v, variant)}`
}

/** The first facts, where the eye is. */
function highlights(product: Product): Html | false {
  const facts = product.attributes
    .filter(({ value }) => typeof value === 'string' && value.length < 40)
    .slice(0, 4)
  if (facts.length === 0) return false
  return html`<dl class="highlights">${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${String(value)}</dd></div>`)}</dl>`
}

/** What sells best in the same category. */
async function related(v: Visit, product: Product): Promise<Html | false> {
  const category = product.categories.at(-1)
  if (!category) return false
  const found = await v.shop.api.search({
    query: { ...v.market, category: category.slug, sort: 'popular', limit: RELATED + 1 },
  })
  const others = found.ok ? found.data.items.filter((item) => item.id !== product.id) : []
  if (others.length === 0) return false
  return html`<section class="shelf-section"><div class="shelf-head"><h2>${v.t.bestSellers}: ${category.name}</h2><a href="${paths.category(category.slug)}">${v.t.seeAll}</a></div>${tiles(v, others.slice(0, RELATED))}</section>`
}

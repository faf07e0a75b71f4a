import { html } from '@stoa/html'
import type { FastifyInstance } from 'fastify'
import { filtersQuery } from '../features/search/filters.ts'
import { icon } from '../lib/icons.ts'
import { paths } from '../lib/paths.ts'
import type { Shop } from '../lib/shop.ts'
import { visit } from '../lib/visit.ts'

const LIMIT = 5
const SHOWN = { completions: 5, categories: 2, products: 3 } as const

/** GET /suggest?q=: the options of the search box's list, ready to be shown. */
export function suggestRoute(app: FastifyInstance, shop: Shop): void {
  app.get<{ Querystring: { q?: string } }>('/suggest', async (request, reply) => {
    const v = await visit(shop, request, reply)
    const { q = '' } = request.query
    const words = typeof q === 'string' ? q.trim().slice(0, 200) : ''
    const found = words
      ? await shop.api.suggest({
          query: { ...v.market, q: words, locale: v.choice.language, limit: LIMIT },
        })
      : undefined
    const { completions, categories, products } = found?.ok
      ? found.data
      : { completions: [], categories: [], products: [] }
    const options = [
      ...completions.slice(0, SHOWN.completions).map((text) => ({
        href: paths.search(filtersQuery({ q: text })),
        text,
        note: '',
        kind: 'search' as const,
      })),
      ...categories.slice(0, SHOWN.categories).map(({ slug, name, count }) => ({
        href: paths.category(slug),
        text: name,
        note: v.format.number(count),
        kind: 'departments' as const,
      })),
      ...products.slice(0, SHOWN.products).map(({ slug, name }) => ({
        href: paths.product(slug),
        text: name,
        note: '',
        kind: 'orders' as const,
      })),
    ]
    return (
      reply
        .header('cache-control', 'private, max-age=60')
        // Names and words are in the language that the cookie says.
        .header('vary', 'Cookie')
        .header(
          'x-suggestions',
          v.t
            .suggestions(options.length)
            .replace(/[^\x20-\x7e]/g, (letter) => encodeURIComponent(letter)),
        )
        .type('text/html; charset=utf-8')
        .send(
          html`${options.map(
            ({ href, text, note, kind }, place) =>
              html`<a class="suggestion suggestion-${kind}" role="option" id="suggestion-${place}" aria-selected="false" tabindex="-1" href="${href}">${icon(kind)}<span dir="auto">${text}</span>${note && html`<span class="choice-count">${note}</span>`}</a>`,
          )}`.text,
        )
    )
  })
}

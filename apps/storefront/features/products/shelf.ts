import type { ProductSummary } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { Visit } from '../../lib/shop.ts'
import { tiles } from './tile.ts'

/** Products under a title, with the way to all of them. */
export function shelf(
  v: Visit,
  title: string,
  products: readonly ProductSummary[],
  all?: string,
): Html | false {
  if (products.length === 0) return false
  return html`<section class="shelf-section"><div class="shelf-head"><h2>${title}</h2>${all && html`<a href="${all}">${v.t.seeAll}<span class="sr">: ${title}</span></a>`}</div>${tiles(v, products)}</section>`
}

/** What this browser has looked at, as it is now. */
export async function lookedAt(
  v: Visit,
  ids: readonly string[],
): Promise<readonly ProductSummary[]> {
  if (ids.length === 0) return []
  const query = { ...v.market, locale: v.choice.language, ids: ids.join(',') }
  const found = await v.shop.api.listProducts({ query })
  return found.ok ? found.data.items : []
}

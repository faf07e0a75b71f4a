import type { Money } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import type { Visit } from '../../lib/shop.ts'

export type Priced = Readonly<{ price: Money; salePrice?: Money | undefined }>

/** What is paid now. */
export function currentPrice({ price, salePrice }: Priced): Money {
  return salePrice ?? price
}

/** Whole per cent off; rounded down, so that no cut is called larger than it is. */
export function percentOff({ price, salePrice }: Priced): number {
  if (!salePrice || salePrice.amount >= price.amount || price.amount === 0) return 0
  return Math.floor(((price.amount - salePrice.amount) * 100) / price.amount)
}

/** The price; if it is cut, the one before and by how much. */
export function priceTag({ t, format }: Visit, priced: Priced): Html {
  const percent = percentOff(priced)
  if (percent < 1) return html`<span class="tag">${format.price(currentPrice(priced))}</span>`
  return html`<span class="tag tag-cut"><span class="sr">${t.nowPrice} </span>${format.price(currentPrice(priced))}
<span class="tag-was"><span class="sr">${t.wasPrice} </span><s>${format.money(priced.price)}</s> <span class="tag-off">${t.savePercent(percent)}</span></span></span>`
}

import { type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

type Wished = Readonly<{ variantId: string; name: string }>

/** Puts a product on the wish list; the island shows whether it is there, and takes it off again. */
export function heart({ t }: Visit, { variantId, name }: Wished, text?: string): Html {
  // A name that is heard begins with the words that are seen (WCAG 2.5.3).
  const label = text ? `${text}: ${name}` : t.wishes.put(name)
  return html`<form class="wish" method="post" action="${paths.wish()}" data-wish><input type="hidden" name="variantId" value="${variantId}"><button class="${text ? 'wish-button button button-quiet' : 'wish-button'}" aria-label="${label}" aria-pressed="false">${icon('heart')}${text && html`<span>${text}</span>`}</button></form>`
}

import type { Operations } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import type { Visit } from '../../lib/shop.ts'

export type WantedNews = Operations['watchByPush']['body']['wanted']

/**
 * Asks to be told of one thing, and ends it. It shows itself where the browser can be told; the browser's own
 * question follows when it is pressed, and not before.
 */
export function newsButton({ t }: Visit, wanted: WantedNews): Html {
  const words = wanted.kind === 'order' ? t.app.news.order : t.app.news.price
  return html`<div class="news" data-news="${JSON.stringify(wanted)}" data-on="${t.app.news.on}" data-off="${words}" data-denied="${t.app.news.denied}" data-failed="${t.tryLater}" hidden>
<button class="quiet-link" type="button" aria-pressed="false">${icon('bell')} <span>${words}</span></button>
<p class="hint" role="status"></p></div>`
}

/** Ends all news of this browser; shown where there is any. */
export function newsEnd({ t }: Visit): Html {
  return html`<section class="news-end" data-news-end data-done="${t.app.news.ended}" hidden><h2>${t.app.news.title}</h2>
<p>${t.app.news.explained}</p>
<p><button class="button button-quiet" type="button">${t.app.news.end}</button></p><p class="hint" role="status"></p></section>`
}

import { type Html, html } from '@stoa/html'
import type { Visit } from '../../lib/shop.ts'

const WIDTH = 80

/** Five stars, filled as far as the average goes, with the number of ratings; nothing without any. */
export function stars({ t, format }: Visit, average: number, count: number): Html | false {
  if (count === 0) return false
  const filled = Math.round((average / 5) * WIDTH)
  const shown = format.number(Math.round(average * 10) / 10)
  return html`<span class="rating"><svg class="stars" viewBox="0 0 80 16" role="img" aria-label="${t.stars(count, format.number(count), shown)}"><use href="#i-stars" class="stars-off" width="80" height="16"/><svg width="${filled}" height="16"><use href="#i-stars" class="stars-on" width="80" height="16"/></svg></svg><span aria-hidden="true">${count < 10_000 ? format.number(count) : format.compact(count)}</span></span>`
}

import type { Order } from '@stoa/client'
import { type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { picture } from '../products/picture.ts'
import { isMoving } from './timeline.ts'

/** Orders, each as one link: what it looks like, where it stands, what was in it and what it cost. */
export function orderList(visit: Visit, orders: readonly Order[]): Html {
  return html`<ul class="order-list">${orders.map((order) => row(visit, order))}</ul>`
}

function row(visit: Visit, order: Order): Html {
  const { t, format } = visit
  const { id, number, lines, status, totals, createdAt, estimatedDelivery } = order
  const [first] = lines
  const expected =
    isMoving(order) && estimatedDelivery && t.expected(format.days(estimatedDelivery))
  return html`<li><a href="${paths.order(id)}">
<span class="order-row-picture" aria-hidden="true">${first && linePicture(visit, first)}</span>
<span class="order-row-facts"><strong>${t.statuses[status]}</strong>${expected && html` · ${expected}`}
<span class="order-row-items">${lines.map(({ name, quantity }, place) => html`${place > 0 && ', '}<bdi>${quantity}\u00a0× ${name}</bdi>`)}</span>
<span class="quiet">${t.orderTitle(number)} · ${t.placedOn(format.date(createdAt))}</span></span>
<span class="order-row-total">${format.price(totals.total)}</span></a></li>`
}

/** A line's picture; its drawing is chosen by the words of its name, for an order keeps no category. */
export function linePicture(visit: Visit, { name, image }: Order['lines'][number]): Html {
  return picture(visit, { name, image, categorySlug: name.replace(/\W+/g, '-') }, 'small')
}

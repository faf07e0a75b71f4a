import type { Order } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import type { Visit } from '../../lib/shop.ts'

const STEPS = ['pending', 'confirmed', 'shipped', 'delivered'] as const

/** Whether the order ends, or is about to, because its payment failed. */
export function isUnpaid({ status, payment }: Order): boolean {
  return payment.status === 'failed' && (status === 'pending' || status === 'cancelled')
}

/** Whether anything is still to come. */
export function isMoving(order: Order): boolean {
  const isOver = ['delivered', 'completed', 'cancelled', 'expired'].includes(order.status)
  return !isOver && !isUnpaid(order)
}

/** How far an order on its way has come; nothing for one that ended otherwise. */
export function orderSteps({ t }: Visit, order: Order): Html | false {
  const reached = {
    pending: 0,
    on_hold: 0,
    confirmed: 1,
    partially_shipped: 2,
    shipped: 2,
    delivered: 3,
    completed: 3,
    cancelled: -1,
    expired: -1,
  }[order.status]
  if (reached < 0 || isUnpaid(order)) return false
  return html`<ol class="progress">${STEPS.map((step, place) => {
    const isDone = place <= reached
    return html`<li${attrs({ class: isDone ? 'is-done' : undefined, 'aria-current': place === reached ? 'step' : undefined })}><span class="progress-mark">${isDone && icon('check')}</span>${step === 'pending' ? t.events['placed'] : t.statuses[step]}</li>`
  })}</ol>`
}

/** A note that is a code or names a record of the shop: nothing to read, unless it has a name. */
const CODE = /^[a-z0-9]+(_[a-z0-9]+)*$/

/** What really happened, the newest first. */
export function orderEvents({ t, format }: Visit, { events }: Order): Html {
  const names: Readonly<Record<string, string>> = { ...t.shipmentStatuses, ...t.events }
  const said = (note: string | undefined) =>
    note === undefined ? undefined : (names[note] ?? (CODE.test(note) ? undefined : note))
  return html`<ol class="timeline">${events
    .toReversed()
    .map(
      ({ type, at, note }) =>
        html`<li><time datetime="${at}">${format.moment(at)}</time><span>${eventName(names, type)}${said(note) && html`<span class="quiet"> · ${said(note)}</span>`}</span></li>`,
    )}</ol>`
}

/** `orders.order_placed.v1`, `order_placed` and `placed` are one fact; an unknown one is shown as it is. */
function eventName(names: Readonly<Record<string, string>>, type: string): string {
  const plain = type
    .replace(/\.v\d+$/, '')
    .replace(/^.*\./, '')
    .replace(/^order_/, '')
  const known = names[plain]
  if (known) return known
  const words = plain.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

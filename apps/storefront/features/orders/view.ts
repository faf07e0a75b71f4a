import type { Order, Return, Shipment } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { times } from '../../../../contracts/kit/money.ts'
import { localeOf } from '../../lib/format.ts'
import { icon } from '../../lib/icons.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { cityLine } from '../addresses/lines.ts'
import { actionUrl } from '../checkout/place.ts'
import { shippingName } from '../checkout/shipping-name.ts'
import { newsButton } from '../news/button.ts'
import { dropForm, returnForm, returnsPart } from './aftercare.ts'
import { linePicture } from './list.ts'
import { isMoving, isUnpaid, orderEvents, orderSteps } from './timeline.ts'

export type OrderView = Readonly<{
  order: Order
  shipments: readonly Shipment[]
  /** Just placed: thanks are due. */
  isNew: boolean
  returns: readonly Return[]
  /** Makes a double click one cancellation. */
  newKey: () => string
}>

/** Everything about one order, the most urgent first. */
export function orderBody(visit: Visit, view: OrderView): Html {
  const { t, format } = visit
  const { order, isNew } = view
  return html`<div class="order-head"><h1>${isNew ? t.orderThanks : t.orderTitle(order.number)}</h1>
<p class="quiet">${isNew && html`${t.orderTitle(order.number)} · `}${t.placedOn(format.date(order.createdAt))}</p>
${isNew && html`<p class="quiet">${t.orderKeep(order.email)}</p>`}
${isMoving(order) && newsButton(visit, { kind: 'order', orderId: order.id })}</div>
<div class="order-body" data-moments-of="${localeOf(visit.choice)}"><div data-refresh data-version="${version(view)}">
${nextPart(visit, view)}
${returnsPart(visit, view.returns, view.newKey)}
<section class="order-part"><h2>${t.timeline}</h2>${orderEvents(visit, order)}</section>
${(view.shipments.length > 0 || isMoving(order)) && html`<section class="order-part"><h2>${t.parcels}</h2>${parcels(visit, view.shipments)}</section>`}
${undoPart(visit, view)}
</div>
${orderAside(visit, order)}
</div>`
}

/** Changes when the order does, so that the page knows when to show itself anew. */
function version({ order, shipments, returns }: OrderView): string {
  const scans = shipments.reduce((sum, shipment) => sum + shipment.scans.length, 0)
  const back = returns.map(({ version }) => version).join('.')
  const { status, payment, events } = order
  return [status, payment.status, events.length, shipments.length, scans, back].join('-')
}

function nextPart(visit: Visit, { order, newKey }: OrderView): Html {
  const { t, format } = visit
  const action = actionUrl(visit, order)
  const expected =
    order.estimatedDelivery && isMoving(order)
      ? html`<p class="order-expected">${icon('truck')} ${t.expected(format.days(order.estimatedDelivery))}</p>`
      : false
  return html`<section class="order-part order-next"><h2>${t.whatNext}</h2>
${orderSteps(visit, order)}
<p class="order-status">${standing(visit, order, action !== undefined)}</p>
${expected}
${action && html`<p><a class="button" href="${action}">${t.confirmPayment}</a></p>`}
${returnForm(visit, order, newKey())}</section>`
}

/** Where the order stands. Between the bank's word and the order's, the payment's is the newer one. */
function standing({ t }: Visit, order: Order, isAsked: boolean): Html {
  const { status, payment } = order
  const isPaid = payment.status === 'authorized' || payment.status === 'completed'
  if (status === 'pending' && isPaid)
    return html`<strong>${t.paymentStatuses[payment.status]}</strong>`
  const next = isAsked ? t.needsAction : isUnpaid(order) ? t.unpaid : t.nextSteps[status]
  return html`<strong>${t.statuses[status]}</strong> <br>${next}`
}

/** How an order is undone, below what most people come for. */
function undoPart(visit: Visit, { order, newKey }: OrderView): Html | false {
  const { t } = visit
  const drop = dropForm(visit, order, newKey())
  const cancel =
    order.allowedActions.includes('cancel') &&
    html`<form class="cancel-form" method="post" action="${paths.orderCancel(order.id)}"><input type="hidden" name="key" value="${newKey()}"><p class="hint">${t.cancelHelp}</p><button class="button button-quiet">${t.cancelOrder}</button></form>`
  return (cancel || drop) && html`<section class="order-part">${cancel}${drop}</section>`
}

function parcels(visit: Visit, shipments: readonly Shipment[]): Html {
  const { t, format } = visit
  if (shipments.length === 0) return html`<p class="quiet">${t.noParcels}</p>`
  return html`${shipments.map(
    ({
      status,
      carrier,
      trackingNumber,
      lines,
      scans,
      estimatedDelivery,
    }) => html`<article class="parcel">
<h3>${t.shipmentStatuses[status]}</h3>
<p class="quiet">${trackingNumber ? t.parcelOf(carrier, trackingNumber) : carrier}${estimatedDelivery && html` · ${t.expected(format.day(estimatedDelivery))}`}</p>
<p>${lines.map(({ quantity, name }, place) => html`${place > 0 && ', '}<bdi>${quantity}\u00a0× ${name}</bdi>`)}</p>
<ol class="timeline">${scans
      .toReversed()
      .map(
        ({ status: scan, at, location, note }) =>
          html`<li><time datetime="${at}">${format.moment(at)}</time><span>${t.shipmentStatuses[scan]}${location && html`, ${location}`}${note && html`<span class="quiet"> ${note}</span>`}</span></li>`,
      )}</ol></article>`,
  )}`
}

function orderAside(visit: Visit, order: Order): Html {
  const { t, format } = visit
  const { totals, shippingAddress: to, payment } = order
  const row = (label: string, value: string) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`
  return html`<aside class="order-aside">
<section><h2>${t.items}</h2><ul class="summary-lines">${order.lines.map((line) => {
    const { name, quantity, unitPrice, quantityCancelled } = line
    return html`<li${attrs({ class: quantityCancelled === quantity ? 'is-cancelled' : undefined })}><span class="summary-picture" aria-hidden="true">${linePicture(visit, line)}</span><span>${quantity} × <bdi>${name}</bdi>${quantityCancelled > 0 && html`<br><span class="quiet">${t.statuses.cancelled}: ${quantityCancelled}</span>`}</span><span>${format.money(times(unitPrice, quantity))}</span></li>`
  })}</ul>
<dl class="totals">${row(t.subtotal, format.money(totals.subtotal))}
${totals.discount.amount > 0 && row(t.discount, format.money({ ...totals.discount, amount: -totals.discount.amount }))}
${row(t.delivery, totals.shipping.amount === 0 ? t.free : format.money(totals.shipping))}
${row(isTaxWithin(totals) ? t.taxWithin : t.tax, format.money(totals.tax))}
<div class="totals-total"><dt>${t.total}</dt><dd>${format.price(totals.total)}</dd></div></dl></section>
<section><h2>${t.shipTo}</h2><address>${to.name}<br>${to.line1}${to.line2 && html`<br>${to.line2}`}<br>${cityLine(to)}<br>${format.country(to.country)}</address><p class="quiet"><bdi>${shippingName(t, order.shippingOption)}</bdi></p></section>
<section><h2>${t.payment}</h2><p>${t.paymentStatuses[payment.status]}${payment.card && html`<br><span class="quiet">${t.paidBy(brandName(payment.card.brand), payment.card.last4)}</span>`}</p></section>
</aside>`
}

/** Whether the prices have the tax in them, as in Europe: then the sum is whole without it. */
function isTaxWithin({ subtotal, discount, shipping, total }: Order['totals']): boolean {
  return subtotal.amount - discount.amount + shipping.amount === total.amount
}

function brandName(brand: string): string {
  return brand.charAt(0).toUpperCase() + brand.slice(1)
}

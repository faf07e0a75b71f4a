import type { Order, Return } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { RETURN_REASONS } from '../../../../contracts/orders/returns.ts'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

type Line = Order['lines'][number]

/** Names of a form's fields for one line. */
export const lineFields = ({ id }: Pick<Line, 'id'>) => ({ count: `n.${id}`, reason: `why.${id}` })

/** Units that are not packed yet. */
export function droppable({ quantity, quantityShipped, quantityCancelled }: Line): number {
  return quantity - quantityShipped - quantityCancelled
}

function counts(visit: Visit, line: Line, most: number): Html {
  const { count } = lineFields(line)
  const options = Array.from(
    { length: Math.min(most, 999) + 1 },
    (_, n) => html`<option>${n}</option>`,
  )
  return html`<select name="${count}" aria-label="${visit.t.aftercare.howMany(line.name)}">${options}</select>`
}

/** Units of lines are cancelled, the rest comes. */
export function dropForm(visit: Visit, order: Order, key: string): Html | false {
  const { aftercare } = visit.t
  const lines = order.lines.filter((line) => droppable(line) > 0)
  const units = lines.reduce((sum, line) => sum + droppable(line), 0)
  // The only unit there is: then that is the whole order, which has a button of its own.
  if (!order.allowedActions.includes('cancel_lines') || units < 2) return false
  return html`<details class="aftercare"><summary>${aftercare.dropTitle}</summary>
<form method="post" action="${paths.orderDrop(order.id)}"><input type="hidden" name="key" value="${key}"><p class="hint">${aftercare.dropHelp}</p>
<ul class="aftercare-lines">${lines.map((line) => html`<li><span><bdi>${line.name}</bdi></span>${counts(visit, line, droppable(line))}</li>`)}</ul>
<button class="button button-quiet">${aftercare.dropButton}</button></form></details>`
}

/** Delivered units go back: which, why, and for what. */
export function returnForm(visit: Visit, order: Order, key: string): Html | false {
  const { t, account } = visit
  const { aftercare } = t
  const lines = order.lines.filter(({ quantityReturnable }) => quantityReturnable > 0)
  if (!order.allowedActions.includes('return') || lines.length === 0) return false
  const reasons = RETURN_REASONS.map(
    (reason) => html`<option value="${reason}">${aftercare.reasons[reason]}</option>`,
  )
  const wants = account
    ? (['refund', 'exchange', 'store_credit'] as const)
    : (['refund', 'exchange'] as const)
  return html`<details class="aftercare" id="return"><summary>${aftercare.returnTitle}</summary>
<form method="post" action="${paths.orderReturn(order.id)}"><input type="hidden" name="key" value="${key}"><p class="hint">${aftercare.returnHelp}</p>
<ul class="aftercare-lines">${lines.map((line) => html`<li><span><bdi>${line.name}</bdi></span>${counts(visit, line, line.quantityReturnable)}<select class="aftercare-why" name="${lineFields(line).reason}" aria-label="${aftercare.reasonOf(line.name)}">${reasons}</select></li>`)}</ul>
<fieldset class="plain aftercare-wants"><legend>${aftercare.wanted}</legend>${wants.map((want, place) => html`<label class="choice"><input type="radio" name="wanted" value="${want}"${attrs({ checked: place === 0 })}> ${aftercare.wants[want]}</label>`)}</fieldset>
<div class="field"><label for="return-note">${aftercare.note}</label><textarea id="return-note" name="note" rows="2" maxlength="500" aria-describedby="return-note-hint"></textarea><p class="hint" id="return-note-hint">${aftercare.noteHint}</p></div>
<button class="button button-quiet">${aftercare.returnButton}</button></form></details>`
}

/** What comes back or came back, and what is to be done. */
export function returnsPart(
  visit: Visit,
  returns: readonly Return[],
  newKey: () => string,
): Html | false {
  if (returns.length === 0) return false
  return html`<section class="order-part" id="returns"><h2>${visit.t.aftercare.yourReturns}</h2>${returns.map((one) => oneReturn(visit, one, newKey))}</section>`
}

function oneReturn(visit: Visit, one: Return, newKey: () => string): Html {
  const { t, format } = visit
  const { aftercare } = t
  const { state, lines, refunded, sendUntil, labelUrl, labelFee, note, allowedActions } = one
  const maySend = allowedActions.includes('send')
  return html`<article class="parcel return"><h3>${aftercare.states[state]}</h3>
<p>${lines.map(({ quantity, name }, place) => html`${place > 0 && ', '}<bdi>${quantity} × ${name}</bdi>`)}</p>
<p class="quiet">${aftercare.wants[one.wanted]}${note && html` · ${note}`}</p>
${maySend && sendUntil && html`<p>${aftercare.sendUntil(format.day(sendUntil))}</p>`}
${labelUrl && html`<p><a href="${labelUrl}" rel="noopener noreferrer" target="_blank">${aftercare.label}</a>${labelFee.amount > 0 && html` <span class="quiet">${aftercare.labelFee(format.money(labelFee))}</span>`}</p>`}
${refunded && html`<p><strong>${aftercare.refunded(format.money(refunded))}</strong></p>`}
${maySend && sendForm(visit, one, newKey())}
${allowedActions.includes('cancel') && html`<form method="post" action="${paths.returnCancel(one.orderId)}">${keys(one, newKey())}<button class="quiet-link">${aftercare.keepThem}</button></form>`}
</article>`
}

function keys({ id }: Return, key: string): Html {
  return html`<input type="hidden" name="return" value="${id}"><input type="hidden" name="key" value="${key}">`
}

function sendForm({ t }: Visit, one: Return, key: string): Html {
  const { aftercare } = t
  return html`<form class="return-send" method="post" action="${paths.returnSend(one.orderId)}">${keys(one, key)}<p class="hint">${aftercare.sendTitle}</p>
<div class="field-pair"><div class="field"><label for="carrier">${aftercare.carrier}</label><input id="carrier" name="carrier" maxlength="60" required value="${one.carrier ?? ''}"></div><div class="field"><label for="tracking">${aftercare.trackingNumber}</label><input id="tracking" name="trackingNumber" maxlength="60" required value="${one.trackingNumber ?? ''}" autocomplete="off"></div></div>
<button class="button button-quiet">${aftercare.sendButton}</button></form>`
}

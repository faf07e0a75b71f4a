import { formatAmount } from '../currencies.ts'
import type { Reply } from '../http.ts'
import type { Payment } from '../model.ts'
import type { CardErrors } from './card-form.ts'
import { html, page } from './html.ts'

type Markup = ReturnType<typeof html>

const BANK = html`<p class="bank">Stoa test bank · no money moves here</p>`

/** The same three fields in the frame and on the page of its own. */
function cardFields(expiry: string, errors: CardErrors): Markup {
  return html`
<div class="field">
<label for="number">Card number</label>
<div class="input">
<input id="number" name="number" type="text" inputmode="numeric" autocomplete="cc-number" maxlength="23" placeholder="1234 1234 1234 1234" required ${invalid('number', errors)}>
<span class="brand" aria-hidden="true"></span>
</div>
${errorText('number', errors)}
</div>
<div class="pair">
<div class="field">
<label for="expiry">Expiry date</label>
<input id="expiry" name="expiry" type="text" inputmode="numeric" autocomplete="cc-exp" maxlength="9" placeholder="MM / YY" value="${expiry}" required ${invalid('expiry', errors)}>
${errorText('expiry', errors)}
</div>
<div class="field">
<label for="cvc">Security code</label>
<input id="cvc" name="cvc" type="text" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="CVC" required ${invalid('cvc', errors)}>
${errorText('cvc', errors)}
</div>
</div>`
}

function invalid(field: keyof CardErrors, errors: CardErrors): Markup {
  const isFirst = Object.keys(errors)[0] === field
  const focus = isFirst ? html` autofocus` : html``
  return html`aria-describedby="${field}-error" aria-invalid="${String(field in errors)}"${focus}`
}

function errorText(field: keyof CardErrors, errors: CardErrors): Markup {
  return html`<p class="error" id="${field}-error" aria-live="polite">${errors[field] ?? ''}</p>`
}

export function fieldsPage(
  options: Readonly<{ parent: string; shopOrigins: readonly string[] }>,
): Reply {
  return page({
    title: 'Card details',
    script: '/v1/fields-page.js',
    bodyClass: 'framed',
    frameAncestors: options.shopOrigins,
    body: html`<form method="post" action="/v1/fields" data-parent="${options.parent}" novalidate>
${cardFields('', {})}
<noscript><p class="error">These fields need JavaScript. Choose the card form without it.</p></noscript>
</form>`,
  })
}

export function hostedFormPage(
  options: Readonly<{
    amount: number
    currency: string
    returnUrl: URL
    expiry: string
    errors: CardErrors
  }>,
): Reply {
  const { amount, currency, returnUrl, expiry, errors } = options
  const query = new URLSearchParams({ amount: `${amount}`, currency, returnUrl: returnUrl.href })
  const hasErrors = Object.keys(errors).length > 0
  return page({
    status: hasErrors ? 422 : 200,
    title: hasErrors ? 'Check the card details' : 'Card details',
    formOrigins: [returnUrl.origin],
    body: html`<main>
${BANK}
<h1>Card details</h1>
<p class="quiet">${formatAmount(amount, currency)} to ${returnUrl.host}. You confirm the payment there.</p>
<form method="post" action="/v1/hosted-form?${query.toString()}" novalidate>
${cardFields(expiry, errors)}
<div class="actions"><button>Use this card</button><a href="${returnUrl.href}">Back to the shop</a></div>
</form>
</main>`,
  })
}

function summary(payment: Payment): Markup {
  return html`<dl>
<dt>Amount</dt><dd>${formatAmount(payment.amount, payment.currency)}</dd>
<dt>Order</dt><dd>${payment.reference}</dd>
<dt>Card</dt><dd>${payment.card.brand} ending ${payment.card.last4}</dd>
</dl>`
}

/** The 3-D Secure page of the card's bank. */
export function actionPage(payment: Payment, actionId: string): Reply {
  return page({
    title: 'Confirm the payment',
    formOrigins: payment.returnUrl === undefined ? [] : [new URL(payment.returnUrl).origin],
    body: html`<main>
${BANK}
<h1>Is this you?</h1>
<p class="quiet">Your bank asks you to confirm this payment.</p>
${summary(payment)}
<form method="post" action="/v1/actions/${actionId}">
<div class="actions">
<button name="choice" value="approve">Approve</button>
<button class="second" name="choice" value="refuse">Refuse</button>
</div>
</form>
</main>`,
  })
}

const DECIDED: Readonly<Record<Payment['status'], string>> = {
  succeeded: 'The payment is made',
  authorized: 'The payment is approved',
  failed: 'The payment was refused',
  canceled: 'The payment was canceled',
  processing: 'The payment is being made',
  requires_action: 'The payment waits for you',
}

export function decidedPage(payment: Payment): Reply {
  const back =
    payment.returnUrl === undefined
      ? html``
      : html`<p><a href="${payment.returnUrl}">Back to the shop</a></p>`
  return page({
    title: DECIDED[payment.status],
    body: html`<main>
${BANK}
<h1>${DECIDED[payment.status]}</h1>
<p class="quiet">There is nothing more to do here.</p>
${summary(payment)}
${back}
</main>`,
  })
}

export function refusalPage(text: string, status = 400): Reply {
  return page({
    status,
    title: 'Not possible',
    body: html`<main>
${BANK}
<h1>Not possible</h1>
<p class="quiet">${text} Go back to the shop and try again.</p>
</main>`,
  })
}

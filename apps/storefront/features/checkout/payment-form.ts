import type { Quote } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

/** Tokens that the test provider knows by name, for the demonstration. */
export const TEST_TOKENS = ['tok_success', 'tok_declined', 'tok_requires_action'] as const

export type Payment = Readonly<{
  /** Made with the form: however often it is sent, it is one order. */
  key: string
  /** A card that the provider has taken already. */
  cardToken: string | undefined
  /** The quote that the key has been used with, if that payment still runs. */
  quoteId?: string | undefined
}>

/** Part three. The pay button names the whole amount. */
export function paymentForm(visit: Visit, quote: Quote, payment: Payment): Html {
  const { t, shop, format } = visit
  if (shop.providerUrl === null) return html`<p class="notice">${t.noCardPayments}</p>`
  return html`<form method="post" action="${paths.checkoutPay()}" data-pay data-busy="${t.paying}">
<input type="hidden" name="quoteId" value="${payment.quoteId ?? quote.quoteId}">
<input type="hidden" name="key" value="${payment.key}">
<input type="hidden" name="total" value="${quote.total.amount}">
<input type="hidden" name="currency" value="${quote.total.currency}">
<input type="hidden" name="token" value="${payment.cardToken ?? ''}">
<fieldset class="plain"><legend class="sr">${t.payment}</legend>
${cardChoice(visit, shop.providerUrl, payment)}
${shop.testPayments && testChoices(visit)}
</fieldset>
<button class="button button-large">${t.pay(format.money(quote.total))}</button>
</form>`
}

function cardChoice({ t }: Visit, providerUrl: string, { cardToken }: Payment): Html {
  const body = cardToken
    ? html`<p class="good">${t.cardReady} <a class="quiet-link" href="${paths.checkout('payment')}">${t.cardOther}</a></p>`
    : html`<div class="card-fields" data-card-fields="${new URL('/v1/fields.js', providerUrl).href}"></div>
<p class="hint without-script">${t.payCardRedirect}</p><p class="hint with-script">${t.payCardHint}</p>`
  return html`<div class="pay-choice"><label class="radio"><input type="radio" name="method" value="card"${attrs({ checked: true })}><span class="radio-text"><strong>${t.payCard}</strong></span></label><div class="pay-inside">${body}</div></div>`
}

function testChoices({ t }: Visit): Html {
  return html`<div class="pay-choice test-choice"><p class="test-mark">${t.testPayment}</p><p class="hint">${t.testPaymentHint}</p>
<ul class="radio-list">${TEST_TOKENS.map(
    (token) =>
      html`<li><label class="radio"><input type="radio" name="method" value="${token}"><span class="radio-text">${t.tokens[token]} <code>${token}</code></span></label></li>`,
  )}</ul></div>`
}

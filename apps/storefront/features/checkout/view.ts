import type { BookedAddress, Cart, Money, Quote, ShippingOption } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import { icon } from '../../lib/icons.ts'
import { type CheckoutStep, paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { cityLine } from '../addresses/lines.ts'
import { addressForm, errorSummary } from './address-form.ts'
import type { Draft, FieldErrors } from './draft.ts'
import { type Payment, paymentForm } from './payment-form.ts'
import { shippingName } from './shipping-name.ts'

/** The checkout at one moment: where it stands, and what went wrong. */
export type CheckoutView = Readonly<{
  cart: Cart
  draft: Draft
  step: CheckoutStep
  quote: Quote | undefined
  payment: Payment
  /** Addresses that the shopper may choose from. */
  book: readonly BookedAddress[]
  wrong: FieldErrors
  /** What happened, in words, above everything. */
  notice?: string | undefined
}>

export const NO_ERRORS: FieldErrors = new Set()

/** Three numbered parts: those done are folded to a line, the one at hand is open. */
export async function checkoutBody(visit: Visit, view: CheckoutView): Promise<Html> {
  const { t } = visit
  const { step, quote, draft, wrong } = view
  const parts = [
    {
      step: 'address',
      title: t.stepAddress,
      done: draft.isAddressTaken && addressLine(visit, draft),
    },
    {
      step: 'shipping',
      title: t.stepShipping,
      done: chosenOption(view) && optionLine(visit, view),
    },
    { step: 'payment', title: t.stepPayment, done: false },
  ] as const
  const open = {
    address: async () =>
      html`${bookForm(visit, view.book)}${await addressForm(visit, draft, wrong)}`,
    shipping: async () => shippingForm(visit, view),
    payment: async () => (quote ? paymentForm(visit, quote, view.payment) : html``),
  }
  const inside = await open[step]()
  return html`<h1 class="sr">${t.secureCheckout}</h1>
<div class="checkout-body"><div class="steps">
${view.notice && html`<p class="notice notice-block" role="alert" tabindex="-1" autofocus>${icon('alert')} ${view.notice}</p>`}
${errorSummary(visit, wrong)}
${parts.map(({ step: name, title, done }, place) => {
  const isOpen = name === step
  return html`<section class="step${isOpen ? ' is-open' : done ? ' is-done' : ''}"${attrs({ 'aria-current': isOpen ? 'step' : undefined })}>
<h2><span class="step-number">${done && !isOpen ? icon('check') : place + 1}</span>${title}${done && !isOpen && html`<a class="quiet-link" href="${paths.checkout(name)}" aria-label="${t.changeStep(title)}">${t.change}</a>`}</h2>
${isOpen ? html`<div class="step-inside">${inside}</div>` : done && html`<div class="step-inside">${done}</div>`}</section>`
})}
</div>
${summary(visit, view)}
</div>`
}

/** Where parcels went before: one press, and the address is taken. */
function bookForm({ t }: Visit, book: readonly BookedAddress[]): Html | false {
  if (book.length === 0) return false
  return html`<form class="book" method="post" action="${paths.checkoutBook()}"><fieldset class="plain"><legend>${t.account.addresses}</legend>${book.map(
    ({ id, address }) =>
      html`<button class="book-entry" name="addressId" value="${id}"><strong><bdi>${address.name}</bdi></strong><span><bdi>${address.line1}, ${cityLine(address)}</bdi></span></button>`,
  )}</fieldset></form>`
}

function addressLine({ format }: Visit, draft: Draft): Html {
  const { name, line1, line2, country, email } = draft
  return html`<address>${[name, line1, line2].filter(Boolean).join(', ')}<br><bdi>${cityLine(draft)}</bdi> · <bdi>${format.country(country)}</bdi><br>${email}</address>`
}

function chosenOption({ quote, draft }: CheckoutView): ShippingOption | undefined {
  return quote?.shippingOptions.find(({ id }) => id === draft.shippingOptionId)
}

function optionLine(visit: Visit, view: CheckoutView): Html | false {
  const option = chosenOption(view)
  return (
    option !== undefined &&
    html`<p><bdi>${shippingName(visit.t, option)}</bdi> · ${optionPrice(visit, option.price)} · ${visit.t.arrives(visit.format.days(option.estimatedDelivery))}</p>`
  )
}

function optionPrice({ t, format }: Visit, price: Money): string {
  return price.amount === 0 ? t.free : format.money(price)
}

function shippingForm(visit: Visit, { quote, draft }: CheckoutView): Html {
  const { t, format } = visit
  const options = quote?.shippingOptions ?? []
  const chosen = options.find(({ id }) => id === draft.shippingOptionId) ?? options[0]
  return html`<form method="post" action="${paths.checkoutShipping()}"><fieldset class="plain"><legend class="sr">${t.stepShipping}</legend>
<ul class="radio-list">${options.map(
    ({
      id,
      name,
      price,
      estimatedDelivery,
    }) => html`<li><label class="radio"><input type="radio" name="shippingOptionId" value="${id}" required${attrs({ checked: id === chosen?.id })}>
<span class="radio-text"><strong>${t.arrives(format.days(estimatedDelivery))}</strong><span class="quiet"><bdi>${shippingName(t, { name })}</bdi></span></span><span class="radio-price">${optionPrice(visit, price)}</span></label></li>`,
  )}</ul></fieldset><button class="button button-large">${t.toPayment}</button></form>`
}

function summary(visit: Visit, { cart, quote }: CheckoutView): Html {
  const { t, format } = visit
  // What is not known yet is said where there is room for it.
  const row = (label: string, value: string | Html) =>
    html`<div${attrs({ class: quote ? undefined : 'when-wide' })}><dt>${label}</dt><dd>${value}</dd></div>`
  const subtotal = quote?.subtotal ?? cart.subtotal
  return html`<aside class="checkout-summary"><details class="sheet-summary"><summary><h2>${t.summary}</h2><span class="quiet">${t.itemsCount(cart.itemCount)}</span></summary>
<ul class="summary-lines">${cart.lines.map(
    ({ name, quantity, total }) =>
      html`<li><span>${quantity} × <bdi>${name}</bdi></span><span>${format.money(total)}</span></li>`,
  )}</ul></details>
<dl class="totals">
${quote && row(t.subtotal, format.money(subtotal))}
${quote && quote.discount.amount > 0 && row(t.discount, format.money({ ...quote.discount, amount: -quote.discount.amount }))}
${row(t.delivery, quote ? optionPrice(visit, quote.shipping) : t.afterAddress)}
${row(quote?.taxIncluded ? t.taxWithin : t.tax, quote ? format.money(quote.tax) : t.afterAddress)}
<div class="totals-total"><dt>${quote ? t.total : t.subtotal}</dt><dd>${format.price(quote?.total ?? subtotal)}</dd></div>
</dl>
${quote && quote.explain.length > 0 && html`<details class="more"><summary>${t.howCalculated}</summary><ul class="explain" lang="en" dir="ltr">${quote.explain.map((line) => html`<li>${line}</li>`)}</ul></details>`}
</aside>`
}

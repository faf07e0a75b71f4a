import { formatAmount } from '../currencies.ts'
import type { Reply } from '../http.ts'
import type { Payment } from '../model.ts'
import type { CardErrors } from './card-form.ts'
import { html, page } from './html.ts'
import type { BankWords } from './words.ts'

type Markup = ReturnType<typeof html>

function bank({ bank }: BankWords): Markup {
  return html`<p class="bank">${bank}</p>`
}

/**
 * The same three fields in the frame and on the page of its own. Figures are written from the left
 * wherever they stand.
 */
function cardFields(words: BankWords, expiry: string, errors: CardErrors): Markup {
  return html`
<div class="field">
<label for="number">${words.number}</label>
<div class="input" dir="ltr">
<input id="number" name="number" type="text" inputmode="numeric" autocomplete="cc-number" maxlength="23" placeholder="1234 1234 1234 1234" required ${invalid('number', errors)}>
<span class="brand" aria-hidden="true"></span>
</div>
${errorText('number', errors)}
</div>
<div class="pair">
<div class="field">
<label for="expiry">${words.expiry}</label>
<input dir="ltr" id="expiry" name="expiry" type="text" inputmode="numeric" autocomplete="cc-exp" maxlength="9" placeholder="${words.expiryForm}" value="${expiry}" required ${invalid('expiry', errors)}>
${errorText('expiry', errors)}
</div>
<div class="field">
<label for="cvc">${words.cvc}</label>
<input dir="ltr" id="cvc" name="cvc" type="text" inputmode="numeric" autocomplete="cc-csc" maxlength="4" placeholder="CVC" required ${invalid('cvc', errors)}>
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
  words: BankWords,
  options: Readonly<{ parent: string; shopOrigins: readonly string[] }>,
): Reply {
  return page({
    words,
    title: words.cardDetails,
    script: '/v1/fields-page.js',
    bodyClass: 'framed',
    frameAncestors: options.shopOrigins,
    body: html`<form method="post" action="/v1/fields" data-parent="${options.parent}" data-locale="${words.language}" data-faults="${JSON.stringify(words.faults)}" novalidate>
${cardFields(words, '', {})}
<noscript><p class="error">${words.needsScript}</p></noscript>
</form>`,
  })
}

export function hostedFormPage(
  words: BankWords,
  options: Readonly<{
    amount: number
    currency: string
    returnUrl: URL
    expiry: string
    errors: CardErrors
  }>,
): Reply {
  const { amount, currency, returnUrl, expiry, errors } = options
  const locale = words.language
  const target = { amount: `${amount}`, currency, returnUrl: returnUrl.href, locale }
  const hasErrors = Object.keys(errors).length > 0
  return page({
    status: hasErrors ? 422 : 200,
    words,
    title: hasErrors ? words.checkDetails : words.cardDetails,
    formOrigins: [returnUrl.origin],
    body: html`<main>
${bank(words)}
<h1>${words.cardDetails}</h1>
<p class="quiet">${words.payTo(formatAmount(amount, currency, locale), returnUrl.host)}</p>
<form method="post" action="/v1/hosted-form?${new URLSearchParams(target).toString()}" novalidate>
${cardFields(words, expiry, errors)}
<div class="actions"><button>${words.useCard}</button><a href="${returnUrl.href}">${words.back}</a></div>
</form>
</main>`,
  })
}

function summary(words: BankWords, { amount, currency, reference, card }: Payment): Markup {
  return html`<dl>
<dt>${words.amount}</dt><dd>${formatAmount(amount, currency, words.language)}</dd>
<dt>${words.order}</dt><dd>${reference}</dd>
<dt>${words.card}</dt><dd>${words.ending(card.brand, card.last4)}</dd>
</dl>`
}

/** The 3-D Secure page of the card's bank. */
export function actionPage(words: BankWords, payment: Payment, actionId: string): Reply {
  return page({
    words,
    title: words.confirm,
    formOrigins: payment.returnUrl === undefined ? [] : [new URL(payment.returnUrl).origin],
    body: html`<main>
${bank(words)}
<h1>${words.isThisYou}</h1>
<p class="quiet">${words.asks}</p>
${summary(words, payment)}
<form method="post" action="/v1/actions/${actionId}?locale=${words.language}">
<div class="actions">
<button name="choice" value="approve">${words.approve}</button>
<button class="second" name="choice" value="refuse">${words.refuse}</button>
</div>
</form>
</main>`,
  })
}

export function decidedPage(words: BankWords, payment: Payment): Reply {
  const back =
    payment.returnUrl === undefined
      ? html``
      : html`<p><a href="${payment.returnUrl}">${words.back}</a></p>`
  return page({
    words,
    title: words.decided[payment.status],
    body: html`<main>
${bank(words)}
<h1>${words.decided[payment.status]}</h1>
<p class="quiet">${words.nothingMore}</p>
${summary(words, payment)}
${back}
</main>`,
  })
}

export function refusalPage(words: BankWords, text: string, status = 400): Reply {
  return page({
    status,
    words,
    title: words.notPossible,
    body: html`<main>
${bank(words)}
<h1>${words.notPossible}</h1>
<p class="quiet">${text} ${words.tryAgain}</p>
</main>`,
  })
}

import { attrs, type Html, html } from '@stoa/html'
import { type AccountPage, paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'

type FieldFacts = Readonly<{
  name: string
  label: string
  type?: 'text' | 'email' | 'password'
  autocomplete: string
  value?: string | undefined
  hint?: string
  isWrong?: boolean
  inputmode?: string
  isOptional?: boolean
}>

/** A labelled field of an account's form. */
export function field(facts: FieldFacts): Html {
  const { name, label, type = 'text', autocomplete, value = '', hint, isWrong } = facts
  const more = attrs({
    required: facts.isOptional !== true,
    inputmode: facts.inputmode,
    'aria-invalid': isWrong ? 'true' : undefined,
    'aria-describedby': hint ? `${name}-hint` : undefined,
  })
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${value}" maxlength="254"${more}>
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}</div>`
}

/** What went wrong, before the form. */
export function notice(text: string | undefined): Html | false {
  return (
    text !== undefined &&
    html`<div class="error-summary" role="alert" tabindex="-1" autofocus><p>${text}</p></div>`
  )
}

/** A page of the account: the ways within it, then the page itself. */
export function accountFrame(visit: Visit, here: AccountPage | undefined, body: Html): Html {
  const { t } = visit
  const entry = (page: AccountPage, label: string) =>
    html`<li><a href="${paths.account(page)}"${attrs({ 'aria-current': page === here ? 'page' : undefined })}>${label}</a></li>`
  return html`<nav class="account-ways" aria-label="${t.account.yourAccount}"><ul>
<li><a href="${paths.account()}"${attrs({ 'aria-current': here === undefined ? 'page' : undefined })}>${t.account.yourAccount}</a></li>
<li><a href="${paths.orders()}">${t.orders}</a></li>
<li><a href="${paths.wishlists()}">${t.wishes.title}</a></li>
${entry('details', t.account.details)}
${entry('addresses', t.account.addresses)}
${entry('security', t.account.security)}
${visit.account?.permissions.includes('keys.write') && entry('keys', t.account.access.keys)}
${entry('privacy', t.account.privacy)}
</ul></nav>
<div class="account-page">${body}</div>`
}

import { attrs, type Html, html } from '@stoa/html'
import { paths } from '../../lib/paths.ts'
import type { Visit } from '../../lib/shop.ts'
import { type PostalField, postalFacts } from '../addresses/fields.ts'
import { isCityFirst } from '../addresses/lines.ts'
import { countryOptions } from '../markets/options.ts'
import { ADDRESS_FIELDS, type AddressField, type Draft, type FieldErrors } from './draft.ts'
import { regionField } from './regions.ts'

type FieldFacts = Readonly<{
  name: AddressField
  label: string
  autocomplete: string
  type?: string
  hint?: string
  isOptional?: boolean
}>

/** Part one: who gets it and where. Works for any country; fits the chosen one. */
export async function addressForm(visit: Visit, draft: Draft, wrong: FieldErrors): Promise<Html> {
  const { t } = visit
  const put = (facts: FieldFacts) => textField(visit, draft, wrong, facts)
  const postal = (
    name: Exclude<PostalField, 'country' | 'region'>,
    more: Partial<FieldFacts> = {},
  ) => put({ name, ...shippingFacts(visit, name), ...more })
  const [city, postalCode] = [postal('city'), postal('postalCode')]
  return html`<form method="post" action="${paths.checkoutAddress()}" novalidate data-checks>
${put({ name: 'email', label: t.email, autocomplete: 'email', type: 'email', hint: t.emailHint })}
${await countryField(visit, draft, wrong)}
${postal('name')}
${postal('line1')}
${postal('line2')}
<div class="field-pair">${isCityFirst(draft.country) ? [city, postalCode] : [postalCode, city]}</div>
${regionPart(visit, draft, wrong)}
${postal('phone', { type: 'tel', hint: t.phoneHint })}
<button class="button button-large">${t.toShipping}</button>
</form>`
}

function shippingFacts({ t }: Visit, name: Exclude<PostalField, 'country'>) {
  const facts = postalFacts(t)[name]
  return { ...facts, autocomplete: `shipping ${facts.autocomplete}` }
}

function describedBy(name: AddressField, hint: string | undefined, isWrong: boolean) {
  const ids = [isWrong && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ')
  return ids || undefined
}

function textField(visit: Visit, draft: Draft, wrong: FieldErrors, facts: FieldFacts): Html {
  const { name, label, autocomplete, type = 'text', hint, isOptional } = facts
  const isWrong = wrong.has(name)
  return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" value="${draft[name]}" maxlength="200"${attrs(
    {
      required: !isOptional,
      'aria-invalid': isWrong ? 'true' : undefined,
      'aria-describedby': describedBy(name, hint, isWrong),
      'data-error': visit.t.fieldErrors[name],
    },
  )}>
${fieldError(visit, name, isWrong)}
${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}</div>`
}

function fieldError({ t }: Visit, name: AddressField, isWrong: boolean): Html | false {
  return isWrong && html`<p class="field-error" id="${name}-error">${t.fieldErrors[name]}</p>`
}

async function countryField(visit: Visit, draft: Draft, wrong: FieldErrors): Promise<Html> {
  const { t, shop } = visit
  const isWrong = wrong.has('country')
  const state = attrs({
    'aria-invalid': isWrong ? 'true' : undefined,
    'aria-describedby': describedBy('country', undefined, isWrong),
  })
  return html`<div class="field"><label for="country">${t.country}</label><span class="field-row">
<select id="country" name="country" autocomplete="shipping country" data-country${state}>${countryOptions(visit, await shop.markets.list(), draft.country)}</select>
<button class="button button-quiet country-button" formaction="${paths.checkoutCountry()}">${t.useCountry}</button></span>
${fieldError(visit, 'country', isWrong)}</div>`
}

function regionPart(visit: Visit, draft: Draft, wrong: FieldErrors): Html | false {
  const { t } = visit
  const field = regionField(draft.country)
  const isWrong = wrong.has('region')
  if (field === undefined && !isWrong && !draft.region) return false
  if (field?.kind !== 'choice') {
    return textField(visit, draft, wrong, {
      name: 'region',
      ...shippingFacts(visit, 'region'),
      isOptional: false,
    })
  }
  return html`<div class="field"><label for="region">${t.region}</label>
<select id="region" name="region" autocomplete="shipping address-level1" required${attrs({ 'aria-invalid': isWrong ? 'true' : undefined, 'aria-describedby': describedBy('region', undefined, isWrong), 'data-error': t.fieldErrors.region })}>
<option value="">${t.regionChoose}</option>
${field.choices.map(({ code, name }) => html`<option value="${code}"${attrs({ selected: code === draft.region })}>${name}</option>`)}</select>
${fieldError(visit, 'region', isWrong)}</div>`
}

/** The errors together, before the form: it takes the focus, and its links lead to the fields. */
export function errorSummary({ t }: Visit, wrong: FieldErrors): Html | false {
  if (wrong.size === 0) return false
  return html`<div class="error-summary" role="alert" tabindex="-1" autofocus><h2>${t.errorSummary(wrong.size)}</h2><ul>${ADDRESS_FIELDS.filter((name) => wrong.has(name)).map((name) => html`<li><a href="#${name}">${t.fieldErrors[name]}</a></li>`)}</ul></div>`
}

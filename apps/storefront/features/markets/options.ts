import type { Operations } from '@stoa/client'
import { attrs, type Html, html } from '@stoa/html'
import type { Visit } from '../../lib/shop.ts'
import { LANGUAGES, messagesFor } from '../../messages/index.ts'

type Listed = Operations['listMarkets']['reply']
type Option = Readonly<{ value: string; label: string; lang?: string }>
type Names = Readonly<{ countries: readonly Option[]; currencies: readonly Option[] }>

/** Naming and sorting countries takes a millisecond: done once for each list and language. */
const known = new WeakMap<Listed, Map<string, Names>>()

function namesOf({ choice, format }: Visit, listed: Listed): Names {
  let byLanguage = known.get(listed)
  if (!byLanguage) {
    byLanguage = new Map()
    known.set(listed, byLanguage)
  }
  let names = byLanguage.get(choice.language)
  if (!names) {
    const { compare } = new Intl.Collator(choice.language)
    names = {
      countries: listed.items
        .map(({ country }) => ({ value: country, label: format.country(country) }))
        .toSorted((a, b) => compare(a.label, b.label)),
      currencies: listed.currencies.map((code) => ({
        value: code,
        label: `${code} · ${format.currency(code)}`,
      })),
    }
    byLanguage.set(choice.language, names)
  }
  return names
}

function optionList(options: readonly Option[], chosen: string): Html {
  return html`${options.map(({ value, label, lang }) => html`<option value="${value}"${attrs({ lang, selected: value === chosen })}>${label}</option>`)}`
}

/** Countries that the shop sells to, by name. */
export function countryOptions(visit: Visit, listed: Listed, chosen: string): Html {
  return optionList(namesOf(visit, listed).countries, chosen)
}

/** The three choices of a shopper's market, as fields of a form. */
export function marketFields(visit: Visit, listed: Listed, idPrefix: string): Html {
  const { t, choice } = visit
  const names = namesOf(visit, listed)
  const languages = LANGUAGES.map((code) => ({
    value: code,
    label: messagesFor(code).language,
    lang: code,
  }))
  const field = (name: keyof typeof choice, label: string, options: readonly Option[]) =>
    html`<div class="field"><label for="${idPrefix}-${name}">${label}</label><select id="${idPrefix}-${name}" name="${name}">${optionList(options, choice[name])}</select></div>`
  return html`${field('country', t.country, names.countries)}
${field('currency', t.currency, names.currencies)}
${field('language', t.languageLabel, languages)}`
}

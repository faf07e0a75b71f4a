import { type Html, html } from '@stoa/html'
import { currencyExponent, type Money } from '../../../contracts/kit/money.ts'

/** Money, dates and numbers as the shopper's language and country write them. */
export type Format = Readonly<{
  /** Text: "€24.90". */
  money(money: Money): string
  /** Text, without minor units: "€25". */
  whole(money: Money): string
  /** Markup with small raised minor units. */
  price(money: Money): Html
  number(value: number): string
  /** In few letters: "33K", "3,9 Mio.", "3.3万". */
  compact(value: number): string
  /** "12 May" */
  day(iso: string): string
  /** "12 May 2026" */
  date(iso: string): string
  /** "12 May, 14:30 UTC" */
  moment(iso: string): string
  /** "12–14 May" */
  days(range: Days): string
  country(code: string): string
  currency(code: string): string
  list(items: readonly string[]): string
}>

/** ISO dates. */
type Days = Readonly<{ earliest: string; latest: string }>

const formats = new Map<string, Format>()

/**
 * The locale of a shopper. Arabic comes with the digits that shops write there, which are also those
 * of the products' names.
 */
export function localeOf({
  language,
  country,
}: Readonly<{ language: string; country: string }>): string {
  return `${language}-${country}${language === 'ar' ? '-u-nu-latn' : ''}`
}

/** @param locale BCP 47, such as `de-AT`. Kept: making formatters is slow. */
export function formatFor(locale: string): Format {
  let format = formats.get(locale)
  if (!format) {
    format = createFormat(locale)
    formats.set(locale, format)
  }
  return format
}

function createFormat(locale: string): Format {
  const currencies = new Map<string, Intl.NumberFormat>()
  const moneyFormat = (currency: string, digits = currencyExponent(currency)) => {
    const name = `${currency} ${digits}`
    let format = currencies.get(name)
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        currencyDisplay: 'narrowSymbol',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      })
      currencies.set(name, format)
    }
    return format
  }
  const numbers = new Intl.NumberFormat(locale)
  const compact = new Intl.NumberFormat(locale, {
    notation: 'compact',
    maximumSignificantDigits: 2,
  })
  const date = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const
  const days = new Intl.DateTimeFormat(locale, date)
  const dates = new Intl.DateTimeFormat(locale, { ...date, year: 'numeric' })
  const moments = new Intl.DateTimeFormat(locale, {
    ...date,
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const countries = new Intl.DisplayNames(locale, { type: 'region' })
  const currencyNames = new Intl.DisplayNames(locale, { type: 'currency' })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    money: ({ amount, currency }) =>
      closed(moneyFormat(currency).format(toMajor(amount, currency))),
    whole: ({ amount, currency }) =>
      closed(moneyFormat(currency, 0).format(toMajor(amount, currency))),
    price: remembered(
      ({ currency, amount }: Money) => `${currency}${amount}`,
      (money: Money) => priceMarkup(moneyFormat(money.currency), money),
    ),
    number: remembered(String, (value: number) => numbers.format(value)),
    compact: remembered(String, (value: number) => compact.format(value)),
    day: (iso) => days.format(new Date(iso)),
    date: (iso) => dates.format(new Date(iso)),
    moment: (iso) => moments.format(new Date(iso)),
    days: remembered(
      ({ earliest, latest }: Days) => `${earliest} ${latest}`,
      ({ earliest, latest }: Days) =>
        together(days.formatRange(new Date(earliest), new Date(latest))),
    ),
    country: remembered(String, (code: string) => countries.of(code) ?? code),
    currency: (code) => currencyNames.of(code) ?? code,
    list: (items) => lists.format(items),
  }
}

const REMEMBERED = 20_000

/** Formatting by Intl takes microseconds, and a page shows hundreds of figures, mostly the same ones. */
function remembered<Input, Output>(
  key: (input: Input) => string,
  make: (input: Input) => Output,
): (input: Input) => Output {
  const known = new Map<string, Output>()
  return (input) => {
    const name = key(input)
    let output = known.get(name)
    if (output === undefined) {
      if (known.size >= REMEMBERED) known.clear()
      output = make(input)
      known.set(name, output)
    }
    return output
  }
}

/** A day stays on one line with its month. */
function together(days: string): string {
  return days.replace(/(\d\.?) (?=\p{L})|(\p{L}\.?) (?=\d)/gu, '$1$2\u00a0')
}

/** A sign like US$ stays whole among letters that are read from the right. */
function closed(money: string): string {
  return money.replace(/[A-Z]\$(?!\S)/, '$&\u200e')
}

/** For showing only: amounts are exact in a double up to far beyond any price. */
function toMajor(amount: number, currency: string): number {
  return amount / 10 ** currencyExponent(currency)
}

/** The point stays in the text, for readers and for copying, and is not seen. */
function priceMarkup(format: Intl.NumberFormat, { amount, currency }: Money): Html {
  const parts = format.formatToParts(toMajor(amount, currency)).map(({ type, value }) => {
    if (type === 'fraction') return html`<span class="minor">${value}</span>`
    if (type === 'decimal') return html`<span class="point">${value}</span>`
    if (type === 'currency') return html`<span class="sign">${closed(value)}</span>`
    return value
  })
  return html`<span class="price">${parts}</span>`
}

/** A name in few letters, ended after a word: said in notices, which are no place for the whole of it. */
export function shortened(name: string, most = 60): string {
  if (name.length <= most) return name
  const cut = name.slice(0, most + 1)
  const end = cut.lastIndexOf(' ')
  return `${cut.slice(0, end > most / 2 ? end : most).replace(/[\s,.;:-]+$/, '')}…`
}

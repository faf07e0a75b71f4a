import type { Language } from '#contracts/kit/language.ts'
import { type Money, toDecimal } from '#contracts/kit/money.ts'

/** How a letter writes money and days. */
export type LetterFormat = Readonly<{
  money(money: Money): string
  /** A range of ISO dates. */
  days(range: Readonly<{ earliest: string; latest: string }>): string
  number(value: number): string
  country(code: string): string
}>

const DAY = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const

/** @param country of the reader; null: as the language is mostly written. */
export function letterFormat(language: Language, country: string | null): LetterFormat {
  const place = country === null ? language : `${language}-${country}`
  const locale = language === 'ar' ? `${place}-u-nu-latn` : place
  return {
    money(money) {
      const style = { style: 'currency', currency: money.currency } as const
      const text = toDecimal(money) as Intl.StringNumericLiteral
      return new Intl.NumberFormat(locale, style).format(text)
    },
    days({ earliest, latest }) {
      return new Intl.DateTimeFormat(locale, DAY).formatRange(new Date(earliest), new Date(latest))
    },
    number: (value) => new Intl.NumberFormat(locale).format(value),
    country: (code) => new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code,
  }
}

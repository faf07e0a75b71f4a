import { SHOP_LOCALE } from '#contracts/catalog/schemas.ts'
import type { ProductRecord, Translation } from './model.ts'

/** A locale and what stands in for it: de-AT, de. */
function chainOf(locale: string): string[] {
  const parts = locale.split('-')
  return parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'))
}

/**
 * The translation to show: of what the reader wants, the first that there is, by `de-AT → de →`
 * the next of his languages. Undefined is the product's own text.
 * @param acceptLanguage of RFC 9110, 12.5.4; `wanted` goes before it.
 */
export function chooseLocale(
  locales: readonly string[],
  wanted: string | undefined,
  acceptLanguage: string | undefined,
): string | undefined {
  if (locales.length === 0) return undefined
  const asked = wanted === undefined ? readAcceptLanguage(acceptLanguage ?? '') : [wanted]
  for (const locale of asked.flatMap(chainOf)) {
    const found = locales.find((one) => one.toLowerCase() === locale.toLowerCase())
    if (found !== undefined) return found
    if (locale.toLowerCase() === SHOP_LOCALE) return undefined
  }
  return undefined
}

const LANGUAGES_MAX = 20

/** Languages by how much they are wanted. */
function readAcceptLanguage(header: string): string[] {
  return header
    .split(',', LANGUAGES_MAX)
    .flatMap((part) => {
      const match =
        /^\s*([a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(part)
      return match ? [{ locale: match[1] as string, weight: Number(match[2] ?? 1) }] : []
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ locale }) => locale)
}

/** The product with its texts in a language; what is not translated there falls back, text by text. */
export function translated(record: ProductRecord, locale: string | undefined): ProductRecord {
  if (locale === undefined) return record
  const chain = chainOf(locale).flatMap((one) =>
    record.translations.filter((translation) => translation.locale === one),
  )
  const textOf = (read: (translation: Translation) => string | null): string | null =>
    chain.map(read).find((text) => text !== null) ?? null
  return {
    ...record,
    name: textOf(({ name }) => name) ?? record.name,
    description: textOf(({ description }) => description) ?? record.description,
  }
}

import type { Operations } from '@stoa/client'
import type { FastifyRequest } from 'fastify'
import { LANGUAGE } from '../../lib/paths.ts'
import { isLanguage, type Language } from '../../messages/index.ts'
import type { Markets } from './markets.ts'

type Listed = Operations['listMarkets']['reply']

export type Choice = Readonly<{ country: string; currency: string; language: Language }>

/**
 * The shopper's country, currency and language: as chosen, else as the browser suggests. An address
 * that names its language (`?lang=`) is shown in that one.
 */
export async function readChoice(markets: Markets, request: FastifyRequest): Promise<Choice> {
  const listed = await markets.list()
  const { items, currencies } = listed
  const countries = currencyOf(listed)
  const [country = '', currency = '', language = ''] = (request.cookies['market'] ?? '').split('.')
  const wished = browserLanguage(request.headers['accept-language'])
  const named = languageOfAddress(request)
  const chosenCountry = [country, wished.country, 'US'].find((code) => countries.has(code))
  const standard = countries.get(chosenCountry ?? '') ?? currencies[0] ?? 'USD'
  return {
    country: chosenCountry ?? items[0]?.country ?? 'US',
    currency: currencies.includes(currency) ? currency : standard,
    language: named ?? (isLanguage(language) ? language : wished.language),
  }
}

/** The language that the address names. */
export function languageOfAddress({ query }: FastifyRequest): Language | undefined {
  const named = (query as Readonly<Record<string, unknown>> | undefined)?.[LANGUAGE]
  return isLanguage(named) ? named : undefined
}

/** As a cookie remembers it. */
export function writeChoice({ country, currency, language }: Choice): string {
  return `${country}.${currency}.${language}`
}

const known = new WeakMap<Listed, ReadonlyMap<string, string>>()

/** Currency by country; every page asks, and the list changes every few minutes. */
function currencyOf(listed: Listed): ReadonlyMap<string, string> {
  let countries = known.get(listed)
  if (!countries) {
    countries = new Map(listed.items.map(({ country, currency }) => [country, currency]))
    known.set(listed, countries)
  }
  return countries
}

/** The first language of the list that the shop speaks, and the country it names. */
function browserLanguage(header: string | undefined): { language: Language; country: string } {
  for (const entry of (header ?? '').split(',').slice(0, 8)) {
    const [, language = '', country = ''] = /^\s*([a-z]{2})(?:-([A-Za-z]{2}))?/.exec(entry) ?? []
    if (isLanguage(language)) return { language, country: country.toUpperCase() }
  }
  return { language: 'en', country: '' }
}

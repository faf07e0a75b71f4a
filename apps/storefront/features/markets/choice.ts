import type { Operations } from '@stoa/client'
import type { FastifyRequest } from 'fastify'
import type { Shop } from '../../lib/shop.ts'
import { LANGUAGES, type Language } from '../../messages/index.ts'

type Listed = Operations['listMarkets']['reply']

export type Choice = Readonly<{ country: string; currency: string; language: Language }>

/** The shopper's country, currency and language: as chosen, else as the browser suggests. */
export async function readChoice(shop: Shop, request: FastifyRequest): Promise<Choice> {
  const listed = await shop.markets.list()
  const { items, currencies } = listed
  const countries = currencyOf(listed)
  const [country = '', currency = '', language = ''] = (request.cookies['market'] ?? '').split('.')
  const wished = browserLanguage(request.headers['accept-language'])
  const chosenCountry = [country, wished.country, 'US'].find((code) => countries.has(code))
  const standard = countries.get(chosenCountry ?? '') ?? currencies[0] ?? 'USD'
  return {
    country: chosenCountry ?? items[0]?.country ?? 'US',
    currency: currencies.includes(currency) ? currency : standard,
    language: isLanguage(language) ? language : wished.language,
  }
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

export function isLanguage(text: string): text is Language {
  return (LANGUAGES as readonly string[]).includes(text)
}

/** The first language of the list that the shop speaks, and the country it names. */
function browserLanguage(header: string | undefined): { language: Language; country: string } {
  for (const entry of (header ?? '').split(',').slice(0, 8)) {
    const [, language = '', country = ''] = /^\s*([a-z]{2})(?:-([A-Za-z]{2}))?/.exec(entry) ?? []
    if (isLanguage(language)) return { language, country: country.toUpperCase() }
  }
  return { language: 'en', country: '' }
}

import type { FastifyRequest } from 'fastify'
import type { Shop } from '../../lib/shop.ts'
import { LANGUAGES, type Language } from '../../messages/index.ts'

export type Choice = Readonly<{ country: string; currency: string; language: Language }>

/** The shopper's country, currency and language: as chosen, else as the browser suggests. */
export async function readChoice(shop: Shop, request: FastifyRequest): Promise<Choice> {
  const { items, currencies } = await shop.markets.list()
  const countries = new Map(items.map((market) => [market.country, market.currency]))
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

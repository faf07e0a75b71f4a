import { SHOP_LOCALE } from '#contracts/catalog/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { SearchInput } from './api.ts'
import { attributeName } from './documents.ts'
import {
  languagesOf,
  MAX_ATTRIBUTE_FILTERS,
  MAX_POSITION,
  type SearchQuery,
  type Synonym,
} from './engine/index.ts'
import { BASE_MARKET, type Bounds } from './exchange.ts'

/** More letters than these are never a search. */
const MAX_TEXT = 500
const MAX_VALUES = 50

/**
 * What was asked, in the index's words. Equal questions give equal queries, whatever the order of
 * their filters.
 */
export function toSearchQuery(
  input: SearchInput,
  known: Readonly<{
    categoryId?: string | undefined
    bounds: Bounds
    baseCurrency: string
    synonyms?: readonly Synonym[]
  }>,
): SearchQuery {
  const { min, max } = known.bounds
  const languages = languagesFor(input.q, input.locale)
  const attributes = Object.entries(input.attributes)
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => ({ name: attributeName(name), values: spellings(values) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    text: input.q.slice(0, MAX_TEXT).normalize('NFC').replace(/\s+/g, ' ').trim(),
    filters: {
      ...(known.categoryId !== undefined && { categories: [known.categoryId] }),
      ...(input.brand && { brands: spellings(input.brand) }),
      ...(input.seller && { sellers: [...input.seller].sort() }),
      ...(min !== undefined && { priceMin: min }),
      ...(max !== undefined && { priceMax: max }),
      ...(input.minRating !== undefined && { ratingMin: input.minRating }),
      ...(input.inStock && { inStock: true }),
      ...(input.onSale && { onSale: true }),
      ...(attributes.length > 0 && { attributes }),
    },
    market: { market: BASE_MARKET, currency: known.baseCurrency },
    sort: input.sort,
    ...(input.after ? { after: input.after } : { page: input.page }),
    limit: input.limit,
    facets: {},
    ...(known.synonyms?.length && { synonyms: known.synonyms }),
    ...(languages.length > 0 && { languages }),
    ...(input.explain && { explain: true }),
  }
}

/** In whose translations the words are looked for: none for words of the shop's own language. */
export function languagesFor(text: string, locale: string | undefined): readonly string[] {
  if (text.trim() === '') return []
  return languagesOf(text, locale?.toLowerCase() === SHOP_LOCALE ? undefined : locale)
}

/** @throws validation_failed for what no index answers. */
export function assertAnswerable({ page, limit, attributes, after }: SearchInput): void {
  if (!after && page * limit > MAX_POSITION) {
    throw refusal(
      'query.page',
      `times limit is at most ${MAX_POSITION.toLocaleString('en')}: narrow the search instead`,
    )
  }
  if (Object.keys(attributes).length > MAX_ATTRIBUTE_FILTERS) {
    throw refusal('query.attr', `names at most ${MAX_ATTRIBUTE_FILTERS} attributes`)
  }
  const many = Object.entries(attributes).find(([, values]) => values.length > MAX_VALUES)
  if (many) throw refusal(`query.attr.${many[0]}`, `has at most ${MAX_VALUES} values`)
}

function refusal(path: string, message: string) {
  return generalProblem('validation_failed', {
    detail: `${path} ${message}`,
    errors: [{ path, message }],
  })
}

/** The ways in which a value that a person typed may be written in the catalogue. */
export function spellings(values: readonly string[]): string[] {
  const all = values.flatMap((value) => {
    const lower = value.toLowerCase()
    return [value, lower, value.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)]
  })
  return [...new Set(all)].sort()
}

import type { Market, SearchFilters } from '../engine/index.ts'
import { RATING_UNIT } from '../engine/segment/live.ts'
import { optionOf } from './documents.ts'
import { priceField } from './mapping.ts'

export type Clause = Readonly<Record<string, unknown>>

/** A filter that a facet shows choices of: the facet is counted without it. */
export type FacetFilter = Readonly<{ facet: FacetName; clause: Clause }>
export type FacetName = 'category' | 'brand' | 'price' | 'rating' | Readonly<{ attribute: string }>

/** One filter on an attribute: what the nested variants are tested for. */
export type AttributeGroup = Readonly<{ name: string; clause: Clause }>

export type Filters = Readonly<{
  /** What no facet shows. */
  plain: readonly Clause[]
  faceted: readonly FacetFilter[]
  groups: readonly AttributeGroup[]
}>

export const ACTIVE: Clause = { term: { active: true } }

export function allOf(clauses: readonly Clause[]): Clause {
  return { bool: { filter: clauses } }
}

/** Any variant that meets all of these. */
function variantWith(groups: readonly AttributeGroup[]): Clause {
  return {
    nested: { path: 'variants', query: allOf(groups.map(({ clause }) => clause)) },
  }
}

/** A market's own flag where it has a price, else the product's. */
export function flagged(flag: 'in_stock' | 'on_sale', market: Market | undefined): Clause {
  if (!market) return { term: { [flag]: true } }
  const price = priceField(market)
  return {
    bool: {
      should: [
        { term: { [`${price}.${flag}`]: true } },
        {
          bool: {
            filter: { term: { [flag]: true } },
            must_not: { exists: { field: `${price}.amount` } },
          },
        },
      ],
      minimum_should_match: 1,
    },
  }
}

function given<Item>(list: readonly Item[] | undefined): list is readonly Item[] {
  return list !== undefined && list.length > 0
}

export function filtersOf(filters: SearchFilters, market: Market | undefined): Filters {
  const { categories, brands, sellers, priceMin, priceMax, ratingMin } = filters
  const groups = (filters.attributes ?? [])
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => {
      const options = values.map((value) => optionOf({ name, value }))
      return { name, clause: { terms: { 'variants.options': options } } }
    })
  const faceted: FacetFilter[] = []
  if (given(categories)) faceted.push({ facet: 'category', clause: { terms: { categories } } })
  if (given(brands)) faceted.push({ facet: 'brand', clause: { terms: { brand: brands } } })
  if (priceMin !== undefined || priceMax !== undefined) {
    faceted.push({ facet: 'price', clause: priceWithin({ priceMin, priceMax }, market) })
  }
  if (ratingMin !== undefined) {
    const least = Math.ceil(ratingMin * RATING_UNIT - 1e-6)
    faceted.push({ facet: 'rating', clause: { range: { rating: { gte: least } } } })
  }
  return {
    plain: [
      ...(given(sellers) ? [{ terms: { sellers } }] : []),
      ...(filters.inStock ? [flagged('in_stock', market)] : []),
      ...(filters.onSale ? [flagged('on_sale', market)] : []),
    ],
    faceted,
    groups,
  }
}

/** Without a market nothing has a price. */
function priceWithin(
  {
    priceMin,
    priceMax,
  }: Readonly<{
    priceMin: number | undefined
    priceMax: number | undefined
  }>,
  market: Market | undefined,
): Clause {
  if (!market) return { match_none: {} }
  const bounds = {
    ...(priceMin !== undefined && { gte: priceMin }),
    ...(priceMax !== undefined && { lte: priceMax }),
  }
  return { range: { [`${priceField(market)}.amount`]: bounds } }
}

/** All filters that a facet shows choices of, but its own. */
export function otherFilters({ faceted, groups }: Filters, facet: FacetName | null): Clause[] {
  const clauses = faceted.filter((each) => each.facet !== facet).map(({ clause }) => clause)
  const rest = otherGroups(groups, facet)
  return rest.length > 0 ? [...clauses, variantWith(rest)] : clauses
}

export function otherGroups(
  groups: readonly AttributeGroup[],
  facet: FacetName | null,
): AttributeGroup[] {
  const own = facet !== null && typeof facet === 'object' ? facet.attribute : undefined
  return groups.filter(({ name }) => name !== own)
}

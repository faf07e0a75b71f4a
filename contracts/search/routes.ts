import { z } from 'zod'
import { Locale } from '../catalog/admin-schemas.ts'
import { MarketQuery } from '../catalog/routes.ts'
import { ProductSummary } from '../catalog/schemas.ts'
import { queryBool, queryInt } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { searchAdminRoutes } from './admin.ts'
import { QueryId, SearchEvent } from './schemas.ts'

export const SORTS = ['relevance', 'price', '-price', 'rating', 'newest', 'popular'] as const

const FacetValue = z
  .strictObject({ value: z.string(), label: z.string(), count: z.int(), selected: z.boolean() })
  .meta({ id: 'FacetValue' })

/** Counts of what each further choice would give, each facet without its own selection. */
export const Facet = z
  .strictObject({ name: z.string(), label: z.string(), values: z.array(FacetValue) })
  .meta({ id: 'Facet' })

/** Why a product stands where it stands: the parts that its score is multiplied from. */
const Explanation = z
  .strictObject({
    formula: z.string(),
    words: z.array(
      z.strictObject({
        word: z.string(),
        matched: z.string(),
        inverseFrequency: z.number(),
        impact: z.number(),
        score: z.number(),
      }),
    ),
    text: z.number(),
    boosts: z.record(z.string(), z.number()),
    popularityAndRating: z.number(),
    stock: z.number(),
    score: z.number(),
  })
  .meta({ id: 'ScoreExplanation' })

const SearchItem = ProductSummary.extend({
  explain: Explanation.optional().describe('For operators who ask for it'),
}).meta({ id: 'SearchItem' })

export const SearchResult = z
  .strictObject({
    queryId: z.string().describe('By which clicks on the results are told'),
    redirect: z
      .string()
      .optional()
      .describe('A path of this shop that the shop wants shown for this search'),
    items: z.array(SearchItem),
    total: z.int(),
    page: z.int(),
    limit: z.int(),
    nextCursor: z.string().nullable(),
    currency: z.string(),
    facets: z.strictObject({
      category: Facet.describe('A tree in order: each category comes before those below it'),
      brand: Facet,
      price: z.strictObject({
        name: z.literal('price'),
        label: z.string(),
        min: z.int().nullable(),
        max: z.int().nullable(),
        buckets: z.array(z.strictObject({ from: z.int(), to: z.int(), count: z.int() })),
      }),
      rating: Facet,
      attributes: z.array(Facet),
    }),
    facetsApproximate: z
      .boolean()
      .optional()
      .describe('True where so much was found that facets were counted on a sample of it'),
    correctedQuery: z
      .string()
      .optional()
      .describe('What was searched instead, if the words were misspelt'),
    relaxed: z
      .array(z.string())
      .optional()
      .describe('Words that were left out, because all together found nothing'),
    rules: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          kind: z.string(),
          productIds: z.array(z.string()).describe('The shown products that it moved'),
        }),
      )
      .optional()
      .describe('The shop’s rules that this search met, for operators who ask for it'),
    instead: z
      .strictObject({
        reason: z
          .enum(['without_filters', 'popular'])
          .describe('The same search without its filters, or what is popular here'),
        items: z.array(SearchItem),
        categories: z.array(FacetValue).describe('A tree in order, to go on with'),
      })
      .optional()
      .describe('Where nothing was found: what to show in its place'),
    degraded: z
      .boolean()
      .optional()
      .describe('True while a simpler search stands in for the index'),
  })
  .meta({ id: 'SearchResult' })
export type SearchResult = Readonly<z.infer<typeof SearchResult>>

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (Array.isArray(value) ? value : [value]).flatMap((text) => text.split(',')))
  .pipe(z.array(z.string().trim().min(1).max(200)).max(50))

/** Filters on attributes are `attr.<name>`; several values of one are alternatives. */
export const SearchQuery = z
  .looseObject({
    ...MarketQuery,
    q: z.string().max(500).optional(),
    queryId: QueryId.optional().describe('Of a further page: that of the first one'),
    locale: Locale.optional().describe('Language of the words; the shop’s own unless told'),
    category: z.string().max(200).optional(),
    brand: list.optional(),
    seller: list.optional(),
    minPrice: queryInt(0, 1_000_000_000_000).optional(),
    maxPrice: queryInt(0, 1_000_000_000_000).optional(),
    minRating: z
      .string()
      .regex(/^\d(\.\d)?$/, 'is a number from 0 to 5')
      .transform(Number)
      .pipe(z.number().max(5))
      .optional(),
    inStock: queryBool.optional(),
    onSale: queryBool.optional(),
    explain: queryBool.optional().describe('Tells how each item came by its place; operators only'),
    sort: z.enum(SORTS).optional(),
    page: queryInt(1, 500).optional(),
    cursor: z
      .string()
      .max(500)
      .optional()
      .describe(
        'nextCursor of the page before, in the place of `page`; reaches as deep as there are hits',
      ),
    limit: queryInt(1, 100).optional(),
  })
  .refine((q) => q.minPrice === undefined || q.maxPrice === undefined || q.minPrice <= q.maxPrice, {
    path: ['maxPrice'],
    message: 'is not below minPrice',
  })

export const search = route({
  operation: 'search',
  summary: 'Searches and browses products, with facets',
  method: 'GET',
  path: '/api/v1/search',
  access: ['public'],
  traffic: 'browse',
  query: SearchQuery,
  replies: { 200: SearchResult },
  problems: ['catalog.currency_not_sold', 'pricing.market_unknown', 'not_found', 'forbidden'],
  cacheSeconds: 30,
})

export const suggest = route({
  operation: 'suggest',
  summary: 'Completions, categories and products as one types',
  method: 'GET',
  path: '/api/v1/search/suggest',
  access: ['public'],
  traffic: 'browse',
  query: z.object({
    ...MarketQuery,
    q: z.string().max(200),
    locale: Locale.optional().describe('Language of the words; the shop’s own unless told'),
    limit: queryInt(1, 20).optional(),
  }),
  replies: {
    200: z.strictObject({
      completions: z.array(z.string()),
      categories: z.array(
        z.strictObject({ id: z.string(), slug: z.string(), name: z.string(), count: z.int() }),
      ),
      products: z.array(
        z.strictObject({
          id: z.string(),
          slug: z.string(),
          name: z.string(),
          image: z.string().optional(),
        }),
      ),
    }),
  },
  problems: ['catalog.currency_not_sold', 'pricing.market_unknown'],
  cacheSeconds: 60,
})

export const recordSearchEvents = route({
  operation: 'recordSearchEvents',
  summary: 'Tells what came of searches; taken in without waiting, and kept if it makes sense',
  method: 'POST',
  path: '/api/v1/search/events',
  access: ['public'],
  traffic: 'browse',
  limit: { burst: 60, perSecond: 2 },
  body: z.strictObject({ events: z.array(SearchEvent).min(1).max(50) }),
  replies: { 202: z.strictObject({ accepted: z.int() }) },
})

export const searchRoutes = [search, suggest, recordSearchEvents, ...searchAdminRoutes] as const

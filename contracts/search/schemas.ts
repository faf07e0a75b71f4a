import { z } from 'zod'
import { Line, Locale, RecordId } from '../catalog/admin-schemas.ts'
import { CalendarDate, Timestamp } from '../kit/page.ts'

const Words = Line(100)
/** As many words in a row are looked up. */
const RUN = 3
const isRun = (text: string) => text.trim().split(/\s+/).length <= RUN

/** Other words for the same goods. */
export const NewSynonym = z
  .strictObject({
    from: Words,
    to: z.array(Words).min(1).max(20),
    oneWay: z.boolean().optional().describe('Only a search for `from` also finds `to`'),
    locale: Locale.nullable().optional().describe('Absent or null: in every language'),
    enabled: z.boolean().optional(),
  })
  .refine(({ from, to, oneWay }) => [from, ...(oneWay ? [] : to)].every(isRun), {
    message: `has words to look for of at most ${RUN} in a row`,
  })
export type NewSynonym = Readonly<z.infer<typeof NewSynonym>>

const Record = { id: z.string(), version: z.int(), createdAt: Timestamp, updatedAt: Timestamp }

export const SearchSynonym = z
  .strictObject({
    ...Record,
    from: z.string(),
    to: z.array(z.string()),
    oneWay: z.boolean(),
    locale: z.string().nullable(),
    enabled: z.boolean(),
  })
  .meta({ id: 'SearchSynonym' })
export type SearchSynonym = Readonly<z.infer<typeof SearchSynonym>>

/** Which products a rule lifts or sinks. */
const Target = z.union([
  z.strictObject({ productIds: z.array(RecordId).min(1).max(100) }),
  z.strictObject({ brand: Line(200) }),
  z.strictObject({ categoryId: RecordId }),
])

const areDistinct = (values: readonly unknown[]) => new Set(values).size === values.length

export const RuleEffect = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('pin'),
      products: z
        .array(z.strictObject({ productId: RecordId, position: z.int().min(1).max(100) }))
        .min(1)
        .max(50)
        .refine(
          (pins) =>
            areDistinct(pins.map(({ productId }) => productId)) &&
            areDistinct(pins.map(({ position }) => position)),
          'names each product and each position once',
        ),
    }),
    z.strictObject({
      kind: z.literal('boost'),
      target: Target,
      factor: z.number().min(1).max(100).describe('What its score is multiplied by'),
    }),
    z.strictObject({ kind: z.literal('bury'), target: Target }),
    z.strictObject({
      kind: z.literal('redirect'),
      path: z
        .string()
        .max(500)
        .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'is a path of this shop, such as /c/laptops'),
    }),
  ])
  .meta({ id: 'SearchRuleEffect' })
export type RuleEffect = Readonly<z.infer<typeof RuleEffect>>

export const RuleCondition = z
  .strictObject({
    query: z
      .strictObject({ match: z.enum(['equals', 'contains']), words: Line(200) })
      .optional()
      .describe('Words are compared as the search reads them: singular, without accents'),
    categoryId: RecordId.optional().describe('The category that was chosen'),
  })
  .refine(({ query, categoryId }) => query !== undefined || categoryId !== undefined, {
    message: 'has words or a category',
  })
  .meta({ id: 'SearchRuleCondition' })
export type RuleCondition = Readonly<z.infer<typeof RuleCondition>>

/** What to show otherwise than the engine would, for some searches. */
export const NewRule = z
  .strictObject({
    name: Line(200),
    condition: RuleCondition,
    effect: RuleEffect,
    priority: z.int().min(0).max(1000).optional().describe('Of rivals the highest wins'),
    startsAt: Timestamp.nullable().optional(),
    endsAt: Timestamp.nullable().optional(),
    enabled: z.boolean().optional(),
  })
  .refine(({ startsAt, endsAt }) => !startsAt || !endsAt || startsAt < endsAt, {
    path: ['endsAt'],
    message: 'is not after startsAt',
  })
export type NewRule = Readonly<z.infer<typeof NewRule>>

export const SearchRule = z
  .strictObject({
    ...Record,
    name: z.string(),
    condition: RuleCondition,
    effect: RuleEffect,
    priority: z.int(),
    startsAt: Timestamp.nullable(),
    endsAt: Timestamp.nullable(),
    enabled: z.boolean(),
  })
  .meta({ id: 'SearchRule' })
export type SearchRule = Readonly<z.infer<typeof SearchRule>>

export const SearchChange = z
  .strictObject({
    id: z.string(),
    actor: z.string(),
    action: z.enum(['created', 'edited', 'removed']),
    entity: z.enum(['synonym', 'rule']),
    entityId: z.string(),
    diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
    changedAt: Timestamp,
  })
  .meta({ id: 'SearchChange' })
export type SearchChange = Readonly<z.infer<typeof SearchChange>>

export const QueryId = z.string().regex(/^qry_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'is no queryId')
const ProductId = z.string().regex(/^prd_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'is no id of a product')
const OrderId = z.string().regex(/^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'is no id of an order')

/** What a visitor did after a search. Who he is, is told by `X-Visitor-Id` or his account. */
export const SearchEvent = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('click'),
      queryId: QueryId,
      productId: ProductId,
      position: z.int().min(1).max(10_000).describe('Its place among all results, from 1'),
    }),
    z.strictObject({
      kind: z.literal('cart'),
      productId: ProductId,
      queryId: QueryId.optional().describe('Absent: that of his last click on the product'),
    }),
    z.strictObject({
      kind: z.literal('order'),
      orderId: OrderId.describe('His order: what it has is attributed once it is paid'),
    }),
  ])
  .meta({ id: 'SearchEvent' })
export type SearchEvent = Readonly<z.infer<typeof SearchEvent>>

/** What was asked by some words in a range of days, and what came of it. */
export const QueryReport = z
  .strictObject({
    query: z.string(),
    searches: z.int(),
    zeroResults: z.int(),
    zeroResultRate: z.number(),
    clickedSearches: z.int(),
    clickThroughRate: z.number(),
    meanReciprocalRank: z
      .number()
      .describe('Of the best place that was clicked, averaged over searches with a click'),
    carts: z.int(),
    orders: z.int(),
    conversionRate: z.number().describe('Searches that led to an order'),
  })
  .meta({ id: 'SearchQueryReport' })
export type QueryReport = Readonly<z.infer<typeof QueryReport>>

/** Days in UTC, both included. */
export const ReportDays = { from: CalendarDate.optional(), to: CalendarDate.optional() }

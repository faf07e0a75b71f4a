import { z } from 'zod'
import { PageQuery, RecordId } from '../catalog/admin-schemas.ts'
import { MarketQuery } from '../catalog/routes.ts'
import { ProductSummary } from '../catalog/schemas.ts'
import { page, queryInt } from '../kit/page.ts'
import { Bytes, route } from '../kit/route.ts'
import {
  NewRule,
  NewSynonym,
  QueryReport,
  ReportDays,
  SearchChange,
  SearchRule,
  SearchSynonym,
} from './schemas.ts'

const operators = { access: ['operator'], permission: 'search.write', traffic: 'admin' } as const
const WRITE = ['not_found', 'precondition_failed'] as const
const SYNONYMS = '/api/v1/admin/search/synonyms'
const RULES = '/api/v1/admin/search/rules'
const SynonymPlace = z.object({ synonymId: RecordId })
const RulePlace = z.object({ ruleId: RecordId })

export const listSynonyms = route({
  operation: 'listSearchSynonyms',
  summary: 'The shop’s own synonyms, newest first',
  method: 'GET',
  path: SYNONYMS,
  ...operators,
  query: z.object(PageQuery),
  replies: { 200: page(SearchSynonym) },
})

export const createSynonym = route({
  operation: 'createSearchSynonym',
  summary: 'Adds words for the same goods; searches know them within a second',
  method: 'POST',
  path: SYNONYMS,
  ...operators,
  body: NewSynonym,
  replies: { 201: SearchSynonym },
  problems: ['search.too_many'],
  idempotency: 'accepted',
})

export const getSynonym = route({
  operation: 'getSearchSynonym',
  summary: 'One of the shop’s own synonyms',
  method: 'GET',
  path: `${SYNONYMS}/:synonymId`,
  ...operators,
  params: SynonymPlace,
  replies: { 200: SearchSynonym },
  problems: ['not_found'],
})

export const replaceSynonym = route({
  operation: 'replaceSearchSynonym',
  summary: 'Puts another synonym in the place of this one',
  method: 'PUT',
  path: `${SYNONYMS}/:synonymId`,
  ...operators,
  params: SynonymPlace,
  body: NewSynonym,
  replies: { 200: SearchSynonym },
  problems: WRITE,
  idempotency: 'accepted',
  takesIfMatch: true,
})

export const removeSynonym = route({
  operation: 'removeSearchSynonym',
  summary: 'Removes a synonym',
  method: 'DELETE',
  path: `${SYNONYMS}/:synonymId`,
  ...operators,
  params: SynonymPlace,
  replies: { 204: z.undefined() },
  problems: WRITE,
  takesIfMatch: true,
})

export const listRules = route({
  operation: 'listSearchRules',
  summary: 'Rules that pin, boost, bury or redirect, newest first',
  method: 'GET',
  path: RULES,
  ...operators,
  query: z.object(PageQuery),
  replies: { 200: page(SearchRule) },
})

export const createRule = route({
  operation: 'createSearchRule',
  summary: 'Adds a rule; searches keep it within a second',
  method: 'POST',
  path: RULES,
  ...operators,
  body: NewRule,
  replies: { 201: SearchRule },
  problems: ['search.too_many'],
  idempotency: 'accepted',
})

export const getRule = route({
  operation: 'getSearchRule',
  summary: 'One rule',
  method: 'GET',
  path: `${RULES}/:ruleId`,
  ...operators,
  params: RulePlace,
  replies: { 200: SearchRule },
  problems: ['not_found'],
})

export const replaceRule = route({
  operation: 'replaceSearchRule',
  summary: 'Puts another rule in the place of this one',
  method: 'PUT',
  path: `${RULES}/:ruleId`,
  ...operators,
  params: RulePlace,
  body: NewRule,
  replies: { 200: SearchRule },
  problems: WRITE,
  idempotency: 'accepted',
  takesIfMatch: true,
})

export const removeRule = route({
  operation: 'removeSearchRule',
  summary: 'Removes a rule',
  method: 'DELETE',
  path: `${RULES}/:ruleId`,
  ...operators,
  params: RulePlace,
  replies: { 204: z.undefined() },
  problems: WRITE,
  takesIfMatch: true,
})

export const previewRule = route({
  operation: 'previewSearchRule',
  summary:
    'A search without and with this rule, as if it were enabled and its time had come; other rules hold',
  method: 'GET',
  path: `${RULES}/:ruleId/preview`,
  ...operators,
  params: RulePlace,
  query: z.object({
    ...MarketQuery,
    q: z.string().max(500).optional(),
    category: z.string().max(200).optional(),
    limit: queryInt(1, 100).optional(),
  }),
  replies: {
    200: z.strictObject({
      matches: z.boolean().describe('Whether its condition is met'),
      redirect: z.string().nullable(),
      before: z.array(ProductSummary),
      after: z.array(ProductSummary),
    }),
  },
  problems: ['not_found', 'catalog.currency_not_sold', 'pricing.market_unknown'],
})

export const listSearchChanges = route({
  operation: 'listSearchChanges',
  summary: 'Who changed which synonym or rule, newest first',
  method: 'GET',
  path: '/api/v1/admin/search/changes',
  ...operators,
  query: z.object({ entityId: RecordId.optional(), ...PageQuery }),
  replies: { 200: page(SearchChange) },
})

export const reportQueries = route({
  operation: 'reportSearchQueries',
  summary: 'What was searched most, the last seven days unless told, at most 92 days',
  method: 'GET',
  path: '/api/v1/admin/search/reports/queries',
  ...operators,
  query: z.object({ ...ReportDays, ...PageQuery }),
  replies: { 200: page(QueryReport) },
})

export const reportZeroResults = route({
  operation: 'reportSearchZeroResults',
  summary: 'What was searched and not found, the most frequent first',
  method: 'GET',
  path: '/api/v1/admin/search/reports/zero-results',
  ...operators,
  query: z.object({ ...ReportDays, ...PageQuery }),
  replies: { 200: page(QueryReport) },
})

const CSV = { download: ['text/csv'], replies: { 200: Bytes } } as const

export const exportQueries = route({
  operation: 'exportSearchQueries',
  summary: 'The report on queries as a table for spreadsheets, its first 10,000 lines',
  method: 'GET',
  path: '/api/v1/admin/search/reports/queries.csv',
  access: ['operator'],
  permission: 'export',
  traffic: 'export',
  query: z.object(ReportDays),
  ...CSV,
})

export const exportZeroResults = route({
  operation: 'exportSearchZeroResults',
  summary: 'The report on what was not found as a table for spreadsheets',
  method: 'GET',
  path: '/api/v1/admin/search/reports/zero-results.csv',
  access: ['operator'],
  permission: 'export',
  traffic: 'export',
  query: z.object(ReportDays),
  ...CSV,
})

export const searchAdminRoutes = [
  listSynonyms,
  createSynonym,
  getSynonym,
  replaceSynonym,
  removeSynonym,
  listRules,
  createRule,
  getRule,
  replaceRule,
  removeRule,
  previewRule,
  listSearchChanges,
  reportQueries,
  reportZeroResults,
  exportQueries,
  exportZeroResults,
] as const

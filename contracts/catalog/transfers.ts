import { z } from 'zod'
import { Currency } from '../kit/money.ts'
import { page, queryBool, queryInt, Timestamp } from '../kit/page.ts'
import { Bytes, route } from '../kit/route.ts'
import { ImportRowError } from './import.ts'

// Files of products in and out, as jobs: what they do is docs/import.md.

/** Largest file that is taken in, as it comes (packed or not). */
export const MAX_IMPORT_BYTES = 2 * 2 ** 30

const Code = z.string().min(1).max(100)
const TransferId = z.string().regex(/^trf_[0-7][0-9a-hjkmnp-tv-z]{25}$/, 'is no id of a job')
const PageQuery = { cursor: z.string().max(1000).optional(), limit: queryInt(1, 200).optional() }
const State = z.enum(['waiting', 'running', 'finished', 'failed', 'cancelled'])

/** The names of a file's categories, and our codes for them. */
const CategoryMap = z
  .string()
  .max(16_000)
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown
    } catch {
      context.addIssue('is not JSON')
      return z.NEVER
    }
  })
  .pipe(z.record(z.string().max(500), Code))
  .meta({ query: { type: 'string', description: 'A JSON object' } })

const Transfer = {
  id: z.string(),
  state: State,
  format: z.string(),
  /** Why it failed, in words. */
  problem: z.string().nullable(),
  askedBy: z.string(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
}

export const ImportJob = z.strictObject({
  ...Transfer,
  name: z.string().nullable(),
  dryRun: z.boolean(),
  bytes: z.int(),
  bytesRead: z.int(),
  rows: z.int(),
  products: z.int(),
  /** Products that are not as they were. */
  changed: z.int(),
  errors: z.int(),
  /** Whether it can be resumed: its file is still kept. */
  resumable: z.boolean(),
})
export type ImportJob = z.infer<typeof ImportJob>

export const ExportJob = z.strictObject({
  ...Transfer,
  seller: z.string().nullable(),
  packed: z.boolean(),
  products: z.int(),
  total: z.int(),
  bytes: z.int(),
  /** Where the file is, once there is one; null after it was removed. */
  file: z.string().nullable(),
})
export type ExportJob = z.infer<typeof ExportJob>

const write = { access: ['operator'], permission: 'catalog.write', traffic: 'export' } as const
const read = { access: ['operator'], permission: 'catalog.read', traffic: 'export' } as const
const take = { access: ['operator'], permission: 'export', traffic: 'export' } as const
const importParams = z.object({ importId: TransferId })
const exportParams = z.object({ exportId: TransferId })

export const startImport = route({
  operation: 'startImport',
  summary:
    'Takes a file of products, packed by gzip or not, and imports it in the background. The same Idempotency-Key is the same job',
  method: 'POST',
  path: '/api/v1/admin/imports',
  ...write,
  query: z.object({
    format: z.enum(['jsonl', 'csv', 'shopify', 'google-merchant']).optional(),
    name: z.string().min(1).max(200).optional(),
    dryRun: queryBool.optional(),
    seller: Code.optional(),
    category: Code.optional(),
    categories: CategoryMap.optional(),
    currency: Currency.optional(),
    warehouse: Code.optional(),
    inStock: queryInt(0, 100_000_000).optional(),
  }),
  upload: [
    'application/x-ndjson',
    'text/csv',
    'text/tab-separated-values',
    'application/xml',
    'application/gzip',
    'application/octet-stream',
  ],
  bodyLimitBytes: MAX_IMPORT_BYTES,
  replies: { 202: ImportJob },
  problems: ['catalog.transfers_full'],
})

export const listImports = route({
  operation: 'listImports',
  summary: 'Imports, the newest first',
  method: 'GET',
  path: '/api/v1/admin/imports',
  ...read,
  query: z.object(PageQuery),
  replies: { 200: page(ImportJob) },
})

export const getImport = route({
  operation: 'getImport',
  summary: 'How far an import is',
  method: 'GET',
  path: '/api/v1/admin/imports/:importId',
  ...read,
  params: importParams,
  replies: { 200: ImportJob },
  problems: ['not_found'],
})

export const listImportErrors = route({
  operation: 'listImportErrors',
  summary: 'The rows that were wrong, in the order of the file',
  method: 'GET',
  path: '/api/v1/admin/imports/:importId/errors',
  ...read,
  params: importParams,
  query: z.object(PageQuery),
  replies: { 200: page(ImportRowError) },
  problems: ['not_found'],
})

export const downloadImportErrors = route({
  operation: 'downloadImportErrors',
  summary: 'All rows that were wrong, as a table for spreadsheets',
  method: 'GET',
  path: '/api/v1/admin/imports/:importId/errors.csv',
  ...read,
  params: importParams,
  download: ['text/csv'],
  replies: { 200: Bytes },
  problems: ['not_found'],
})

export const cancelImport = route({
  operation: 'cancelImport',
  summary: 'Stops an import; what is in stays in',
  method: 'POST',
  path: '/api/v1/admin/imports/:importId/cancel',
  ...write,
  params: importParams,
  replies: { 200: ImportJob },
  problems: ['not_found', 'catalog.transfer_ended'],
})

export const resumeImport = route({
  operation: 'resumeImport',
  summary: 'Goes on with an import that was cancelled or failed, from where it stopped',
  method: 'POST',
  path: '/api/v1/admin/imports/:importId/resume',
  ...write,
  params: importParams,
  replies: { 200: ImportJob },
  problems: ['not_found', 'catalog.transfer_ended'],
})

export const startExport = route({
  operation: 'startExport',
  summary: 'Writes all products, or those of one seller, to a file in the background',
  method: 'POST',
  path: '/api/v1/admin/exports',
  ...take,
  body: z.strictObject({
    format: z.enum(['jsonl', 'csv']),
    seller: Code.optional(),
    /** By gzip; true unless told. */
    packed: z.boolean().optional(),
  }),
  replies: { 202: ExportJob },
  problems: ['catalog.transfers_full'],
  idempotency: 'accepted',
})

export const listExports = route({
  operation: 'listExports',
  summary: 'Exports, the newest first',
  method: 'GET',
  path: '/api/v1/admin/exports',
  ...take,
  query: z.object(PageQuery),
  replies: { 200: page(ExportJob) },
})

export const getExport = route({
  operation: 'getExport',
  summary: 'How far an export is',
  method: 'GET',
  path: '/api/v1/admin/exports/:exportId',
  ...take,
  params: exportParams,
  replies: { 200: ExportJob },
  problems: ['not_found'],
})

export const cancelExport = route({
  operation: 'cancelExport',
  summary: 'Stops an export',
  method: 'POST',
  path: '/api/v1/admin/exports/:exportId/cancel',
  ...take,
  params: exportParams,
  replies: { 200: ExportJob },
  problems: ['not_found', 'catalog.transfer_ended'],
})

export const downloadExport = route({
  operation: 'downloadExport',
  summary: 'The file that an export wrote',
  method: 'GET',
  path: '/api/v1/admin/exports/:exportId/file',
  ...take,
  params: exportParams,
  download: ['application/x-ndjson', 'text/csv', 'application/gzip'],
  replies: { 200: Bytes },
  problems: ['not_found'],
})

export const transferRoutes = [
  startImport,
  listImports,
  getImport,
  listImportErrors,
  downloadImportErrors,
  cancelImport,
  resumeImport,
  startExport,
  listExports,
  getExport,
  cancelExport,
  downloadExport,
] as const

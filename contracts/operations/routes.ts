import { z } from 'zod'
import { page, queryInt } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { AuditHead, LoggedAction, ParkedEvent, PolicyViolation } from './schemas.ts'

const operators = { access: ['operator'], traffic: 'admin' } as const
const params = z.object({
  consumer: z.string().min(1).max(200),
  eventId: z.string().min(1).max(300),
})
const PARKED = '/api/v1/admin/parked-events'

export const listParkedEvents = route({
  operation: 'listParkedEvents',
  summary: 'Events that consumers could not handle, with the reasons',
  method: 'GET',
  path: PARKED,
  ...operators,
  query: z.object({
    consumer: z.string().max(200).optional(),
    cursor: z.string().max(1000).optional(),
    limit: queryInt(1, 200).optional(),
  }),
  replies: { 200: page(ParkedEvent) },
})

export const returnParkedEvent = route({
  operation: 'returnParkedEvent',
  summary: 'Hands a parked event to its consumer once more',
  method: 'POST',
  path: `${PARKED}/:consumer/:eventId/return`,
  ...operators,
  params,
  replies: { 204: z.undefined() },
  problems: ['not_found', 'operations.event_failed'],
  idempotency: 'accepted',
})

export const dropParkedEvent = route({
  operation: 'dropParkedEvent',
  summary: 'Forgets a parked event: it is never handled',
  method: 'DELETE',
  path: `${PARKED}/:consumer/:eventId`,
  ...operators,
  params,
  replies: { 204: z.undefined() },
  problems: ['not_found'],
})

const AUDIT_LOG = '/api/v1/admin/audit-log'
const auditors = { ...operators, permission: 'audit.read' } as const
const word = (pattern: RegExp) => z.string().regex(pattern, 'is none of the audit log').optional()

export const listAuditLog = route({
  operation: 'listAuditLog',
  summary: 'Who of the staff did what, newest first; by one of actor, action and entity at most',
  method: 'GET',
  path: AUDIT_LOG,
  ...auditors,
  query: z.object({
    actor: word(/^[\w:.@-]{1,100}$/),
    action: word(/^[\w.]{1,100}$/),
    entityId: word(/^[\w:.@-]{1,200}$/),
    cursor: z.string().max(1000).optional(),
    limit: queryInt(1, 200).optional(),
  }),
  replies: { 200: page(LoggedAction) },
})

export const getAuditHead = route({
  operation: 'getAuditHead',
  summary: 'Where the audit log ends: kept elsewhere, it shows later that nothing was cut off',
  method: 'GET',
  path: `${AUDIT_LOG}/head`,
  ...auditors,
  replies: { 200: AuditHead },
})

/** What browsers call their reports: to `report-uri`, and to `report-to`. */
export const REPORT_TYPES = ['application/csp-report', 'application/reports+json'] as const

export const reportViolation = route({
  operation: 'reportPolicyViolation',
  summary: "Takes a browser's report of what the policy of a page has stopped",
  method: 'POST',
  path: '/api/v1/security/csp-reports',
  access: ['public'],
  traffic: 'browse',
  limit: { burst: 20, perSecond: 0.2 },
  upload: REPORT_TYPES,
  replies: { 204: z.undefined() },
  problems: ['payload_too_large', 'unsupported_media_type'],
})

export const listViolations = route({
  operation: 'listPolicyViolations',
  summary: 'What the policy of pages has stopped, by day and kind, with how often, newest first',
  method: 'GET',
  path: '/api/v1/admin/csp-reports',
  ...auditors,
  query: z.object({
    cursor: z.string().max(1000).optional(),
    limit: queryInt(1, 200).optional(),
  }),
  replies: { 200: page(PolicyViolation) },
})

export const operationsRoutes = [
  listParkedEvents,
  returnParkedEvent,
  dropParkedEvent,
  listAuditLog,
  getAuditHead,
  reportViolation,
  listViolations,
] as const

import { z } from 'zod'

/** An event that a consumer could not handle, put aside with the reason. */
export const ParkedEvent = z
  .strictObject({
    consumer: z.string(),
    eventId: z.string(),
    position: z.int(),
    type: z.string(),
    aggregateId: z.string(),
    payload: z.unknown().describe('Null if it is very long'),
    error: z.string(),
    attempts: z.int(),
    parkedAt: z.string(),
  })
  .meta({ id: 'ParkedEvent' })

/** Something that one of the staff did, as the audit log keeps it. */
export const LoggedAction = z
  .strictObject({
    seq: z.int(),
    id: z.string(),
    at: z.string(),
    actor: z.string(),
    action: z.string(),
    entityId: z.string().nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()).describe('Ids, numbers and codes; never words'),
    outcome: z.string().describe('`done`, `refused CODE`, `failed` or `unknown`'),
    hash: z.string().describe('SHA-256 over the entry and the hash of the one before it'),
  })
  .meta({ id: 'LoggedAction' })

export const AuditHead = z
  .strictObject({ seq: z.int(), hash: z.string() })
  .meta({ id: 'AuditHead' })

export const PolicyViolation = z
  .strictObject({
    id: z.string(),
    day: z.string(),
    page: z.string().describe('Path of the page, ids left out'),
    directive: z.string(),
    blocked: z.string().describe('`inline`, `eval`, a scheme, an origin, or a path of our own'),
    source: z.string(),
    reports: z.int(),
    firstAt: z.string(),
    lastAt: z.string(),
  })
  .meta({ id: 'PolicyViolation' })

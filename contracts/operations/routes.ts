import { z } from 'zod'
import { page, queryInt } from '../kit/page.ts'
import { route } from '../kit/route.ts'
import { ParkedEvent } from './schemas.ts'

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

export const operationsRoutes = [listParkedEvents, returnParkedEvent, dropParkedEvent] as const

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

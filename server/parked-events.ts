import { generalProblem } from '#contracts/kit/problem.ts'
import { operationsProblem } from '#contracts/operations/problems.ts'
import * as routes from '#contracts/operations/routes.ts'
import type { Database } from './platform/db/database.ts'
import type { Consumer } from './platform/events/consumer.ts'
import { dropParked, listParked, returnParked } from './platform/events/parked.ts'
import { type Binding, bind } from './platform/http/binding.ts'
import { decodeCursor, encodeCursor } from './platform/http/cursor.ts'

const PAGE = 50

/** What operators do with events that were put aside. It concerns all modules, so it is none's. */
export function parkedEventRoutes(db: Database, consumers: readonly Consumer[]): Binding[] {
  return [
    bind(routes.listParkedEvents, async ({ query: { consumer, cursor, limit = PAGE } }) => {
      const after = cursor
        ? (decodeCursor(cursor, ['string', 'string']) as [string, string])
        : undefined
      const found = await listParked(db, { after, consumer, limit: limit + 1 })
      const last = found.length > limit ? found[limit - 1] : undefined
      const nextCursor = last ? encodeCursor([last.consumer, last.eventId]) : null
      return { status: 200, body: { items: found.slice(0, limit), nextCursor } }
    }),
    bind(routes.returnParkedEvent, async ({ params }) => {
      const outcome = await returnParked(db, consumers, params)
      if (outcome === 'handled') return { status: 204, body: undefined }
      if (typeof outcome === 'string') throw generalProblem('not_found')
      throw operationsProblem('operations.event_failed', { detail: outcome.failed })
    }),
    bind(routes.dropParkedEvent, async ({ params }) => {
      if (!(await dropParked(db, params))) throw generalProblem('not_found')
      return { status: 204, body: undefined }
    }),
  ]
}

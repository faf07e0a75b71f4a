import { generalProblem } from '#contracts/kit/problem.ts'
import * as routes from '#contracts/operations/routes.ts'
import { auditHead } from './platform/audit-log/chain.ts'
import { listAuditLog } from './platform/audit-log/list.ts'
import type { Database } from './platform/db/database.ts'
import { type Binding, bind } from './platform/http/binding.ts'
import { decodeCursor, encodeCursor, refuseCursor } from './platform/http/cursor.ts'

const PAGE = 50
const FIELDS = ['entityId', 'actor', 'action'] as const

/** What operators read of the audit log. It concerns all modules, so it is none's. */
export function auditLogRoutes(db: Database): Binding[] {
  return [
    bind(routes.listAuditLog, async ({ query }) => {
      const { cursor, limit = PAGE } = query
      const asked = FIELDS.flatMap((field) => {
        const value = query[field]
        return value === undefined ? [] : [{ field, value }]
      })
      if (asked.length > 1) {
        const errors = [{ path: `query.${asked[1]?.field}`, message: 'is one filter too many' }]
        throw generalProblem('validation_failed', { errors })
      }
      const before = cursor ? readCursor(cursor) : Number.MAX_SAFE_INTEGER
      const items = await listAuditLog(db, { by: asked[0], before, limit })
      const last = items.at(-1)
      const nextCursor = last && items.length === limit ? encodeCursor([last.seq]) : null
      return { status: 200, body: { items, nextCursor } }
    }),
    bind(routes.getAuditHead, async () => ({ status: 200, body: await auditHead(db) })),
  ]
}

function readCursor(cursor: string): number {
  const [seq] = decodeCursor(cursor, ['number'])
  if (!Number.isSafeInteger(seq)) throw refuseCursor()
  return seq as number
}

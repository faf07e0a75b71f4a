import { auditLogRoutes } from '../audit-log.ts'
import { parkedEventRoutes } from '../parked-events.ts'
import { auditLogParts } from '../platform/audit-log/chain.ts'
import { type AuditTrail, createAuditTrail } from '../platform/audit-log/record.ts'
import type { Database } from '../platform/db/database.ts'
import type { Consumer } from '../platform/events/consumers.ts'
import { housekeeping } from '../platform/housekeeping.ts'
import type { Idempotency } from '../platform/idempotency.ts'
import type { Ids } from '../platform/ids.ts'
import type { ModuleParts } from '../platform/module.ts'
import type { ShopOptions } from '../shop-options.ts'
import { publishAuditHead } from './audit-heads.ts'

type Deps = Pick<ShopOptions, 'config' | 'clock' | 'log'> &
  Readonly<{
    db: Database
    ids: Ids
    idempotency: Idempotency
    /** Of all modules. */
    consumers: readonly Consumer[]
  }>

export type Operations = Readonly<{
  audit: AuditTrail
  parts: Pick<ModuleParts<never>, 'routes' | 'tickers' | 'jobs'>
}>

/** What runs a shop and concerns all modules, so that it is none's. */
export function createOperations(deps: Deps): Operations {
  const { db, log, config, idempotency, consumers } = deps
  const auditLog = auditLogParts({ db, log, publish: publishAuditHead(config) })
  return {
    audit: createAuditTrail(deps),
    parts: {
      routes: [...parkedEventRoutes(db, consumers), ...auditLogRoutes(db)],
      tickers: auditLog.tickers,
      jobs: [...housekeeping({ db, idempotency }), ...auditLog.jobs],
    },
  }
}

import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Reports } from '../platform/db/reports.ts'
import type { Outbox } from '../platform/events/outbox.ts'
import type { Ids } from '../platform/ids.ts'
import type { Log } from '../platform/log.ts'
import type { Throttle } from '../platform/throttle.ts'
import type { Vault } from '../platform/vault.ts'
import type { ShopOptions } from '../shop-options.ts'

/** What the shop is made from, and the platform's parts that stand already. */
export type CompositionDeps = ShopOptions &
  Readonly<{
    db: Database
    ids: Ids
    outbox: Outbox
    /** Counts attempts: for this process alone, or in Redis for all. */
    throttle: Throttle
    /** Where reports read: late perhaps, and never for what decides a write. */
    reports: Reports
    vault: Vault
  }>

/** What a composition without a door of HTTP needs. */
export type SmallDeps = Pick<CompositionDeps, 'config' | 'chance' | keyof ModuleBase>

/** What nearly every module is handed. */
export type ModuleBase = Readonly<{
  db: Database
  ids: Ids
  outbox: Outbox
  clock: Clock
  log: Log
}>

export function moduleBase({ db, ids, outbox, clock, log }: ModuleBase): ModuleBase {
  return { db, ids, outbox, clock, log }
}

import type { JobHandler, Ticker } from '../../platform/module.ts'
import { purgeOld } from './flows/purge.ts'
import { expireOverdue } from './flows/release.ts'
import { createMovementPartitions, forgetCommands } from './repository.ts'
import type { InventoryDeps } from './stock.ts'

const MONTHS_AHEAD = 3
const DAYS_REMEMBERED = 90
const HOUR_MS = 3_600_000

/** Partitions of this month and the coming ones; others may be at it at the same time. */
export function createPartitionsAhead({ db }: InventoryDeps): Promise<number> {
  return createMovementPartitions(db, MONTHS_AHEAD)
}

export function createTickers(deps: InventoryDeps): Ticker[] {
  return [
    { name: 'inventory.expire_holds', everyMs: 1_000, run: () => expireOverdue(deps) },
    {
      name: 'inventory.create_partitions',
      everyMs: 12 * HOUR_MS,
      run: () => createPartitionsAhead(deps),
    },
    {
      name: 'inventory.forget_commands',
      everyMs: HOUR_MS,
      run: () => forgetCommands(deps.db, DAYS_REMEMBERED),
    },
  ]
}

export function createJobs(deps: InventoryDeps): JobHandler[] {
  return [
    {
      name: 'inventory.purge_reservations',
      cron: '40 2 * * *',
      async run(_payload, { signal }) {
        await purgeOld(deps, signal)
      },
    },
  ]
}

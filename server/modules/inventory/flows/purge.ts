import { findOldReservations, purgeReservations } from '../shortages-repository.ts'
import type { InventoryDeps } from '../stock.ts'
import { inTransaction } from '../stock.ts'

const RETENTION_DAYS = 400
/** Each is looked at for so long, in case that it was not finished at first. */
const LOOKED_AT_DAYS = 7
const AT_ONCE = 1_000

/** Forgets finished reservations of past years; what they shipped is kept as sums. @returns how many. */
export async function purgeOld(
  deps: Pick<InventoryDeps, 'db' | 'outbox' | 'log'>,
  signal: AbortSignal,
): Promise<number> {
  let purged = 0
  const oldest = (RETENTION_DAYS + LOOKED_AT_DAYS) * 24
  for (let hours = oldest; hours > RETENTION_DAYS * 24 && !signal.aborted; hours -= 1) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const found = await findOldReservations(deps.db, hours, after, AT_ONCE)
      if (found.length > 0)
        purged += await inTransaction(deps, (tx) => purgeReservations(tx, found))
      after = found.length < AT_ONCE ? undefined : found.at(-1)?.key
    }
  }
  return purged
}

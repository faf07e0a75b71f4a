import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db/database.ts'
import type { Log } from '../../../platform/log.ts'
import { LEASE_MS } from '../settings.ts'

type Unfinished<Row> = Readonly<{
  /** Takes what is due, for the time of a lease. */
  claim(
    db: Database,
    times: Readonly<{ now: string; leaseEndsAt: string }>,
  ): Promise<readonly Row[]>
  complete(row: Row): Promise<unknown>
  /** What the log names a row by that fails again, and what happens to it then. */
  named(row: Row): Readonly<Record<string, string>>
  later: string
}>

/** Goes on with what a crash left half done. @returns how many were due. */
export async function resumeDue<Row>(
  { db, clock, log }: Readonly<{ db: Database; clock: Clock; log: Log }>,
  { claim, complete, named, later }: Unfinished<Row>,
): Promise<number> {
  const now = clock.now()
  const leaseEndsAt = new Date(now.getTime() + LEASE_MS).toISOString()
  const due = await claim(db, { now: now.toISOString(), leaseEndsAt })
  for (const row of due) {
    await complete(row).catch((error: unknown) => {
      log.warn({ ...named(row), error: String(error) }, later)
    })
  }
  return due.length
}

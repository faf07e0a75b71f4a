import type { Warehouse } from '#contracts/inventory/schemas.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db/database.ts'
import { listWarehouses } from './warehouses-repository.ts'

/** The warehouses, kept in the process: few, read with each order, changed once in a while. */
export type WarehouseDirectory = Readonly<{
  /** All of them, by id, at most ten seconds old. */
  read(): Promise<ReadonlyMap<string, Warehouse>>
  /** All of them, read anew. */
  refresh(): Promise<ReadonlyMap<string, Warehouse>>
}>

const MAX_AGE_MS = 10_000

export function createWarehouseDirectory({
  db,
  clock,
}: Readonly<{ db: Database; clock: Clock }>): WarehouseDirectory {
  let kept: { at: number; warehouses: ReadonlyMap<string, Warehouse> } | undefined

  async function refresh(): Promise<ReadonlyMap<string, Warehouse>> {
    const at = clock.monotonicMs()
    const rows = await listWarehouses(db)
    const warehouses = new Map(rows.map((row) => [row.id, row]))
    kept = { at, warehouses }
    return warehouses
  }

  return {
    refresh,
    async read() {
      return kept && clock.monotonicMs() - kept.at < MAX_AGE_MS ? kept.warehouses : refresh()
    },
  }
}

import type { Allocation } from '#contracts/inventory/schemas.ts'
import type { Queryable } from '../../platform/db/statement.ts'
import { type HoldLine, type Level, rowName } from './model.ts'
import { listOpenPromises } from './shortages-repository.ts'

/** Names what a reservation holds of one stock row; for maps. */
export function lineName(key: string, row: Pick<HoldLine, 'offerId' | 'warehouseId'>): string {
  return `${key} ${rowName(row)}`
}

/**
 * Whose is what lies there, where more is promised: his who was promised first (semantics 12). Units
 * that came in for who waits longest do not leave with a later order.
 */
export async function takeTurns(
  on: Queryable,
  levels: readonly Level[],
): Promise<Map<string, number>> {
  const short = levels.filter(({ quantity, reserved }) => reserved > quantity)
  const turns = new Map<string, number>()
  if (short.length === 0) return turns
  const left = new Map(short.map((level) => [rowName(level), level.quantity]))
  for (const promise of await listOpenPromises(on, short)) {
    const lying = left.get(rowName(promise)) ?? 0
    const own = Math.min(lying, promise.open)
    left.set(rowName(promise), lying - own)
    turns.set(lineName(promise.key, promise), own)
  }
  return turns
}

/** Units promised to a reservation that do not lie there for it: on back order, or not found. */
export async function awaitedUnits(
  on: Queryable,
  lines: readonly HoldLine[],
  levels: readonly Level[],
): Promise<Allocation[]> {
  const turns = await takeTurns(on, levels)
  const lying = new Map(levels.map((level) => [rowName(level), level.quantity]))
  return lines
    .map((line) => {
      const { offerId, warehouseId, open, short } = line
      const own = turns.get(lineName(line.key, line)) ?? open
      const ready = Math.min(open, own, lying.get(rowName(line)) ?? 0)
      return { offerId, warehouseId, quantity: open + short - ready }
    })
    .filter(({ quantity }) => quantity > 0)
}

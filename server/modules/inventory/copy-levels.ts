import { type CopyCells, copyRows } from '../../platform/db/copy.ts'
import type { Tx } from '../../platform/db/statement.ts'
import { shardFor } from '../../platform/ids.ts'
import { compareRows, type RowKey } from './model.ts'

/**
 * Creates stock rows with their first movements by COPY, the quickest way in for many. Rows are
 * in the order of their offers. @throws as `insertLevels` does.
 */
export async function copyLevels(
  tx: Tx,
  levels: readonly (RowKey & Readonly<{ quantity: number }>)[],
  commandKey: string,
): Promise<void> {
  const sorted = levels.toSorted(compareRows)
  await copyRows(tx, [
    { target: LEVELS, write: (to) => writeLevels(to, sorted) },
    { target: LOCATIONS, write: (to) => writeLocations(to, levels) },
    { target: MOVEMENTS, write: (to) => writeMovements(to, sorted, commandKey) },
  ])
}

type NewRow = RowKey & Readonly<{ quantity: number }>

function writeLevels(to: CopyCells, rows: readonly NewRow[]): void {
  for (const row of rows) {
    writeRow(to, row)
    to.endRow()
  }
}

/** What came in; nothing did where there is nothing. */
function writeMovements(to: CopyCells, rows: readonly NewRow[], commandKey: string): void {
  for (const row of rows) {
    if (row.quantity === 0) continue
    writeRow(to, row)
    to.word('imported')
    to.word('import')
    to.word(commandKey)
    to.endRow()
  }
}

function writeRow(to: CopyCells, { shard, offerId, warehouseId, quantity }: NewRow): void {
  to.cell(shard)
  to.word(offerId)
  to.word(warehouseId)
  to.cell(quantity)
}

/**
 * An offer's shard is a hash: worked out once for its rows, which follow each other. Offers are
 * written in the order of the primary key, so that rows of one page of its index come together.
 */
function writeLocations(to: CopyCells, rows: readonly RowKey[]): void {
  const offers: { shard: number; offerId: string; from: number }[] = []
  for (let from = 0; from < rows.length; from += 1) {
    const { offerId } = rows[from] as RowKey
    if (offerId !== offers.at(-1)?.offerId) offers.push({ shard: shardFor(offerId), offerId, from })
  }
  offers.sort((a, b) => a.shard - b.shard)
  for (const { shard, offerId, from } of offers) {
    for (let place = from; rows[place]?.offerId === offerId; place += 1) {
      const row = rows[place] as RowKey
      to.cell(shard)
      to.word(offerId)
      to.cell(row.shard)
      to.word(row.warehouseId)
      to.endRow()
    }
  }
}

const LEVELS = 'inventory.stock_levels (shard, offer_id, warehouse_id, quantity)'
const LOCATIONS = 'inventory.offer_locations (shard, offer_id, warehouse_shard, warehouse_id)'
const MOVEMENTS = `inventory.movements
  (shard, offer_id, warehouse_id, delta, kind, reason, command_key)`

import type { LineRecord } from '../../../server/modules/orders/model.ts'
import { refusal, type Transaction } from '../memory/engine.ts'
import type { Tables } from './tables.ts'

export const duplicate = (what: string) => refusal('23505', `duplicate key in ${what}`)

export const linesOf = (t: Tables, tx: Transaction, orderId: string) =>
  t.lines.list(tx, (line) => line.orderId === orderId)

export const partsOf = (t: Tables, tx: Transaction, orderId: string) =>
  t.parts.list(tx, (part) => part.orderId === orderId)

export function changeLine(
  t: Tables,
  tx: Transaction,
  line: LineRecord,
  change: Partial<LineRecord>,
) {
  return t.lines.update(tx, t.lines.keyOf(line), change)
}

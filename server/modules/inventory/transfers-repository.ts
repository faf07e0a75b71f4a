/** Goods on their way to a warehouse. */
import type { TRANSFER_STATES, Transfer } from '#contracts/inventory/schemas.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'

export type TransferState = (typeof TRANSFER_STATES)[number]
export type TransferLine = Transfer['lines'][number]

const TRANSFER = `t.id, t.from_warehouse_id as "fromWarehouseId",
  t.to_warehouse_id as "toWarehouseId", t.state, t.expected_on as "expectedOn", t.reference,
  t.version, t.created_at as "createdAt",
  (select json_agg(json_build_object('offerId', l.offer_id, 'quantity', l.quantity,
     'shipped', l.shipped, 'received', l.received, 'lost', l.lost) order by l.offer_id)
   from inventory.transfer_lines l where l.shard = t.shard and l.transfer_id = t.id) as lines`

const findTransferRow = statement<Transfer>(
  'inventory.find_transfer',
  `select ${TRANSFER} from inventory.transfers t where t.shard = $1 and t.id = $2`,
)

const lockTransferRow = statement<Transfer>(
  'inventory.lock_transfer',
  `select ${TRANSFER} from inventory.transfers t where t.shard = $1 and t.id = $2 for update of t`,
)

const listTransferRows = statement<Transfer>(
  'inventory.list_transfers',
  `select ${TRANSFER} from inventory.transfers t
   where t.id < $1 and t.shard between 0 and 4095 order by t.id desc limit $2`,
)

const insertTransferRow = statement(
  'inventory.insert_transfer',
  `with made as (
     insert into inventory.transfers
       (shard, id, from_warehouse_id, to_warehouse_id, state, expected_on, reference)
     values ($1, $2, $3, $4, $5, $6, $7)
   )
   insert into inventory.transfer_lines (shard, transfer_id, offer_id, quantity, shipped)
   select $1, $2, offer_id, quantity, shipped
   from unnest($8::text[], $9::int[], $10::int[]) as l(offer_id, quantity, shipped)`,
)

const writeTransferRow = statement(
  'inventory.write_transfer',
  `with changed as (
     update inventory.transfers set state = $3, version = version + 1, updated_at = now()
     where shard = $1 and id = $2
   )
   update inventory.transfer_lines l
   set shipped = w.shipped, received = w.received, lost = w.lost
   from unnest($4::text[], $5::int[], $6::int[], $7::int[]) as w(offer_id, shipped, received, lost)
   where l.shard = $1 and l.transfer_id = $2 and l.offer_id = w.offer_id`,
)

function keyOf(id: string): [shard: number, id: string] | undefined {
  try {
    return [shardOf(id), id]
  } catch {
    return undefined
  }
}

export async function findTransfer(on: Queryable, id: string): Promise<Transfer | undefined> {
  const key = keyOf(id)
  return key && (await findTransferRow(on, key))[0]
}

export async function lockTransfer(tx: Tx, id: string): Promise<Transfer | undefined> {
  const key = keyOf(id)
  return key && (await lockTransferRow(tx, key))[0]
}

/** Transfers with ids before the given one, the newest first. */
export function listTransfers(
  on: Queryable,
  before: string | undefined,
  limit: number,
): Promise<Transfer[]> {
  return listTransferRows(on, [before ?? '~', limit])
}

export async function insertTransfer(
  tx: Tx,
  transfer: Omit<Transfer, 'version' | 'createdAt'>,
): Promise<void> {
  const { id, lines } = transfer
  await insertTransferRow(tx, [
    shardOf(id),
    id,
    transfer.fromWarehouseId,
    transfer.toWarehouseId,
    transfer.state,
    transfer.expectedOn,
    transfer.reference,
    lines.map((line) => line.offerId),
    lines.map((line) => line.quantity),
    lines.map((line) => line.shipped),
  ])
}

/** Writes the state and the lines of a transfer that is locked. */
export async function writeTransfer(
  tx: Tx,
  id: string,
  state: TransferState,
  lines: readonly TransferLine[],
): Promise<void> {
  await writeTransferRow(tx, [
    shardOf(id),
    id,
    state,
    lines.map((line) => line.offerId),
    lines.map((line) => line.shipped),
    lines.map((line) => line.received),
    lines.map((line) => line.lost),
  ])
}

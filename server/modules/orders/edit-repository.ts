import type { Address } from '#contracts/kit/address.ts'
import { only, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { OrderRecord } from './model.ts'

const insertEditRow = statement<{ key: string }>(
  'orders.insert_edit',
  `insert into orders.edits (shard, order_id, key, changed, created_at)
   values ($1, $2, $3, $4, $5) on conflict do nothing returning key`,
)
const updateAddress = statement<{ id: string }>(
  'orders.update_shipping_address',
  `update orders.orders set shipping_address = $4
   where shard = $1 and id = $2 and created_at = $3 returning id`,
)

/** @returns whether nothing was edited under this key before. */
export async function insertEdit(
  tx: Tx,
  input: Readonly<{ orderId: string; key: string; changed: readonly string[]; at: string }>,
): Promise<boolean> {
  const { orderId, key, changed, at } = input
  const rows = await insertEditRow(tx, [shardOf(orderId), orderId, key, changed, at])
  return rows.length === 1
}

/** Sends a locked order elsewhere. */
export async function updateShippingAddress(
  tx: Tx,
  { shard, id, createdAt }: OrderRecord,
  address: Address,
): Promise<void> {
  only(await updateAddress(tx, [shard, id, createdAt, JSON.stringify(address)]))
}

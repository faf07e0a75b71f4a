import type { Permission } from '#contracts/kit/permissions.ts'
import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

export type StoredKey = Readonly<{
  id: string
  start: string
  name: string
  accountId: string
  ownerName: string
  /** Null: an operator's key. */
  sellerId: string | null
  scopes: Permission[]
  createdAt: string
  endsAt: string | null
  lastUsedAt: string | null
}>

const COLUMNS = `k.id, k.start, k.name, k.account_id as "accountId",
  coalesce((select a.name from identity.accounts a where a.shard = k.shard and a.id = k.account_id), '')
    as "ownerName",
  k.seller_id as "sellerId", k.scopes, k.created_at as "createdAt", k.ends_at as "endsAt",
  k.last_used_at as "lastUsedAt"`

const insertKeyRow = statement(
  'identity.insert_api_key',
  `insert into identity.api_keys (shard, key_hash, id, start, name, account_id, seller_id, scopes,
     created_at, ends_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
)

export async function insertKey(
  tx: Tx,
  key: Omit<StoredKey, 'lastUsedAt' | 'ownerName'> & Readonly<{ keyHash: Buffer }>,
): Promise<void> {
  const { id, start, name, accountId, sellerId, scopes, createdAt, endsAt, keyHash } = key
  const shard = shardOf(accountId)
  const row = [shard, keyHash, id, start, name, accountId, sellerId, scopes, createdAt, endsAt]
  await insertKeyRow(tx, row)
}

const selectKey = statement<StoredKey>(
  'identity.find_api_key',
  `select ${COLUMNS} from identity.api_keys k
   where k.shard = $1 and k.key_hash = $2 and (k.ends_at is null or k.ends_at > $3)`,
)

/** A key that has not ended. */
export async function findKey(
  on: Queryable,
  { shard, keyHash, at }: Readonly<{ shard: number; keyHash: Buffer; at: string }>,
): Promise<StoredKey | undefined> {
  return (await selectKey(on, [shard, keyHash, at]))[0]
}

/** More than anybody has; a list is not paged. */
export const KEYS_MAX = 200

const selectOperatorKeys = statement<StoredKey>(
  'identity.list_operator_keys',
  `select ${COLUMNS} from identity.api_keys k where k.seller_id is null
   order by k.created_at desc limit ${KEYS_MAX}`,
)
const selectSellerKeys = statement<StoredKey>(
  'identity.list_seller_keys',
  `select ${COLUMNS} from identity.api_keys k where k.seller_id = $1
   order by k.created_at desc limit ${KEYS_MAX}`,
)

/** Keys of a seller's team, or of the operators (null), the newest first. */
export function listKeys(on: Queryable, sellerId: string | null): Promise<StoredKey[]> {
  return sellerId === null ? selectOperatorKeys(on, []) : selectSellerKeys(on, [sellerId])
}

const deleteKeyRow = statement<{ accountId: string }>(
  'identity.delete_api_key',
  `delete from identity.api_keys
   where shard = $1 and id = $2 and seller_id is not distinct from $3
   returning account_id as "accountId"`,
)

/** @returns the account whose key it was; undefined if there is none such. */
export async function deleteKey(
  tx: Tx,
  { id, sellerId }: Readonly<{ id: string; sellerId: string | null }>,
): Promise<string | undefined> {
  return (await deleteKeyRow(tx, [shardOf(id), id, sellerId]))[0]?.accountId
}

const deleteKeysRow = statement(
  'identity.delete_api_keys_of',
  `delete from identity.api_keys
   where shard = $1 and account_id = $2 and seller_id is not distinct from $3`,
)

/** Takes all keys that somebody has made for one team, or as an operator (null). */
export async function deleteKeysOf(
  tx: Tx,
  { accountId, sellerId }: Readonly<{ accountId: string; sellerId: string | null }>,
): Promise<void> {
  await deleteKeysRow(tx, [shardOf(accountId), accountId, sellerId])
}

const markUsed = statement(
  'identity.mark_api_keys_used',
  `update identity.api_keys k set last_used_at = greatest(k.last_used_at, u.at)
   from unnest($1::smallint[], $2::text[], $3::timestamptz[]) as u (shard, id, at)
   where k.shard = u.shard and k.id = u.id`,
)

export type KeyUse = Readonly<{ id: string; at: string }>

export async function markKeysUsed(on: Queryable, uses: readonly KeyUse[]): Promise<void> {
  // The newest use of each, in one order in all processes.
  const newest = [...new Map(uses.map((use) => [use.id, use])).values()]
  newest.sort((a, b) => (a.id < b.id ? -1 : 1))
  await markUsed(on, [
    newest.map(({ id }) => shardOf(id)),
    newest.map(({ id }) => id),
    newest.map(({ at }) => at),
  ])
}

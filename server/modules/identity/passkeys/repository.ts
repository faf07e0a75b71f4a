import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

export type StoredPasskey = Readonly<{
  id: string
  credentialId: string
  publicKey: Uint8Array<ArrayBuffer>
  counter: number
  transports: string[]
  name: string
  isMultiDevice: boolean
  isBackedUp: boolean
  createdAt: string
  lastUsedAt: string | null
}>

const COLUMNS = `id, credential_id as "credentialId", public_key as "publicKey", counter, transports, name,
  is_multi_device as "isMultiDevice", is_backed_up as "isBackedUp", created_at as "createdAt",
  last_used_at as "lastUsedAt"`

const selectPasskeys = statement<StoredPasskey>(
  'identity.list_passkeys',
  `select ${COLUMNS} from identity.passkeys where shard = $1 and account_id = $2 order by id`,
)

export function listPasskeysOf(on: Queryable, accountId: string): Promise<StoredPasskey[]> {
  return selectPasskeys(on, [shardOf(accountId), accountId])
}

const insertPasskeyRow = statement<{ id: string }>(
  'identity.insert_passkey',
  `insert into identity.passkeys (shard, account_id, id, credential_id, public_key, counter,
     transports, name, is_multi_device, is_backed_up, aaguid, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
   on conflict (shard, account_id, credential_id) do nothing returning id`,
)

export type NewPasskey = Omit<StoredPasskey, 'lastUsedAt'> &
  Readonly<{ accountId: string; aaguid: string }>

/** @returns false if the account has this passkey already. */
export async function insertPasskey(tx: Tx, passkey: NewPasskey): Promise<boolean> {
  const { id, accountId, credentialId, publicKey, counter, transports, name } = passkey
  const inserted = await insertPasskeyRow(tx, [
    shardOf(accountId),
    accountId,
    id,
    credentialId,
    Buffer.from(publicKey),
    counter,
    transports,
    name,
    passkey.isMultiDevice,
    passkey.isBackedUp,
    passkey.aaguid,
    passkey.createdAt,
  ])
  return inserted.length > 0
}

const notePasskeyUse = statement<{ id: string }>(
  'identity.use_passkey',
  `update identity.passkeys set counter = $4, is_backed_up = $5, last_used_at = $6
   where shard = $1 and account_id = $2 and id = $3 and (counter < $4 or counter = 0 and $4 = 0)
   returning id`,
)

/** @returns false if the counter did not grow: then two devices hold the key, or an answer came twice. */
export async function markPasskeyUsed(
  on: Queryable,
  use: Readonly<{
    accountId: string
    id: string
    counter: number
    isBackedUp: boolean
    at: string
  }>,
): Promise<boolean> {
  const { accountId, id, counter, isBackedUp, at } = use
  const row = [shardOf(accountId), accountId, id, counter, isBackedUp, at]
  return (await notePasskeyUse(on, row)).length > 0
}

const renamePasskeyRow = statement<StoredPasskey>(
  'identity.rename_passkey',
  `update identity.passkeys set name = $4 where shard = $1 and account_id = $2 and id = $3
   returning ${COLUMNS}`,
)

export async function setPasskeyName(
  on: Queryable,
  { accountId, id, name }: Readonly<{ accountId: string; id: string; name: string }>,
): Promise<StoredPasskey | undefined> {
  return (await renamePasskeyRow(on, [shardOf(accountId), accountId, id, name]))[0]
}

const deletePasskeyRow = statement<{ id: string }>(
  'identity.delete_passkey',
  'delete from identity.passkeys where shard = $1 and account_id = $2 and id = $3 returning id',
)

/** @returns false if there is none such. */
export async function deletePasskey(
  tx: Tx,
  { accountId, id }: Readonly<{ accountId: string; id: string }>,
): Promise<boolean> {
  return (await deletePasskeyRow(tx, [shardOf(accountId), accountId, id])).length > 0
}

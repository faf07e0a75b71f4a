import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardFor } from '../../../platform/ids.ts'

export type StoredProviderLogin = Readonly<{
  id: string
  issuer: string
  accountId: string
  createdAt: string
}>
/** Who somebody is at a provider: a subject means nothing without its issuer. */
export type AtProvider = Readonly<{ issuer: string; subject: string }>

const COLUMNS = 'id, issuer, account_id as "accountId", created_at as "createdAt"'
const placeOf = ({ issuer, subject }: AtProvider) => shardFor(`${issuer}\n${subject}`)

const selectProviderLogin = statement<StoredProviderLogin>(
  'identity.find_provider_login',
  `select ${COLUMNS} from identity.provider_logins
   where shard = $1 and issuer = $2 and subject = $3`,
)

export async function findProviderLogin(
  on: Queryable,
  at: AtProvider,
): Promise<StoredProviderLogin | undefined> {
  return (await selectProviderLogin(on, [placeOf(at), at.issuer, at.subject]))[0]
}

const insertProviderLoginRow = statement<{ id: string }>(
  'identity.insert_provider_login',
  `insert into identity.provider_logins (shard, issuer, subject, account_id, id, created_at)
   values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning id`,
)

/** @returns false if this person of the provider is connected already, with whatever account. */
export async function insertProviderLogin(
  tx: Tx,
  login: AtProvider & Readonly<{ id: string; accountId: string; at: string }>,
): Promise<boolean> {
  const { issuer, subject, accountId, id, at } = login
  const row = [placeOf(login), issuer, subject, accountId, id, at]
  return (await insertProviderLoginRow(tx, row)).length > 0
}

const selectProviderLogins = statement<StoredProviderLogin>(
  'identity.list_provider_logins',
  `select ${COLUMNS} from identity.provider_logins where account_id = $1 order by id`,
)

export function listProviderLoginsOf(
  on: Queryable,
  accountId: string,
): Promise<StoredProviderLogin[]> {
  return selectProviderLogins(on, [accountId])
}

const deleteProviderLoginRow = statement<{ id: string }>(
  'identity.delete_provider_login',
  'delete from identity.provider_logins where account_id = $1 and id = $2 returning id',
)

/** @returns false if there is none such. */
export async function deleteProviderLogin(
  tx: Tx,
  { accountId, id }: Readonly<{ accountId: string; id: string }>,
): Promise<boolean> {
  return (await deleteProviderLoginRow(tx, [accountId, id])).length > 0
}

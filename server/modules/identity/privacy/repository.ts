import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../../platform/ids.ts'
import type { Erased } from '../../../platform/module.ts'

const selectAll = statement<{ found: Record<string, unknown> }>(
  'identity.collect_person',
  `select json_build_object(
     'account', (select to_jsonb(a) - 'totp_sealed' - 'totp_last_step' from identity.accounts a
       where a.shard = $1 and a.id = $2),
     'sessions', (select coalesce(json_agg(to_jsonb(s) - 'token_hash' - 'shard'), '[]')
       from identity.sessions s where s.shard = $1 and s.account_id = $2),
     'addresses', (select coalesce(json_agg(to_jsonb(b) - 'shard'), '[]')
       from identity.addresses b where b.shard = $1 and b.account_id = $2),
     'passkeys', (select coalesce(json_agg(json_build_object('name', p.name,
         'createdAt', p.created_at, 'lastUsedAt', p.last_used_at)), '[]')
       from identity.passkeys p where p.shard = $1 and p.account_id = $2),
     'providers', (select coalesce(json_agg(to_jsonb(l) - 'shard'), '[]')
       from identity.provider_logins l where l.account_id = $2),
     'operatorRoles', (select coalesce(json_agg(to_jsonb(r)), '[]')
       from identity.operator_roles r where r.account_id = $2),
     'sellers', (select coalesce(json_agg(to_jsonb(m)), '[]')
       from identity.seller_members m where m.account_id = $2),
     'apiKeys', (select coalesce(json_agg(to_jsonb(k) - 'key_hash' - 'shard'), '[]')
       from identity.api_keys k where k.shard = $1 and k.account_id = $2)
   ) as found`,
)

/** Everything that this module keeps of a person, without what only opens the account. */
export async function collectPerson(
  on: Queryable,
  accountId: string,
): Promise<Record<string, unknown>> {
  const [row] = await selectAll(on, [shardOf(accountId), accountId])
  return row?.found ?? {}
}

type Gone = Readonly<{ id: string }>

const bySharded = (table: string) =>
  statement<Gone>(
    `identity.erase_${table}`,
    `delete from identity.${table} where shard = $1 and account_id = $2 returning account_id as id`,
  )
const byAccount = (table: string) =>
  statement<Gone>(
    `identity.erase_${table}`,
    `delete from identity.${table} where account_id = $1 returning account_id as id`,
  )

const SHARDED = {
  sessions: bySharded('sessions'),
  one_time_tokens: bySharded('one_time_tokens'),
  recovery_codes: bySharded('recovery_codes'),
  passkeys: bySharded('passkeys'),
  addresses: bySharded('addresses'),
  api_keys: bySharded('api_keys'),
}
const UNSHARDED = {
  provider_logins: byAccount('provider_logins'),
  operator_roles: byAccount('operator_roles'),
  seller_members: byAccount('seller_members'),
}

const eraseLogins = statement<Gone>(
  'identity.erase_logins',
  `delete from identity.logins where shard = $1 and email = $2 and account_id = $3
   returning account_id as id`,
)
const eraseInvitations = statement<Gone>(
  'identity.erase_invitations',
  'delete from identity.invitations where email = $1 returning id',
)
/** Invitations name the address that they were mailed to. */
export async function eraseInvitationsTo(tx: Tx, email: string): Promise<Erased> {
  const rows = await eraseInvitations(tx, [email])
  return { table: 'identity.invitations', deleted: rows.length, anonymised: 0 }
}

const eraseAccount = statement<Gone>(
  'identity.erase_account',
  `update identity.accounts set status = 'erased', email = '', name = '', email_proven_at = null,
     language = null, currency = null, country = null, marketing = false, personalisation = false,
     totp_sealed = null, totp_confirmed_at = null, totp_last_step = null
   where shard = $1 and id = $2 and status = 'active' returning id`,
)

/** Deletes a person; a tombstone of the account stays, so that its id is never anybody else's. */
export async function erasePerson(
  tx: Tx,
  { accountId, email, isProven }: Readonly<{ accountId: string; email: string; isProven: boolean }>,
): Promise<Erased[]> {
  const erased: Erased[] = []
  const note = (table: string, rows: readonly Gone[]) =>
    erased.push({ table: `identity.${table}`, deleted: rows.length, anonymised: 0 })
  for (const [table, erase] of Object.entries(SHARDED))
    note(table, await erase(tx, [shardOf(accountId), accountId]))
  for (const [table, erase] of Object.entries(UNSHARDED)) note(table, await erase(tx, [accountId]))
  note('logins', await eraseLogins(tx, [shardFor(email), email, accountId]))
  // Those to an address that is not proven are perhaps somebody else's.
  if (isProven) erased.push(await eraseInvitationsTo(tx, email))
  const rows = await eraseAccount(tx, [shardOf(accountId), accountId])
  const reason = 'a number without a person'
  erased.push({ table: 'identity.accounts', deleted: 0, anonymised: rows.length, reason })
  return erased
}

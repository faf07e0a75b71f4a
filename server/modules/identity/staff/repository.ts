import type { OperatorRole, SellerRole } from '#contracts/kit/permissions.ts'
import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

/** The operators (null), or a seller's team. */
export type TeamId = string | null
export type Role = OperatorRole | SellerRole

export type StoredMember = Readonly<{
  accountId: string
  email: string
  name: string
  status: 'active' | 'disabled' | 'erased'
  hasSecondFactor: boolean
  roles: Role[]
  since: string
}>

const insertOperatorRole = statement(
  'identity.insert_operator_role',
  `insert into identity.operator_roles (account_id, role, granted_by, granted_at)
   values ($1, $2, $3, $4) on conflict do nothing`,
)
const upsertSellerMember = statement(
  'identity.upsert_seller_member',
  `insert into identity.seller_members (seller_id, account_id, role, granted_by, granted_at)
   values ($1, $2, $3, $4, $5)
   on conflict (account_id, seller_id) do update
   set role = excluded.role, granted_by = excluded.granted_by`,
)

export type Grant = Readonly<{
  team: TeamId
  accountId: string
  roles: readonly Role[]
  by: string
  at: string
}>

/** Gives roles; in a seller's team somebody has one, which replaces what he had. */
export async function grantRoles(tx: Tx, { team, accountId, roles, by, at }: Grant): Promise<void> {
  for (const role of roles) {
    if (team === null) await insertOperatorRole(tx, [accountId, role, by, at])
    else await upsertSellerMember(tx, [team, accountId, role, by, at])
  }
}

const deleteOperatorRoles = statement(
  'identity.delete_operator_roles',
  'delete from identity.operator_roles where account_id = $1 and role <> all ($2::text[])',
)
const deleteSellerMember = statement(
  'identity.delete_seller_member',
  'delete from identity.seller_members where account_id = $1 and seller_id = $2',
)

/** Takes an operator's roles but for those to keep, or somebody out of a seller's team. */
export async function takeRoles(
  tx: Tx,
  input: Readonly<{ team: TeamId; accountId: string; but?: readonly Role[] }>,
): Promise<void> {
  const { team, accountId, but = [] } = input
  if (team === null) await deleteOperatorRoles(tx, [accountId, but])
  else await deleteSellerMember(tx, [accountId, team])
}

type Granted = Readonly<{ accountId: string; roles: Role[]; since: string }>

const selectOperators = statement<Granted>(
  'identity.list_operators',
  `select account_id as "accountId", array_agg(role order by role) as roles, min(granted_at) as since
   from identity.operator_roles group by account_id order by account_id limit 1000`,
)
const selectTeam = statement<Granted>(
  'identity.list_team',
  `select account_id as "accountId", array[role] as roles, granted_at as since
   from identity.seller_members where seller_id = $1 order by account_id limit 1000`,
)
const selectPeople = statement<Omit<StoredMember, 'roles' | 'since'>>(
  'identity.list_people',
  `select a.id as "accountId", a.email, a.name, a.status,
     a.totp_confirmed_at is not null or exists (select from identity.passkeys p
       where p.shard = a.shard and p.account_id = a.id) as "hasSecondFactor"
   from unnest($1::smallint[], $2::text[]) as w (shard, id)
   join identity.accounts a on a.shard = w.shard and a.id = w.id`,
)

/** Who is in a team, the longest there first. */
export async function listMembers(on: Queryable, team: TeamId): Promise<StoredMember[]> {
  const granted = team === null ? await selectOperators(on, []) : await selectTeam(on, [team])
  const ids = granted.map(({ accountId }) => accountId)
  const people = await selectPeople(on, [ids.map(shardOf), ids])
  const byId = new Map(people.map((person) => [person.accountId, person]))
  return granted.flatMap(({ accountId, roles, since }) => {
    const person = byId.get(accountId)
    return person ? [{ ...person, roles, since }] : []
  })
}

const lockTeamRow = statement(
  'identity.lock_team',
  `select pg_advisory_xact_lock(hashtextextended('identity.team:' || $1, 0))`,
)

/** Changes of one team follow each other. */
export async function lockTeam(tx: Tx, team: TeamId): Promise<void> {
  await lockTeamRow(tx, [team ?? ''])
}

const setStatusRow = statement(
  'identity.set_account_status',
  `update identity.accounts set status = $3 where shard = $1 and id = $2 and status <> 'erased'`,
)

export async function setStatus(
  tx: Tx,
  { accountId, status }: Readonly<{ accountId: string; status: 'active' | 'disabled' }>,
): Promise<void> {
  await setStatusRow(tx, [shardOf(accountId), accountId, status])
}

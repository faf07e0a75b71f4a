import type { OperatorRole, SellerRole } from '#contracts/kit/permissions.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { shardFor, shardOf } from '../../platform/ids.ts'
import type { MailLanguage } from './mails.ts'

export type StoredAccount = Readonly<{
  id: string
  status: 'active' | 'disabled' | 'erased'
  email: string
  emailProvenAt: string | null
  name: string
  language: MailLanguage | null
  currency: string | null
  country: string | null
  personalisation: boolean
  marketing: boolean
  totpSealed: string | null
  totpConfirmedAt: string | null
  totpLastStep: number | null
  createdAt: string
  hasPassword: boolean
  operatorRoles: OperatorRole[]
  sellers: { sellerId: string; role: SellerRole }[]
}>

const insertAccountRow = statement(
  'identity.insert_account',
  `insert into identity.accounts (shard, id, email, email_proven_at, name, language, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
)
const insertLoginRow = statement(
  'identity.insert_login',
  `insert into identity.logins (shard, email, account_id, is_proven, password_hash, created_at)
   values ($1, $2, $3, $4, $5, $6)`,
)

export type NewAccount = Readonly<{
  id: string
  email: string
  name: string
  language: string | null
  passwordHash: string | null
  isProven: boolean
  at: string
}>

export async function insertAccount(tx: Tx, account: NewAccount): Promise<void> {
  const { id, email, name, language, passwordHash, isProven, at } = account
  await insertAccountRow(tx, [shardOf(id), id, email, isProven ? at : null, name, language, at])
  await insertLoginRow(tx, [shardFor(email), email, id, isProven, passwordHash, at])
}

const selectAccount = statement<StoredAccount>(
  'identity.find_account',
  `select a.id, a.status, a.email, a.email_proven_at as "emailProvenAt", a.name, a.language,
     a.currency, a.country, a.personalisation, a.marketing, a.totp_sealed as "totpSealed",
     a.totp_confirmed_at as "totpConfirmedAt", a.totp_last_step as "totpLastStep",
     a.created_at as "createdAt",
     exists (select from identity.logins l where l.shard = $3 and l.email = a.email
       and l.account_id = a.id and l.password_hash is not null) as "hasPassword",
     array(select role from identity.operator_roles r where r.account_id = a.id order by role)
       as "operatorRoles",
     coalesce((select json_agg(json_build_object('sellerId', m.seller_id, 'role', m.role)
         order by m.seller_id) from identity.seller_members m where m.account_id = a.id), '[]')
       as sellers
   from identity.accounts a where a.shard = $1 and a.id = $2`,
)
const selectEmail = statement<{ email: string }>(
  'identity.find_email',
  'select email from identity.accounts where shard = $1 and id = $2',
)

/** An account with its rights, if it is there and was not erased. */
export async function findAccount(on: Queryable, id: string): Promise<StoredAccount | undefined> {
  const [known] = await selectEmail(on, [shardOf(id), id])
  if (!known) return undefined
  const [account] = await selectAccount(on, [shardOf(id), id, shardFor(known.email)])
  return account?.status === 'active' ? account : undefined
}

/** @throws not_found */
export async function getAccount(on: Queryable, id: string): Promise<StoredAccount> {
  const account = await findAccount(on, id)
  if (!account) throw generalProblem('not_found')
  return account
}

/** Whether somebody operates the shop or works for a seller: then more is asked at the door. */
export function isStaff({
  operatorRoles,
  sellers,
}: Pick<StoredAccount, 'operatorRoles' | 'sellers'>): boolean {
  return operatorRoles.length > 0 || sellers.length > 0
}

const lockAccountRow = statement<{ id: string }>(
  'identity.lock_account',
  `select id from identity.accounts where shard = $1 and id = $2 and status = 'active' for update`,
)

/** Holds an account, so that changes to it follow each other. @returns false if it is gone. */
export async function lockAccount(tx: Tx, id: string): Promise<boolean> {
  return (await lockAccountRow(tx, [shardOf(id), id])).length > 0
}

export type Login = Readonly<{
  accountId: string
  isProven: boolean
  passwordHash: string | null
}>

const selectLogins = statement<Login>(
  'identity.list_logins',
  `select account_id as "accountId", is_proven as "isProven", password_hash as "passwordHash"
   from identity.logins where shard = $1 and email = $2
   order by is_proven desc, created_at desc`,
)

/** Accounts that an address may mean, the proven one first, then the newest. */
export function listLogins(on: Queryable, email: string): Promise<Login[]> {
  return selectLogins(on, [shardFor(email), email])
}

const lockEmailRow = statement(
  'identity.lock_email',
  `select pg_advisory_xact_lock(hashtextextended('identity.email:' || $1, 0))`,
)

/** Changes of one address's accounts follow each other. */
export async function lockEmail(tx: Tx, email: string): Promise<void> {
  await lockEmailRow(tx, [email])
}

const setPasswordRow = statement(
  'identity.set_password',
  `update identity.logins set password_hash = $4 where shard = $1 and email = $2 and account_id = $3`,
)

export async function setPassword(
  tx: Tx,
  login: Readonly<{ email: string; accountId: string; passwordHash: string | null }>,
): Promise<void> {
  const { email, accountId, passwordHash } = login
  await setPasswordRow(tx, [shardFor(email), email, accountId, passwordHash])
}

const proveLogin = statement(
  'identity.prove_login',
  `update identity.logins set is_proven = true
   where shard = $1 and email = $2 and account_id = $3`,
)
const proveAccount = statement(
  'identity.prove_account',
  'update identity.accounts set email_proven_at = $3 where shard = $1 and id = $2',
)

export async function markProven(
  tx: Tx,
  { email, accountId, at }: Readonly<{ email: string; accountId: string; at: string }>,
): Promise<void> {
  await proveLogin(tx, [shardFor(email), email, accountId])
  await proveAccount(tx, [shardOf(accountId), accountId, at])
}

const removeLoginRow = statement(
  'identity.remove_login',
  'delete from identity.logins where shard = $1 and email = $2 and account_id = $3',
)
const moveEmailRow = statement(
  'identity.move_email',
  'update identity.accounts set email = $3, email_proven_at = $4 where shard = $1 and id = $2',
)

/** Gives an account another, proven address, with a password hashed for that. */
export async function moveEmail(
  tx: Tx,
  move: Readonly<{ id: string; from: string; to: string; passwordHash: string | null; at: string }>,
): Promise<void> {
  const { id, from, to, passwordHash, at } = move
  await removeLoginRow(tx, [shardFor(from), from, id])
  await insertLoginRow(tx, [shardFor(to), to, id, true, passwordHash, at])
  await moveEmailRow(tx, [shardOf(id), id, to, at])
}

const updateProfileRow = statement(
  'identity.update_profile',
  `update identity.accounts set name = coalesce($3, name),
     language = case when $4::jsonb ? 'language' then $4 ->> 'language' else language end,
     currency = case when $4 ? 'currency' then $4 ->> 'currency' else currency end,
     country = case when $4 ? 'country' then $4 ->> 'country' else country end,
     personalisation = coalesce(($4 ->> 'personalisation')::boolean, personalisation),
     marketing = coalesce(($4 ->> 'marketing')::boolean, marketing)
   where shard = $1 and id = $2`,
)

export async function updateProfile(
  on: Queryable,
  { id, name, preferences }: Readonly<{ id: string; name: string | null; preferences: object }>,
): Promise<void> {
  await updateProfileRow(on, [shardOf(id), id, name, JSON.stringify(preferences)])
}

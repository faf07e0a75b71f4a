import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

export type StoredSession = Readonly<{
  id: string
  accountId: string
  device: string
  createdAt: string
  authenticatedAt: string
  lastSeenAt: string
  idleSeconds: number
  endsAt: string
  isTwoFactor: boolean
}>

const COLUMNS = `id, account_id as "accountId", device, created_at as "createdAt",
  authenticated_at as "authenticatedAt", last_seen_at as "lastSeenAt",
  idle_seconds as "idleSeconds", ends_at as "endsAt",
  is_two_factor as "isTwoFactor"`
const LIVE = `ends_at > $3 and last_seen_at + make_interval(secs => idle_seconds) > $3`

const insertSessionRow = statement(
  'identity.insert_session',
  `insert into identity.sessions (shard, token_hash, id, account_id, device, created_at,
     authenticated_at, last_seen_at, idle_seconds, ends_at, is_two_factor)
   values ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9, $10)`,
)

export type NewSession = Readonly<{
  tokenHash: Buffer
  id: string
  accountId: string
  device: string
  at: string
  authenticatedAt: string
  idleSeconds: number
  endsAt: string
  isTwoFactor: boolean
}>

export async function insertSession(on: Queryable, session: NewSession): Promise<void> {
  const { tokenHash, id, accountId, device, at, authenticatedAt } = session
  const { idleSeconds, endsAt, isTwoFactor } = session
  const shard = shardOf(accountId)
  await insertSessionRow(on, [
    shard,
    tokenHash,
    id,
    accountId,
    device,
    at,
    authenticatedAt,
    idleSeconds,
    endsAt,
    isTwoFactor,
  ])
}

const selectSession = statement<StoredSession>(
  'identity.find_session',
  `select ${COLUMNS} from identity.sessions where shard = $1 and token_hash = $2 and ${LIVE}`,
)

/** A session that has not ended. */
export async function findSession(
  on: Queryable,
  { shard, tokenHash, at }: Readonly<{ shard: number; tokenHash: Buffer; at: string }>,
): Promise<StoredSession | undefined> {
  return (await selectSession(on, [shard, tokenHash, at]))[0]
}

const selectSessions = statement<StoredSession>(
  'identity.list_sessions',
  `select ${COLUMNS} from identity.sessions
   where shard = $1 and account_id = $2 and ${LIVE} order by last_seen_at desc limit 100`,
)

export function listSessionsOf(
  on: Queryable,
  { accountId, at }: Readonly<{ accountId: string; at: string }>,
): Promise<StoredSession[]> {
  return selectSessions(on, [shardOf(accountId), accountId, at])
}

const touchSession = statement(
  'identity.touch_session',
  `update identity.sessions set last_seen_at = greatest(last_seen_at, $3)
   where shard = $1 and token_hash = $2`,
)

export async function seeSession(
  on: Queryable,
  { shard, tokenHash, at }: Readonly<{ shard: number; tokenHash: Buffer; at: string }>,
): Promise<void> {
  await touchSession(on, [shard, tokenHash, at])
}

const confirmSession = statement(
  'identity.confirm_session',
  `update identity.sessions set authenticated_at = $4
   where shard = $1 and account_id = $2 and id = $3`,
)

/** Notes that the person has proven again who they are. */
export async function markConfirmed(
  tx: Tx,
  { accountId, id, at }: Readonly<{ accountId: string; id: string; at: string }>,
): Promise<void> {
  await confirmSession(tx, [shardOf(accountId), accountId, id, at])
}

const setTwoFactorOf = statement(
  'identity.set_two_factor',
  `update identity.sessions set is_two_factor = $4
   where shard = $1 and account_id = $2 and ($3::text is null or id = $3)`,
)

/** Notes that a second factor was shown in a session; or, of all sessions of an account, that none was. */
export async function markTwoFactor(
  tx: Tx,
  which: Readonly<{ accountId: string; id: string | null; isTwoFactor: boolean }>,
): Promise<void> {
  const { accountId, id, isTwoFactor } = which
  await setTwoFactorOf(tx, [shardOf(accountId), accountId, id, isTwoFactor])
}

const selectTwoFactor = statement<{ isTwoFactor: boolean }>(
  'identity.is_two_factor',
  `select is_two_factor as "isTwoFactor" from identity.sessions
   where shard = $1 and account_id = $2 and id = $3`,
)

export async function isTwoFactorSession(
  on: Queryable,
  { accountId, sessionId }: Readonly<{ accountId: string; sessionId: string }>,
): Promise<boolean> {
  const [session] = await selectTwoFactor(on, [shardOf(accountId), accountId, sessionId])
  return session?.isTwoFactor ?? false
}

const deleteSessions = statement<{ id: string }>(
  'identity.end_sessions',
  `delete from identity.sessions
   where shard = $1 and account_id = $2 and ($3::text is null or id = $3)
     and ($4::text is null or id <> $4)
   returning id`,
)

/** Ends one session (`id`), all but one (`except`), or all of an account. @returns how many. */
export async function endSessions(
  tx: Tx,
  which: Readonly<{ accountId: string; id?: string; except?: string }>,
): Promise<number> {
  const { accountId, id = null, except = null } = which
  return (await deleteSessions(tx, [shardOf(accountId), accountId, id, except])).length
}

const sweepSessionRows = statement(
  'identity.sweep_sessions',
  'delete from identity.sessions where ends_at < $1',
)

export async function sweepSessions(on: Queryable, at: string): Promise<void> {
  await sweepSessionRows(on, [at])
}

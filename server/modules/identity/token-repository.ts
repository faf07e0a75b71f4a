import type { Chance } from '../../platform/chance.ts'
import type { Clock } from '../../platform/clock.ts'
import { type Queryable, statement, type Tx } from '../../platform/db/statement.ts'
import { SHARDS, shardOf } from '../../platform/ids.ts'
import { hashOf, makeToken, shardOfToken, TOKEN_LIFE_MS, type TokenPurpose } from './model.ts'

export type StoredToken = Readonly<{
  accountId: string | null
  email: string | null
  data: Readonly<Record<string, unknown>> | null
  tries: number
}>

const insertToken = statement(
  'identity.insert_token',
  `insert into identity.one_time_tokens
     (shard, token_hash, purpose, account_id, email, data, ends_at, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
)

export type NewToken = Readonly<{
  token: string
  purpose: TokenPurpose
  accountId: string | null
  email?: string
  data?: object
  at: Date
  endsAt: Date
}>

/** The prefix of every one-time token. */
export const TOKEN_PREFIX = 'one'

export async function keepToken(on: Queryable, token: NewToken): Promise<void> {
  const { purpose, accountId, email = null, data, at, endsAt } = token
  await insertToken(on, [
    shardOfToken(token.token, TOKEN_PREFIX),
    hashOf(token.token),
    purpose,
    accountId,
    email,
    data ? JSON.stringify(data) : null,
    endsAt.toISOString(),
    at.toISOString(),
  ])
}

/** Begins something that ends with another request: what it needs to know then is kept under a token. */
export async function beginCeremony(
  { db, clock, chance }: Readonly<{ db: Queryable; clock: Clock; chance: Chance }>,
  begun: Readonly<{
    purpose: TokenPurpose
    accountId: string | null
    /** Of the account; drawn by chance where there is none. */
    shard?: number
    email?: string
    data: object
  }>,
): Promise<Readonly<{ ceremony: string; expiresAt: string }>> {
  const { shard = Math.floor(chance.float() * SHARDS), ...kept } = begun
  const token = makeToken(chance, TOKEN_PREFIX, shard)
  const at = clock.now()
  const endsAt = new Date(at.getTime() + TOKEN_LIFE_MS[begun.purpose])
  await keepToken(db, { ...kept, token, at, endsAt })
  return { ceremony: token, expiresAt: endsAt.toISOString() }
}

const COLUMNS = 'account_id as "accountId", email, data, tries'

const selectToken = statement<StoredToken>(
  'identity.find_token',
  `select ${COLUMNS} from identity.one_time_tokens
   where shard = $1 and token_hash = $2 and purpose = $3 and ends_at > $4`,
)
const takeTokenRow = statement<StoredToken>(
  'identity.take_token',
  `delete from identity.one_time_tokens
   where shard = $1 and token_hash = $2 and purpose = $3 and ends_at > $4
   returning ${COLUMNS}`,
)
const countTry = statement<StoredToken>(
  'identity.count_token_try',
  `update identity.one_time_tokens set tries = tries + 1
   where shard = $1 and token_hash = $2 and purpose = $3 and ends_at > $4 and tries < $5
   returning ${COLUMNS}`,
)

type Asked = Readonly<{ token: string; purpose: TokenPurpose; at: Date }>

function keyOf({ token, purpose, at }: Asked): unknown[] | undefined {
  const shard = shardOfToken(token, TOKEN_PREFIX)
  return shard === undefined ? undefined : [shard, hashOf(token), purpose, at.toISOString()]
}

/** Looks at a token without using it up. */
export async function findToken(on: Queryable, asked: Asked): Promise<StoredToken | undefined> {
  const key = keyOf(asked)
  return key && (await selectToken(on, key))[0]
}

/** Uses a token up: of two at once only one gets it. */
export async function takeToken(tx: Tx, asked: Asked): Promise<StoredToken | undefined> {
  const key = keyOf(asked)
  return key && (await takeTokenRow(tx, key))[0]
}

/** Counts a guess under a token before it is looked at; undefined after too many of them. */
export async function guessUnderToken(
  on: Queryable,
  asked: Asked & Readonly<{ most: number }>,
): Promise<StoredToken | undefined> {
  const key = keyOf(asked)
  return key && (await countTry(on, [...key, asked.most]))[0]
}

const dropTokens = statement(
  'identity.drop_tokens',
  'delete from identity.one_time_tokens where shard = $1 and account_id = $2 and purpose = any ($3)',
)

export async function dropTokensOf(
  tx: Tx,
  { accountId, purposes }: Readonly<{ accountId: string; purposes: readonly TokenPurpose[] }>,
): Promise<void> {
  await dropTokens(tx, [shardOf(accountId), accountId, purposes])
}

const sweepTokenRows = statement(
  'identity.sweep_tokens',
  'delete from identity.one_time_tokens where ends_at < $1',
)

export async function sweepTokens(on: Queryable, at: Date): Promise<void> {
  await sweepTokenRows(on, [at.toISOString()])
}

import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'

const writeTotp = statement(
  'identity.write_totp',
  `update identity.accounts set totp_sealed = $3, totp_confirmed_at = $4, totp_last_step = $5
   where shard = $1 and id = $2`,
)

export async function setTotp(
  tx: Tx,
  totp: Readonly<{
    accountId: string
    sealed: string | null
    confirmedAt: string | null
    lastStep: number | null
  }>,
): Promise<void> {
  const { accountId, sealed, confirmedAt, lastStep } = totp
  await writeTotp(tx, [shardOf(accountId), accountId, sealed, confirmedAt, lastStep])
}

const useStep = statement<{ id: string }>(
  'identity.use_totp_step',
  `update identity.accounts set totp_last_step = $3
   where shard = $1 and id = $2 and coalesce(totp_last_step, 0) < $3 returning id`,
)

/** Uses a step of the clock up: each is accepted once. @returns false if it was used before. */
export async function useTotpStep(
  on: Queryable,
  { accountId, step }: Readonly<{ accountId: string; step: number }>,
): Promise<boolean> {
  return (await useStep(on, [shardOf(accountId), accountId, step])).length > 0
}

const dropCodes = statement(
  'identity.drop_recovery_codes',
  'delete from identity.recovery_codes where shard = $1 and account_id = $2',
)
const insertCodes = statement(
  'identity.insert_recovery_codes',
  `insert into identity.recovery_codes (shard, account_id, code_hash)
   select $1, $2, h from unnest($3::bytea[]) as h order by h`,
)
const useCode = statement<{ account_id: string }>(
  'identity.use_recovery_code',
  `delete from identity.recovery_codes where shard = $1 and account_id = $2 and code_hash = $3
   returning account_id`,
)

export async function replaceRecoveryCodes(
  tx: Tx,
  { accountId, hashes }: Readonly<{ accountId: string; hashes: readonly Buffer[] }>,
): Promise<void> {
  await dropCodes(tx, [shardOf(accountId), accountId])
  if (hashes.length > 0) await insertCodes(tx, [shardOf(accountId), accountId, hashes])
}

/** @returns false if there is no such code, or it was used before. */
export async function useRecoveryCode(
  on: Queryable,
  { accountId, hash }: Readonly<{ accountId: string; hash: Buffer }>,
): Promise<boolean> {
  return (await useCode(on, [shardOf(accountId), accountId, hash])).length > 0
}

const dropPasskeys = statement(
  'identity.drop_passkeys',
  'delete from identity.passkeys where shard = $1 and account_id = $2',
)
const dropProviderLogins = statement(
  'identity.drop_provider_logins',
  'delete from identity.provider_logins where account_id = $1',
)

/** Takes away every way to sign in but the password. */
export async function dropFactors(tx: Tx, accountId: string): Promise<void> {
  const key = [shardOf(accountId), accountId]
  await setTotp(tx, { accountId, sealed: null, confirmedAt: null, lastStep: null })
  await dropCodes(tx, key)
  await dropPasskeys(tx, key)
  await dropProviderLogins(tx, [accountId])
}

import { identityProblem } from '#contracts/identity/problems.ts'
import { only, statement, type Tx } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { StoredAccount } from './repository.ts'

const countWays = statement<{ count: number }>(
  'identity.count_ways_in',
  `select ((select count(*) from identity.passkeys where shard = $1 and account_id = $2)
     + (select count(*) from identity.provider_logins where account_id = $2))::int as count`,
)

/** @throws identity.last_way_in if neither password nor passkey nor provider is left. */
export async function assertWayInLeft(
  tx: Tx,
  { id, hasPassword }: Pick<StoredAccount, 'id' | 'hasPassword'>,
): Promise<void> {
  if (hasPassword) return
  const { count } = only(await countWays(tx, [shardOf(id), id]))
  if (count === 0) throw identityProblem('identity.last_way_in')
}

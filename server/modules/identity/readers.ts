import { type Queryable, statement } from '../../platform/db/statement.ts'
import { shardOf } from '../../platform/ids.ts'
import type { Reader } from './api.ts'

const selectReaders = statement<Reader>(
  'identity.list_readers',
  `select a.id as "accountId", a.email, a.language, a.currency, a.country
   from unnest($1::smallint[], $2::text[]) as k(shard, id)
   join identity.accounts a on a.shard = k.shard and a.id = k.id
   where a.marketing and a.status = 'active' and a.email_proven_at is not null
   order by a.shard, a.id`,
)
const endMarketingRow = statement(
  'identity.end_marketing',
  'update identity.accounts set marketing = false where shard = $1 and id = $2 and marketing',
)

/** Of these accounts those who want mails with offers and have proven their address. */
export function listReaders(on: Queryable, accountIds: readonly string[]): Promise<Reader[]> {
  return selectReaders(on, [accountIds.map(shardOf), accountIds])
}

export async function endMarketing(on: Queryable, accountId: string): Promise<void> {
  await endMarketingRow(on, [shardOf(accountId), accountId])
}

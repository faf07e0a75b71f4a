import { statement, type Tx } from '../../../platform/db/statement.ts'

const insertOperatorRole = statement(
  'identity.insert_operator_role',
  `insert into identity.operator_roles (account_id, role, granted_by, granted_at)
   values ($1, $2, $3, $4) on conflict do nothing`,
)

export async function grantOperatorRole(
  tx: Tx,
  grant: Readonly<{ accountId: string; role: string; by: string; at: string }>,
): Promise<void> {
  await insertOperatorRole(tx, [grant.accountId, grant.role, grant.by, grant.at])
}

import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import type { Ticker } from '../../../platform/module.ts'
import type { IdentityDeps } from '../deps.ts'

/** By then memories of all processes are written, and events on their way are handled. */
const LATER_MS = 60_000
const LOOK_MS = 5_000
const MOST = 20

const insert = statement(
  'identity.insert_late_erasure',
  'insert into identity.late_erasures (account_id, due_at) values ($1, $2) on conflict do nothing',
)
const selectDue = statement<{ accountId: string }>(
  'identity.list_late_erasures',
  `select account_id as "accountId" from identity.late_erasures
   where due_at <= $1 order by due_at limit ${MOST}`,
)
const remove = statement(
  'identity.delete_late_erasure',
  'delete from identity.late_erasures where account_id = $1',
)

/** Has the person erased once more when what was on its way has come. */
export async function eraseLater(
  tx: Tx,
  { accountId, at }: Readonly<{ accountId: string; at: Date }>,
): Promise<void> {
  await insert(tx, [accountId, new Date(at.getTime() + LATER_MS).toISOString()])
}

/** Erases in every module what came after persons were erased. Two processes at once do no harm. */
export function lateErasures({
  db,
  clock,
  personalData,
}: Pick<IdentityDeps, 'db' | 'clock' | 'personalData'>): Ticker {
  return {
    name: 'identity.erase_what_came_late',
    everyMs: LOOK_MS,
    async run() {
      const due = await listDue(db, clock.now())
      for (const accountId of due) {
        for (const keeper of Object.values(personalData))
          await keeper.erase({ accountId, emails: [] })
        await remove(db, [accountId])
      }
      return due.length
    },
  }
}

async function listDue(on: Queryable, at: Date): Promise<string[]> {
  return (await selectDue(on, [at.toISOString()])).map(({ accountId }) => accountId)
}

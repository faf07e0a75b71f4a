import type { Tx } from '../../platform/db/statement.ts'
import { writeMail } from './mails.ts'
import { lockAccount, type StoredAccount } from './repository.ts'
import type { Tools } from './tools.ts'

/** Changes how somebody signs in: one change after the other, told by mail, and heard by all processes. */
export async function changeAccess(
  { db, mailbox, outbox, publicUrl, sessions }: Tools,
  account: Pick<StoredAccount, 'id' | 'email' | 'name' | 'language'>,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  const { id, email: to, name, language } = account
  await db.tx(async (tx) => {
    await lockAccount(tx, id)
    await work(tx)
    const link = `${publicUrl}/forgot`
    await mailbox.queue(tx, writeMail('changed', { to, name, link, language }))
    await sessions.announceChange(tx, id)
  })
  sessions.forget(id)
  outbox.appended.strike()
}

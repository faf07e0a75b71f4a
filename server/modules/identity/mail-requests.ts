import { statement, type Tx } from '../../platform/db/statement.ts'
import type { MailLanguage } from './mails.ts'
import { normalizeEmail } from './model.ts'
import type { Tools } from './tools.ts'

/** What is to be mailed to an address, in the language of who asked for it. */
export type MailRequest = Readonly<{ email: string; language: MailLanguage }>

/**
 * Wishes for a mail with a link, which anybody may have for any address: they are noted, and
 * answered, before anything looks whether the address is known. A ticker takes them and mails.
 */
export type MailRequests = Readonly<{
  /** Does nothing for an address that had its share of mails. @throws rate_limited by the source */
  note(
    tools: Pick<Tools, 'db' | 'ids' | 'clock' | 'guard'>,
    input: MailRequest & Readonly<{ remoteAddress: string }>,
  ): Promise<void>
  /** The oldest one, if there is one; it is gone with the transaction. */
  take(tx: Tx): Promise<MailRequest | undefined>
}>

function mailRequests(kind: 'guest' | 'reset', prefix: string): MailRequests {
  const insert = statement(
    `identity.insert_${kind}_request`,
    `insert into identity.${kind}_requests (id, email, language, created_at) values ($1, $2, $3, $4)`,
  )
  const takeOldest = statement<MailRequest>(
    `identity.take_${kind}_request`,
    `delete from identity.${kind}_requests where id = any (array(
       select id from identity.${kind}_requests order by id limit 1 for update skip locked))
     returning email, language`,
  )
  return {
    async note({ db, ids, clock, guard }, { email, language, remoteAddress }) {
      await guard.mayAsk(remoteAddress)
      const address = normalizeEmail(email)
      if (!(await guard.mayMail(address))) return
      await insert(db, [ids.make(prefix), address, language, clock.now().toISOString()])
    },
    async take(tx) {
      return (await takeOldest(tx))[0]
    },
  }
}

/** For a new password. */
export const resetRequests = mailRequests('reset', 'rst')
/** For what is kept of who has no account. */
export const guestRequests = mailRequests('guest', 'gpr')

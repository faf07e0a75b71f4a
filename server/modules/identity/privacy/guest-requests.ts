import { type Queryable, statement, type Tx } from '../../../platform/db/statement.ts'
import type { MailLanguage } from '../mails.ts'

export type GuestRequest = Readonly<{ email: string; language: MailLanguage }>

const insertRequest = statement(
  'identity.insert_guest_request',
  'insert into identity.guest_requests (id, email, language, created_at) values ($1, $2, $3, $4)',
)
const takeRequest = statement<GuestRequest>(
  'identity.take_guest_request',
  `delete from identity.guest_requests where id = any (array(
     select id from identity.guest_requests order by id limit 1 for update skip locked))
   returning email, language`,
)

export async function keepGuestRequest(
  on: Queryable,
  { id, email, language, at }: GuestRequest & Readonly<{ id: string; at: Date }>,
): Promise<void> {
  await insertRequest(on, [id, email, language, at.toISOString()])
}

/** The oldest wish of a guest, if there is one. */
export async function takeGuestRequest(tx: Tx): Promise<GuestRequest | undefined> {
  return (await takeRequest(tx))[0]
}

import { accountRegistered } from '#contracts/identity/events.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'
import { type MailLanguage, writeMail } from '../mails.ts'
import { makeToken, normalizeEmail, TOKEN_LIFE_MS, UNPROVEN_MAX } from '../model.ts'
import { insertAccount, listLogins, lockEmail } from '../repository.ts'
import { keepToken, TOKEN_PREFIX } from '../token-repository.ts'
import type { Tools } from '../tools.ts'

export type RegisterInput = Readonly<{
  email: string
  password: string
  name: string
  language: MailLanguage
  remoteAddress: string
}>

/**
 * Opens an account that has yet to prove its address. Whether the address is taken changes neither
 * the answer nor the work: an account is made all the same, only the letter differs (ADR 0009). One
 * with the same password is the same person's, and nothing is made.
 */
export function makeRegister(tools: Tools): (input: RegisterInput) => Promise<void> {
  const { db, ids, clock, outbox, hasher, guard, mailbox, publicUrl } = tools
  return async ({ password, name, language, remoteAddress, ...input }) => {
    const email = normalizeEmail(input.email)
    ;(await tools.rules()).check(password, { email, name })
    await guard.mayAsk(remoteAddress)
    const known = (await listLogins(db, email)).find((login) => login.passwordHash !== null)
    const passwordHash = await hasher.hash(password, known?.passwordHash ?? undefined)
    const mayMail = await guard.mayMail(email)
    await db.tx(async (tx) => {
      await lockEmail(tx, email)
      const logins = await listLogins(tx, email)
      if (logins.some((login) => login.passwordHash === passwordHash)) return
      if (logins.filter(({ isProven }) => !isProven).length >= UNPROVEN_MAX) return
      const at = clock.now().toISOString()
      const id = ids.make('acc')
      await insertAccount(tx, { id, email, name, language, passwordHash, isProven: false, at })
      await outbox.append(tx, [
        { spec: accountRegistered, aggregateId: id, payload: { accountId: id } },
      ])
      if (!mayMail) return
      if (!logins.some(({ isProven }) => isProven)) {
        await mailProof(tools, tx, { id, email, name, language })
        return
      }
      const link = `${publicUrl}/forgot`
      await mailbox.queue(tx, writeMail('known', { to: email, link, language }))
    })
    outbox.appended.strike()
  }
}

/** Sends the link that proves an account's address. */
export async function mailProof(
  { clock, chance, mailbox, publicUrl }: Tools,
  tx: Tx,
  account: Readonly<{
    id: string
    email: string
    name: string
    language: MailLanguage | null
  }>,
): Promise<void> {
  const { id, email, name, language } = account
  const token = makeToken(chance, TOKEN_PREFIX, shardOf(id))
  const at = clock.now()
  await keepToken(tx, {
    token,
    purpose: 'prove_email',
    accountId: id,
    email,
    at,
    endsAt: new Date(at.getTime() + TOKEN_LIFE_MS.prove_email),
  })
  const link = `${publicUrl}/verify?token=${token}`
  await mailbox.queue(tx, writeMail('prove', { to: email, name, link, language }))
}

import { emailProven } from '#contracts/identity/events.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { Tx } from '../../../platform/db/statement.ts'
import { shardOf } from '../../../platform/ids.ts'
import { writeMail } from '../mails.ts'
import { makeToken, normalizeEmail, TOKEN_LIFE_MS } from '../model.ts'
import {
  findAccount,
  getAccount,
  listLogins,
  lockEmail,
  markProven,
  moveEmail,
  type StoredAccount,
} from '../repository.ts'
import { dropTokensOf, findToken, keepToken, TOKEN_PREFIX, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { mailProof } from './register.ts'
import type { SignIn } from './sign-in.ts'

export type EmailFlows = Readonly<{
  /** Sends the proving link again; quietly nothing if too many went out. */
  requestProof(input: Readonly<{ accountId: string }>): Promise<void>
  /**
   * Proves an address by link, and by being the account: its session or its password.
   * @throws identity.link_invalid, identity.credentials_wrong, identity.email_taken, rate_limited
   */
  prove(
    input: Readonly<{
      token: string
      password?: string | undefined
      signedInAs: string | null
      remoteAddress: string
    }>,
  ): Promise<void>
  /** Sends a link to a new address. @throws identity.credentials_wrong, rate_limited */
  change(
    input: Readonly<{
      accountId: string
      email: string
      password: string
      remoteAddress: string
    }>,
  ): Promise<void>
}>

export function makeEmailFlows(tools: Tools, signIn: SignIn): EmailFlows {
  const { db, clock, chance, guard, mailbox, orders, outbox, publicUrl, sessions } = tools

  /** @throws identity.email_taken if somebody else has proven the address meanwhile. */
  async function assertFree(tx: Tx, email: string, accountId: string): Promise<void> {
    await lockEmail(tx, email)
    const logins = await listLogins(tx, email)
    if (logins.some((login) => login.isProven && login.accountId !== accountId))
      throw identityProblem('identity.email_taken')
  }

  async function proveOwn(account: StoredAccount, token: string): Promise<void> {
    const { id: accountId, email } = account
    const at = clock.now()
    await db.tx(async (tx) => {
      if (!(await takeToken(tx, { token, purpose: 'prove_email', at })))
        throw identityProblem('identity.link_invalid')
      await assertFree(tx, email, accountId)
      await markProven(tx, { email, accountId, at: at.toISOString() })
      await dropTokensOf(tx, { accountId, purposes: ['prove_email'] })
      await outbox.append(tx, [
        { spec: emailProven, aggregateId: accountId, payload: { accountId } },
      ])
      await sessions.announceChange(tx, accountId)
    })
  }

  async function moveTo(account: StoredAccount, token: string, email: string): Promise<void> {
    const { id, name, language } = account
    const at = clock.now()
    await db.tx(async (tx) => {
      const taken = await takeToken(tx, { token, purpose: 'change_email', at })
      if (!taken) throw identityProblem('identity.link_invalid')
      await assertFree(tx, email, id)
      const passwordHash = (taken.data?.['passwordHash'] as string | undefined) ?? null
      await moveEmail(tx, {
        id,
        from: account.email,
        to: email,
        passwordHash,
        at: at.toISOString(),
      })
      const link = `${publicUrl}/forgot`
      await mailbox.queue(tx, writeMail('changed', { to: account.email, name, link, language }))
      await outbox.append(tx, [{ spec: emailProven, aggregateId: id, payload: { accountId: id } }])
      await sessions.announceChange(tx, id)
    })
  }

  return {
    async requestProof({ accountId }) {
      const account = await getAccount(db, accountId)
      if (account.emailProvenAt !== null || !(await guard.mayMail(account.email))) return
      // The owner of a proven account is not told again and again of one that will never be proven.
      if ((await listLogins(db, account.email)).some(({ isProven }) => isProven)) return
      await db.tx((tx) => mailProof(tools, tx, account))
    },

    async prove({ token, password, signedInAs, remoteAddress }) {
      const at = clock.now()
      const proof = await findToken(db, { token, purpose: 'prove_email', at })
      const change = proof ? undefined : await findToken(db, { token, purpose: 'change_email', at })
      const found = proof ?? change
      const account = found?.accountId ? await findAccount(db, found.accountId) : undefined
      if (!found || !account) throw identityProblem('identity.link_invalid')
      if (signedInAs !== account.id) {
        if (password === undefined) throw identityProblem('identity.credentials_wrong')
        await signIn.check({ email: account.email, password, remoteAddress }, account.id)
      }
      if (change) await moveTo(account, token, found.email ?? '')
      else await proveOwn(account, token)
      sessions.forget(account.id)
      outbox.appended.strike()
      await orders.claimGuestOrders({ customerId: account.id, email: found.email ?? account.email })
    },

    async change({ accountId, password, remoteAddress, ...input }) {
      const account = await getAccount(db, accountId)
      await signIn.check({ email: account.email, password, remoteAddress }, accountId)
      await guard.mayAsk(remoteAddress)
      const email = normalizeEmail(input.email)
      const known = (await listLogins(db, email)).find((login) => login.passwordHash !== null)
      const passwordHash = await tools.hasher.hash(password, known?.passwordHash ?? undefined)
      if (!(await guard.mayMail(email))) return
      const token = makeToken(chance, TOKEN_PREFIX, shardOf(accountId))
      const at = clock.now()
      const endsAt = new Date(at.getTime() + TOKEN_LIFE_MS.change_email)
      const { name, language } = account
      const link = `${publicUrl}/verify?token=${token}`
      await db.tx(async (tx) => {
        await dropTokensOf(tx, { accountId, purposes: ['change_email'] })
        await keepToken(tx, {
          token,
          purpose: 'change_email',
          accountId,
          email,
          data: { passwordHash },
          at,
          endsAt,
        })
        await mailbox.queue(tx, writeMail('change', { to: email, name, link, language }))
      })
    },
  }
}

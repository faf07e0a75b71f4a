import { emailProven } from '#contracts/identity/events.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { SignedIn } from '#contracts/identity/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { shardOf } from '../../../platform/ids.ts'
import type { Ticker } from '../../../platform/module.ts'
import { toAccount } from '../account-view.ts'
import { type MailRequest, resetRequests } from '../mail-requests.ts'
import { writeMail } from '../mails.ts'
import { makeToken, TOKEN_LIFE_MS } from '../model.ts'
import {
  findAccount,
  listLogins,
  lockEmail,
  markProven,
  type StoredAccount,
  setPassword,
} from '../repository.ts'
import { dropFactors } from '../second-factor/repository.ts'
import { endSessions, isTwoFactorSession } from '../sessions/repository.ts'
import { dropTokensOf, findToken, keepToken, TOKEN_PREFIX, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { type SignIn, waitingMark } from './sign-in.ts'

export type PasswordFlows = Readonly<{
  /** Notes the wish; the mail follows from `tickers`. @throws rate_limited by the source */
  requestReset(input: MailRequest & Readonly<{ remoteAddress: string }>): Promise<void>
  /** @throws identity.link_invalid and the rules of passwords */
  reset(input: Readonly<{ token: string; password: string }>): Promise<void>
  /** @throws identity.credentials_wrong, rate_limited and the rules of passwords */
  change(
    input: Readonly<{
      accountId: string
      sessionId: string
      currentPassword: string
      newPassword: string
      device: string
      remoteAddress: string
    }>,
  ): Promise<SignedIn>
  readonly tickers: readonly Ticker[]
}>

export function makePasswordFlows(tools: Tools, signIn: SignIn): PasswordFlows {
  const { db, clock, chance, hasher, mailbox, outbox, publicUrl, sessions } = tools

  /** The account that a reset is for: the proven one; else the newest, which is proven by it. */
  async function mailReset(): Promise<number> {
    const mailed = await db.tx(async (tx) => {
      const request = await resetRequests.take(tx)
      if (!request) return undefined
      const [login] = await listLogins(tx, request.email)
      if (!login) return request
      const token = makeToken(chance, TOKEN_PREFIX, shardOf(login.accountId))
      const at = clock.now()
      await keepToken(tx, {
        token,
        purpose: 'reset_password',
        accountId: login.accountId,
        email: request.email,
        at,
        endsAt: new Date(at.getTime() + TOKEN_LIFE_MS.reset_password),
      })
      const link = `${publicUrl}/reset?token=${token}`
      const { email: to, language } = request
      await mailbox.queue(tx, writeMail('reset', { to, link, language }))
      return request
    })
    return mailed ? 1 : 0
  }

  async function store(account: StoredAccount, password: string, token: string): Promise<void> {
    const { id: accountId, email, name, language } = account
    const isTakenOver = account.emailProvenAt === null
    const known = (await listLogins(db, email)).find((login) => login.passwordHash !== null)
    const passwordHash = await hasher.hash(password, known?.passwordHash ?? undefined)
    await db.tx(async (tx) => {
      const at = clock.now()
      if (!(await takeToken(tx, { token, purpose: 'reset_password', at })))
        throw identityProblem('identity.link_invalid')
      await lockEmail(tx, email)
      const logins = await listLogins(tx, email)
      if (isTakenOver && logins.some(({ isProven }) => isProven))
        throw identityProblem('identity.link_invalid')
      await setPassword(tx, { email, accountId, passwordHash })
      // Whoever opened an account in another's name keeps no way into it.
      if (isTakenOver) {
        await dropFactors(tx, accountId)
        await markProven(tx, { email, accountId, at: at.toISOString() })
        await outbox.append(tx, [
          { spec: emailProven, aggregateId: accountId, payload: { accountId } },
        ])
      }
      await endSessions(tx, { accountId })
      await dropTokensOf(tx, {
        accountId,
        purposes: ['reset_password', 'second_factor', 'change_email'],
      })
      const link = `${publicUrl}/forgot`
      await mailbox.queue(tx, writeMail('changed', { to: email, name, link, language }))
      await sessions.announceChange(tx, accountId)
    })
    sessions.forget(accountId)
    outbox.appended.strike()
    if (isTakenOver) await tools.orders.claimGuestOrders({ customerId: accountId, email })
  }

  return {
    requestReset: (input) => resetRequests.note(tools, input),

    async reset({ token, password }) {
      const at = clock.now()
      const found = await findToken(db, { token, purpose: 'reset_password', at })
      const account = found?.accountId ? await findAccount(db, found.accountId) : undefined
      if (!account || account.email !== found?.email) throw identityProblem('identity.link_invalid')
      ;(await tools.rules()).check(password, account)
      await store(account, password, token)
    },

    async change({ accountId, sessionId, currentPassword, newPassword, device, remoteAddress }) {
      const account = await findAccount(db, accountId)
      if (!account) throw generalProblem('not_found')
      const { email, name, language } = account
      await signIn.check({ email, password: currentPassword, remoteAddress }, accountId)
      ;(await tools.rules()).check(newPassword, account)
      const known = (await listLogins(db, email)).find((login) => login.passwordHash !== null)
      const passwordHash = await hasher.hash(newPassword, known?.passwordHash ?? undefined)
      const opened = await db.tx(async (tx) => {
        await lockEmail(tx, email)
        await setPassword(tx, { email, accountId, passwordHash })
        const isTwoFactor = await isTwoFactorSession(tx, { accountId, sessionId })
        await endSessions(tx, { accountId })
        await dropTokensOf(tx, { accountId, purposes: ['reset_password', 'second_factor'] })
        const link = `${publicUrl}/forgot`
        await mailbox.queue(tx, writeMail('changed', { to: email, name, link, language }))
        await sessions.announceChange(tx, accountId)
        return sessions.open(tx, { account, device, isTwoFactor })
      })
      sessions.forget(accountId)
      outbox.appended.strike()
      return {
        status: 'signed_in',
        account: toAccount(account),
        token: opened.token,
        expiresAt: opened.expiresAt,
        deviceToken: tools.devices.issue(email),
        cartId: (await tools.cart.current({ customerId: accountId })).cartId,
        ...waitingMark(opened),
      }
    },

    tickers: [{ name: 'identity.mail_resets', everyMs: 500, run: mailReset }],
  }
}

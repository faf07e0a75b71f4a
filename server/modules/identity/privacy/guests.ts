import type { ErasureReport, GuestCopy } from '#contracts/identity/privacy.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import { SHARDS } from '../../../platform/ids.ts'
import type { Ticker } from '../../../platform/module.ts'
import { guestRequests, type MailRequest } from '../mail-requests.ts'
import { writeMail } from '../mails.ts'
import { makeToken, TOKEN_LIFE_MS } from '../model.ts'
import { listLogins } from '../repository.ts'
import { findToken, keepToken, TOKEN_PREFIX, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { eraseLater } from './late-erasures.ts'
import { eraseInvitationsTo } from './repository.ts'

const PURPOSE = 'guest_privacy'

/** The rights of who has no account: what hangs on an e-mail address, for who reads its mail. */
export type GuestPrivacy = Readonly<{
  /** Notes the wish; the mail follows from `tickers`. @throws rate_limited by the source */
  request(input: MailRequest & Readonly<{ remoteAddress: string }>): Promise<void>
  /** The link goes on working: a copy changes nothing. @throws identity.link_invalid */
  export(input: Readonly<{ token: string }>): Promise<GuestCopy>
  /** Uses the link up. @throws identity.link_invalid */
  erase(input: Readonly<{ token: string }>): Promise<ErasureReport>
  readonly tickers: readonly Ticker[]
}>

export function makeGuestPrivacy(tools: Tools): GuestPrivacy {
  const { db, ids, clock, chance, mailbox, orders, outbox, personalData, publicUrl } = tools

  /** Who has an account for the address has these rights there, behind more than a mail. */
  async function mailLink(): Promise<number> {
    const mailed = await db.tx(async (tx) => {
      const request = await guestRequests.take(tx)
      if (!request) return undefined
      const { email: to, language } = request
      const [login] = await listLogins(tx, to)
      if (login?.isProven) {
        const link = `${publicUrl}/account/privacy`
        await mailbox.queue(tx, writeMail('yourData', { to, link, language }))
        return request
      }
      const token = makeToken(chance, TOKEN_PREFIX, Math.floor(chance.float() * SHARDS))
      const at = clock.now()
      const endsAt = new Date(at.getTime() + TOKEN_LIFE_MS[PURPOSE])
      await keepToken(tx, { token, purpose: PURPOSE, accountId: null, email: to, at, endsAt })
      const link = `${publicUrl}/your-data?token=${token}`
      await mailbox.queue(tx, writeMail('yourData', { to, link, language }))
      return request
    })
    return mailed ? 1 : 0
  }

  return {
    request: (input) => guestRequests.note(tools, input),

    async export({ token }) {
      const at = clock.now()
      const email = (await findToken(db, { token, purpose: PURPOSE, at }))?.email
      if (!email) throw identityProblem('identity.link_invalid')
      // Nobody's number: what hangs on an account is not a guest's.
      const subject = { accountId: ids.make('acc'), emails: [email] }
      const parts: Record<string, unknown> = {}
      for (const [name, keeper] of Object.entries(personalData))
        parts[name] = await keeper.export(subject)
      return { email, madeAt: at.toISOString(), parts }
    },

    async erase({ token }) {
      const at = clock.now()
      const accountId = ids.make('acc')
      const taken = await db.tx(async (tx) => {
        const found = await takeToken(tx, { token, purpose: PURPOSE, at })
        if (!found?.email) throw identityProblem('identity.link_invalid')
        await eraseLater(tx, { accountId, at })
        const invitations = await eraseInvitationsTo(tx, found.email)
        return { email: found.email, tables: [invitations] }
      })
      const { email } = taken
      // Under a number that is never anybody's, the orders are found by every module, in whatever order they erase.
      await orders.claimGuestOrders({ customerId: accountId, email })
      const tables = []
      for (const keeper of Object.values(personalData))
        tables.push(...(await keeper.erase({ accountId, emails: [email] })))
      outbox.appended.strike()
      return { accountId, erasedAt: at.toISOString(), tables: [...tables, ...taken.tables] }
    },

    tickers: [{ name: 'identity.mail_guest_links', everyMs: 500, run: mailLink }],
  }
}

import { accountRegistered, emailProven } from '#contracts/identity/events.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { Invitation } from '#contracts/identity/staff.ts'
import { shardFor } from '../../../platform/ids.ts'
import type { SignIn } from '../flows/sign-in.ts'
import { type MailLanguage, writeMail } from '../mails.ts'
import { hashOf, makeToken, normalizeEmail, TOKEN_LIFE_MS } from '../model.ts'
import { findAccount, insertAccount, listLogins, lockEmail } from '../repository.ts'
import type { Tools } from '../tools.ts'
import {
  deleteInvitation,
  findInvitation,
  keepInvitation,
  listInvitations,
  type StoredInvitation,
  takeInvitation,
} from './invitation-repository.ts'
import { grantRoles, lockTeam, type Role, type TeamId } from './repository.ts'

const PREFIX = 'ivt'

export type Invitations = Readonly<{
  list(team: TeamId): Promise<Invitation[]>
  /** Sends a link; once more replaces what was sent before. */
  invite(
    input: Readonly<{
      team: TeamId
      email: string
      roles: readonly Role[]
      language: MailLanguage
      by: string
    }>,
  ): Promise<Invitation>
  revoke(input: Readonly<{ team: TeamId; invitationId: string }>): Promise<void>
  /**
   * The link proves the address. Where that has an account it is entered by its session or password; where not, one is
   * opened with the password and name that come along.
   * @throws identity.link_invalid, identity.credentials_wrong, rate_limited and the rules of passwords
   */
  accept(
    input: Readonly<{
      token: string
      password?: string | undefined
      name?: string | undefined
      signedInAs: string | null
      remoteAddress: string
    }>,
  ): Promise<Readonly<{ email: string }>>
}>

export function makeInvitations(tools: Tools, signIn: SignIn): Invitations {
  const { db, ids, clock, chance, hasher, mailbox, outbox, publicUrl, sessions } = tools

  /** The account that accepts, and what opens it if there is none yet. */
  async function whoAccepts(
    email: string,
    { password, name, signedInAs, remoteAddress }: Parameters<Invitations['accept']>[0],
  ): Promise<Readonly<{ accountId?: string; passwordHash: string | null }>> {
    const logins = await listLogins(db, email)
    const proven = logins.find(({ isProven }) => isProven)
    if (proven) {
      const { accountId } = proven
      if (signedInAs === accountId) return { accountId, passwordHash: null }
      if (password === undefined) throw identityProblem('identity.credentials_wrong')
      await signIn.check({ email, password, remoteAddress }, accountId)
      return { accountId, passwordHash: null }
    }
    if (password === undefined) throw identityProblem('identity.credentials_wrong')
    ;(await tools.rules()).check(password, { email, name: name ?? '' })
    const known = logins.find((login) => login.passwordHash !== null)
    return { passwordHash: await hasher.hash(password, known?.passwordHash ?? undefined) }
  }

  async function join(
    invitation: StoredInvitation,
    joining: Readonly<{ tokenHash: Buffer; name: string; accountId?: string }> &
      Readonly<{ passwordHash: string | null }>,
  ): Promise<Readonly<{ accountId: string; isNew: boolean }>> {
    const { email, team, roles, invitedBy: by } = invitation
    const { tokenHash, name, passwordHash } = joining
    const at = clock.now().toISOString()
    return db.tx(async (tx) => {
      if (!(await takeInvitation(tx, { tokenHash, at })))
        throw identityProblem('identity.link_invalid')
      await lockEmail(tx, email)
      const isNew = joining.accountId === undefined
      const accountId = joining.accountId ?? ids.make('acc')
      if (isNew) {
        // Somebody has proven the address meanwhile: he has to show that he is that account.
        if ((await listLogins(tx, email)).some(({ isProven }) => isProven))
          throw identityProblem('identity.credentials_wrong')
        const own = { id: accountId, email, name, language: null, passwordHash, at }
        await insertAccount(tx, { ...own, isProven: true })
        const payload = { accountId }
        await outbox.append(tx, [
          { spec: accountRegistered, aggregateId: accountId, payload },
          { spec: emailProven, aggregateId: accountId, payload },
        ])
      }
      await lockTeam(tx, team)
      await grantRoles(tx, { team, accountId, roles, by, at })
      await sessions.announceChange(tx, accountId)
      return { accountId, isNew }
    })
  }

  return {
    async list(team) {
      const at = clock.now().toISOString()
      return (await listInvitations(db, { team, at })).map(toInvitation)
    },
    async invite({ team, roles, language, by, ...input }) {
      const email = normalizeEmail(input.email)
      const token = makeToken(chance, PREFIX, shardFor(email))
      const at = clock.now()
      const invitation = {
        id: ids.make('inv'),
        team,
        email,
        roles: [...new Set(roles)],
        invitedBy: by,
        endsAt: new Date(at.getTime() + TOKEN_LIFE_MS.invitation).toISOString(),
      }
      const link = `${publicUrl}/invitation?token=${token}`
      await db.tx(async (tx) => {
        await lockTeam(tx, team)
        const kept = { ...invitation, tokenHash: hashOf(token), at: at.toISOString() }
        await keepInvitation(tx, kept)
        await mailbox.queue(tx, writeMail('invited', { to: email, link, language }))
      })
      return toInvitation(invitation)
    },
    revoke: ({ team, invitationId: id }) => deleteInvitation(db, { id, team }),
    async accept(input) {
      const tokenHash = hashOf(input.token)
      const invitation = await findInvitation(db, { tokenHash, at: clock.now().toISOString() })
      if (!invitation) throw identityProblem('identity.link_invalid')
      const { email } = invitation
      const who = await whoAccepts(email, input)
      if (who.accountId && !(await findAccount(db, who.accountId)))
        throw identityProblem('identity.credentials_wrong')
      const name = input.name ?? email.split('@')[0] ?? email
      const { accountId, isNew } = await join(invitation, { ...who, tokenHash, name })
      sessions.forget(accountId)
      outbox.appended.strike()
      if (isNew) await tools.orders.claimGuestOrders({ customerId: accountId, email })
      return { email }
    },
  }
}

function toInvitation({ id, email, roles, endsAt }: StoredInvitation): Invitation {
  return { id, email, roles: [...roles], expiresAt: endsAt }
}

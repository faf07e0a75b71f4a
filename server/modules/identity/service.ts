import { generalProblem } from '#contracts/kit/problem.ts'
import { type AddressBook, createAddressBook } from './addresses.ts'
import { type EmailFlows, makeEmailFlows } from './flows/email.ts'
import { makePasswordFlows, type PasswordFlows } from './flows/password.ts'
import { makeRegister, type RegisterInput } from './flows/register.ts'
import { makeSignIn, type SignIn } from './flows/sign-in.ts'
import { makePasskeys, type Passkeys } from './passkeys/service.ts'
import { type GuestPrivacy, makeGuestPrivacy } from './privacy/guests.ts'
import { makePrivacy, type Privacy } from './privacy/service.ts'
import { makeProviderLogins, type ProviderLogins } from './providers/service.ts'
import { findAccount, updateProfile } from './repository.ts'
import { makeSecondFactor, type SecondFactor } from './second-factor/service.ts'
import { endSessions, markConfirmed } from './sessions/repository.ts'
import { type Invitations, makeInvitations } from './staff/invitations.ts'
import { makeStaff, type Staff } from './staff/service.ts'
import type { Tools } from './tools.ts'

/** The module's flows and short operations, for its routes. */
export type Service = Readonly<{
  tools: Tools
  register(input: RegisterInput): Promise<void>
  signIn: SignIn
  email: EmailFlows
  password: PasswordFlows
  secondFactor: SecondFactor
  passkeys: Passkeys
  providerLogins: ProviderLogins
  staff: Staff
  invitations: Invitations
  addresses: AddressBook
  privacy: Privacy
  guestPrivacy: GuestPrivacy
  cookie: SessionCookie
  /** @returns false if the account has no such session. */
  endSession(input: Readonly<{ accountId: string; sessionId: string }>): Promise<boolean>
  endOtherSessions(input: Readonly<{ accountId: string; sessionId: string }>): Promise<void>
  updateProfile(
    input: Readonly<{ accountId: string; name: string | null; preferences: object }>,
  ): Promise<void>
  /** Notes that it is still the same person. @throws identity.credentials_wrong, rate_limited */
  confirm(
    input: Readonly<{
      accountId: string
      sessionId: string
      password: string
      remoteAddress: string
    }>,
  ): Promise<void>
}>

export type SessionCookie = Readonly<{
  name: string
  set(token: string, expiresAt: string): string
  clear(): string
}>

/** `__Host-` binds the cookie to this host where the shop is reached by https (ASVS 5, 3.3.1). */
function sessionCookie(publicUrl: string): SessionCookie {
  const isSecure = publicUrl.startsWith('https:')
  const name = isSecure ? '__Host-session' : 'session'
  const marks = `Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`
  return {
    name,
    set: (token, expiresAt) =>
      `${name}=${token}; ${marks}; Expires=${new Date(expiresAt).toUTCString()}`,
    clear: () => `${name}=; ${marks}; Max-Age=0`,
  }
}

export function createService(tools: Tools): Service {
  const { db, sessions, outbox, clock } = tools
  const signIn = makeSignIn(tools)
  const changed = async (work: () => Promise<number>, accountId: string) => {
    const count = await work()
    sessions.forget(accountId)
    outbox.appended.strike()
    return count
  }
  const end = (which: Parameters<typeof endSessions>[1]) =>
    changed(
      () =>
        db.tx(async (tx) => {
          await sessions.announceChange(tx, which.accountId)
          return endSessions(tx, which)
        }),
      which.accountId,
    )
  return {
    tools,
    register: makeRegister(tools),
    signIn,
    email: makeEmailFlows(tools, signIn),
    password: makePasswordFlows(tools, signIn),
    secondFactor: makeSecondFactor(tools, signIn),
    passkeys: makePasskeys(tools, signIn),
    providerLogins: makeProviderLogins(tools, signIn),
    staff: makeStaff(tools),
    invitations: makeInvitations(tools, signIn),
    addresses: createAddressBook(tools),
    privacy: makePrivacy(tools),
    guestPrivacy: makeGuestPrivacy(tools),
    cookie: sessionCookie(tools.publicUrl),
    endSession: async ({ accountId, sessionId: id }) => (await end({ accountId, id })) > 0,
    async endOtherSessions({ accountId, sessionId: except }) {
      await end({ accountId, except })
    },
    async updateProfile({ accountId, ...profile }) {
      await changed(
        () =>
          db.tx(async (tx) => {
            await updateProfile(tx, { id: accountId, ...profile })
            await sessions.announceChange(tx, accountId)
            return 1
          }),
        accountId,
      )
    },
    async confirm({ accountId, sessionId: id, password, remoteAddress }) {
      const account = await findAccount(db, accountId)
      if (!account) throw generalProblem('not_found')
      await signIn.check({ email: account.email, password, remoteAddress }, accountId)
      const at = clock.now().toISOString()
      await changed(
        () =>
          db.tx(async (tx) => {
            await markConfirmed(tx, { accountId, id, at })
            await sessions.announceChange(tx, accountId)
            return 1
          }),
        accountId,
      )
    },
  }
}

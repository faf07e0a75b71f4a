import { identityProblem } from '#contracts/identity/problems.ts'
import type { SecondFactorNeeded, SignedIn } from '#contracts/identity/schemas.ts'
import { shardOf } from '../../../platform/ids.ts'
import { toAccount } from '../account-view.ts'
import { writeMail } from '../mails.ts'
import { normalizeEmail } from '../model.ts'
import { findAccount, listLogins, type StoredAccount } from '../repository.ts'
import { beginCeremony } from '../token-repository.ts'
import type { Tools } from '../tools.ts'

export type SignInInput = Readonly<{
  email: string
  password: string
  deviceToken?: string | undefined
  cartId?: string | undefined
  device: string
  remoteAddress: string
}>

/** Somebody who has proven in one way who they are. */
export type Entering = Readonly<{
  account: StoredAccount
  device: string
  deviceToken?: string | undefined
  cartId?: string | undefined
  /** Whether that way was two factors in itself: a passkey that looked who holds it. */
  isTwoFactor: boolean
}>

type Opening = Readonly<{
  account: StoredAccount
  device: string
  cartId?: string | undefined
  /** Whether this device was seen before; a new one is told of by mail. */
  isKnownDevice: boolean
  isTwoFactor: boolean
}>

export type SignIn = Readonly<{
  /** @throws rate_limited, identity.credentials_wrong */
  byPassword(input: SignInInput): Promise<SignedIn | SecondFactorNeeded>
  /**
   * Whose address and password these are, slowed down like every try.
   * @throws rate_limited, identity.credentials_wrong
   */
  check(
    input: Readonly<{ email: string; password: string; remoteAddress: string }>,
    accountId: string,
  ): Promise<void>
  /** Opens a session, or asks for the authenticator app's code first where there is one. */
  enter(entering: Entering): Promise<SignedIn | SecondFactorNeeded>
  /** Opens a session for somebody who has proven who they are, and brings the guest's cart along. */
  open(opening: Opening): Promise<SignedIn>
}>

export function makeSignIn(tools: Tools): SignIn {
  const { db, guard, devices, hasher, sessions, mailbox, publicUrl } = tools

  /** The accounts of an address that the password opens, the proven one first. */
  async function matching(email: string, password: string): Promise<string[]> {
    const logins = (await listLogins(db, email)).filter(({ passwordHash }) => passwordHash !== null)
    const hashes = logins.map(({ passwordHash }) => passwordHash as string)
    const fits = await hasher.match(password, hashes)
    return logins.filter((_, place) => fits[place]).map(({ accountId }) => accountId)
  }

  async function open({ account, device, cartId, ...how }: Opening): Promise<SignedIn> {
    const opened = await db.tx(async (tx) => {
      if (!how.isKnownDevice && account.emailProvenAt !== null) {
        const { email, name, language } = account
        const link = `${publicUrl}/forgot`
        await mailbox.queue(tx, writeMail('device', { to: email, name, link, language }))
      }
      return sessions.open(tx, { account, device, isTwoFactor: how.isTwoFactor })
    })
    return {
      status: 'signed_in',
      account: toAccount(account),
      token: opened.token,
      expiresAt: opened.expiresAt,
      deviceToken: devices.issue(account.email),
      cartId: await bringCart(tools, { accountId: account.id, cartId }),
      ...waitingMark(opened),
    }
  }

  async function enter({ account, device, deviceToken, cartId, isTwoFactor }: Entering) {
    const isKnownDevice = devices.recognise(deviceToken, account.email) !== undefined
    if (isTwoFactor || account.totpConfirmedAt === null)
      return open({ account, device, cartId, isKnownDevice, isTwoFactor })
    const { ceremony, expiresAt } = await beginCeremony(tools, {
      purpose: 'second_factor',
      accountId: account.id,
      shard: shardOf(account.id),
      data: { device, isKnownDevice },
    })
    return { status: 'second_factor_needed', challenge: ceremony, expiresAt } as const
  }

  return {
    open,
    enter,
    async byPassword(input) {
      const email = normalizeEmail(input.email)
      const device = devices.recognise(input.deviceToken, email)
      const attempt = { email, remoteAddress: input.remoteAddress, device }
      await guard.enter(attempt)
      const [accountId] = await matching(email, input.password)
      const account = accountId === undefined ? undefined : await findAccount(db, accountId)
      if (!account) throw identityProblem('identity.credentials_wrong')
      await guard.succeed(attempt)
      return enter({ ...input, account, isTwoFactor: false })
    },
    async check({ email, password, remoteAddress }, accountId) {
      const attempt = { email, remoteAddress, device: `account ${accountId}` }
      await guard.enter(attempt)
      if (!(await matching(email, password)).includes(accountId))
        throw identityProblem('identity.credentials_wrong')
      await guard.succeed(attempt)
    },
  }
}

/** Says in an answer that staff's rights wait for a second factor. */
export function waitingMark({ isWaiting }: Readonly<{ isWaiting: boolean }>) {
  return isWaiting ? { secondFactorRequired: true as const } : {}
}

/** Merges a guest's cart into the customer's, or finds that; a cart that is another's is left alone. */
async function bringCart(
  { cart, log }: Tools,
  { accountId, cartId }: Readonly<{ accountId: string; cartId: string | undefined }>,
): Promise<string | null> {
  if (cartId !== undefined) {
    try {
      return (await cart.merge({ guestCartId: cartId, customerId: accountId })).id
    } catch (error) {
      // Nobody is kept from signing in by a cart.
      log.warn({ error: String(error) }, "a guest's cart was not merged")
    }
  }
  return (await cart.current({ customerId: accountId })).cartId
}

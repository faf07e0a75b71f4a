import type {
  AuthenticationResponseJSON,
  RegistrationResponseJSON,
  VerifiedAuthenticationResponse,
} from '@simplewebauthn/server'
import type { Passkey } from '#contracts/identity/passkeys.ts'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { SecondFactorNeeded, SignedIn } from '#contracts/identity/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import { isIdOf, shardOf } from '../../../platform/ids.ts'
import { changeAccess } from '../access-change.ts'
import type { Entering, SignIn } from '../flows/sign-in.ts'
import { findAccount, getAccount, isStaff } from '../repository.ts'
import { assertFactorShown } from '../second-factor/shown.ts'
import { markTwoFactor } from '../sessions/repository.ts'
import { beginCeremony, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { assertWayInLeft } from '../ways-in.ts'
import {
  deletePasskey,
  insertPasskey,
  listPasskeysOf,
  markPasskeyUsed,
  type StoredPasskey,
  setPasskeyName,
} from './repository.ts'

/** Loaded with the first passkey: it takes a tenth of a second that the start of a shop need not. */
const webauthn = () => import('@simplewebauthn/server')

const PASSKEYS_MAX = 20
const CHALLENGE_BYTES = 32

type Owner = Readonly<{ accountId: string }>
type Session = Owner & Readonly<{ sessionId: string }>
type Begun = Readonly<{ ceremony: string; options: Record<string, unknown>; expiresAt: string }>

/** Passkeys by W3C's Web Authentication; the cryptography is the library's. */
export type Passkeys = Readonly<{
  /** @throws identity.passkey_limit */
  begin(input: Session): Promise<Begun>
  /**
   * @throws identity.link_invalid if it was not this session that began, or too long ago
   * @throws identity.passkey_refused, identity.passkey_limit, identity.factor_exists
   */
  add(
    input: Session & Readonly<{ ceremony: string; name: string; credential: unknown }>,
  ): Promise<Passkey>
  list(input: Owner): Promise<Passkey[]>
  /** @throws not_found */
  rename(input: Owner & Readonly<{ passkeyId: string; name: string }>): Promise<Passkey>
  /** @throws identity.last_way_in */
  remove(input: Session & Readonly<{ passkeyId: string }>): Promise<void>
  beginLogin(): Promise<Begun>
  /** @throws identity.link_invalid, identity.passkey_refused */
  login(
    input: Omit<Entering, 'account' | 'isTwoFactor'> &
      Readonly<{ ceremony: string; credential: SignedCredential }>,
  ): Promise<SignedIn | SecondFactorNeeded>
}>

type SignedCredential = Readonly<{
  id: string
  response: Readonly<{ userHandle?: string | null | undefined }>
}>

export function makePasskeys(tools: Tools, signIn: SignIn): Passkeys {
  const { db, ids, clock, chance, log, publicUrl } = tools
  const origin = new URL(publicUrl).origin
  const rpID = new URL(publicUrl).hostname
  const challengeBytes = () => chance.bytes(CHALLENGE_BYTES).slice()

  function refused(reason: unknown) {
    log.info({ reason: String(reason) }, 'a passkey was refused')
    return identityProblem('identity.passkey_refused')
  }

  async function verifyNew(credential: unknown, expectedChallenge: string) {
    const { verifyRegistrationResponse } = await webauthn()
    const verified = await verifyRegistrationResponse({
      response: credential as RegistrationResponseJSON,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      requireUserVerification: false,
    }).catch((error: unknown) => {
      throw refused(error)
    })
    if (!verified.verified) throw refused('not verified')
    return verified.registrationInfo
  }

  async function verifySigned(
    credential: unknown,
    { publicKey, counter, credentialId }: StoredPasskey,
    expectedChallenge: string,
  ): Promise<VerifiedAuthenticationResponse['authenticationInfo']> {
    const { verifyAuthenticationResponse } = await webauthn()
    const verified = await verifyAuthenticationResponse({
      response: credential as AuthenticationResponseJSON,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpID,
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter },
      requireUserVerification: false,
    }).catch((error: unknown) => {
      throw refused(error)
    })
    if (!verified.verified) throw refused('the signature is wrong')
    return verified.authenticationInfo
  }

  return {
    async begin({ accountId, sessionId }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      const known = await listPasskeysOf(db, accountId)
      if (known.length >= PASSKEYS_MAX) throw identityProblem('identity.passkey_limit')
      const { generateRegistrationOptions } = await webauthn()
      const options = await generateRegistrationOptions({
        rpName: 'Stoa',
        rpID,
        userID: new TextEncoder().encode(accountId),
        userName: account.email,
        userDisplayName: account.name,
        challenge: challengeBytes(),
        excludeCredentials: known.map(({ credentialId: id, transports }) => ({ id, transports })),
        authenticatorSelection: {
          residentKey: 'required',
          userVerification: isStaff(account) ? 'required' : 'preferred',
        },
      })
      const data = { challenge: options.challenge, sessionId }
      const at = { purpose: 'passkey_register', accountId, shard: shardOf(accountId) } as const
      return { ...(await beginCeremony(tools, { ...at, data })), options: { ...options } }
    },

    async add({ accountId, sessionId, ceremony: token, name, credential }) {
      const at = clock.now()
      const taken = await db.tx((tx) => takeToken(tx, { token, purpose: 'passkey_register', at }))
      if (taken?.accountId !== accountId || taken.data?.['sessionId'] !== sessionId)
        throw identityProblem('identity.link_invalid')
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      const info = await verifyNew(credential, String(taken.data['challenge']))
      if (isStaff(account) && !info.userVerified) throw refused('staff must be verified')
      const passkey = {
        id: ids.make('psk', shardOf(accountId)),
        accountId,
        credentialId: info.credential.id,
        publicKey: info.credential.publicKey,
        counter: info.credential.counter,
        transports: info.credential.transports ?? [],
        name,
        isMultiDevice: info.credentialDeviceType === 'multiDevice',
        isBackedUp: info.credentialBackedUp,
        aaguid: info.aaguid,
        createdAt: at.toISOString(),
      }
      await changeAccess(tools, account, async (tx) => {
        if ((await listPasskeysOf(tx, accountId)).length >= PASSKEYS_MAX)
          throw identityProblem('identity.passkey_limit')
        if (!(await insertPasskey(tx, passkey))) throw identityProblem('identity.factor_exists')
        if (info.userVerified)
          await markTwoFactor(tx, { accountId, id: sessionId, isTwoFactor: true })
      })
      return toPasskey({ ...passkey, lastUsedAt: null })
    },

    list: async ({ accountId }) => (await listPasskeysOf(db, accountId)).map(toPasskey),

    async rename({ accountId, passkeyId: id, name }) {
      const renamed = await setPasskeyName(db, { accountId, id, name })
      if (!renamed) throw generalProblem('not_found')
      return toPasskey(renamed)
    },

    async remove({ accountId, sessionId, passkeyId: id }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      await changeAccess(tools, account, async (tx) => {
        if (!(await deletePasskey(tx, { accountId, id }))) return
        await assertWayInLeft(tx, account)
        await markTwoFactor(tx, { accountId, id: null, isTwoFactor: false })
      })
    },

    async beginLogin() {
      const { generateAuthenticationOptions } = await webauthn()
      const options = await generateAuthenticationOptions({
        rpID,
        challenge: challengeBytes(),
        userVerification: 'preferred',
      })
      const data = { challenge: options.challenge }
      const at = { purpose: 'passkey_login', accountId: null } as const
      return { ...(await beginCeremony(tools, { ...at, data })), options: { ...options } }
    },

    async login({ ceremony: token, credential, ...entering }) {
      const at = clock.now()
      const taken = await db.tx((tx) => takeToken(tx, { token, purpose: 'passkey_login', at }))
      if (!taken) throw identityProblem('identity.link_invalid')
      const handle = credential.response.userHandle ?? ''
      const accountId = Buffer.from(handle, 'base64url').toString()
      const known = isIdOf('acc', accountId) ? await listPasskeysOf(db, accountId) : []
      const passkey = known.find(({ credentialId }) => credentialId === credential.id)
      const account = passkey && (await findAccount(db, accountId))
      if (!passkey || !account) throw refused('nobody has it')
      const info = await verifySigned(credential, passkey, String(taken.data?.['challenge']))
      const { newCounter: counter, credentialBackedUp: isBackedUp, userVerified } = info
      if (isStaff(account) && !userVerified) throw refused('staff must be verified')
      const use = { accountId, id: passkey.id, counter, isBackedUp, at: at.toISOString() }
      if (!(await markPasskeyUsed(db, use))) throw refused('the counter did not grow')
      return signIn.enter({ ...entering, account, isTwoFactor: userVerified })
    },
  }
}

function toPasskey({
  id,
  name,
  isBackedUp,
  createdAt,
  lastUsedAt,
}: Pick<StoredPasskey, 'id' | 'name' | 'isBackedUp' | 'createdAt' | 'lastUsedAt'>): Passkey {
  return { id, name, isSynced: isBackedUp, createdAt, lastUsedAt }
}

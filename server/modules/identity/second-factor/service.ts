import { createHash } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { identityProblem } from '#contracts/identity/problems.ts'
import type { SignedIn } from '#contracts/identity/schemas.ts'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Chance } from '../../../platform/chance.ts'
import { changeAccess } from '../access-change.ts'
import type { SignIn } from '../flows/sign-in.ts'
import { findAccount, getAccount, type StoredAccount } from '../repository.ts'
import { markTwoFactor } from '../sessions/repository.ts'
import { guessUnderToken, takeToken } from '../token-repository.ts'
import type { Tools } from '../tools.ts'
import { replaceRecoveryCodes, setTotp, useRecoveryCode, useTotpStep } from './repository.ts'
import { placeOf } from './sealed.ts'
import { assertFactorShown } from './shown.ts'

const STEP_SECONDS = 30
const SECRET_BYTES = 20
const RECOVERY_CODES = 10
/** Codes that may be tried under one sign-in. */
const GUESSES = 5

type Session = Readonly<{ accountId: string; sessionId: string }>

export type SecondFactor = Readonly<{
  /** Begins to set up an authenticator app; it counts once `confirm` has seen a code. @throws identity.factor_exists */
  begin(input: Session): Promise<{ secret: string; uri: string }>
  /** @returns the recovery codes, shown this once. @throws identity.second_factor_wrong */
  confirm(input: Session & { code: string }): Promise<{ recoveryCodes: string[] }>
  /** New recovery codes; the old ones are void. @throws not_found without an authenticator app */
  renewCodes(input: Session): Promise<{ recoveryCodes: string[] }>
  remove(input: Session): Promise<void>
  /** Ends a sign-in that the password began. @throws identity.link_invalid, identity.second_factor_wrong */
  finish(
    input: Readonly<{ challenge: string; code: string; cartId?: string | undefined }>,
  ): Promise<SignedIn>
}>

export function makeSecondFactor(tools: Tools, signIn: SignIn): SecondFactor {
  const { db, clock, chance, vault } = tools

  /** The step of the clock that a code is for: this one, the last or the next. */
  function stepOf(account: StoredAccount, code: string): number | undefined {
    if (account.totpSealed === null || !/^\d{6}$/.test(code)) return undefined
    const totp = totpOf(vault.open(account.totpSealed, placeOf(account.id)), account.email)
    const timestamp = clock.now().getTime()
    const delta = totp.validate({ token: code, timestamp, window: 1 })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / STEP_SECONDS) + delta
  }

  async function isRight(account: StoredAccount, code: string): Promise<boolean> {
    const step = stepOf(account, code.replaceAll(' ', ''))
    if (step !== undefined) return useTotpStep(db, { accountId: account.id, step })
    return useRecoveryCode(db, { accountId: account.id, hash: hashCode(code) })
  }

  return {
    async begin({ accountId, sessionId }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      if (account.totpConfirmedAt !== null) throw identityProblem('identity.factor_exists')
      const secret = new Secret({ buffer: chance.bytes(SECRET_BYTES).slice().buffer }).base32
      const sealed = vault.seal(secret, placeOf(accountId))
      await db.tx((tx) => setTotp(tx, { accountId, sealed, confirmedAt: null, lastStep: null }))
      return { secret, uri: totpOf(secret, account.email).toString() }
    },

    async confirm({ accountId, sessionId, code }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      if (account.totpConfirmedAt !== null) throw identityProblem('identity.factor_exists')
      const step = stepOf(account, code)
      if (step === undefined) throw identityProblem('identity.second_factor_wrong')
      const recoveryCodes = drawCodes(chance)
      const confirmedAt = clock.now().toISOString()
      const { totpSealed: sealed } = account
      await changeAccess(tools, account, async (tx) => {
        await setTotp(tx, { accountId, sealed, confirmedAt, lastStep: step })
        await replaceRecoveryCodes(tx, { accountId, hashes: recoveryCodes.map(hashCode) })
        await markTwoFactor(tx, { accountId, id: sessionId, isTwoFactor: true })
      })
      return { recoveryCodes }
    },

    async renewCodes({ accountId, sessionId }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      if (account.totpConfirmedAt === null) throw generalProblem('not_found')
      const recoveryCodes = drawCodes(chance)
      const hashes = recoveryCodes.map(hashCode)
      await changeAccess(tools, account, (tx) => replaceRecoveryCodes(tx, { accountId, hashes }))
      return { recoveryCodes }
    },

    async remove({ accountId, sessionId }) {
      const account = await getAccount(db, accountId)
      await assertFactorShown(tools, account, sessionId)
      await changeAccess(tools, account, async (tx) => {
        await setTotp(tx, { accountId, sealed: null, confirmedAt: null, lastStep: null })
        await replaceRecoveryCodes(tx, { accountId, hashes: [] })
        await markTwoFactor(tx, { accountId, id: null, isTwoFactor: false })
      })
    },

    async finish({ challenge: token, code, cartId }) {
      const asked = { token, purpose: 'second_factor', at: clock.now() } as const
      const found = await guessUnderToken(db, { ...asked, most: GUESSES })
      const account = found?.accountId ? await findAccount(db, found.accountId) : undefined
      if (!found || !account) throw identityProblem('identity.link_invalid')
      if (!(await isRight(account, code))) throw identityProblem('identity.second_factor_wrong')
      if (!(await db.tx((tx) => takeToken(tx, asked))))
        throw identityProblem('identity.link_invalid')
      const { device, isKnownDevice } = found.data as { device: string; isKnownDevice: boolean }
      return signIn.open({ account, device, cartId, isKnownDevice, isTwoFactor: true })
    },
  }
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Stoa',
    label,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  })
}

const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz'

/** Ten codes of 12 letters, 59 bits each, none of which is taken for another. */
function drawCodes(chance: Chance): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from({ length: 12 }, () => {
      return ALPHABET[Math.floor(chance.float() * ALPHABET.length)] as string
    })
    return letters.join('').replace(/(.{4})(?=.)/g, '$1-')
  })
}

function hashCode(code: string): Buffer {
  const letters = code.toLowerCase().replace(/[^a-z0-9]/g, '')
  return createHash('sha256').update(`recovery code\n${letters}`).digest()
}

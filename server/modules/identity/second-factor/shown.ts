import { generalProblem } from '#contracts/kit/problem.ts'
import { listPasskeysOf } from '../passkeys/repository.ts'
import { isStaff, type StoredAccount } from '../repository.ts'
import { isTwoFactorSession } from '../sessions/repository.ts'
import type { Tools } from '../tools.ts'

/**
 * Staff who have a second factor show it before they change what there is: with a stolen password alone nobody sets
 * up one of his own.
 * @throws second_factor_required
 */
export async function assertFactorShown(
  { db, staffSecondFactor }: Pick<Tools, 'db' | 'staffSecondFactor'>,
  account: StoredAccount,
  sessionId: string,
): Promise<void> {
  if (!staffSecondFactor || !isStaff(account)) return
  const hasApp = account.totpConfirmedAt !== null
  if (!hasApp && (await listPasskeysOf(db, account.id)).length === 0) return
  if (await isTwoFactorSession(db, { accountId: account.id, sessionId })) return
  throw generalProblem('second_factor_required')
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Vault } from '../../../platform/vault.ts'

/** Links that end mails with offers. They open nothing else, and work for as long as the account is there. */
export type Unsubscribing = Readonly<{
  urlFor(accountId: string): string
  /** Whose link it is; undefined if nobody's. */
  read(token: string): string | undefined
}>

export function createUnsubscribing({
  vault,
  publicUrl,
}: Readonly<{ vault: Vault; publicUrl: string }>): Unsubscribing {
  const key = vault.derive('notifications.unsubscribing')
  const sign = (accountId: string) => createHmac('sha256', key).update(accountId).digest()
  return {
    urlFor(accountId) {
      const token = `${accountId}.${sign(accountId).toString('base64url')}`
      return `${publicUrl}/unsubscribe?token=${token}`
    },
    read(token) {
      const [accountId = '', signature = ''] = token.split('.')
      const given = Buffer.from(signature, 'base64url')
      const expected = sign(accountId)
      return given.length === expected.length && timingSafeEqual(given, expected)
        ? accountId
        : undefined
    },
  }
}

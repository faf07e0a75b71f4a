import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Chance } from '../../platform/chance.ts'
import type { Vault } from '../../platform/vault.ts'

/**
 * Device tokens (OWASP's device cookies): given at each sign-in, they let the owner's own device in
 * while strangers guess at the account and are slowed down for it. Signed, not stored.
 */
export type Devices = Readonly<{
  issue(email: string): string
  /** Name of the device for its own count of tries; undefined if the token is not for this address. */
  recognise(token: string | undefined, email: string): string | undefined
}>

export function createDevices({
  chance,
  vault,
}: Readonly<{ chance: Chance; vault: Vault }>): Devices {
  const key = vault.derive('identity device tokens')
  const sign = (nonce: string, email: string) =>
    createHmac('sha256', key).update(`${nonce}\n${email}`).digest()
  return {
    issue(email) {
      const nonce = Buffer.from(chance.bytes(16)).toString('base64url')
      return `dev_${nonce}.${sign(nonce, email).toString('base64url')}`
    },
    recognise(token, email) {
      const match = /^dev_([\w-]{22})\.([\w-]{43})$/.exec(token ?? '')
      if (!match) return undefined
      const [, nonce = '', mark = ''] = match
      const given = Buffer.from(mark, 'base64url')
      const right = sign(nonce, email)
      return given.length === right.length && timingSafeEqual(given, right) ? nonce : undefined
    },
  }
}

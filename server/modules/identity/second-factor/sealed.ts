import { sealedColumn } from '../../../platform/sealed-columns.ts'

/** What the secret of an account's authenticator app is bound to. */
export function placeOf(accountId: string): string {
  return `identity.accounts.totp:${accountId}`
}

/** Secrets of authenticator apps. */
export const sealedTotp = sealedColumn({
  table: 'identity.accounts',
  column: 'totp_sealed',
  isSharded: true,
  id: 'id',
  placeOf,
})

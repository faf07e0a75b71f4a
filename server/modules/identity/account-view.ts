import type { Account } from '#contracts/identity/schemas.ts'
import { permissionsOf } from './model.ts'
import type { StoredAccount } from './repository.ts'

/** An account as its owner sees it. */
export function toAccount(stored: StoredAccount): Account {
  const { id, email, name, language, currency, country, personalisation, marketing } = stored
  return {
    id,
    email,
    isEmailProven: stored.emailProvenAt !== null,
    name,
    preferences: { language, currency, country, personalisation, marketing },
    hasPassword: stored.hasPassword,
    hasTotp: stored.totpConfirmedAt !== null,
    operatorRoles: [...stored.operatorRoles],
    sellers: [...stored.sellers],
    permissions: [...permissionsOf(stored.operatorRoles)],
    createdAt: stored.createdAt,
  }
}

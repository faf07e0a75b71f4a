export type { IdentityApi } from './api.ts'
export type { OidcProviderSettings } from './deps.ts'
export { createIdentity } from './module.ts'

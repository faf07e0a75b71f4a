export type { IdentityApi } from './api.ts'
export { createIdentity } from './module.ts'

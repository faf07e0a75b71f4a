export type { IdentityApi, Reader } from './api.ts'
export { createIdentity } from './module.ts'

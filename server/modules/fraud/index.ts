export type { FraudApi, Screened } from './api.ts'
export { createFraud } from './module.ts'

export type { FraudApi, PurchaseInput, Screened, ScreenInput } from './api.ts'
export { createFraud } from './module.ts'

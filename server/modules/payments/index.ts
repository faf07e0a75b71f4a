export type { ChargeInput, Payment, PaymentsApi, SaleSplit } from './api.ts'
export { createPayments, type PaymentsDeps } from './module.ts'
export type { PaymentProvider } from './provider.ts'
export { createTestProviderAdapter, type TestProviderSettings } from './providers/test-provider.ts'

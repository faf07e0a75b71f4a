export type { Clock } from './clock.ts'
export { createTestProvider, type TestProvider, type TestProviderOptions } from './provider.ts'

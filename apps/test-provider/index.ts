export { createTestProvider, type TestProvider, type TestProviderOptions } from './provider.ts'

export type { KeptQuote, Market, PricingApi, QuoteInput } from './api.ts'
export { loadDemoPromotions } from './demo.ts'
export { createPricing } from './module.ts'

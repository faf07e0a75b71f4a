export type {
  KeptQuote,
  Market,
  PricedOffer,
  PricingApi,
  QuoteInput,
} from './api.ts'
export { loadDemoPromotions } from './demo.ts'
export type { Promotion } from './model.ts'
export { createPricing, type PricingDeps } from './module.ts'

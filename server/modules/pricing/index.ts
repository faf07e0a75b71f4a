export type {
  KeptQuote,
  Market,
  PricedOffer,
  PricingApi,
  QuoteInput,
} from './api.ts'
export type { Promotion } from './model.ts'

export type {
  KeptQuote,
  Market,
  PricedOffer,
  PricingApi,
  QuoteInput,
} from './api.ts'

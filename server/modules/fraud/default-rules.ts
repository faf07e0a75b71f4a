import type { FraudRuleSet } from '#contracts/fraud/schemas.ts'

/** A first order that is worth a look, in minor units: roughly 1,500 euros. */
const FIRST_ORDER_AMOUNTS = {
  EUR: 150_000,
  USD: 160_000,
  GBP: 130_000,
  CHF: 150_000,
  PLN: 650_000,
  SEK: 1_700_000,
  JPY: 250_000,
}

/**
 * What a shop begins with. No single doubt but the provider's own, a series of declined payments or
 * earlier disputes holds an order; two or three together do.
 */
export const DEFAULT_RULE_SET: FraudRuleSet = {
  version: 0,
  mode: 'enforce',
  reviewAt: 60,
  denyAt: 120,
  rules: [
    { code: 'order_frequency', enabled: true, score: 35, threshold: 10, windowMinutes: 60 },
    { code: 'address_velocity', enabled: true, score: 20, threshold: 20, windowMinutes: 1_440 },
    { code: 'device_velocity', enabled: true, score: 35, threshold: 10, windowMinutes: 60 },
    { code: 'network_velocity', enabled: true, score: 20, threshold: 50, windowMinutes: 60 },
    { code: 'declined_payments', enabled: true, score: 60, threshold: 5, windowMinutes: 60 },
    { code: 'amount_against_history', enabled: true, score: 30, threshold: 500 },
    { code: 'first_order_amount', enabled: true, score: 30, amounts: FIRST_ORDER_AMOUNTS },
    { code: 'address_mismatch', enabled: true, score: 5 },
    { code: 'country_mismatch', enabled: true, score: 25 },
    { code: 'new_country', enabled: true, score: 20 },
    { code: 'new_device', enabled: true, score: 10 },
    { code: 'earlier_disputes', enabled: true, score: 60, threshold: 1 },
    { code: 'provider_risk', enabled: true, score: 60, threshold: 75 },
  ],
  note: 'The rules that the shop came with',
  createdBy: 'stoa',
  createdAt: null,
}

import { problems } from '../kit/problem.ts'

export const pricingProblem = problems({
  'pricing.quote_expired': [409, 'The quote has expired'],
  'pricing.coupon_exhausted': [409, 'The coupon has been used up'],
  'pricing.market_unknown': [422, 'The shop does not sell to this country'],
})

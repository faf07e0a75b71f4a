import { problems } from '../kit/problem.ts'

export const pricingProblem = problems({
  'pricing.quote_expired': [409, 'The quote has expired'],
  'pricing.coupon_exhausted': [409, 'The coupon has been used up'],
  'pricing.coupon_taken': [409, "The code is another promotion's, or was made before"],
  'pricing.limit_below_use': [422, 'More than that of the promotion is used already'],
  'pricing.total_too_high': [422, 'The cart costs more than one order may'],
  'pricing.market_unknown': [422, 'The shop does not sell to this country'],
})

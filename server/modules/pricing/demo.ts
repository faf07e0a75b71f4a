import type { PricingApi } from './api.ts'
import { ALL_LINES, type Promotion } from './model.ts'

/** Ten per cent off the order, by the coupon WELCOME10. Of the demo alone: no shop gets it by itself. */
const WELCOME: Promotion = {
  id: 'prm_demo_welcome10',
  name: 'Welcome: 10 % off your order',
  class: 'order',
  effect: { kind: 'percentage', percent: '10' },
  target: ALL_LINES,
  minimum: null,
  combinesWith: ['product', 'shipping'],
  priority: 100,
  sellerSharePercent: 0,
  needsCoupon: true,
  startsAt: null,
  endsAt: null,
  totalLimit: null,
  perCustomerLimit: null,
  budget: null,
  active: true,
}

/** Puts the demo's coupons into a shop; again does nothing new. */
export async function loadDemoPromotions(pricing: PricingApi): Promise<void> {
  await pricing.definePromotion({ promotion: WELCOME, coupons: ['WELCOME10'] })
}

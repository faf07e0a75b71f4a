import { problems } from '../kit/problem.ts'

export const cartProblem = problems({
  'cart.not_open': [409, 'The cart has been ordered or merged'],
  'cart.full': [422, 'The cart is full'],
  'cart.variant_not_sold': [422, 'This variant is not on sale'],
  'cart.wishlist_full': [422, 'The list is full'],
  'cart.wishlists_full': [422, 'There are as many lists as there may be'],
  'cart.coupon_unknown': [422, 'There is no such coupon'],
})

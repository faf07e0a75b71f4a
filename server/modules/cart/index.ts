export type { CartApi, CheckoutCart } from './api.ts'
export { createCart } from './module.ts'
export type { WishesApi } from './wishlist-api.ts'

export type { CartApi, CheckoutCart } from './api.ts'

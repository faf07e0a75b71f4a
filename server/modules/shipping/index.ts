export type { ShippingApi } from './api.ts'
export { createShipping } from './module.ts'

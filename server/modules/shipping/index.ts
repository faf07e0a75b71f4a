export type { ShippingApi } from './api.ts'

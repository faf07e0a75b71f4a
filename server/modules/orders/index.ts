export type { OrdersApi, PlaceOrderInput } from './api.ts'

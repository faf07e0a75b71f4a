export type { OrdersApi, PlaceOrderInput } from './api.ts'
export { createOrders, type OrdersDeps } from './module.ts'

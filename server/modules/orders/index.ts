export type { OrdersApi, PlaceOrderInput } from './api.ts'
export { createOrders, type OrdersDeps } from './module.ts'
export { isOrderNumber } from './order-number.ts'
export type { OrdersSettings } from './settings.ts'

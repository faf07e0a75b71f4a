export type { ShippingApi, ShipsFrom } from './api.ts'
export { createShipping, type ShippingDeps, type ShippingParts } from './module.ts'
export type { Locate, Place } from './places.ts'

export type { Destination, InventoryApi, OfferQuantity, Reservation } from './api.ts'
export { createInventory, INVENTORY_METHODS } from './module.ts'

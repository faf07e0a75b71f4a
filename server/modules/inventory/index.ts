export type { Departure, Destination, InventoryApi, OfferQuantity, Reservation } from './api.ts'
export { createInventory, INVENTORY_METHODS } from './module.ts'

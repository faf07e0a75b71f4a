export type { Departure, Destination, InventoryApi, OfferQuantity } from './api.ts'
export { createInventory, INVENTORY_METHODS } from './module.ts'

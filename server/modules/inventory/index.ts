export type { Destination, InventoryApi, OfferQuantity, Reservation, Warehouse } from './api.ts'
export { createInventory, INVENTORY_METHODS } from './module.ts'

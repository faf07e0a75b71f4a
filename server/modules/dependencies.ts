/**
 * Who may call whom, through the other's `index.ts` alone. Acyclic; everything else is an event.
 * The architecture tests read this list.
 */
export const DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  inventory: [],
  pricing: [],
  shipping: [],
  payments: [],
  fraud: [],
  recommendations: [],
  media: [],
  catalog: ['inventory', 'pricing', 'media'],
  search: ['catalog', 'pricing'],
  cart: ['catalog', 'pricing', 'inventory'],
  orders: ['cart', 'pricing', 'inventory', 'payments', 'shipping', 'fraud'],
  identity: ['cart', 'orders', 'shipping'],
  notifications: ['catalog', 'cart', 'orders', 'identity'],
}

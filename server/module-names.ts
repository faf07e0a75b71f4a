/** Modules that a process can run itself or call in another process. */
export const MODULES = [
  'catalog',
  'media',
  'search',
  'cart',
  'pricing',
  'recommendations',
  'inventory',
  'orders',
  'payments',
  'fraud',
  'shipping',
  'notifications',
  'identity',
] as const

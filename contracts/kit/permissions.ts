/**
 * What staff may be allowed to do. A route for sellers or operators names one of these words; a
 * role is a set of them. `everything` is for owners and administrators, and for routes without a
 * word of their own.
 */
export const PERMISSIONS = [
  'everything',
  'catalog.read',
  'catalog.write',
  'inventory.read',
  'inventory.write',
  'search.write',
  'pricing.write',
  'orders.read',
  'orders.write',
  'refunds.write',
  'finance.read',
  'fraud.write',
  'customers.read',
  'customers.write',
  'staff.write',
  'keys.write',
  'audit.read',
  'export',
] as const

export type Permission = (typeof PERMISSIONS)[number]

const CATALOGUE = ['catalog.read', 'catalog.write', 'inventory.read', 'inventory.write'] as const

/** What each of an operator's roles allows. */
export const OPERATOR_ROLES = {
  admin: PERMISSIONS,
  catalogue: [...CATALOGUE, 'search.write', 'pricing.write', 'export'],
  support: ['catalog.read', 'orders.read', 'orders.write', 'customers.read', 'customers.write'],
  finance: ['orders.read', 'refunds.write', 'finance.read', 'export'],
  fraud: ['orders.read', 'orders.write', 'customers.read', 'fraud.write'],
} as const satisfies Record<string, readonly Permission[]>

export type OperatorRole = keyof typeof OPERATOR_ROLES

/** What each role of a seller's team allows, for that seller alone. */
export const SELLER_ROLES = {
  owner: PERMISSIONS,
  catalogue: CATALOGUE,
  orders: ['catalog.read', 'inventory.read', 'orders.read', 'orders.write'],
  finance: ['orders.read', 'refunds.write', 'finance.read', 'export'],
} as const satisfies Record<string, readonly Permission[]>

export type SellerRole = keyof typeof SELLER_ROLES

// Made by `npm run generate` from the OpenAPI document. Do not edit.

export type Account = {
  id: string
  email: string
  isEmailProven: boolean
  name: string
  preferences: Preferences
  hasPassword: boolean
  hasTotp: boolean
  operatorRoles: ("admin" | "catalogue" | "support" | "finance" | "fraud")[]
  sellers: ({
    sellerId: string
    role: "owner" | "catalogue" | "orders" | "finance"
  })[]
  /** As an operator */
  permissions: ("everything" | "catalog.read" | "catalog.write" | "inventory.read" | "inventory.write" | "search.write" | "pricing.write" | "orders.read" | "orders.write" | "refunds.write" | "finance.read" | "fraud.write" | "customers.read" | "customers.write" | "staff.write" | "keys.write" | "audit.read" | "export")[]
  /** RFC 3339, UTC */
  createdAt: string
}

export type Address = {
  name: string
  line1: string
  line2?: string | undefined
  city: string
  region?: string | undefined
  postalCode: string
  /** ISO 3166-1 alpha-2 */
  country: string
  phone?: string | undefined
}

export type AdminCategory = {
  id: string
  code: string
  name: string
  slug: string
  description?: string | undefined
  parentId: string | null
  level: number
  sortOrder: number
  status: "active" | "archived"
  /** Active products filed here itself, as last counted */
  productCount: number
  version: number
}

export type AdminCategoryItem = {
  id: string
  code: string
  name: string
  slug: string
  description?: string | undefined
  parentId: string | null
  level: number
  sortOrder: number
  status: "active" | "archived"
  /** Active products filed here itself, as last counted */
  productCount: number
  version: number
  childCount: number
  draftCount: number
  archivedCount: number
}

export type AdminOffer = {
  offerId: string
  productId: string
  variantId: string
  sellerId: string
  sku: string
  condition: "new" | "refurbished" | "used"
  price: Money
  salePrice?: Money | undefined
  /** RFC 3339, UTC */
  saleStartsAt?: string | undefined
  /** RFC 3339, UTC */
  saleEndsAt?: string | undefined
  status: "active" | "paused"
  available: number
  version: number
  /** RFC 3339, UTC */
  updatedAt: string
}

export type AdminOrder = {
  id: string
  number: string
  status: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed"
  paymentStatus: "pending" | "authorized" | "completed" | "failed" | "partially_refunded" | "refunded"
  payment: PaymentState
  email: string
  /** In which the shopper is written to; null: not said */
  language: "en" | "de" | "es" | "ja" | "ar" | null
  currency: string
  lines: OrderLine[]
  sellerOrders: SellerOrder[]
  totals: OrderTotals
  shippingAddress: Address
  billingAddress: Address
  shippingOption: {
    id: string
    name: string
  }
  shipments: Shipment[]
  estimatedDelivery: {
    earliest: string
    latest: string
  } | null
  events: ({
    type: string
    /** RFC 3339, UTC */
    at: string
    note?: string | undefined
  })[]
  allowedActions: ("cancel" | "cancel_lines" | "return" | "pay")[]
  /** RFC 3339, UTC */
  createdAt: string
  customerId: string | null
  /** Rises with each change */
  version: number
  refunds: OrderRefund[]
  notes: OrderNote[]
}

export type AdminProduct = {
  id: string
  ref: string
  slug: string
  sellerId: string
  name: string
  description?: string | undefined
  brand?: string | undefined
  categoryId: string
  images: string[]
  attributes: Record<string, string | number | boolean | string[] | {
    value: number
    unit: string
  }>
  options: string[]
  taxClass: string
  releasedOn?: string | undefined
  isFeatured: boolean
  status: "draft" | "active" | "archived"
  rating: number
  reviewCount: number
  translations: Translation[]
  variants: AdminVariant[]
  version: number
  /** RFC 3339, UTC */
  createdAt: string
  /** RFC 3339, UTC */
  updatedAt: string
}

export type AdminProductItem = {
  id: string
  slug: string
  name: string
  brand?: string | undefined
  categoryId: string
  sellerId: string
  status: "draft" | "active" | "archived"
  image?: string | undefined
  version: number
  /** RFC 3339, UTC */
  updatedAt: string
}

export type AdminVariant = {
  id: string
  sku: string
  name?: string | undefined
  gtin?: string | undefined
  options: Record<string, string>
  weightGrams?: number | undefined
  dimensionsMm?: unknown[] | undefined
  images: string[]
  /** No longer shown or sold; old orders still point to it */
  removed: boolean
  offers: AdminOffer[]
}

export type ApiKey = {
  id: string
  name: string
  /** How the key begins, to know it by */
  start: string
  /** Whose rights it is bound by */
  ownerName: string
  scopes: ("everything" | "catalog.read" | "catalog.write" | "inventory.read" | "inventory.write" | "search.write" | "pricing.write" | "orders.read" | "orders.write" | "refunds.write" | "finance.read" | "fraud.write" | "customers.read" | "customers.write" | "staff.write" | "keys.write" | "audit.read" | "export")[]
  /** RFC 3339, UTC */
  createdAt: string
  expiresAt: string | null
  /** To about a minute */
  lastUsedAt: string | null
}

export type Attribute = {
  name: string
  value: string | number | boolean | string[] | {
    value: number
    unit: string
  }
}

export type AttributeRule = {
  type: "string" | "number" | "integer" | "boolean" | "array"
  title?: string | undefined
  description?: string | undefined
  enum?: (string | number)[] | undefined
  maxLength?: number | undefined
  minimum?: number | undefined
  maximum?: number | undefined
  unit?: string | undefined
  items?: {
    type: "string"
    enum?: (string | number)[] | undefined
    maxLength?: number | undefined
  } | undefined
  maxItems?: number | undefined
}

export type AttributeSchema = {
  "$schema"?: "https://json-schema.org/draft/2020-12/schema" | undefined
  type?: "object" | undefined
  properties: Record<string, AttributeRule>
  required?: string[] | undefined
  additionalProperties?: boolean | undefined
}

export type AuditHead = {
  seq: number
  hash: string
}

export type Availability = {
  /** Whether it can be bought */
  inStock: boolean
  quantity: number
  /** None lies there: it is sold before it comes */
  later?: LaterStock | undefined
}

export type BookedAddress = {
  id: string
  address: Address
  isDefault: boolean
  /** RFC 3339, UTC */
  createdAt: string
}

export type Cart = {
  id: string
  currency: string
  country: string
  status: "open" | "ordered" | "merged"
  lines: CartLine[]
  coupons: string[]
  itemCount: number
  subtotal: Money
  version: number
}

export type CartLine = {
  id: string
  variantId: string
  /** What would be bought now */
  offerId: string
  productId: string
  slug: string
  sku: string
  name: string
  image?: string | undefined
  options: Record<string, string>
  seller: SellerRef
  quantity: number
  unitPrice: Money
  /** The price before a reduction */
  listPrice?: Money | undefined
  total: Money
  availability: Availability
  notices: ("price_changed" | "out_of_stock" | "less_in_stock" | "not_sold")[]
}

export type CatalogChange = {
  id: string
  actor: string
  action: string
  entity: string
  entityId: string
  subjectId: string
  diff: Record<string, unknown[]>
  /** RFC 3339, UTC */
  changedAt: string
}

export type CategoryNode = {
  id: string
  slug: string
  name: string
  productCount: number
  children: CategoryNode[]
}

export type CategoryRef = {
  id: string
  slug: string
  name: string
}

export type Coupon = {
  code: string
  /** Counted where codes have a limit */
  used: number
}

/** ISO 4217 currency code */
export type Currency = string

export type DeliveryPromise = {
  country: string
  postalCode: string | null
  options: {
    id: string
    name: string
    estimatedDelivery: {
      earliest: string
      latest: string
    }
  }[]
}

export type Dispute = {
  id: string
  orderId: string
  provider: string
  providerRef: string
  state: "open" | "won" | "lost"
  amount: Money
  fee: Money
  reason: string
  /** RFC 3339, UTC */
  openedAt: string
  /** RFC 3339, UTC */
  updatedAt: string
}

export type ErasureReport = {
  accountId: string
  erasedAt: string
  tables: ({
    table: string
    deleted: number
    anonymised: number
    reason?: string | undefined
  })[]
}

export type Facet = {
  name: string
  label: string
  values: FacetValue[]
}

export type FacetValue = {
  value: string
  label: string
  count: number
  selected: boolean
}

export type FraudListEntry = {
  id: string
  list: "allow" | "deny"
  kind: "customer" | "email" | "network" | "device" | "address"
  reason: string
  expiresAt: string | null
  createdBy: string
  /** RFC 3339, UTC */
  createdAt: string
}

export type FraudNote = {
  author: string
  text: string
  /** RFC 3339, UTC */
  at: string
}

export type FraudReason = {
  rule: "order_frequency" | "address_velocity" | "device_velocity" | "network_velocity" | "declined_payments" | "amount_against_history" | "first_order_amount" | "address_mismatch" | "country_mismatch" | "new_country" | "new_device" | "earlier_disputes" | "provider_risk" | "deny_list" | "allow_list"
  score: number
  /** What it was seen of: email, device, network, … */
  subject?: string | undefined
  /** What was seen */
  value?: number | undefined
  /** What the rule allows */
  threshold?: number | undefined
}

export type FraudRule = {
  code: "order_frequency" | "address_velocity" | "device_velocity" | "network_velocity" | "declined_payments" | "amount_against_history" | "first_order_amount" | "address_mismatch" | "country_mismatch" | "new_country" | "new_device" | "earlier_disputes" | "provider_risk"
  enabled: boolean
  /** What it adds when it holds */
  score: number
  threshold?: number | undefined
  windowMinutes?: number | undefined
  /** Minor units by currency; a currency that is missing is not looked at */
  amounts?: Record<string, number> | undefined
}

export type FraudRuleSet = {
  version: number
  mode: "enforce" | "observe"
  reviewAt: number
  denyAt: number
  rules: FraudRule[]
  note: string
  createdBy: string
  /** Null: the rules that the shop came with */
  createdAt: string | null
}

export type FraudScreening = {
  orderId: string
  decision: "allow" | "review" | "deny"
  /** False for one that was only observed */
  enforced: boolean
  score: number
  reasons: FraudReason[]
  rulesVersion: number
  total: Money
  country: string
  reviewState: "open" | "approved" | "rejected" | null
  decidedBy: string | null
  decidedAt: string | null
  /** RFC 3339, UTC */
  createdAt: string
}

export type GiftCard = {
  id: string
  last4: string
  balance: Money
  issued: Money
  disabled: boolean
  expiresAt: string | null
  reference: string
  /** RFC 3339, UTC */
  createdAt: string
}

export type GuestCopy = {
  email: string
  /** RFC 3339, UTC */
  madeAt: string
  /** What each module keeps */
  parts: Record<string, unknown>
}

export type Image = {
  /** Elsewhere, or `/media/{key}/960.jpg` of this shop, which is to be had in other widths and as avif or webp too: see getMediaFile */
  url: string
  alt: string
  /** Of the picture itself, not of one of its sizes */
  width?: number | undefined
  height?: number | undefined
  /** The mean of its colours, to be shown until it comes */
  color?: string | undefined
}

export type Invitation = {
  id: string
  email: string
  roles: string[]
  /** RFC 3339, UTC */
  expiresAt: string
}

export type LaterStock = {
  kind: "backorder" | "preorder"
  availableOn: string | null
}

export type LedgerBalance = {
  account: string
  kind: string
  owner: string
  currency: string
  debit: Money
  credit: Money
  /** Credits less debits */
  balance: Money
}

/** The address has an account already: its password says that both are one person */
export type LinkNeeded = {
  status: "link_needed"
  challenge: string
  email: string
  /** RFC 3339, UTC */
  expiresAt: string
}

export type LoggedAction = {
  seq: number
  id: string
  at: string
  actor: string
  action: string
  entityId: string | null
  requestId: string | null
  /** Ids, numbers and codes; never words */
  details: Record<string, unknown>
  /** `done`, `refused CODE`, `failed` or `unknown` */
  outcome: string
  /** SHA-256 over the entry and the hash of the one before it */
  hash: string
}

export type Media = {
  key: string
  url: string
  width: number
  height: number
  /** The mean of its colours, to be shown until it comes: #a08c7d */
  color: string
  /** Size of what is kept */
  bytes: number
  sourceUrl?: string | undefined
  createdBy: string
  /** RFC 3339, UTC */
  createdAt: string
}

/** An amount in whole minor units of a currency */
export type Money = {
  /** Whole minor units */
  amount: number
  currency: Currency
}

export type NewApiKeyShown = {
  id: string
  name: string
  /** How the key begins, to know it by */
  start: string
  /** Whose rights it is bound by */
  ownerName: string
  scopes: ("everything" | "catalog.read" | "catalog.write" | "inventory.read" | "inventory.write" | "search.write" | "pricing.write" | "orders.read" | "orders.write" | "refunds.write" | "finance.read" | "fraud.write" | "customers.read" | "customers.write" | "staff.write" | "keys.write" | "audit.read" | "export")[]
  /** RFC 3339, UTC */
  createdAt: string
  expiresAt: string | null
  /** To about a minute */
  lastUsedAt: string | null
  /** Shown this once */
  key: string
}

export type NewCredential = {
  id: string
  rawId: string
  response: {
    clientDataJSON: string
    attestationObject: string
    transports?: string[] | undefined
  }
  type: "public-key"
  clientExtensionResults?: Record<string, unknown> | undefined
  authenticatorAttachment?: string | null | undefined
}

export type NewStockTransfer = {
  /** Null: it is bought */
  fromWarehouseId?: string | null | undefined
  toWarehouseId: string
  expectedOn?: string | null | undefined
  reference?: string | null | undefined
  lines: {
    offerId: string
    quantity: number
  }[]
}

export type NewWarehouse = {
  name: string
  sellerId?: string | null | undefined
  /** ISO 3166-1 alpha-2 */
  country: string
  region?: string | null | undefined
  postalCode: string
  city: string
  address?: string | null | undefined
  latitude: number
  longitude: number
  timezone: string
  /** Of equally near warehouses the lowest is taken */
  priority?: number | undefined
  /** Orders until then, in the warehouse's time, go out that day */
  cutOff?: string | null | undefined
  /** Monday is 1 */
  workingDays?: number[] | undefined
  /** Days without work */
  closedOn?: string[] | undefined
  code: string
}

export type Offer = {
  offerId: string
  seller: SellerRef
  condition: "new" | "refurbished" | "used"
  price: Money
  salePrice?: Money | undefined
  /** Lowest price of the 30 days before the sale began (Directive 98/6/EC, 6a) */
  priorPrice?: Money | undefined
  availability: Availability
}

export type Order = {
  id: string
  number: string
  status: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed"
  paymentStatus: "pending" | "authorized" | "completed" | "failed" | "partially_refunded" | "refunded"
  payment: PaymentState
  email: string
  /** In which the shopper is written to; null: not said */
  language: "en" | "de" | "es" | "ja" | "ar" | null
  currency: string
  lines: OrderLine[]
  sellerOrders: SellerOrder[]
  totals: OrderTotals
  shippingAddress: Address
  billingAddress: Address
  shippingOption: {
    id: string
    name: string
  }
  shipments: Shipment[]
  estimatedDelivery: {
    earliest: string
    latest: string
  } | null
  events: ({
    type: string
    /** RFC 3339, UTC */
    at: string
    note?: string | undefined
  })[]
  allowedActions: ("cancel" | "cancel_lines" | "return" | "pay")[]
  /** RFC 3339, UTC */
  createdAt: string
}

export type OrderLine = {
  id: string
  productId: string
  variantId: string
  offerId: string
  sellerId: string
  sku: string
  name: string
  image?: string | undefined
  quantity: number
  quantityShipped: number
  quantityDelivered: number
  quantityCancelled: number
  quantityReturned: number
  /** Delivered, and not on its way back */
  quantityReturnable: number
  unitPrice: Money
  discount: Money
  net: Money
  tax: Money
  total: Money
  taxes: TaxLine[]
}

export type OrderMoney = {
  orderId: string
  attempts: ({
    paymentId: string
    attempt: number
    method: string
    provider: string
    providerRef: string | null
    state: string
    amount: Money
    authorized: Money
    captured: Money
    voided: Money
    refunded: Money
    disputed: Money
    tendered: Money
    /** RFC 3339, UTC */
    createdAt: string
  })[]
  refunds: Refund[]
  disputes: Dispute[]
  journals: ({
    id: string
    kind: string
    source: string
    currency: string
    /** RFC 3339, UTC */
    createdAt: string
    postings: ({
      account: string
      purpose: string
      side: "debit" | "credit"
      amount: Money
    })[]
  })[]
}

export type OrderNote = {
  id: string
  author: string
  text: string
  /** RFC 3339, UTC */
  at: string
}

export type OrderOfSeller = {
  id: string
  orderId: string
  number: string
  sellerId: string
  /** Of this part */
  status: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed"
  lines: OrderLine[]
  totals: OrderTotals
  commission: Money
  shippingAddress: Address
  shippingOption: {
    id: string
    name: string
  }
  shipments: Shipment[]
  /** RFC 3339, UTC */
  createdAt: string
}

export type OrderRefund = {
  amount: Money
  /** What of the amount is for shipping */
  shipping: Money
  lines: {
    lineId: string
    quantity: number
  }[]
  reason: string
  cause: string
  /** Whether stock and money are where they belong */
  done: boolean
}

export type OrderSummary = {
  id: string
  number: string
  status: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed"
  paymentStatus: "pending" | "authorized" | "completed" | "failed" | "partially_refunded" | "refunded"
  email: string
  customerId: string | null
  /** Where it is sent to */
  country: string
  total: Money
  /** Units that were ordered and not cancelled */
  quantity: number
  sellerIds: string[]
  /** RFC 3339, UTC */
  createdAt: string
}

export type OrderTotals = {
  subtotal: Money
  discount: Money
  shipping: Money
  tax: Money
  total: Money
}

export type ParkedEvent = {
  consumer: string
  eventId: string
  position: number
  type: string
  aggregateId: string
  /** Null if it is very long */
  payload: unknown
  error: string
  attempts: number
  parkedAt: string
}

export type Passkey = {
  id: string
  name: string
  /** Whether it is kept on more than one device, or backed up */
  isSynced: boolean
  /** RFC 3339, UTC */
  createdAt: string
  lastUsedAt: string | null
}

export type PaymentMethod = {
  method: "card" | "paypal" | "bank_transfer" | "cash_on_delivery" | "prepaid"
  name: string
  provider: string
  minAmount?: Money | undefined
  maxAmount?: Money | undefined
  /** How long the money may come after the order */
  daysToPay?: number | undefined
}

export type PaymentMethodRule = {
  method: "card" | "paypal" | "bank_transfer" | "cash_on_delivery" | "prepaid"
  country: "*" | string
  currency: "*" | Currency
  enabled: boolean
  /** Minor units of the currency */
  minAmount?: number | undefined
  maxAmount?: number | undefined
}

export type PaymentState = {
  status: "pending" | "authorized" | "completed" | "failed" | "partially_refunded" | "refunded" | "requires_action"
  method?: string | undefined
  /** Of the whole order, gift cards and store credit included */
  amount: Money
  /** What gift cards and store credit pay of it */
  tenders?: ({
    type: "gift_card" | "store_credit"
    amount: Money
    refunded: Money
    last4?: string | undefined
  })[] | undefined
  card?: {
    brand: string
    last4: string
  } | undefined
  /** Where the shopper proves who pays */
  redirectUrl?: string | undefined
  /** Where to transfer the money to, for a bank transfer */
  transfer?: {
    /** Creditor reference (ISO 11649) to write on it */
    reference: string
    /** RFC 3339, UTC */
    payBefore: string
    accountHolder?: string | undefined
    iban?: string | undefined
    bic?: string | undefined
  } | undefined
  declineCode?: string | undefined
}

export type PolicyViolation = {
  id: string
  day: string
  /** Path of the page, ids left out */
  page: string
  directive: string
  /** `inline`, `eval`, a scheme, an origin, or a path of our own */
  blocked: string
  source: string
  reports: number
  firstAt: string
  lastAt: string
}

export type Preferences = {
  language: "en" | "de" | "es" | "ja" | "ar" | null
  currency: Currency | null
  country: string | null
  personalisation: boolean
  marketing: boolean
}

export type PrepaidEntry = {
  kind: "issue" | "redeem" | "return" | "correct"
  amount: Money
  orderId: string | null
  note: string
  /** RFC 3339, UTC */
  at: string
}

export type PricePoint = {
  version: number
  price: Money
  salePrice?: Money | undefined
  /** RFC 3339, UTC */
  saleStartsAt?: string | undefined
  /** RFC 3339, UTC */
  saleEndsAt?: string | undefined
  /** RFC 3339, UTC */
  changedAt: string
}

/** An error, as RFC 9457 problem details */
export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId?: string | undefined
  retryable?: boolean | undefined
  errors?: {
    path: string
    message: string
  }[] | undefined
}

export type Product = {
  id: string
  slug: string
  name: string
  description?: string | undefined
  brand?: string | undefined
  /** The path of the category, top first */
  categories: CategoryRef[]
  images: Image[]
  attributes: Attribute[]
  options: {
    name: string
    values: string[]
  }[]
  variants: Variant[]
  rating: number
  reviewCount: number
  /** The currency that prices are given in */
  currency: string
  /** Language of the name, if the product is translated */
  locale?: string | undefined
  demo?: {
    source: string
    licence: string
    made: string[]
  } | undefined
}

export type ProductSummary = {
  id: string
  slug: string
  name: string
  brand?: string | undefined
  sku: string
  variantId: string
  price: Money
  salePrice?: Money | undefined
  /** Lowest price of the 30 days before the sale began (Directive 98/6/EC, 6a) */
  priorPrice?: Money | undefined
  image?: string | undefined
  categoryId?: string | undefined
  rating: number
  reviewCount: number
  sellerCount: number
  availability: Availability
}

export type Promotion = {
  id: string
  /** What shoppers read */
  name: string
  /** What it is off: lines, the order, its shipping */
  class: "product" | "order" | "shipping"
  effect: PromotionEffect
  /** Which lines count: all of the lists must match; an empty one takes everything */
  target: {
    sellerIds: string[]
    departments: string[]
    productIds: string[]
    offerIds: string[]
  }
  /** What the lines it is about must come to */
  minimum: Money | null
  /** Both promotions must allow it */
  combinesWith: ("product" | "order" | "shipping")[]
  /** Smaller is tried first */
  priority: number
  /** What of the cost the seller bears; the marketplace bears the rest */
  sellerSharePercent: number
  needsCoupon: boolean
  startsAt: string | null
  endsAt: string | null
  /** Orders in all */
  totalLimit: number | null
  /** Orders of one account or e-mail address */
  perCustomerLimit: number | null
  /** Orders by one and the same code */
  perCodeLimit: number | null
  /** What it may cost in all */
  budget: Money | null
  active: boolean
  /** Counted where there is a limit or a budget */
  used: number
  budgetUsed: Money | null
  /** How many codes there are */
  coupons: number
  version: number
  /** RFC 3339, UTC */
  createdAt: string
  /** RFC 3339, UTC */
  updatedAt: string
}

export type PromotionEffect = {
  kind: "percentage"
  percent: string
} | {
  kind: "fixed"
  /** Off every unit of a product, once off an order or its shipping */
  amount: Money
} | {
  kind: "buy_x_get_y"
  buy: number
  get: number
  /** Off the cheapest `get` of every `buy` + `get` units */
  percent: string
} | {
  kind: "free_shipping"
}

export type PromotionInput = {
  /** What shoppers read */
  name: string
  /** What it is off: lines, the order, its shipping */
  class: "product" | "order" | "shipping"
  effect: PromotionEffect
  /** Which lines count: all of the lists must match; an empty one takes everything */
  target?: {
    sellerIds?: string[] | undefined
    departments?: string[] | undefined
    productIds?: string[] | undefined
    offerIds?: string[] | undefined
  } | undefined
  /** What the lines it is about must come to */
  minimum?: Money | null | undefined
  /** Both promotions must allow it */
  combinesWith?: ("product" | "order" | "shipping")[] | undefined
  /** Smaller is tried first */
  priority?: number | undefined
  /** What of the cost the seller bears; the marketplace bears the rest */
  sellerSharePercent?: number | undefined
  needsCoupon?: boolean | undefined
  startsAt?: string | null | undefined
  endsAt?: string | null | undefined
  /** Orders in all */
  totalLimit?: number | null | undefined
  /** Orders of one account or e-mail address */
  perCustomerLimit?: number | null | undefined
  /** Orders by one and the same code */
  perCodeLimit?: number | null | undefined
  /** What it may cost in all */
  budget?: Money | null | undefined
  active?: boolean | undefined
}

export type PromotionUsage = {
  promotionId: string
  /** That used it and were not given up */
  orders: number
  /** Orders that used it and ended */
  givenBack: number
  /** Different codes that were used */
  codes: number
  discounts: {
    discount: Money
    bySellers: Money
    byMarketplace: Money
  }[]
}

export type ProviderLogin = {
  id: string
  name: string
  /** RFC 3339, UTC */
  createdAt: string
}

export type PurchaseLimit = {
  productId: string
  /** Of the product, for one account or e-mail */
  maxUnits: number
  /** Null: for ever */
  windowDays: number | null
}

/** A browser that is told of what it asked to hear */
export type PushSubscription = {
  id: string
  watches: PushWatch[]
}

export type PushWatch = {
  /** Id of the order or the product */
  subject: string
  kind: "order" | "price"
  /** Below which a price is news */
  price?: Money | undefined
}

export type Quote = {
  quoteId: string
  /** RFC 3339, UTC */
  expiresAt: string
  currency: string
  /** Whether prices are shown with tax, as in the EU */
  taxIncluded: boolean
  lines: QuoteLine[]
  subtotal: Money
  discount: Money
  shipping: Money
  tax: Money
  total: Money
  shippingOptionId: string | null
  shippingOptions: ShippingOption[]
  /** How the figures came about, in words */
  explain: string[]
}

export type QuoteLine = {
  lineId: string
  offerId: string
  variantId: string
  productId: string
  sellerId: string
  sku: string
  name: string
  image?: string | undefined
  quantity: number
  unitPrice: Money
  subtotal: Money
  discount: Money
  net: Money
  tax: Money
  total: Money
  taxes: TaxLine[]
}

export type RecoveryCodes = {
  /** Shown this once */
  recoveryCodes: string[]
}

export type Refund = {
  id: string
  state: "sent" | "pending" | "succeeded" | "failed"
  amount: Money
  toProvider: Money
  /** To gift cards and store credit */
  toPrepaid: Money
  reason: string
  /** RFC 3339, UTC */
  createdAt: string
}

export type Return = {
  id: string
  orderId: string
  state: "requested" | "approved" | "declined" | "label_issued" | "in_transit" | "received" | "inspected" | "resolved" | "cancelled" | "expired"
  /** `store_credit` is for customers with an account */
  wanted: "refund" | "exchange" | "store_credit"
  resolution: "refund" | "exchange" | "store_credit" | "rejected" | null
  shippingPaidBy: "shop" | "customer"
  /** What is taken off the refund for a label that the shop paid */
  labelFee: Money
  carrier: string | null
  trackingNumber: string | null
  labelUrl: string | null
  note: string | null
  photos: string[]
  lines: ({
    lineId: string
    name: string
    sku: string
    quantity: number
    reason: "changed_mind" | "ordered_by_mistake" | "too_late" | "not_as_described" | "defective" | "damaged_in_transit" | "wrong_item"
    received: number
    restocked: number
    damaged: number
    sentBack: number
  })[]
  /** What was given back for it */
  refunded: Money | null
  sendUntil: string | null
  steps: ({
    event: string
    /** RFC 3339, UTC */
    at: string
    by: "customer" | "operator" | "shop"
    note?: string | undefined
  })[]
  allowedActions: string[]
  version: number
  /** RFC 3339, UTC */
  createdAt: string
}

export type Scan = {
  status: "created" | "labelled" | "shipped" | "in_transit" | "out_for_delivery" | "delivered" | "exception" | "returned_to_sender" | "lost" | "cancelled"
  /** RFC 3339, UTC */
  at: string
  location?: string | undefined
  note?: string | undefined
}

export type ScoreExplanation = {
  formula: string
  words: {
    word: string
    matched: string
    inverseFrequency: number
    impact: number
    score: number
  }[]
  text: number
  boosts: Record<string, number>
  popularityAndRating: number
  stock: number
  score: number
}

export type SearchChange = {
  id: string
  actor: string
  action: "created" | "edited" | "removed"
  entity: "synonym" | "rule"
  entityId: string
  diff: Record<string, unknown[]>
  /** RFC 3339, UTC */
  changedAt: string
}

export type SearchEvent = {
  kind: "click"
  queryId: string
  productId: string
  /** Its place among all results, from 1 */
  position: number
} | {
  kind: "cart"
  productId: string
  /** Absent: that of his last click on the product */
  queryId?: string | undefined
} | {
  kind: "order"
  /** His order: what it has is attributed once it is paid */
  orderId: string
}

export type SearchItem = {
  id: string
  slug: string
  name: string
  brand?: string | undefined
  sku: string
  variantId: string
  price: Money
  salePrice?: Money | undefined
  /** Lowest price of the 30 days before the sale began (Directive 98/6/EC, 6a) */
  priorPrice?: Money | undefined
  image?: string | undefined
  categoryId?: string | undefined
  rating: number
  reviewCount: number
  sellerCount: number
  availability: Availability
  /** For operators who ask for it */
  explain?: ScoreExplanation | undefined
}

export type SearchQueryReport = {
  query: string
  searches: number
  zeroResults: number
  zeroResultRate: number
  clickedSearches: number
  clickThroughRate: number
  /** Of the best place that was clicked, averaged over searches with a click */
  meanReciprocalRank: number
  carts: number
  orders: number
  /** Searches that led to an order */
  conversionRate: number
}

export type SearchResult = {
  /** By which clicks on the results are told */
  queryId: string
  /** A path of this shop that the shop wants shown for this search */
  redirect?: string | undefined
  items: SearchItem[]
  total: number
  page: number
  limit: number
  nextCursor: string | null
  currency: string
  facets: {
    /** A tree in order: each category comes before those below it */
    category: Facet
    brand: Facet
    price: {
      name: "price"
      label: string
      min: number | null
      max: number | null
      buckets: {
        from: number
        to: number
        count: number
      }[]
    }
    rating: Facet
    attributes: Facet[]
  }
  /** True where so much was found that facets were counted on a sample of it */
  facetsApproximate?: boolean | undefined
  /** What was searched instead, if the words were misspelt */
  correctedQuery?: string | undefined
  /** Words that were left out, because all together found nothing */
  relaxed?: string[] | undefined
  /** The shop’s rules that this search met, for operators who ask for it */
  rules?: {
    id: string
    name: string
    kind: string
    /** The shown products that it moved */
    productIds: string[]
  }[] | undefined
  /** Where nothing was found: what to show in its place */
  instead?: {
    /** The same search without its filters, or what is popular here */
    reason: "without_filters" | "popular"
    items: SearchItem[]
    /** A tree in order, to go on with */
    categories: FacetValue[]
  } | undefined
  /** True while a simpler search stands in for the index */
  degraded?: boolean | undefined
}

export type SearchRule = {
  id: string
  version: number
  /** RFC 3339, UTC */
  createdAt: string
  /** RFC 3339, UTC */
  updatedAt: string
  name: string
  condition: SearchRuleCondition
  effect: SearchRuleEffect
  priority: number
  startsAt: string | null
  endsAt: string | null
  enabled: boolean
}

export type SearchRuleCondition = {
  /** Words are compared as the search reads them: singular, without accents */
  query?: {
    match: "equals" | "contains"
    words: string
  } | undefined
  /** The category that was chosen */
  categoryId?: string | undefined
}

export type SearchRuleEffect = {
  kind: "pin"
  products: {
    productId: string
    position: number
  }[]
} | {
  kind: "boost"
  target: {
    productIds: string[]
  } | {
    brand: string
  } | {
    categoryId: string
  }
  /** What its score is multiplied by */
  factor: number
} | {
  kind: "bury"
  target: {
    productIds: string[]
  } | {
    brand: string
  } | {
    categoryId: string
  }
} | {
  kind: "redirect"
  path: string
}

export type SearchSynonym = {
  id: string
  version: number
  /** RFC 3339, UTC */
  createdAt: string
  /** RFC 3339, UTC */
  updatedAt: string
  from: string
  to: string[]
  oneWay: boolean
  locale: string | null
  enabled: boolean
}

export type SecondFactorNeeded = {
  status: "second_factor_needed"
  challenge: string
  /** RFC 3339, UTC */
  expiresAt: string
}

export type SellerOrder = {
  id: string
  sellerId: string
  lineIds: string[]
  totals: OrderTotals
}

export type SellerRef = {
  id: string
  name: string
}

export type Session = {
  id: string
  isCurrent: boolean
  device: string
  /** RFC 3339, UTC */
  createdAt: string
  /** RFC 3339, UTC */
  lastSeenAt: string
  /** RFC 3339, UTC */
  expiresAt: string
}

export type SharedWishlist = {
  name: string
  itemCount: number
  /** RFC 3339, UTC */
  updatedAt: string
  currency: string
  country: string
  items: WishlistItem[]
}

export type Shipment = {
  id: string
  status: "created" | "labelled" | "shipped" | "in_transit" | "out_for_delivery" | "delivered" | "exception" | "returned_to_sender" | "lost" | "cancelled"
  carrier: string
  trackingNumber: string | null
  sellerId: string
  warehouseId: string
  lines: {
    lineId: string
    sku: string
    name: string
    quantity: number
  }[]
  estimatedDelivery: string | null
  scans: Scan[]
}

export type ShippingOption = {
  id: string
  name: string
  price: Money
  estimatedDelivery: {
    earliest: string
    latest: string
  }
}

export type ShownPicture = {
  /** Elsewhere, or `/media/{key}/960.jpg` of this shop, which is to be had in other widths and as avif or webp too: see getMediaFile */
  url: string
  alt: string
  /** Of the picture itself, not of one of its sizes */
  width?: number | undefined
  height?: number | undefined
  /** The mean of its colours, to be shown until it comes */
  color?: string | undefined
  /** Absent while the picture is elsewhere */
  key?: string | undefined
}

export type SignedCredential = {
  id: string
  rawId: string
  response: {
    clientDataJSON: string
    authenticatorData: string
    signature: string
    userHandle?: string | null | undefined
  }
  type: "public-key"
  clientExtensionResults?: Record<string, unknown> | undefined
  authenticatorAttachment?: string | null | undefined
}

export type SignedIn = {
  status: "signed_in"
  account: Account
  /** For `Authorization: Bearer`; browsers get a cookie instead, and no token */
  token?: string | undefined
  /** RFC 3339, UTC */
  expiresAt: string
  deviceToken: string
  /** The customer's cart, with the guest's cart merged in */
  cartId: string | null
  /** Staff's rights wait until this sign-in has a second factor: set one up, or use it */
  secondFactorRequired?: true | undefined
}

export type StaffMember = {
  accountId: string
  email: string
  name: string
  /** An authenticator app or a passkey */
  hasSecondFactor: boolean
  /** RFC 3339, UTC */
  since: string
  roles: ("admin" | "catalogue" | "support" | "finance" | "fraud")[]
  isDisabled: boolean
}

export type StockLevel = {
  offerId: string
  warehouseId: string
  /** On hand and fit to be sold */
  quantity: number
  /** Committed to orders, and held by live reservations */
  reserved: number
  /** What can still be sold, back orders included */
  available: number
  /** Lies there and cannot be sold */
  damaged: number
  /** On its way to the warehouse */
  incoming: number
  /** Kept back from sale */
  safety: number
  /** At this many unreserved units `low_stock` is told; 0: never */
  reorderPoint: number
  /** How many may be sold that do not lie there */
  backorderCap: number
  later: LaterStock | null
  isLow: boolean
  /** Rises with each change of the counters */
  version: number
  /** Rises with each change of the settings; for If-Match */
  settingsVersion: number
}

export type StockMovement = {
  kind: "set" | "adjusted" | "imported" | "shipped" | "count_correction" | "damaged" | "repaired" | "written_off" | "sent" | "received" | "returned"
  /** Change of what is on hand */
  delta: number
  damagedDelta: number
  reason: string
  /** What caused it, such as a shipment */
  command: string
  createdAt: string
}

export type StockReservation = {
  /** The order's id */
  key: string
  state: "held" | "committed" | "released" | "expired"
  expiresAt: string
  allocations: {
    offerId: string
    warehouseId: string
    quantity: number
  }[]
  /** What of a commitment cannot leave: sold on back order, or not found by a count */
  awaited: {
    offerId: string
    warehouseId: string
    quantity: number
  }[]
  explanation?: string | undefined
}

export type StockSettings = {
  safety?: number | undefined
  reorderPoint?: number | undefined
  later?: {
    kind: "none" | "backorder" | "preorder"
    cap?: number | undefined
    availableOn?: string | null | undefined
  } | undefined
}

export type StockShortage = {
  offerId: string
  warehouseId: string
  /** The reservation's key: the order's id */
  reservation: string
  quantity: number
}

export type StockTransfer = {
  id: string
  fromWarehouseId: string | null
  toWarehouseId: string
  state: "created" | "shipped" | "received" | "closed" | "cancelled"
  expectedOn: string | null
  reference: string | null
  version: number
  createdAt: string
  lines: {
    offerId: string
    quantity: number
    shipped: number
    received: number
    lost: number
  }[]
}

export type StockUploadResult = {
  rows: number
  written: number
  /** Rows set higher than asked, because that much is promised to orders */
  short: number
  /** The first 1,000 */
  errors: {
    row: number
    message: string
  }[]
  errorCount: number
}

export type TaxLine = {
  name: string
  rate: string
  jurisdiction: string
  base: Money
  amount: Money
}

export type TeamMember = {
  accountId: string
  email: string
  name: string
  /** An authenticator app or a passkey */
  hasSecondFactor: boolean
  /** RFC 3339, UTC */
  since: string
  role: "owner" | "catalogue" | "orders" | "finance"
}

export type Translation = {
  locale: string
  name?: string | undefined
  description?: string | undefined
}

export type Variant = {
  id: string
  sku: string
  gtin?: string | undefined
  name: string
  options: Record<string, string>
  /** Pictures of this variant alone */
  images?: Image[] | undefined
  price: Money
  salePrice?: Money | undefined
  /** Lowest price of the 30 days before the sale began (Directive 98/6/EC, 6a) */
  priorPrice?: Money | undefined
  offerId: string
  seller: SellerRef
  availability: Availability
  offers: Offer[]
}

export type Warehouse = {
  name: string
  sellerId: string | null
  /** ISO 3166-1 alpha-2 */
  country: string
  region: string | null
  postalCode: string
  city: string
  address: string | null
  latitude: number
  longitude: number
  timezone: string
  /** Of equally near warehouses the lowest is taken */
  priority: number
  /** Orders until then, in the warehouse's time, go out that day */
  cutOff: string | null
  /** Monday is 1 */
  workingDays: number[]
  /** Days without work */
  closedOn: string[]
  id: string
  code: string
  isActive: boolean
  version: number
}

export type WarehouseEdit = {
  name?: string | undefined
  sellerId?: string | null | undefined
  /** ISO 3166-1 alpha-2 */
  country?: string | undefined
  region?: string | null | undefined
  postalCode?: string | undefined
  city?: string | undefined
  address?: string | null | undefined
  latitude?: number | undefined
  longitude?: number | undefined
  timezone?: string | undefined
  /** Of equally near warehouses the lowest is taken */
  priority?: number | undefined
  /** Orders until then, in the warehouse's time, go out that day */
  cutOff?: string | null | undefined
  /** Monday is 1 */
  workingDays?: number[] | undefined
  /** Days without work */
  closedOn?: string[] | undefined
  /** An inactive one takes no stock; it must be empty */
  isActive?: boolean | undefined
}

export type Wishlist = {
  id: string
  kind: "wishes" | "later"
  name: string
  itemCount: number
  /** RFC 3339, UTC */
  updatedAt: string
  /** Key by which others may read it; null: not shared */
  shareId: string | null
  currency: string
  country: string
  items: WishlistItem[]
}

export type WishlistItem = {
  id: string
  variantId: string
  /** What would be bought now */
  offerId: string
  productId: string
  slug: string
  sku: string
  name: string
  image?: string | undefined
  options: Record<string, string>
  seller: SellerRef
  quantity: number
  unitPrice: Money
  /** The price before a reduction */
  listPrice?: Money | undefined
  /** It costs less than when it was put here */
  priceDrop?: {
    from: Money
    percent: number
  } | undefined
  /** Whether it is still on sale */
  isSold: boolean
  availability: Availability
  /** RFC 3339, UTC */
  addedAt: string
}

export type WishlistSummary = {
  id: string
  kind: "wishes" | "later"
  name: string
  itemCount: number
  /** RFC 3339, UTC */
  updatedAt: string
}

export type Operations = {
  /** One product by id or slug, with its variants and their offers. GET /api/v1/products/{id} */
  getProduct: {
    params: { id: string }
    query: { currency?: Currency | undefined; country?: string | undefined; locale?: string | undefined }
    body: undefined
    reply: Product
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Up to 100 products by id, in short form. GET /api/v1/products */
  listProducts: {
    params: undefined
    query: { currency?: Currency | undefined; country?: string | undefined; locale?: string | undefined; ids: string }
    body: undefined
    reply: {
      items: ProductSummary[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The category tree with product counts. GET /api/v1/categories */
  listCategories: {
    params: undefined
    query: { depth?: "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | undefined }
    body: undefined
    reply: {
      items: CategoryNode[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One category with its breadcrumbs and children. GET /api/v1/categories/{idOrSlug} */
  getCategory: {
    params: { idOrSlug: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      slug: string
      name: string
      productCount: number
      breadcrumbs: CategoryRef[]
      children: {
        id: string
        slug: string
        name: string
        productCount: number
      }[]
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes the price of an offer, its sale and its window, or pauses it. PATCH /api/v1/admin/offers/{offerId} */
  changeOffer: {
    params: { offerId: string }
    query: undefined
    body: {
      price?: Money | undefined
      salePrice?: Money | null | undefined
      saleStartsAt?: string | null | undefined
      saleEndsAt?: string | null | undefined
      status?: "active" | "paused" | undefined
    }
    reply: {
      offerId: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One offer, active or paused. GET /api/v1/admin/offers/{offerId} */
  getAdminOffer: {
    params: { offerId: string }
    query: undefined
    body: undefined
    reply: AdminOffer
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Creates a category. POST /api/v1/admin/categories */
  createCategory: {
    params: undefined
    query: undefined
    body: {
      name: string
      parentId: string | null
      code?: string | undefined
      description?: string | null | undefined
      sortOrder?: number | undefined
      slug?: string | undefined
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Categories, archived ones too, in the order of the tree or below one alone. GET /api/v1/admin/categories */
  listAdminCategories: {
    params: undefined
    query: { parentId?: string | undefined; status?: "active" | "archived" | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: AdminCategoryItem[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One category as operators see it, archived or not. GET /api/v1/admin/categories/{categoryId} */
  getAdminCategory: {
    params: { categoryId: string }
    query: undefined
    body: undefined
    reply: AdminCategory
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Renames, describes, sorts, archives or restores a category. PATCH /api/v1/admin/categories/{categoryId} */
  editCategory: {
    params: { categoryId: string }
    query: undefined
    body: {
      name?: string | undefined
      status?: "active" | "archived" | undefined
      description?: string | null | undefined
      sortOrder?: number | undefined
      slug?: string | undefined
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Moves a category with all below it under another, or to the top. POST /api/v1/admin/categories/{categoryId}/move */
  moveCategory: {
    params: { categoryId: string }
    query: undefined
    body: {
      parentId: string | null
    }
    reply: {
      id: string
      version: number
      moved: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.category_cycle' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What attributes products of a category must have: its own rules, and with all inherited. GET /api/v1/admin/categories/{categoryId}/attribute-schema */
  getAttributeSchema: {
    params: { categoryId: string }
    query: undefined
    body: undefined
    reply: {
      own: AttributeSchema | null
      effective: AttributeSchema
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets the rules of attributes of a category; writes from then on must keep them. PUT /api/v1/admin/categories/{categoryId}/attribute-schema */
  setAttributeSchema: {
    params: { categoryId: string }
    query: undefined
    body: {
      schema: AttributeSchema | null
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Products by what operators look for. A page may be short, or empty, while there are more: ask on until nextCursor is null. With updatedSince in order of change, else in a lasting order. GET /api/v1/admin/products */
  listAdminProducts: {
    params: undefined
    query: { status?: "draft" | "active" | "archived" | undefined; categoryId?: string | undefined; sellerId?: string | undefined; brand?: string | undefined; sku?: string | undefined; gtin?: string | undefined; updatedSince?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: AdminProductItem[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Creates a product with its variants and their offers; a draft unless told. POST /api/v1/admin/products */
  createProduct: {
    params: undefined
    query: undefined
    body: {
      ref?: string | undefined
      sellerId: string
      name: string
      categoryId: string
      status?: "draft" | "active" | "archived" | undefined
      description?: string | null | undefined
      brand?: string | null | undefined
      images?: string[] | undefined
      attributes?: Record<string, string | number | boolean | string[] | {
        value: number
        unit: string
      }> | undefined
      options?: string[] | undefined
      taxClass?: string | undefined
      releasedOn?: string | null | undefined
      isFeatured?: boolean | undefined
      slug?: string | undefined
      variants?: ({
        sku: string
        name?: string | null | undefined
        gtin?: string | null | undefined
        options?: Record<string, string> | undefined
        images?: string[] | undefined
        weightGrams?: number | null | undefined
        dimensionsMm?: unknown[] | null | undefined
        offers?: ({
          sellerId: string
          sku: string
          condition?: "new" | "refurbished" | "used" | undefined
          price: Money
          salePrice?: Money | undefined
          /** RFC 3339, UTC */
          saleStartsAt?: string | undefined
          /** RFC 3339, UTC */
          saleEndsAt?: string | undefined
        })[] | undefined
      })[] | undefined
    }
    reply: {
      id: string
      slug: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'catalog.duplicate' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A whole product, whatever its status, with all variants, offers and translations. GET /api/v1/admin/products/{productId} */
  getAdminProduct: {
    params: { productId: string }
    query: undefined
    body: undefined
    reply: AdminProduct
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Edits a product, or changes its status; past slugs go on leading to it. PATCH /api/v1/admin/products/{productId} */
  editProduct: {
    params: { productId: string }
    query: undefined
    body: {
      name?: string | undefined
      categoryId?: string | undefined
      status?: "draft" | "active" | "archived" | undefined
      description?: string | null | undefined
      brand?: string | null | undefined
      images?: string[] | undefined
      attributes?: Record<string, string | number | boolean | string[] | {
        value: number
        unit: string
      }> | undefined
      options?: string[] | undefined
      taxClass?: string | undefined
      releasedOn?: string | null | undefined
      isFeatured?: boolean | undefined
      slug?: string | undefined
    }
    reply: {
      id: string
      slug: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One edit of up to 1,000 products, named or by filter: all of them or none. By filter, ask on with nextCursor until it is null. POST /api/v1/admin/products/bulk-edit */
  bulkEditProducts: {
    params: undefined
    query: undefined
    body: {
      target: {
        products: ({
          id: string
          version?: number | undefined
        })[]
      } | {
        filter: {
          status?: "draft" | "active" | "archived" | undefined
          categoryId?: string | undefined
          sellerId?: string | undefined
          brand?: string | undefined
          sku?: string | undefined
          gtin?: string | undefined
          /** RFC 3339, UTC */
          updatedSince?: string | undefined
        }
        cursor?: string | undefined
        limit?: number | undefined
      }
      edit: {
        status?: "draft" | "active" | "archived" | undefined
        categoryId?: string | undefined
        brand?: string | null | undefined
        taxClass?: string | undefined
        isFeatured?: boolean | undefined
        attributes?: Record<string, string | number | boolean | string[] | {
          value: number
          unit: string
        } | null> | undefined
      }
    }
    reply: {
      items: {
        id: string
        version: number
        changed: boolean
      }[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds variants to a product; one of the SKU of a removed variant brings that back. POST /api/v1/admin/products/{productId}/variants */
  addVariants: {
    params: { productId: string }
    query: undefined
    body: {
      variants: ({
        sku: string
        name?: string | null | undefined
        gtin?: string | null | undefined
        options?: Record<string, string> | undefined
        images?: string[] | undefined
        weightGrams?: number | null | undefined
        dimensionsMm?: unknown[] | null | undefined
        offers?: ({
          sellerId: string
          sku: string
          condition?: "new" | "refurbished" | "used" | undefined
          price: Money
          salePrice?: Money | undefined
          /** RFC 3339, UTC */
          saleStartsAt?: string | undefined
          /** RFC 3339, UTC */
          saleEndsAt?: string | undefined
        })[] | undefined
      })[]
    }
    reply: {
      items: {
        id: string
        sku: string
      }[]
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Edits a variant; If-Match names the version of its product. PATCH /api/v1/admin/products/{productId}/variants/{variantId} */
  editVariant: {
    params: { productId: string; variantId: string }
    query: undefined
    body: {
      sku?: string | undefined
      name?: string | null | undefined
      gtin?: string | null | undefined
      options?: Record<string, string> | undefined
      images?: string[] | undefined
      weightGrams?: number | null | undefined
      dimensionsMm?: unknown[] | null | undefined
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes a variant off sale; its SKU added again brings it back. DELETE /api/v1/admin/products/{productId}/variants/{variantId} */
  removeVariant: {
    params: { productId: string; variantId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets name and description of a product in a language; what is absent falls back. PUT /api/v1/admin/products/{productId}/translations/{locale} */
  setTranslation: {
    params: { productId: string; locale: string }
    query: undefined
    body: {
      name?: string | undefined
      description?: string | undefined
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes the translation of a product into a language. DELETE /api/v1/admin/products/{productId}/translations/{locale} */
  removeTranslation: {
    params: { productId: string; locale: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds a seller’s offer of a variant. POST /api/v1/admin/offers */
  createOffer: {
    params: undefined
    query: undefined
    body: {
      sellerId: string
      sku: string
      condition?: "new" | "refurbished" | "used" | undefined
      price: Money
      salePrice?: Money | undefined
      /** RFC 3339, UTC */
      saleStartsAt?: string | undefined
      /** RFC 3339, UTC */
      saleEndsAt?: string | undefined
      variantId: string
    }
    reply: {
      offerId: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'catalog.duplicate' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What an offer has cost, newest first. GET /api/v1/admin/offers/{offerId}/price-history */
  listPriceHistory: {
    params: { offerId: string }
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: PricePoint[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who changed what in the catalogue, newest first. GET /api/v1/admin/catalog/changes */
  listCatalogChanges: {
    params: undefined
    query: { subjectId?: string | undefined; entityId?: string | undefined; actor?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: CatalogChange[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Why which offer of a variant is featured, as seen from a market. GET /api/v1/admin/variants/{variantId}/featured-offer */
  explainFeaturedOffer: {
    params: { variantId: string }
    query: { currency?: Currency | undefined; country?: string | undefined }
    body: undefined
    reply: {
      variantId: string
      currency: string
      country: string
      offers: ({
        offerId: string
        seller: {
          id: string
          name: string
        }
        featured: boolean
        eligible: boolean
        reasons: ("not_sellable" | "out_of_stock" | "defects" | "late" | "cancels")[]
        landedPrice: Money
        score: number
        parts: {
          price: number
          promise: number
          seller: number
          stock: number
        }
      })[]
    }
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The parts into which all products are divided for sitemaps. GET /api/v1/sitemap */
  listSitemap: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: {
        part: number
        /** RFC 3339, UTC */
        lastModified: string
      }[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Slugs of the products of one part, a page at a time. GET /api/v1/sitemap/{part} */
  listSitemapPart: {
    params: { part: string }
    query: { cursor?: string | undefined }
    body: undefined
    reply: {
      items: {
        slug: string
        /** RFC 3339, UTC */
        lastModified: string
      }[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Imports, the newest first. GET /api/v1/admin/imports */
  listImports: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: ({
        id: string
        state: "waiting" | "running" | "finished" | "failed" | "cancelled"
        format: string
        problem: string | null
        askedBy: string
        /** RFC 3339, UTC */
        createdAt: string
        startedAt: string | null
        endedAt: string | null
        name: string | null
        dryRun: boolean
        bytes: number
        bytesRead: number
        rows: number
        products: number
        changed: number
        errors: number
        resumable: boolean
      })[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** How far an import is. GET /api/v1/admin/imports/{importId} */
  getImport: {
    params: { importId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      name: string | null
      dryRun: boolean
      bytes: number
      bytesRead: number
      rows: number
      products: number
      changed: number
      errors: number
      resumable: boolean
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The rows that were wrong, in the order of the file. GET /api/v1/admin/imports/{importId}/errors */
  listImportErrors: {
    params: { importId: string }
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: {
        row: number
        field: string
        message: string
      }[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Stops an import; what is in stays in. POST /api/v1/admin/imports/{importId}/cancel */
  cancelImport: {
    params: { importId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      name: string | null
      dryRun: boolean
      bytes: number
      bytesRead: number
      rows: number
      products: number
      changed: number
      errors: number
      resumable: boolean
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'catalog.transfer_ended' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Goes on with an import that was cancelled or failed, from where it stopped. POST /api/v1/admin/imports/{importId}/resume */
  resumeImport: {
    params: { importId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      name: string | null
      dryRun: boolean
      bytes: number
      bytesRead: number
      rows: number
      products: number
      changed: number
      errors: number
      resumable: boolean
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'catalog.transfer_ended' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Writes all products, or those of one seller, to a file in the background. POST /api/v1/admin/exports */
  startExport: {
    params: undefined
    query: undefined
    body: {
      format: "jsonl" | "csv"
      seller?: string | undefined
      packed?: boolean | undefined
    }
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      seller: string | null
      packed: boolean
      products: number
      total: number
      bytes: number
      file: string | null
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'catalog.transfers_full' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Exports, the newest first. GET /api/v1/admin/exports */
  listExports: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: ({
        id: string
        state: "waiting" | "running" | "finished" | "failed" | "cancelled"
        format: string
        problem: string | null
        askedBy: string
        /** RFC 3339, UTC */
        createdAt: string
        startedAt: string | null
        endedAt: string | null
        seller: string | null
        packed: boolean
        products: number
        total: number
        bytes: number
        file: string | null
      })[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** How far an export is. GET /api/v1/admin/exports/{exportId} */
  getExport: {
    params: { exportId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      seller: string | null
      packed: boolean
      products: number
      total: number
      bytes: number
      file: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Stops an export. POST /api/v1/admin/exports/{exportId}/cancel */
  cancelExport: {
    params: { exportId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      state: "waiting" | "running" | "finished" | "failed" | "cancelled"
      format: string
      problem: string | null
      askedBy: string
      /** RFC 3339, UTC */
      createdAt: string
      startedAt: string | null
      endedAt: string | null
      seller: string | null
      packed: boolean
      products: number
      total: number
      bytes: number
      file: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'catalog.transfer_ended' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The pictures of a product, in their order. GET /api/v1/admin/products/{productId}/media */
  getProductMedia: {
    params: { productId: string }
    query: undefined
    body: undefined
    reply: {
      items: ShownPicture[]
      /** Of the product */
      version: number
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets the pictures of a product: adds, takes away, describes and orders them. Those at an address are fetched soon after. PUT /api/v1/admin/products/{productId}/media */
  setProductMedia: {
    params: { productId: string }
    query: undefined
    body: {
      items: ({
        key: string
        /** What is to be seen; the name of what is sold if absent */
        alt?: string | undefined
      } | {
        url: string
      })[]
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The pictures of a variant alone, in their order. GET /api/v1/admin/products/{productId}/variants/{variantId}/media */
  getVariantMedia: {
    params: { productId: string; variantId: string }
    query: undefined
    body: undefined
    reply: {
      items: ShownPicture[]
      /** Of the product */
      version: number
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets the pictures of a variant alone; If-Match names the version of its product. They are shown before those of the product. PUT /api/v1/admin/products/{productId}/variants/{variantId}/media */
  setVariantMedia: {
    params: { productId: string; variantId: string }
    query: undefined
    body: {
      items: ({
        key: string
        /** What is to be seen; the name of what is sold if absent */
        alt?: string | undefined
      } | {
        url: string
      })[]
    }
    reply: {
      id: string
      version: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Products whose pictures are still to be fetched from elsewhere, or could not be. GET /api/v1/admin/catalog/image-fetches */
  listImageFetches: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: ({
        productId: string
        attempts: number
        /** When it is tried again; null: it was given up */
        dueAt: string | null
        error?: string | undefined
      })[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Searches and browses products, with facets. GET /api/v1/search */
  search: {
    params: undefined
    query: { currency?: Currency | undefined; country?: string | undefined; q?: string | undefined; queryId?: string | undefined; locale?: string | undefined; category?: string | undefined; brand?: string | string[] | undefined; seller?: string | string[] | undefined; minPrice?: number | undefined; maxPrice?: number | undefined; minRating?: string | undefined; inStock?: boolean | undefined; onSale?: boolean | undefined; explain?: boolean | undefined; sort?: "relevance" | "price" | "-price" | "rating" | "newest" | "popular" | undefined; page?: number | undefined; cursor?: string | undefined; limit?: number | undefined; [attribute: `attr.${string}`]: string | string[] | undefined }
    body: undefined
    reply: SearchResult
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'forbidden' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Completions, categories and products as one types. GET /api/v1/search/suggest */
  suggest: {
    params: undefined
    query: { currency?: Currency | undefined; country?: string | undefined; q: string; locale?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      completions: string[]
      categories: {
        id: string
        slug: string
        name: string
        count: number
      }[]
      products: ({
        id: string
        slug: string
        name: string
        image?: string | undefined
      })[]
    }
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Tells what came of searches; taken in without waiting, and kept if it makes sense. POST /api/v1/search/events */
  recordSearchEvents: {
    params: undefined
    query: undefined
    body: {
      events: SearchEvent[]
    }
    reply: {
      accepted: number
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The shop’s own synonyms, newest first. GET /api/v1/admin/search/synonyms */
  listSearchSynonyms: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: SearchSynonym[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds words for the same goods; searches know them within a second. POST /api/v1/admin/search/synonyms */
  createSearchSynonym: {
    params: undefined
    query: undefined
    body: {
      from: string
      to: string[]
      /** Only a search for `from` also finds `to` */
      oneWay?: boolean | undefined
      /** Absent or null: in every language */
      locale?: string | null | undefined
      enabled?: boolean | undefined
    }
    reply: SearchSynonym
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'search.too_many' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One of the shop’s own synonyms. GET /api/v1/admin/search/synonyms/{synonymId} */
  getSearchSynonym: {
    params: { synonymId: string }
    query: undefined
    body: undefined
    reply: SearchSynonym
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Puts another synonym in the place of this one. PUT /api/v1/admin/search/synonyms/{synonymId} */
  replaceSearchSynonym: {
    params: { synonymId: string }
    query: undefined
    body: {
      from: string
      to: string[]
      /** Only a search for `from` also finds `to` */
      oneWay?: boolean | undefined
      /** Absent or null: in every language */
      locale?: string | null | undefined
      enabled?: boolean | undefined
    }
    reply: SearchSynonym
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes a synonym. DELETE /api/v1/admin/search/synonyms/{synonymId} */
  removeSearchSynonym: {
    params: { synonymId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'precondition_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Rules that pin, boost, bury or redirect, newest first. GET /api/v1/admin/search/rules */
  listSearchRules: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: SearchRule[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds a rule; searches keep it within a second. POST /api/v1/admin/search/rules */
  createSearchRule: {
    params: undefined
    query: undefined
    body: {
      name: string
      condition: SearchRuleCondition
      effect: SearchRuleEffect
      /** Of rivals the highest wins */
      priority?: number | undefined
      startsAt?: string | null | undefined
      endsAt?: string | null | undefined
      enabled?: boolean | undefined
    }
    reply: SearchRule
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'search.too_many' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One rule. GET /api/v1/admin/search/rules/{ruleId} */
  getSearchRule: {
    params: { ruleId: string }
    query: undefined
    body: undefined
    reply: SearchRule
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Puts another rule in the place of this one. PUT /api/v1/admin/search/rules/{ruleId} */
  replaceSearchRule: {
    params: { ruleId: string }
    query: undefined
    body: {
      name: string
      condition: SearchRuleCondition
      effect: SearchRuleEffect
      /** Of rivals the highest wins */
      priority?: number | undefined
      startsAt?: string | null | undefined
      endsAt?: string | null | undefined
      enabled?: boolean | undefined
    }
    reply: SearchRule
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes a rule. DELETE /api/v1/admin/search/rules/{ruleId} */
  removeSearchRule: {
    params: { ruleId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'precondition_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A search without and with this rule, as if it were enabled and its time had come; other rules hold. GET /api/v1/admin/search/rules/{ruleId}/preview */
  previewSearchRule: {
    params: { ruleId: string }
    query: { currency?: Currency | undefined; country?: string | undefined; q?: string | undefined; category?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      /** Whether its condition is met */
      matches: boolean
      redirect: string | null
      before: ProductSummary[]
      after: ProductSummary[]
    }
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who changed which synonym or rule, newest first. GET /api/v1/admin/search/changes */
  listSearchChanges: {
    params: undefined
    query: { entityId?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: SearchChange[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What was searched most, the last seven days unless told, at most 92 days. GET /api/v1/admin/search/reports/queries */
  reportSearchQueries: {
    params: undefined
    query: { from?: string | undefined; to?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: SearchQueryReport[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What was searched and not found, the most frequent first. GET /api/v1/admin/search/reports/zero-results */
  reportSearchZeroResults: {
    params: undefined
    query: { from?: string | undefined; to?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: SearchQueryReport[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A new cart; its id is the key to it. POST /api/v1/carts */
  createCart: {
    params: undefined
    query: undefined
    body: {
      currency?: Currency | undefined
      /** ISO 3166-1 alpha-2 */
      country?: string | undefined
    } | undefined
    reply: Cart
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A cart, priced as of now. GET /api/v1/carts/{cartId} */
  getCart: {
    params: { cartId: string }
    query: undefined
    body: undefined
    reply: Cart
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds a variant, merging with the same line. POST /api/v1/carts/{cartId}/lines */
  addCartLine: {
    params: { cartId: string }
    query: undefined
    body: {
      variantId: string
      quantity: number
      offerId?: string | undefined
    }
    reply: Cart
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'cart.not_open' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.full' | 'cart.variant_not_sold' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets the quantity of a line. PATCH /api/v1/carts/{cartId}/lines/{lineId} */
  changeCartLine: {
    params: { cartId: string; lineId: string }
    query: undefined
    body: {
      quantity: number
    }
    reply: Cart
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'cart.not_open' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes a line; removing it again is no error. DELETE /api/v1/carts/{cartId}/lines/{lineId} */
  removeCartLine: {
    params: { cartId: string; lineId: string }
    query: undefined
    body: undefined
    reply: Cart
    problem: 'validation_failed' | 'not_found' | 'cart.not_open' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Puts a coupon on the cart. PUT /api/v1/carts/{cartId}/coupons/{code} */
  addCoupon: {
    params: { cartId: string; code: string }
    query: undefined
    body: undefined
    reply: Cart
    problem: 'validation_failed' | 'not_found' | 'cart.not_open' | 'cart.coupon_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes a coupon off the cart. DELETE /api/v1/carts/{cartId}/coupons/{code} */
  removeCoupon: {
    params: { cartId: string; code: string }
    query: undefined
    body: undefined
    reply: Cart
    problem: 'validation_failed' | 'not_found' | 'cart.not_open' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The lists of the signed-in customer. GET /api/v1/wishlists */
  listWishlists: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: WishlistSummary[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A new list; a guest’s is reached by its id. POST /api/v1/wishlists */
  createWishlist: {
    params: undefined
    query: undefined
    body: {
      name: string
      kind?: "wishes" | "later" | undefined
    }
    reply: WishlistSummary
    problem: 'validation_failed' | 'malformed_json' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.wishlists_full' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A list, priced as of now, with what has become cheaper. GET /api/v1/wishlists/{wishlistId} */
  getWishlist: {
    params: { wishlistId: string }
    query: { currency?: Currency | undefined; country?: string | undefined }
    body: undefined
    reply: Wishlist
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Names a list anew, shares it, or ends that; the old key then opens nothing. PATCH /api/v1/wishlists/{wishlistId} */
  changeWishlist: {
    params: { wishlistId: string }
    query: undefined
    body: {
      name?: string | undefined
      isShared?: boolean | undefined
    }
    reply: {
      name: string
      shareId: string | null
    }
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Deletes a list with all that is on it. DELETE /api/v1/wishlists/{wishlistId} */
  removeWishlist: {
    params: { wishlistId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A list that somebody shares, by its key. GET /api/v1/wishlists/shared/{shareId} */
  getSharedWishlist: {
    params: { shareId: string }
    query: { currency?: Currency | undefined; country?: string | undefined }
    body: undefined
    reply: SharedWishlist
    problem: 'validation_failed' | 'catalog.currency_not_sold' | 'not_found' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Puts a variant on a list; it is there once. POST /api/v1/wishlists/{wishlistId}/items */
  addWish: {
    params: { wishlistId: string }
    query: undefined
    body: {
      variantId: string
      quantity?: number | undefined
    }
    reply: {
      itemId: string
      itemCount: number
      name: string
    }
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.wishlist_full' | 'cart.variant_not_sold' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes a thing off a list; again is no error. DELETE /api/v1/wishlists/{wishlistId}/items/{itemId} */
  removeWish: {
    params: { wishlistId: string; itemId: string }
    query: undefined
    body: undefined
    reply: {
      itemCount: number
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Puts a thing of a list into a cart and takes it off the list. POST /api/v1/wishlists/{wishlistId}/items/{itemId}/move */
  moveWishToCart: {
    params: { wishlistId: string; itemId: string }
    query: undefined
    body: {
      cartId: string
    }
    reply: Cart
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'cart.not_open' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.full' | 'cart.variant_not_sold' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes a line out of a cart and keeps it on a list. POST /api/v1/carts/{cartId}/lines/{lineId}/save */
  saveCartLine: {
    params: { cartId: string; lineId: string }
    query: undefined
    body: {
      wishlistId: string
    }
    reply: Cart
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'cart.not_open' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.wishlist_full' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Makes a guest’s lists the customer’s, as at sign-in; those of one name and kind become one. Again does nothing. POST /api/v1/wishlists/adopt */
  adoptWishlists: {
    params: undefined
    query: undefined
    body: {
      wishlistIds: string[]
    }
    reply: {
      items: WishlistSummary[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Countries and currencies that the shop sells in. GET /api/v1/markets */
  listMarkets: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: {
        country: string
        currency: string
        taxIncluded: boolean
      }[]
      currencies: string[]
      ratesAsOf: string
      nextCursor: null
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Promotions, the newest first. GET /api/v1/admin/promotions */
  listPromotions: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined; active?: boolean | undefined }
    body: undefined
    reply: {
      items: Promotion[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A new promotion. POST /api/v1/admin/promotions */
  createPromotion: {
    params: undefined
    query: undefined
    body: PromotionInput
    reply: Promotion
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One promotion, and what of its limits is used. GET /api/v1/admin/promotions/{promotionId} */
  getPromotion: {
    params: { promotionId: string }
    query: undefined
    body: undefined
    reply: Promotion
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes a promotion; what is used of it stays counted. PUT /api/v1/admin/promotions/{promotionId} */
  replacePromotion: {
    params: { promotionId: string }
    query: undefined
    body: PromotionInput
    reply: Promotion
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'pricing.limit_below_use' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Switches a promotion on or off. PATCH /api/v1/admin/promotions/{promotionId} */
  switchPromotion: {
    params: { promotionId: string }
    query: undefined
    body: {
      active: boolean
    }
    reply: Promotion
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Codes of a promotion, in order. GET /api/v1/admin/promotions/{promotionId}/coupons */
  listPromotionCodes: {
    params: { promotionId: string }
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: Coupon[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Codes for a promotion: chosen ones, or as many as are wanted by chance. POST /api/v1/admin/promotions/{promotionId}/coupons */
  createPromotionCodes: {
    params: { promotionId: string }
    query: undefined
    body: {
      codes: string[]
    } | {
      count: number
      prefix?: string | undefined
    }
    reply: {
      codes: string[]
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'pricing.coupon_taken' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes a code away; orders that used it stay as they are. DELETE /api/v1/admin/promotions/{promotionId}/coupons/{code} */
  removePromotionCode: {
    params: { promotionId: string; code: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What a promotion took off in a time, and who bears it. GET /api/v1/admin/promotions/{promotionId}/usage */
  getPromotionUsage: {
    params: { promotionId: string }
    query: { from?: string | undefined; to?: string | undefined }
    body: undefined
    reply: PromotionUsage
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What the cart costs at this address: discounts, shipping options, tax, total. POST /api/v1/carts/{cartId}/quote */
  quoteCart: {
    params: { cartId: string }
    query: undefined
    body: {
      shippingAddress: Address
      shippingOptionId?: string | undefined
      currency?: Currency | undefined
    }
    reply: Quote
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'shipping.address_invalid' | 'not_found' | 'idempotency_in_progress' | 'cart.not_open' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.cart_empty' | 'cart.variant_not_sold' | 'pricing.market_unknown' | 'pricing.total_too_high' | 'shipping.not_deliverable' | 'shipping.option_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Places and pays the order that was quoted. POST /api/v1/checkout */
  placeOrder: {
    params: undefined
    query: undefined
    body: {
      cartId: string
      quoteId: string
      email: string
      /** In which mails about the order are written */
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
      shippingAddress: Address
      billingAddress?: Address | undefined
      shippingOptionId: string
      payment: {
        method: "card" | "paypal" | "bank_transfer" | "cash_on_delivery" | "prepaid"
        token?: string | undefined
        /** Codes, in the order they pay */
        giftCards?: string[] | undefined
        /** The signed-in customer's */
        useStoreCredit?: boolean | undefined
      }
      /** Where the provider sends the shopper back to */
      returnUrl?: string | undefined
    }
    reply: Order
    problem: 'validation_failed' | 'malformed_json' | 'shipping.address_invalid' | 'payments.declined' | 'payments.denied' | 'not_found' | 'idempotency_in_progress' | 'conflict' | 'invalid_transition' | 'cart.not_open' | 'orders.price_changed' | 'orders.cart_changed' | 'inventory.insufficient_stock' | 'pricing.quote_expired' | 'pricing.coupon_exhausted' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'cart.variant_not_sold' | 'orders.cart_empty' | 'orders.quote_unknown' | 'orders.quote_mismatch' | 'orders.purchase_limit' | 'payments.method_not_offered' | 'payments.gift_card_unusable' | 'payments.prepaid_too_little' | 'shipping.option_unknown' | 'shipping.not_deliverable' | 'pricing.total_too_high' | 'rate_limited' | 'internal' | 'unavailable' | 'payments.provider_unavailable'
  }
  /** An order; its id is the key to it for guests. GET /api/v1/orders/{orderId} */
  getOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: Order
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Orders of the signed-in customer, newest first. GET /api/v1/orders */
  listOrders: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: Order[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Cancels an order of which nothing has shipped, or units that have not. POST /api/v1/orders/{orderId}/cancel */
  cancelOrder: {
    params: { orderId: string }
    query: undefined
    body: {
      reason?: string | undefined
      /** The whole order if absent */
      lines?: {
        lineId: string
        quantity: number
      }[] | undefined
    } | undefined
    reply: Order
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Shipments of an order and their scans. GET /api/v1/orders/{orderId}/tracking */
  getTracking: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: {
      items: Shipment[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Hands lines of an order to a carrier: takes them out of stock and creates a shipment. POST /api/v1/admin/orders/{orderId}/shipments */
  shipOrder: {
    params: { orderId: string }
    query: undefined
    body: {
      /** All open lines if absent */
      lines?: {
        lineId: string
        quantity: number
      }[] | undefined
      carrier: string
      trackingNumber: string
    }
    reply: {
      items: Shipment[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Gives back units of lines, the shipping, or a free sum. POST /api/v1/admin/orders/{orderId}/refunds */
  refundOrder: {
    params: { orderId: string }
    query: undefined
    body: {
      lines?: {
        lineId: string
        quantity: number
      }[] | undefined
      shipping?: boolean | undefined
      /** A free sum, besides lines and shipping */
      amount?: Money | undefined
      /** Where it goes: to whatever paid, or to the customer's store credit */
      to?: "original" | "store_credit" | undefined
      reason: string
    }
    reply: Order
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.refund_not_possible' | 'payments.refund_too_large' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Gives up the payment of an order that is not confirmed yet; the order then ends. POST /api/v1/admin/orders/{orderId}/payment/void */
  voidPayment: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: Order
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'invalid_transition' | 'payments.provider_refused' | 'rate_limited' | 'internal' | 'unavailable' | 'payments.provider_unavailable'
  }
  /** Has a paid order wait: nothing of it ships until it is released. POST /api/v1/admin/orders/{orderId}/hold */
  holdOrder: {
    params: { orderId: string }
    query: undefined
    body: {
      note?: string | undefined
    }
    reply: Order
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Lets an order go on that was held. POST /api/v1/admin/orders/{orderId}/release */
  releaseOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: Order
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Cancels an order that is held; stock and money go back. POST /api/v1/admin/orders/{orderId}/reject */
  rejectOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: Order
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Orders of all customers, newest first. GET /api/v1/admin/orders */
  findOrders: {
    params: undefined
    query: { status?: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed" | undefined; from?: string | undefined; to?: string | undefined; cursor?: string | undefined; limit?: number | undefined; number?: string | undefined; email?: string | undefined; sellerId?: string | undefined; productId?: string | undefined }
    body: undefined
    reply: {
      items: OrderSummary[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** An order with its notes and refunds. GET /api/v1/admin/orders/{orderId} */
  getAdminOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: AdminOrder
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Notes something on an order for other operators; the customer does not see it. POST /api/v1/admin/orders/{orderId}/notes */
  addOrderNote: {
    params: { orderId: string }
    query: undefined
    body: {
      text: string
    }
    reply: OrderNote
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes a paid order before it ships: where it goes, and fewer units of its lines. POST /api/v1/admin/orders/{orderId}/edits */
  editOrder: {
    params: { orderId: string }
    query: undefined
    body: {
      /** In the same country and region */
      shippingAddress?: Address | undefined
      /** How many units there shall be; what is paid for fewer goes back */
      lines?: {
        lineId: string
        quantity: number
      }[] | undefined
    }
    reply: AdminOrder
    problem: 'validation_failed' | 'malformed_json' | 'shipping.address_invalid' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.edit_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The caller's sellers' parts of paid orders, newest first. GET /api/v1/seller/orders */
  listSellerOrders: {
    params: undefined
    query: { status?: "pending" | "on_hold" | "confirmed" | "partially_shipped" | "shipped" | "delivered" | "cancelled" | "expired" | "completed" | undefined; from?: string | undefined; to?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: OrderOfSeller[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The caller's sellers' parts of one order. GET /api/v1/seller/orders/{orderId} */
  getSellerOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: {
      items: OrderOfSeller[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Asks to send delivered units back, for money or for the same again. POST /api/v1/orders/{orderId}/returns */
  requestReturn: {
    params: { orderId: string }
    query: undefined
    body: {
      lines: ({
        lineId: string
        quantity: number
        reason: "changed_mind" | "ordered_by_mistake" | "too_late" | "not_as_described" | "defective" | "damaged_in_transit" | "wrong_item"
      })[]
      /** `store_credit` is for customers with an account */
      wanted?: "refund" | "exchange" | "store_credit" | undefined
      note?: string | undefined
      photos?: string[] | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What of an order came back or shall come back. GET /api/v1/orders/{orderId}/returns */
  listReturnsOfOrder: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: {
      items: Return[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Says by which parcel the goods come back. POST /api/v1/orders/{orderId}/returns/{returnId}/send */
  sendReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      carrier: string
      trackingNumber: string
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Keeps the goods after all, as long as they were not sent. POST /api/v1/orders/{orderId}/returns/{returnId}/cancel */
  cancelReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: undefined
    reply: Return
    problem: 'validation_failed' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Returns in one state, the oldest first. GET /api/v1/admin/returns */
  listReturns: {
    params: undefined
    query: { state?: "requested" | "approved" | "declined" | "label_issued" | "in_transit" | "received" | "inspected" | "resolved" | "cancelled" | "expired" | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: Return[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Lets the goods come back. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/approve */
  approveReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      /** If absent the shop, where the fault is its own, else the customer */
      shippingPaidBy?: "shop" | "customer" | undefined
      note?: string | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Does not let the goods come back. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/decline */
  declineReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      /** Why; the customer reads it */
      note: string
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Gives the customer a label for the parcel. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/label */
  labelReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      carrier: string
      trackingNumber: string
      labelUrl?: string | undefined
      /** Taken off the refund, if the customer pays for the way back */
      fee?: Money | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Books what came back. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/receive */
  receiveReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      /** All of it if absent; a line that is not named did not come */
      lines?: {
        lineId: string
        quantity: number
      }[] | undefined
      /** Where; each line to where it was sent from if absent */
      warehouseId?: string | undefined
      note?: string | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Says of each received unit whether it is sold again, damaged, or sent back. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/inspect */
  inspectReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      lines: ({
        lineId: string
        restocked?: number | undefined
        /** Taken, and kept apart in the warehouse */
        damaged?: number | undefined
        /** Not taken */
        sentBack?: number | undefined
      })[]
      note?: string | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Gives money, store credit or the same goods again for what was taken, or nothing. POST /api/v1/admin/orders/{orderId}/returns/{returnId}/resolve */
  resolveReturn: {
    params: { orderId: string; returnId: string }
    query: undefined
    body: {
      resolution: "refund" | "exchange" | "store_credit" | "rejected"
      /** Also what the way there cost */
      refundShipping?: boolean | undefined
      /** Taken off the refund, such as for wear */
      deduction?: Money | undefined
      carrier?: string | undefined
      /** Of the exchanged goods */
      trackingNumber?: string | undefined
      note?: string | undefined
    }
    reply: Return
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'orders.return_not_possible' | 'orders.refund_not_possible' | 'payments.refund_too_large' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A payment provider tells what happened (signed). POST /api/v1/payments/webhooks/{provider} */
  receivePaymentWebhook: {
    params: { provider: string }
    query: undefined
    body: {
      id: string
    }
    reply: {
      received: true
    }
    problem: 'validation_failed' | 'malformed_json' | 'payments.signature_invalid' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** How an order of this amount can be paid there. GET /api/v1/payment-methods */
  listPaymentMethods: {
    params: undefined
    query: { country: string; currency: Currency; amount: number }
    body: undefined
    reply: {
      items: PaymentMethod[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What is left on a gift card; look-ups are slowed down after a few wrong codes. POST /api/v1/gift-cards/balance */
  getGiftCardBalance: {
    params: undefined
    query: undefined
    body: {
      code: string
    }
    reply: {
      balance: Money
      last4: string
      expiresAt: string | null
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'payments.gift_card_unusable' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The signed-in customer's store credit, by currency. GET /api/v1/store-credit */
  listStoreCredit: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: Money[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Issues gift cards. The same reference again gives the same cards and codes. POST /api/v1/admin/gift-cards */
  issueGiftCards: {
    params: undefined
    query: undefined
    body: {
      reference: string
      /** An amount in whole minor units of a currency */
      amount: Money
      count?: number | undefined
      reason?: "sold" | "goodwill" | undefined
      /** RFC 3339, UTC */
      expiresAt?: string | undefined
    }
    reply: {
      items: ({
        id: string
        last4: string
        balance: Money
        issued: Money
        disabled: boolean
        expiresAt: string | null
        reference: string
        /** RFC 3339, UTC */
        createdAt: string
        code: string
      })[]
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'conflict' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A gift card and every change of its balance. GET /api/v1/admin/gift-cards/{giftCardId} */
  getGiftCard: {
    params: { giftCardId: string }
    query: undefined
    body: undefined
    reply: {
      id: string
      last4: string
      balance: Money
      issued: Money
      disabled: boolean
      expiresAt: string | null
      reference: string
      /** RFC 3339, UTC */
      createdAt: string
      entries: PrepaidEntry[]
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Bars a gift card from paying, or allows it again. PATCH /api/v1/admin/gift-cards/{giftCardId} */
  changeGiftCard: {
    params: { giftCardId: string }
    query: undefined
    body: {
      disabled: boolean
    }
    reply: GiftCard
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Gives a customer store credit, or takes it back (below 0); once per reference. POST /api/v1/admin/customers/{customerId}/store-credit */
  moveStoreCredit: {
    params: { customerId: string }
    query: undefined
    body: {
      reference: string
      /** An amount in whole minor units of a currency */
      amount: Money
      note: string
    }
    reply: {
      balance: Money
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'conflict' | 'payload_too_large' | 'unsupported_media_type' | 'payments.prepaid_too_little' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Which methods of payment are offered where. GET /api/v1/admin/payment-methods */
  listPaymentMethodRules: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: PaymentMethodRule[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Offers a method of payment somewhere, or does not; counts within seconds. PUT /api/v1/admin/payment-methods */
  setPaymentMethodRule: {
    params: undefined
    query: undefined
    body: PaymentMethodRule
    reply: PaymentMethodRule
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes an authorised payment, or books cash that came; again does nothing. POST /api/v1/admin/orders/{orderId}/payment/capture */
  capturePayment: {
    params: { orderId: string }
    query: undefined
    body: {
      /** All of it if absent */
      amount?: Money | undefined
    }
    reply: PaymentState
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'invalid_transition' | 'payments.provider_refused' | 'payload_too_large' | 'unsupported_media_type' | 'payments.amount_mismatch' | 'rate_limited' | 'internal' | 'unavailable' | 'payments.provider_unavailable'
  }
  /** Books a bank transfer that came, by its reference and amount. POST /api/v1/admin/bank-transfers */
  receiveTransfer: {
    params: undefined
    query: undefined
    body: {
      reference: string
      amount: Money
    }
    reply: {
      orderId: string
      payment: PaymentState
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'payments.transfer_unknown' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'payments.amount_mismatch' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Marks a refund that is paid by hand (cash, a transfer) as paid, or as failed. POST /api/v1/admin/orders/{orderId}/refunds/{refundId}/settle */
  settleRefund: {
    params: { orderId: string; refundId: string }
    query: undefined
    body: {
      outcome: "succeeded" | "failed"
    }
    reply: PaymentState
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Every movement of an order's money: attempts, refunds, disputes, journals. GET /api/v1/admin/orders/{orderId}/money */
  getOrderMoney: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: OrderMoney
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Disputes, newest first. GET /api/v1/admin/disputes */
  listDisputes: {
    params: undefined
    query: { state?: "open" | "won" | "lost" | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: Dispute[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Balances of the accounts of a kind. GET /api/v1/admin/ledger/balances */
  listLedgerBalances: {
    params: undefined
    query: { kind: string; owner?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: LedgerBalance[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Books a payout to a seller out of what the shop owes him; once per reference. POST /api/v1/admin/sellers/{sellerId}/payouts */
  recordPayout: {
    params: { sellerId: string }
    query: undefined
    body: {
      reference: string
      amount: Money
    }
    reply: LedgerBalance
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'conflict' | 'payload_too_large' | 'unsupported_media_type' | 'payments.payout_too_large' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The rules that orders are screened by, and their version. GET /api/v1/admin/fraud/rules */
  getFraudRules: {
    params: undefined
    query: undefined
    body: undefined
    reply: FraudRuleSet
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A new version of the rules; earlier ones are kept. PUT /api/v1/admin/fraud/rules */
  setFraudRules: {
    params: undefined
    query: undefined
    body: {
      /** `observe` keeps what would have been decided and lets every order pass */
      mode: "enforce" | "observe"
      /** Held for an operator from this score on */
      reviewAt: number
      /** Denied from this score on */
      denyAt: number
      rules: FraudRule[]
      /** Why it was changed */
      note?: string | undefined
    }
    reply: FraudRuleSet
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'conflict' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Every version of the rules, newest first: who changed them, when and why. GET /api/v1/admin/fraud/rules/versions */
  listFraudRuleVersions: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: FraudRuleSet[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Orders that wait for an operator, oldest first; or decided ones. GET /api/v1/admin/fraud/reviews */
  listFraudReviews: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined; state?: "open" | "approved" | "rejected" | undefined }
    body: undefined
    reply: {
      items: FraudScreening[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Why an order was allowed, held or denied, and what operators noted. GET /api/v1/admin/fraud/screenings/{orderId} */
  getFraudScreening: {
    params: { orderId: string }
    query: undefined
    body: undefined
    reply: {
      orderId: string
      decision: "allow" | "review" | "deny"
      /** False for one that was only observed */
      enforced: boolean
      score: number
      reasons: FraudReason[]
      rulesVersion: number
      total: Money
      country: string
      reviewState: "open" | "approved" | "rejected" | null
      decidedBy: string | null
      decidedAt: string | null
      /** RFC 3339, UTC */
      createdAt: string
      notes: FraudNote[]
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Lets a held order pass, or rejects it: it is then cancelled and its money goes back. POST /api/v1/admin/fraud/reviews/{orderId}/decision */
  decideFraudReview: {
    params: { orderId: string }
    query: undefined
    body: {
      outcome: "approved" | "rejected"
      note?: string | undefined
    }
    reply: {
      orderId: string
      decision: "allow" | "review" | "deny"
      /** False for one that was only observed */
      enforced: boolean
      score: number
      reasons: FraudReason[]
      rulesVersion: number
      total: Money
      country: string
      reviewState: "open" | "approved" | "rejected" | null
      decidedBy: string | null
      decidedAt: string | null
      /** RFC 3339, UTC */
      createdAt: string
      notes: FraudNote[]
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Notes something on the screening of an order. POST /api/v1/admin/fraud/screenings/{orderId}/notes */
  addFraudNote: {
    params: { orderId: string }
    query: undefined
    body: {
      text: string
    }
    reply: {
      orderId: string
      decision: "allow" | "review" | "deny"
      /** False for one that was only observed */
      enforced: boolean
      score: number
      reasons: FraudReason[]
      rulesVersion: number
      total: Money
      country: string
      reviewState: "open" | "approved" | "rejected" | null
      decidedBy: string | null
      decidedAt: string | null
      /** RFC 3339, UTC */
      createdAt: string
      notes: FraudNote[]
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Always allows, or always denies, orders of somebody; replaces what was listed of him. POST /api/v1/admin/fraud/lists */
  addFraudListEntry: {
    params: undefined
    query: undefined
    body: {
      list: "allow" | "deny"
      entry: {
        kind: "customer" | "email" | "network" | "device"
        /** A network by one of its IP addresses */
        value: string
      } | {
        kind: "address"
        address: Address
      }
      reason: string
      /** RFC 3339, UTC */
      expiresAt?: string | undefined
    }
    reply: FraudListEntry
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who is always allowed or denied, newest first. GET /api/v1/admin/fraud/lists */
  listFraudListEntries: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: FraudListEntry[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes an entry off its list. DELETE /api/v1/admin/fraud/lists/{entryId} */
  removeFraudListEntry: {
    params: { entryId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Products of which one shopper may buy only so many. GET /api/v1/admin/purchase-limits */
  listPurchaseLimits: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: PurchaseLimit[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Limits how many units of a product one account or e-mail address may order. PUT /api/v1/admin/purchase-limits/{productId} */
  setPurchaseLimit: {
    params: { productId: string }
    query: undefined
    body: {
      /** Of the product, for one account or e-mail */
      maxUnits: number
      /** Null: for ever */
      windowDays: number | null
    }
    reply: PurchaseLimit
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Lets everybody buy as many as there are. DELETE /api/v1/admin/purchase-limits/{productId} */
  removePurchaseLimit: {
    params: { productId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** A carrier event of a shipment; late and doubled ones do no harm. POST /api/v1/admin/shipments/{shipmentId}/scans */
  recordScan: {
    params: { shipmentId: string }
    query: undefined
    body: {
      status: "created" | "labelled" | "shipped" | "in_transit" | "out_for_delivery" | "delivered" | "exception" | "returned_to_sender" | "lost" | "cancelled"
      /** RFC 3339, UTC */
      at: string
      location?: string | undefined
      note?: string | undefined
      eventId: string
    }
    reply: Shipment
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** When what lies in stock would arrive there, each way of sending it, the cheapest first. GET /api/v1/delivery-promise */
  promiseDelivery: {
    params: undefined
    query: { country: string; postalCode?: string | undefined; offerId?: string | undefined }
    body: undefined
    reply: DeliveryPromise
    problem: 'validation_failed' | 'shipping.address_invalid' | 'shipping.not_deliverable' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Stock levels of an offer, warehouse by warehouse. GET /api/v1/admin/stock/{offerId} */
  getStock: {
    params: { offerId: string }
    query: undefined
    body: undefined
    reply: {
      items: StockLevel[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets what is on hand, if it still is what the caller saw. PUT /api/v1/admin/stock/{offerId}/{warehouseId} */
  setStock: {
    params: { offerId: string; warehouseId: string }
    query: undefined
    body: {
      quantity: number
      /** The quantity that the caller saw; a blind set is refused */
      expected: number
      reason: string
    }
    reply: StockLevel
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.stock_changed' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds to or takes from what is on hand. POST /api/v1/admin/stock/{offerId}/{warehouseId}/adjustments */
  adjustStock: {
    params: { offerId: string; warehouseId: string }
    query: undefined
    body: {
      delta: number
      reason: string
    }
    reply: StockLevel
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Corrects what is on hand to what was counted, also below what is promised: the newest promises become shortages. POST /api/v1/admin/stock/{offerId}/{warehouseId}/counts */
  countStock: {
    params: { offerId: string; warehouseId: string }
    query: undefined
    body: {
      counted: number
      expected: number
      reason: string
    }
    reply: StockLevel
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.stock_changed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets units aside as damaged, takes them back as repaired, or writes them off. POST /api/v1/admin/stock/{offerId}/{warehouseId}/dispositions */
  disposeStock: {
    params: { offerId: string; warehouseId: string }
    query: undefined
    body: {
      kind: "damaged" | "repaired" | "written_off"
      quantity: number
      /** What is written off; for the other kinds it is clear */
      from?: "on_hand" | "damaged" | undefined
      reason: string
    }
    reply: StockLevel
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.insufficient_stock' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets safety stock, reorder point, and what may be sold before it lies there. PATCH /api/v1/admin/stock/{offerId}/{warehouseId}/settings */
  changeStockSettings: {
    params: { offerId: string; warehouseId: string }
    query: undefined
    body: StockSettings
    reply: StockLevel
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.insufficient_stock' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What changed a stock row, the newest first. GET /api/v1/admin/stock/{offerId}/{warehouseId}/movements */
  listStockMovements: {
    params: { offerId: string; warehouseId: string }
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: StockMovement[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** All warehouses, by code. GET /api/v1/admin/warehouses */
  listWarehouses: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: Warehouse[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Opens a warehouse. POST /api/v1/admin/warehouses */
  createWarehouse: {
    params: undefined
    query: undefined
    body: NewWarehouse
    reply: Warehouse
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'idempotency_in_progress' | 'inventory.duplicate' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One warehouse. GET /api/v1/admin/warehouses/{warehouseId} */
  getWarehouse: {
    params: { warehouseId: string }
    query: undefined
    body: undefined
    reply: Warehouse
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes a warehouse, closes it or opens it again. PATCH /api/v1/admin/warehouses/{warehouseId} */
  editWarehouse: {
    params: { warehouseId: string }
    query: undefined
    body: WarehouseEdit
    reply: Warehouse
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.warehouse_in_use' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Plans goods to come to a warehouse: from another one, or bought. POST /api/v1/admin/stock-transfers */
  createStockTransfer: {
    params: undefined
    query: undefined
    body: NewStockTransfer
    reply: StockTransfer
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Transfers and purchases, the newest first. GET /api/v1/admin/stock-transfers */
  listStockTransfers: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: StockTransfer[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** One transfer or purchase with its lines. GET /api/v1/admin/stock-transfers/{transferId} */
  getStockTransfer: {
    params: { transferId: string }
    query: undefined
    body: undefined
    reply: StockTransfer
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The goods have left: out of the stock they come from, incoming where they go. POST /api/v1/admin/stock-transfers/{transferId}/ship */
  shipStockTransfer: {
    params: { transferId: string }
    query: undefined
    body: undefined
    reply: StockTransfer
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'inventory.insufficient_stock' | 'precondition_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Goods have arrived, all or some. POST /api/v1/admin/stock-transfers/{transferId}/receipts */
  receiveStockTransfer: {
    params: { transferId: string }
    query: undefined
    body: {
      /** What came, and how many of those are damaged */
      lines: ({
        offerId: string
        quantity: number
        damaged?: number | undefined
      })[]
    }
    reply: StockTransfer
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'precondition_failed' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Nothing more will come: what is missing is lost. POST /api/v1/admin/stock-transfers/{transferId}/close */
  closeStockTransfer: {
    params: { transferId: string }
    query: undefined
    body: undefined
    reply: StockTransfer
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'precondition_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Drops a transfer that has not left. POST /api/v1/admin/stock-transfers/{transferId}/cancel */
  cancelStockTransfer: {
    params: { transferId: string }
    query: undefined
    body: undefined
    reply: StockTransfer
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'invalid_transition' | 'precondition_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What is set aside for an order, in which warehouses, and why there. GET /api/v1/admin/stock-reservations/{reservation} */
  getStockReservation: {
    params: { reservation: string }
    query: undefined
    body: undefined
    reply: StockReservation
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Orders that were promised what a count did not find. GET /api/v1/admin/stock-shortages */
  listStockShortages: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: StockShortage[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Promises an order its missing units again, from what has come in since. POST /api/v1/admin/stock/{offerId}/{warehouseId}/shortages/{reservation}/fill */
  fillStockShortage: {
    params: { offerId: string; warehouseId: string; reservation: string }
    query: undefined
    body: undefined
    reply: StockLevel
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'inventory.insufficient_stock' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Events that consumers could not handle, with the reasons. GET /api/v1/admin/parked-events */
  listParkedEvents: {
    params: undefined
    query: { consumer?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: ParkedEvent[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Hands a parked event to its consumer once more. POST /api/v1/admin/parked-events/{consumer}/{eventId}/return */
  returnParkedEvent: {
    params: { consumer: string; eventId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'idempotency_in_progress' | 'operations.event_failed' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Forgets a parked event: it is never handled. DELETE /api/v1/admin/parked-events/{consumer}/{eventId} */
  dropParkedEvent: {
    params: { consumer: string; eventId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who of the staff did what, newest first; by one of actor, action and entity at most. GET /api/v1/admin/audit-log */
  listAuditLog: {
    params: undefined
    query: { actor?: string | undefined; action?: string | undefined; entityId?: string | undefined; cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: LoggedAction[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Where the audit log ends: kept elsewhere, it shows later that nothing was cut off. GET /api/v1/admin/audit-log/head */
  getAuditHead: {
    params: undefined
    query: undefined
    body: undefined
    reply: AuditHead
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What the policy of pages has stopped, by day and kind, with how often, newest first. GET /api/v1/admin/csp-reports */
  listPolicyViolations: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: PolicyViolation[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Pictures, newest first. GET /api/v1/admin/media */
  listMedia: {
    params: undefined
    query: { cursor?: string | undefined; limit?: number | undefined }
    body: undefined
    reply: {
      items: Media[]
      nextCursor: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Fetches a picture from a public address and keeps it. POST /api/v1/admin/media/by-url */
  addMediaByUrl: {
    params: undefined
    query: undefined
    body: {
      url: string
    }
    reply: Media
    problem: 'validation_failed' | 'malformed_json' | 'media.empty' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'payload_too_large' | 'unsupported_media_type' | 'media.unsupported_format' | 'media.animated' | 'media.damaged' | 'media.too_many_pixels' | 'media.trailing_data' | 'media.address_refused' | 'media.fetch_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What is known of a picture. GET /api/v1/admin/media/{key} */
  getMedia: {
    params: { key: string }
    query: undefined
    body: undefined
    reply: Media
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The public key by which browsers know who may send to them (VAPID). GET /api/v1/push/key */
  getPushKey: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      publicKey: string
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Tells a browser of an order, or of a lower price, from now on; again it changes nothing. PUT /api/v1/push/subscriptions */
  watchByPush: {
    params: undefined
    query: undefined
    body: {
      subscription: {
        /** Address of the browser's push service */
        endpoint: string
        keys: {
          p256dh: string
          auth: string
        }
      }
      language: "en" | "de" | "es" | "ja" | "ar"
      wanted: {
        kind: "order"
        orderId: string
      } | {
        kind: "price"
        productId: string
        country: string
        currency: string
      }
    }
    reply: PushSubscription
    problem: 'validation_failed' | 'malformed_json' | 'catalog.currency_not_sold' | 'not_found' | 'notifications.too_many' | 'payload_too_large' | 'unsupported_media_type' | 'pricing.market_unknown' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** What a browser is told of. GET /api/v1/push/subscriptions/{subscriptionId} */
  getPushSubscription: {
    params: { subscriptionId: string }
    query: undefined
    body: undefined
    reply: PushSubscription
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** No more news at all: everything that is known of the browser is deleted. DELETE /api/v1/push/subscriptions/{subscriptionId} */
  endPush: {
    params: { subscriptionId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** No more news of one order or product; a browser with nothing left is forgotten. DELETE /api/v1/push/subscriptions/{subscriptionId}/watches/{subject} */
  unwatchByPush: {
    params: { subscriptionId: string; subject: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** No more mails with offers, by the link that stands in each of them; again is no error. POST /api/v1/mail/unsubscribe */
  endOfferMails: {
    params: undefined
    query: undefined
    body: {
      token: string
    }
    reply: undefined
    problem: 'validation_failed' | 'malformed_json' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Opens an account; the answer is the same whether the address is taken or not. POST /api/v1/auth/register */
  register: {
    params: undefined
    query: undefined
    body: {
      email: string
      password: string
      name: string
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'identity.password_too_short' | 'identity.password_too_long' | 'identity.password_common' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Signs in by password; 202 if a second factor is needed. POST /api/v1/auth/login */
  login: {
    params: undefined
    query: undefined
    body: {
      email: string
      password: string
      /** As the last sign-in from this device gave it: lets its owner in while others guess */
      deviceToken?: string | undefined
      /** A guest's cart, to become the customer's */
      cartId?: string | undefined
    }
    reply: SignedIn | SecondFactorNeeded
    problem: 'validation_failed' | 'malformed_json' | 'identity.credentials_wrong' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Ends a sign-in by a code of the authenticator app, or a recovery code. POST /api/v1/auth/login/second-factor */
  loginSecondFactor: {
    params: undefined
    query: undefined
    body: {
      challenge: string
      code: string
      cartId?: string | undefined
    }
    reply: SignedIn
    problem: 'validation_failed' | 'malformed_json' | 'identity.second_factor_wrong' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Ends the session that the request was made with; without one it does nothing. POST /api/v1/auth/logout */
  logout: {
    params: undefined
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who is signed in: name and rights, for the head of a page. GET /api/v1/auth/session */
  getSession: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      account: Account
      expiresAt: string
      /** Staff's rights wait until this sign-in has a second factor: set one up, or use it */
      secondFactorRequired?: true | undefined
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Confirms by password that it is still the same person; asked for before sensitive changes. POST /api/v1/auth/reauthenticate */
  reauthenticate: {
    params: undefined
    query: undefined
    body: {
      password: string
    }
    reply: undefined
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.credentials_wrong' | 'forbidden' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sends the link again that proves the e-mail address. POST /api/v1/auth/email/proof-requests */
  requestEmailProof: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Proves the e-mail address by the mailed link, as the account itself or with its password. POST /api/v1/auth/email/proofs */
  proveEmail: {
    params: undefined
    query: undefined
    body: {
      token: string
      password?: string | undefined
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'identity.credentials_wrong' | 'identity.email_taken' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sends a link to a new address; it becomes the account's when the link is followed. POST /api/v1/auth/email */
  changeEmail: {
    params: undefined
    query: undefined
    body: {
      email: string
      password: string
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.credentials_wrong' | 'forbidden' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sends a link to set a new password, if the address has an account; the answer is the same. POST /api/v1/auth/password/reset-requests */
  requestPasswordReset: {
    params: undefined
    query: undefined
    body: {
      email: string
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets a new password by the mailed link, and ends all sessions. POST /api/v1/auth/password/resets */
  resetPassword: {
    params: undefined
    query: undefined
    body: {
      token: string
      password: string
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'identity.password_too_short' | 'identity.password_too_long' | 'identity.password_common' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes the password and ends the other sessions; the own one gets a new token. POST /api/v1/auth/password */
  changePassword: {
    params: undefined
    query: undefined
    body: {
      currentPassword: string
      newPassword: string
    }
    reply: SignedIn
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.credentials_wrong' | 'forbidden' | 'payload_too_large' | 'unsupported_media_type' | 'identity.password_too_short' | 'identity.password_too_long' | 'identity.password_common' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Where the account is signed in. GET /api/v1/auth/sessions */
  listSessions: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: Session[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Ends every session but the one that asks. DELETE /api/v1/auth/sessions */
  revokeOtherSessions: {
    params: undefined
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Ends one session of the account. DELETE /api/v1/auth/sessions/{sessionId} */
  revokeSession: {
    params: { sessionId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The signed-in account. GET /api/v1/me */
  getMe: {
    params: undefined
    query: undefined
    body: undefined
    reply: Account
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes name and preferences. PATCH /api/v1/me */
  updateMe: {
    params: undefined
    query: undefined
    body: {
      name?: string | undefined
      preferences?: {
        language?: "en" | "de" | "es" | "ja" | "ar" | null | undefined
        currency?: Currency | null | undefined
        country?: string | null | undefined
        personalisation?: boolean | undefined
        marketing?: boolean | undefined
      } | undefined
    }
    reply: Account
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Erases the account; what the law keeps is kept without the person. Cannot be undone. DELETE /api/v1/me */
  eraseMe: {
    params: undefined
    query: undefined
    body: undefined
    reply: ErasureReport
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Id of the cart that the customer has now. GET /api/v1/me/cart */
  getMyCart: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      cartId: string | null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** The address book, the default first. GET /api/v1/me/addresses */
  listAddresses: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: BookedAddress[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds an address, checked by the rules of its country; the first is the default. POST /api/v1/me/addresses */
  addAddress: {
    params: undefined
    query: undefined
    body: {
      address: Address
      isDefault?: boolean | undefined
    }
    reply: BookedAddress
    problem: 'validation_failed' | 'malformed_json' | 'shipping.address_invalid' | 'unauthenticated' | 'forbidden' | 'idempotency_in_progress' | 'identity.address_limit' | 'payload_too_large' | 'unsupported_media_type' | 'idempotency_key_reused' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Changes an address, or makes it the default. PATCH /api/v1/me/addresses/{addressId} */
  changeAddress: {
    params: { addressId: string }
    query: undefined
    body: {
      address?: Address | undefined
      isDefault?: true | undefined
    }
    reply: BookedAddress
    problem: 'validation_failed' | 'malformed_json' | 'shipping.address_invalid' | 'unauthenticated' | 'forbidden' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes an address; removing it again is no error. DELETE /api/v1/me/addresses/{addressId} */
  removeAddress: {
    params: { addressId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Begins to set up an authenticator app; it counts once a code of it was confirmed. POST /api/v1/auth/totp */
  beginTotp: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      secret: string
      uri: string
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'identity.factor_exists' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes the authenticator app and the recovery codes. DELETE /api/v1/auth/totp */
  removeTotp: {
    params: undefined
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Confirms the authenticator app by a code of it; gives the recovery codes. POST /api/v1/auth/totp/confirmations */
  confirmTotp: {
    params: undefined
    query: undefined
    body: {
      code: string
    }
    reply: RecoveryCodes
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.second_factor_wrong' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'identity.factor_exists' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** New recovery codes; the old ones are void. POST /api/v1/auth/recovery-codes */
  renewRecoveryCodes: {
    params: undefined
    query: undefined
    body: undefined
    reply: RecoveryCodes
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Begins to set up a passkey. POST /api/v1/auth/passkeys/registrations */
  beginPasskey: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      /** Comes back with the answer; for the one who asked alone */
      ceremony: string
      /** PublicKeyCredentialCreationOptionsJSON */
      options: Record<string, unknown>
      /** RFC 3339, UTC */
      expiresAt: string
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'identity.passkey_limit' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Adds the passkey that the browser has made. POST /api/v1/auth/passkeys */
  addPasskey: {
    params: undefined
    query: undefined
    body: {
      ceremony: string
      name: string
      credential: NewCredential
    }
    reply: Passkey
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.passkey_refused' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'identity.passkey_limit' | 'identity.factor_exists' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Passkeys of the account. GET /api/v1/auth/passkeys */
  listPasskeys: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: Passkey[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Names a passkey. PATCH /api/v1/auth/passkeys/{passkeyId} */
  renamePasskey: {
    params: { passkeyId: string }
    query: undefined
    body: {
      name: string
    }
    reply: Passkey
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Removes a passkey; removing it again is no error. DELETE /api/v1/auth/passkeys/{passkeyId} */
  removePasskey: {
    params: { passkeyId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'second_factor_required' | 'identity.last_way_in' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Begins to sign in by passkey; nothing is said of whom. POST /api/v1/auth/login/passkey/challenges */
  beginPasskeyLogin: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      /** Comes back with the answer; for the one who asked alone */
      ceremony: string
      /** PublicKeyCredentialRequestOptionsJSON */
      options: Record<string, unknown>
      /** RFC 3339, UTC */
      expiresAt: string
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Signs in by passkey; 202 if it did not see who holds it and a code is needed besides. POST /api/v1/auth/login/passkey */
  loginPasskey: {
    params: undefined
    query: undefined
    body: {
      ceremony: string
      credential: SignedCredential
      /** As the last sign-in from this device gave it: lets its owner in while others guess */
      deviceToken?: string | undefined
      cartId?: string | undefined
    }
    reply: SignedIn | SecondFactorNeeded
    problem: 'validation_failed' | 'malformed_json' | 'identity.passkey_refused' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Operators' keys for programs. GET /api/v1/admin/api-keys */
  listApiKeys: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: ApiKey[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Makes a key for a program; the key itself is shown this once. POST /api/v1/admin/api-keys */
  createApiKey: {
    params: undefined
    query: undefined
    body: {
      name: string
      /** What it may do: at most what its owner may, now and later */
      scopes: ("everything" | "catalog.read" | "catalog.write" | "inventory.read" | "inventory.write" | "search.write" | "pricing.write" | "orders.read" | "orders.write" | "refunds.write" | "finance.read" | "fraud.write" | "customers.read" | "customers.write" | "staff.write" | "keys.write" | "audit.read" | "export")[]
      expiresInDays?: number | null | undefined
    }
    reply: NewApiKeyShown
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'identity.key_limit' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Revokes a key at once; doing so again is no error. DELETE /api/v1/admin/api-keys/{keyId} */
  revokeApiKey: {
    params: { keyId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Keys for a seller's programs. GET /api/v1/seller/{sellerId}/api-keys */
  listSellerApiKeys: {
    params: { sellerId: string }
    query: undefined
    body: undefined
    reply: {
      items: ApiKey[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Makes a key for a seller's program; the key itself is shown this once. POST /api/v1/seller/{sellerId}/api-keys */
  createSellerApiKey: {
    params: { sellerId: string }
    query: undefined
    body: {
      name: string
      /** What it may do: at most what its owner may, now and later */
      scopes: ("everything" | "catalog.read" | "catalog.write" | "inventory.read" | "inventory.write" | "search.write" | "pricing.write" | "orders.read" | "orders.write" | "refunds.write" | "finance.read" | "fraud.write" | "customers.read" | "customers.write" | "staff.write" | "keys.write" | "audit.read" | "export")[]
      expiresInDays?: number | null | undefined
    }
    reply: NewApiKeyShown
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.key_limit' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Revokes a key of a seller's at once; doing so again is no error. DELETE /api/v1/seller/{sellerId}/api-keys/{keyId} */
  revokeSellerApiKey: {
    params: { sellerId: string; keyId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who operates the shop, and who is invited to. GET /api/v1/admin/staff */
  listStaff: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: StaffMember[]
      invitations: Invitation[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Invites somebody by mail to operate the shop; once more replaces the invitation. POST /api/v1/admin/staff/invitations */
  inviteStaff: {
    params: undefined
    query: undefined
    body: {
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
      email: string
      roles: ("admin" | "catalogue" | "support" | "finance" | "fraud")[]
    }
    reply: Invitation
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes an invitation back; doing so again is no error. DELETE /api/v1/admin/staff/invitations/{invitationId} */
  revokeInvitation: {
    params: { invitationId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets what somebody may do as an operator; the last administrator stays one. PUT /api/v1/admin/staff/{accountId}/roles */
  setStaffRoles: {
    params: { accountId: string }
    query: undefined
    body: {
      roles: ("admin" | "catalogue" | "support" | "finance" | "fraud")[]
    }
    reply: StaffMember
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.last_owner' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes all of an operator’s roles and keys; the account stays a shopper’s. DELETE /api/v1/admin/staff/{accountId} */
  removeStaff: {
    params: { accountId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'identity.last_owner' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Locks an operator’s account: sessions end, keys and sign-in do not work. POST /api/v1/admin/staff/{accountId}/disable */
  disableStaff: {
    params: { accountId: string }
    query: undefined
    body: undefined
    reply: StaffMember
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.last_owner' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Unlocks an operator’s account. POST /api/v1/admin/staff/{accountId}/enable */
  enableStaff: {
    params: { accountId: string }
    query: undefined
    body: undefined
    reply: StaffMember
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Who works for a seller, and who is invited to. GET /api/v1/seller/{sellerId}/team */
  listTeam: {
    params: { sellerId: string }
    query: undefined
    body: undefined
    reply: {
      items: TeamMember[]
      invitations: Invitation[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Invites somebody by mail to a seller’s team; once more replaces the invitation. POST /api/v1/seller/{sellerId}/team/invitations */
  inviteToTeam: {
    params: { sellerId: string }
    query: undefined
    body: {
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
      email: string
      role: "owner" | "catalogue" | "orders" | "finance"
    }
    reply: Invitation
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes an invitation to a team back; doing so again is no error. DELETE /api/v1/seller/{sellerId}/team/invitations/{invitationId} */
  revokeTeamInvitation: {
    params: { sellerId: string; invitationId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Sets what somebody may do for a seller; the last owner stays one. PUT /api/v1/seller/{sellerId}/team/{accountId}/role */
  setTeamRole: {
    params: { sellerId: string; accountId: string }
    query: undefined
    body: {
      role: "owner" | "catalogue" | "orders" | "finance"
    }
    reply: TeamMember
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.last_owner' | 'payload_too_large' | 'unsupported_media_type' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Takes somebody and his keys out of a seller’s team; the last owner stays. DELETE /api/v1/seller/{sellerId}/team/{accountId} */
  removeFromTeam: {
    params: { sellerId: string; accountId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'second_factor_required' | 'identity.reauthentication_required' | 'not_found' | 'identity.last_owner' | 'identity.scope_beyond_rights' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Accepts an invitation: as the account of its address, by its password, or by opening one. POST /api/v1/auth/invitations/acceptances */
  acceptInvitation: {
    params: undefined
    query: undefined
    body: {
      token: string
      /** Of the account that there is, or of the new one */
      password?: string | undefined
      /** Of the account that is opened, if there is none */
      name?: string | undefined
    }
    reply: {
      status: "accepted"
      email: string
    }
    problem: 'validation_failed' | 'malformed_json' | 'identity.credentials_wrong' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'identity.password_too_short' | 'identity.password_too_long' | 'identity.password_common' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Providers that one may sign in with. GET /api/v1/auth/providers */
  listProviders: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: {
        name: string
      }[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Begins to sign in with the OpenID Connect provider. POST /api/v1/auth/login/provider/challenges */
  beginProviderLogin: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      /** Where to send the browser */
      url: string
      /** Comes back with the answer; for the browser that asked alone */
      ceremony: string
      /** RFC 3339, UTC */
      expiresAt: string
    }
    problem: 'validation_failed' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable' | 'identity.provider_unreachable'
  }
  /** Signs in with what the provider sent the browser back with. POST /api/v1/auth/login/provider */
  loginProvider: {
    params: undefined
    query: undefined
    body: {
      ceremony: string
      returned: {
        code?: string | undefined
        state?: string | undefined
        iss?: string | undefined
        error?: string | undefined
      }
      /** As the last sign-in from this device gave it: lets its owner in while others guess */
      deviceToken?: string | undefined
      cartId?: string | undefined
    }
    reply: SignedIn | SecondFactorNeeded | LinkNeeded
    problem: 'validation_failed' | 'malformed_json' | 'identity.provider_refused' | 'not_found' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'identity.provider_email_unproven' | 'rate_limited' | 'internal' | 'unavailable' | 'identity.provider_unreachable'
  }
  /** Connects the provider with the account of the same address, by its password. POST /api/v1/auth/login/provider/links */
  linkProviderByPassword: {
    params: undefined
    query: undefined
    body: {
      challenge: string
      password: string
      /** As the last sign-in from this device gave it: lets its owner in while others guess */
      deviceToken?: string | undefined
      cartId?: string | undefined
    }
    reply: SignedIn | SecondFactorNeeded
    problem: 'validation_failed' | 'malformed_json' | 'identity.credentials_wrong' | 'identity.factor_exists' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Begins to connect the provider with the account that is signed in. POST /api/v1/auth/provider-logins/challenges */
  beginProviderLink: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      /** Where to send the browser */
      url: string
      /** Comes back with the answer; for the browser that asked alone */
      ceremony: string
      /** RFC 3339, UTC */
      expiresAt: string
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'not_found' | 'rate_limited' | 'internal' | 'unavailable' | 'identity.provider_unreachable'
  }
  /** Connects the provider with the account, by what it sent the browser back with. POST /api/v1/auth/provider-logins */
  addProviderLogin: {
    params: undefined
    query: undefined
    body: {
      ceremony: string
      returned: {
        code?: string | undefined
        state?: string | undefined
        iss?: string | undefined
        error?: string | undefined
      }
    }
    reply: ProviderLogin
    problem: 'validation_failed' | 'malformed_json' | 'unauthenticated' | 'identity.provider_refused' | 'forbidden' | 'identity.reauthentication_required' | 'not_found' | 'identity.factor_exists' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable' | 'identity.provider_unreachable'
  }
  /** Sign-ins at providers that are connected with the account. GET /api/v1/auth/provider-logins */
  listProviderLogins: {
    params: undefined
    query: undefined
    body: undefined
    reply: {
      items: ProviderLogin[]
      nextCursor: null
    }
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Disconnects a provider; doing so again is no error. DELETE /api/v1/auth/provider-logins/{providerLoginId} */
  removeProviderLogin: {
    params: { providerLoginId: string }
    query: undefined
    body: undefined
    reply: undefined
    problem: 'validation_failed' | 'unauthenticated' | 'forbidden' | 'identity.reauthentication_required' | 'identity.last_way_in' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Mails a link to an address, for a copy or the end of what guests have left under it; the answer is the same for all. POST /api/v1/privacy/guest-requests */
  requestGuestPrivacy: {
    params: undefined
    query: undefined
    body: {
      email: string
      language?: "en" | "de" | "es" | "ja" | "ar" | undefined
    }
    reply: {
      status: "accepted"
    }
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Everything that hangs on the address to which the link was mailed; within its hour. POST /api/v1/privacy/guest-exports */
  exportGuest: {
    params: undefined
    query: undefined
    body: {
      token: string
    }
    reply: GuestCopy
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
  /** Erases what hangs on that address, and uses the link up; what the law keeps is kept without the person. POST /api/v1/privacy/guest-erasures */
  eraseGuest: {
    params: undefined
    query: undefined
    body: {
      token: string
    }
    reply: ErasureReport
    problem: 'validation_failed' | 'malformed_json' | 'payload_too_large' | 'unsupported_media_type' | 'identity.link_invalid' | 'rate_limited' | 'internal' | 'unavailable'
  }
}

export const operations = {
  getProduct: { method: 'GET', path: '/api/v1/products/{id}', idempotent: false },
  listProducts: { method: 'GET', path: '/api/v1/products', idempotent: false },
  listCategories: { method: 'GET', path: '/api/v1/categories', idempotent: false },
  getCategory: { method: 'GET', path: '/api/v1/categories/{idOrSlug}', idempotent: false },
  changeOffer: { method: 'PATCH', path: '/api/v1/admin/offers/{offerId}', idempotent: true },
  getAdminOffer: { method: 'GET', path: '/api/v1/admin/offers/{offerId}', idempotent: false },
  createCategory: { method: 'POST', path: '/api/v1/admin/categories', idempotent: true },
  listAdminCategories: { method: 'GET', path: '/api/v1/admin/categories', idempotent: false },
  getAdminCategory: { method: 'GET', path: '/api/v1/admin/categories/{categoryId}', idempotent: false },
  editCategory: { method: 'PATCH', path: '/api/v1/admin/categories/{categoryId}', idempotent: true },
  moveCategory: { method: 'POST', path: '/api/v1/admin/categories/{categoryId}/move', idempotent: true },
  getAttributeSchema: { method: 'GET', path: '/api/v1/admin/categories/{categoryId}/attribute-schema', idempotent: false },
  setAttributeSchema: { method: 'PUT', path: '/api/v1/admin/categories/{categoryId}/attribute-schema', idempotent: true },
  listAdminProducts: { method: 'GET', path: '/api/v1/admin/products', idempotent: false },
  createProduct: { method: 'POST', path: '/api/v1/admin/products', idempotent: true },
  getAdminProduct: { method: 'GET', path: '/api/v1/admin/products/{productId}', idempotent: false },
  editProduct: { method: 'PATCH', path: '/api/v1/admin/products/{productId}', idempotent: true },
  bulkEditProducts: { method: 'POST', path: '/api/v1/admin/products/bulk-edit', idempotent: true },
  addVariants: { method: 'POST', path: '/api/v1/admin/products/{productId}/variants', idempotent: true },
  editVariant: { method: 'PATCH', path: '/api/v1/admin/products/{productId}/variants/{variantId}', idempotent: true },
  removeVariant: { method: 'DELETE', path: '/api/v1/admin/products/{productId}/variants/{variantId}', idempotent: true },
  setTranslation: { method: 'PUT', path: '/api/v1/admin/products/{productId}/translations/{locale}', idempotent: true },
  removeTranslation: { method: 'DELETE', path: '/api/v1/admin/products/{productId}/translations/{locale}', idempotent: true },
  createOffer: { method: 'POST', path: '/api/v1/admin/offers', idempotent: true },
  listPriceHistory: { method: 'GET', path: '/api/v1/admin/offers/{offerId}/price-history', idempotent: false },
  listCatalogChanges: { method: 'GET', path: '/api/v1/admin/catalog/changes', idempotent: false },
  explainFeaturedOffer: { method: 'GET', path: '/api/v1/admin/variants/{variantId}/featured-offer', idempotent: false },
  listSitemap: { method: 'GET', path: '/api/v1/sitemap', idempotent: false },
  listSitemapPart: { method: 'GET', path: '/api/v1/sitemap/{part}', idempotent: false },
  listImports: { method: 'GET', path: '/api/v1/admin/imports', idempotent: false },
  getImport: { method: 'GET', path: '/api/v1/admin/imports/{importId}', idempotent: false },
  listImportErrors: { method: 'GET', path: '/api/v1/admin/imports/{importId}/errors', idempotent: false },
  cancelImport: { method: 'POST', path: '/api/v1/admin/imports/{importId}/cancel', idempotent: false },
  resumeImport: { method: 'POST', path: '/api/v1/admin/imports/{importId}/resume', idempotent: false },
  startExport: { method: 'POST', path: '/api/v1/admin/exports', idempotent: true },
  listExports: { method: 'GET', path: '/api/v1/admin/exports', idempotent: false },
  getExport: { method: 'GET', path: '/api/v1/admin/exports/{exportId}', idempotent: false },
  cancelExport: { method: 'POST', path: '/api/v1/admin/exports/{exportId}/cancel', idempotent: false },
  getProductMedia: { method: 'GET', path: '/api/v1/admin/products/{productId}/media', idempotent: false },
  setProductMedia: { method: 'PUT', path: '/api/v1/admin/products/{productId}/media', idempotent: true },
  getVariantMedia: { method: 'GET', path: '/api/v1/admin/products/{productId}/variants/{variantId}/media', idempotent: false },
  setVariantMedia: { method: 'PUT', path: '/api/v1/admin/products/{productId}/variants/{variantId}/media', idempotent: true },
  listImageFetches: { method: 'GET', path: '/api/v1/admin/catalog/image-fetches', idempotent: false },
  search: { method: 'GET', path: '/api/v1/search', idempotent: false },
  suggest: { method: 'GET', path: '/api/v1/search/suggest', idempotent: false },
  recordSearchEvents: { method: 'POST', path: '/api/v1/search/events', idempotent: false },
  listSearchSynonyms: { method: 'GET', path: '/api/v1/admin/search/synonyms', idempotent: false },
  createSearchSynonym: { method: 'POST', path: '/api/v1/admin/search/synonyms', idempotent: true },
  getSearchSynonym: { method: 'GET', path: '/api/v1/admin/search/synonyms/{synonymId}', idempotent: false },
  replaceSearchSynonym: { method: 'PUT', path: '/api/v1/admin/search/synonyms/{synonymId}', idempotent: true },
  removeSearchSynonym: { method: 'DELETE', path: '/api/v1/admin/search/synonyms/{synonymId}', idempotent: false },
  listSearchRules: { method: 'GET', path: '/api/v1/admin/search/rules', idempotent: false },
  createSearchRule: { method: 'POST', path: '/api/v1/admin/search/rules', idempotent: true },
  getSearchRule: { method: 'GET', path: '/api/v1/admin/search/rules/{ruleId}', idempotent: false },
  replaceSearchRule: { method: 'PUT', path: '/api/v1/admin/search/rules/{ruleId}', idempotent: true },
  removeSearchRule: { method: 'DELETE', path: '/api/v1/admin/search/rules/{ruleId}', idempotent: false },
  previewSearchRule: { method: 'GET', path: '/api/v1/admin/search/rules/{ruleId}/preview', idempotent: false },
  listSearchChanges: { method: 'GET', path: '/api/v1/admin/search/changes', idempotent: false },
  reportSearchQueries: { method: 'GET', path: '/api/v1/admin/search/reports/queries', idempotent: false },
  reportSearchZeroResults: { method: 'GET', path: '/api/v1/admin/search/reports/zero-results', idempotent: false },
  createCart: { method: 'POST', path: '/api/v1/carts', idempotent: true },
  getCart: { method: 'GET', path: '/api/v1/carts/{cartId}', idempotent: false },
  addCartLine: { method: 'POST', path: '/api/v1/carts/{cartId}/lines', idempotent: true },
  changeCartLine: { method: 'PATCH', path: '/api/v1/carts/{cartId}/lines/{lineId}', idempotent: true },
  removeCartLine: { method: 'DELETE', path: '/api/v1/carts/{cartId}/lines/{lineId}', idempotent: false },
  addCoupon: { method: 'PUT', path: '/api/v1/carts/{cartId}/coupons/{code}', idempotent: false },
  removeCoupon: { method: 'DELETE', path: '/api/v1/carts/{cartId}/coupons/{code}', idempotent: false },
  listWishlists: { method: 'GET', path: '/api/v1/wishlists', idempotent: false },
  createWishlist: { method: 'POST', path: '/api/v1/wishlists', idempotent: true },
  getWishlist: { method: 'GET', path: '/api/v1/wishlists/{wishlistId}', idempotent: false },
  changeWishlist: { method: 'PATCH', path: '/api/v1/wishlists/{wishlistId}', idempotent: true },
  removeWishlist: { method: 'DELETE', path: '/api/v1/wishlists/{wishlistId}', idempotent: false },
  getSharedWishlist: { method: 'GET', path: '/api/v1/wishlists/shared/{shareId}', idempotent: false },
  addWish: { method: 'POST', path: '/api/v1/wishlists/{wishlistId}/items', idempotent: true },
  removeWish: { method: 'DELETE', path: '/api/v1/wishlists/{wishlistId}/items/{itemId}', idempotent: false },
  moveWishToCart: { method: 'POST', path: '/api/v1/wishlists/{wishlistId}/items/{itemId}/move', idempotent: true },
  saveCartLine: { method: 'POST', path: '/api/v1/carts/{cartId}/lines/{lineId}/save', idempotent: true },
  adoptWishlists: { method: 'POST', path: '/api/v1/wishlists/adopt', idempotent: true },
  listMarkets: { method: 'GET', path: '/api/v1/markets', idempotent: false },
  listPromotions: { method: 'GET', path: '/api/v1/admin/promotions', idempotent: false },
  createPromotion: { method: 'POST', path: '/api/v1/admin/promotions', idempotent: true },
  getPromotion: { method: 'GET', path: '/api/v1/admin/promotions/{promotionId}', idempotent: false },
  replacePromotion: { method: 'PUT', path: '/api/v1/admin/promotions/{promotionId}', idempotent: true },
  switchPromotion: { method: 'PATCH', path: '/api/v1/admin/promotions/{promotionId}', idempotent: true },
  listPromotionCodes: { method: 'GET', path: '/api/v1/admin/promotions/{promotionId}/coupons', idempotent: false },
  createPromotionCodes: { method: 'POST', path: '/api/v1/admin/promotions/{promotionId}/coupons', idempotent: true },
  removePromotionCode: { method: 'DELETE', path: '/api/v1/admin/promotions/{promotionId}/coupons/{code}', idempotent: false },
  getPromotionUsage: { method: 'GET', path: '/api/v1/admin/promotions/{promotionId}/usage', idempotent: false },
  quoteCart: { method: 'POST', path: '/api/v1/carts/{cartId}/quote', idempotent: true },
  placeOrder: { method: 'POST', path: '/api/v1/checkout', idempotent: true },
  getOrder: { method: 'GET', path: '/api/v1/orders/{orderId}', idempotent: false },
  listOrders: { method: 'GET', path: '/api/v1/orders', idempotent: false },
  cancelOrder: { method: 'POST', path: '/api/v1/orders/{orderId}/cancel', idempotent: true },
  getTracking: { method: 'GET', path: '/api/v1/orders/{orderId}/tracking', idempotent: false },
  shipOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/shipments', idempotent: true },
  refundOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/refunds', idempotent: true },
  voidPayment: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/payment/void', idempotent: false },
  holdOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/hold', idempotent: true },
  releaseOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/release', idempotent: true },
  rejectOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/reject', idempotent: true },
  findOrders: { method: 'GET', path: '/api/v1/admin/orders', idempotent: false },
  getAdminOrder: { method: 'GET', path: '/api/v1/admin/orders/{orderId}', idempotent: false },
  addOrderNote: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/notes', idempotent: true },
  editOrder: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/edits', idempotent: true },
  listSellerOrders: { method: 'GET', path: '/api/v1/seller/orders', idempotent: false },
  getSellerOrder: { method: 'GET', path: '/api/v1/seller/orders/{orderId}', idempotent: false },
  requestReturn: { method: 'POST', path: '/api/v1/orders/{orderId}/returns', idempotent: true },
  listReturnsOfOrder: { method: 'GET', path: '/api/v1/orders/{orderId}/returns', idempotent: false },
  sendReturn: { method: 'POST', path: '/api/v1/orders/{orderId}/returns/{returnId}/send', idempotent: true },
  cancelReturn: { method: 'POST', path: '/api/v1/orders/{orderId}/returns/{returnId}/cancel', idempotent: true },
  listReturns: { method: 'GET', path: '/api/v1/admin/returns', idempotent: false },
  approveReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/approve', idempotent: true },
  declineReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/decline', idempotent: true },
  labelReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/label', idempotent: true },
  receiveReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/receive', idempotent: true },
  inspectReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/inspect', idempotent: true },
  resolveReturn: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/returns/{returnId}/resolve', idempotent: true },
  receivePaymentWebhook: { method: 'POST', path: '/api/v1/payments/webhooks/{provider}', idempotent: false },
  listPaymentMethods: { method: 'GET', path: '/api/v1/payment-methods', idempotent: false },
  getGiftCardBalance: { method: 'POST', path: '/api/v1/gift-cards/balance', idempotent: false },
  listStoreCredit: { method: 'GET', path: '/api/v1/store-credit', idempotent: false },
  issueGiftCards: { method: 'POST', path: '/api/v1/admin/gift-cards', idempotent: false },
  getGiftCard: { method: 'GET', path: '/api/v1/admin/gift-cards/{giftCardId}', idempotent: false },
  changeGiftCard: { method: 'PATCH', path: '/api/v1/admin/gift-cards/{giftCardId}', idempotent: false },
  moveStoreCredit: { method: 'POST', path: '/api/v1/admin/customers/{customerId}/store-credit', idempotent: false },
  listPaymentMethodRules: { method: 'GET', path: '/api/v1/admin/payment-methods', idempotent: false },
  setPaymentMethodRule: { method: 'PUT', path: '/api/v1/admin/payment-methods', idempotent: false },
  capturePayment: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/payment/capture', idempotent: false },
  receiveTransfer: { method: 'POST', path: '/api/v1/admin/bank-transfers', idempotent: false },
  settleRefund: { method: 'POST', path: '/api/v1/admin/orders/{orderId}/refunds/{refundId}/settle', idempotent: false },
  getOrderMoney: { method: 'GET', path: '/api/v1/admin/orders/{orderId}/money', idempotent: false },
  listDisputes: { method: 'GET', path: '/api/v1/admin/disputes', idempotent: false },
  listLedgerBalances: { method: 'GET', path: '/api/v1/admin/ledger/balances', idempotent: false },
  recordPayout: { method: 'POST', path: '/api/v1/admin/sellers/{sellerId}/payouts', idempotent: false },
  getFraudRules: { method: 'GET', path: '/api/v1/admin/fraud/rules', idempotent: false },
  setFraudRules: { method: 'PUT', path: '/api/v1/admin/fraud/rules', idempotent: false },
  listFraudRuleVersions: { method: 'GET', path: '/api/v1/admin/fraud/rules/versions', idempotent: false },
  listFraudReviews: { method: 'GET', path: '/api/v1/admin/fraud/reviews', idempotent: false },
  getFraudScreening: { method: 'GET', path: '/api/v1/admin/fraud/screenings/{orderId}', idempotent: false },
  decideFraudReview: { method: 'POST', path: '/api/v1/admin/fraud/reviews/{orderId}/decision', idempotent: true },
  addFraudNote: { method: 'POST', path: '/api/v1/admin/fraud/screenings/{orderId}/notes', idempotent: true },
  addFraudListEntry: { method: 'POST', path: '/api/v1/admin/fraud/lists', idempotent: true },
  listFraudListEntries: { method: 'GET', path: '/api/v1/admin/fraud/lists', idempotent: false },
  removeFraudListEntry: { method: 'DELETE', path: '/api/v1/admin/fraud/lists/{entryId}', idempotent: false },
  listPurchaseLimits: { method: 'GET', path: '/api/v1/admin/purchase-limits', idempotent: false },
  setPurchaseLimit: { method: 'PUT', path: '/api/v1/admin/purchase-limits/{productId}', idempotent: false },
  removePurchaseLimit: { method: 'DELETE', path: '/api/v1/admin/purchase-limits/{productId}', idempotent: false },
  recordScan: { method: 'POST', path: '/api/v1/admin/shipments/{shipmentId}/scans', idempotent: true },
  promiseDelivery: { method: 'GET', path: '/api/v1/delivery-promise', idempotent: false },
  getStock: { method: 'GET', path: '/api/v1/admin/stock/{offerId}', idempotent: false },
  setStock: { method: 'PUT', path: '/api/v1/admin/stock/{offerId}/{warehouseId}', idempotent: true },
  adjustStock: { method: 'POST', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/adjustments', idempotent: true },
  countStock: { method: 'POST', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/counts', idempotent: true },
  disposeStock: { method: 'POST', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/dispositions', idempotent: true },
  changeStockSettings: { method: 'PATCH', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/settings', idempotent: true },
  listStockMovements: { method: 'GET', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/movements', idempotent: false },
  listWarehouses: { method: 'GET', path: '/api/v1/admin/warehouses', idempotent: false },
  createWarehouse: { method: 'POST', path: '/api/v1/admin/warehouses', idempotent: true },
  getWarehouse: { method: 'GET', path: '/api/v1/admin/warehouses/{warehouseId}', idempotent: false },
  editWarehouse: { method: 'PATCH', path: '/api/v1/admin/warehouses/{warehouseId}', idempotent: true },
  createStockTransfer: { method: 'POST', path: '/api/v1/admin/stock-transfers', idempotent: true },
  listStockTransfers: { method: 'GET', path: '/api/v1/admin/stock-transfers', idempotent: false },
  getStockTransfer: { method: 'GET', path: '/api/v1/admin/stock-transfers/{transferId}', idempotent: false },
  shipStockTransfer: { method: 'POST', path: '/api/v1/admin/stock-transfers/{transferId}/ship', idempotent: true },
  receiveStockTransfer: { method: 'POST', path: '/api/v1/admin/stock-transfers/{transferId}/receipts', idempotent: true },
  closeStockTransfer: { method: 'POST', path: '/api/v1/admin/stock-transfers/{transferId}/close', idempotent: true },
  cancelStockTransfer: { method: 'POST', path: '/api/v1/admin/stock-transfers/{transferId}/cancel', idempotent: true },
  getStockReservation: { method: 'GET', path: '/api/v1/admin/stock-reservations/{reservation}', idempotent: false },
  listStockShortages: { method: 'GET', path: '/api/v1/admin/stock-shortages', idempotent: false },
  fillStockShortage: { method: 'POST', path: '/api/v1/admin/stock/{offerId}/{warehouseId}/shortages/{reservation}/fill', idempotent: true },
  listParkedEvents: { method: 'GET', path: '/api/v1/admin/parked-events', idempotent: false },
  returnParkedEvent: { method: 'POST', path: '/api/v1/admin/parked-events/{consumer}/{eventId}/return', idempotent: true },
  dropParkedEvent: { method: 'DELETE', path: '/api/v1/admin/parked-events/{consumer}/{eventId}', idempotent: false },
  listAuditLog: { method: 'GET', path: '/api/v1/admin/audit-log', idempotent: false },
  getAuditHead: { method: 'GET', path: '/api/v1/admin/audit-log/head', idempotent: false },
  listPolicyViolations: { method: 'GET', path: '/api/v1/admin/csp-reports', idempotent: false },
  listMedia: { method: 'GET', path: '/api/v1/admin/media', idempotent: false },
  addMediaByUrl: { method: 'POST', path: '/api/v1/admin/media/by-url', idempotent: false },
  getMedia: { method: 'GET', path: '/api/v1/admin/media/{key}', idempotent: false },
  getPushKey: { method: 'GET', path: '/api/v1/push/key', idempotent: false },
  watchByPush: { method: 'PUT', path: '/api/v1/push/subscriptions', idempotent: false },
  getPushSubscription: { method: 'GET', path: '/api/v1/push/subscriptions/{subscriptionId}', idempotent: false },
  endPush: { method: 'DELETE', path: '/api/v1/push/subscriptions/{subscriptionId}', idempotent: false },
  unwatchByPush: { method: 'DELETE', path: '/api/v1/push/subscriptions/{subscriptionId}/watches/{subject}', idempotent: false },
  endOfferMails: { method: 'POST', path: '/api/v1/mail/unsubscribe', idempotent: false },
  register: { method: 'POST', path: '/api/v1/auth/register', idempotent: false },
  login: { method: 'POST', path: '/api/v1/auth/login', idempotent: false },
  loginSecondFactor: { method: 'POST', path: '/api/v1/auth/login/second-factor', idempotent: false },
  logout: { method: 'POST', path: '/api/v1/auth/logout', idempotent: false },
  getSession: { method: 'GET', path: '/api/v1/auth/session', idempotent: false },
  reauthenticate: { method: 'POST', path: '/api/v1/auth/reauthenticate', idempotent: false },
  requestEmailProof: { method: 'POST', path: '/api/v1/auth/email/proof-requests', idempotent: false },
  proveEmail: { method: 'POST', path: '/api/v1/auth/email/proofs', idempotent: false },
  changeEmail: { method: 'POST', path: '/api/v1/auth/email', idempotent: false },
  requestPasswordReset: { method: 'POST', path: '/api/v1/auth/password/reset-requests', idempotent: false },
  resetPassword: { method: 'POST', path: '/api/v1/auth/password/resets', idempotent: false },
  changePassword: { method: 'POST', path: '/api/v1/auth/password', idempotent: false },
  listSessions: { method: 'GET', path: '/api/v1/auth/sessions', idempotent: false },
  revokeOtherSessions: { method: 'DELETE', path: '/api/v1/auth/sessions', idempotent: false },
  revokeSession: { method: 'DELETE', path: '/api/v1/auth/sessions/{sessionId}', idempotent: false },
  getMe: { method: 'GET', path: '/api/v1/me', idempotent: false },
  updateMe: { method: 'PATCH', path: '/api/v1/me', idempotent: false },
  eraseMe: { method: 'DELETE', path: '/api/v1/me', idempotent: false },
  getMyCart: { method: 'GET', path: '/api/v1/me/cart', idempotent: false },
  listAddresses: { method: 'GET', path: '/api/v1/me/addresses', idempotent: false },
  addAddress: { method: 'POST', path: '/api/v1/me/addresses', idempotent: true },
  changeAddress: { method: 'PATCH', path: '/api/v1/me/addresses/{addressId}', idempotent: false },
  removeAddress: { method: 'DELETE', path: '/api/v1/me/addresses/{addressId}', idempotent: false },
  beginTotp: { method: 'POST', path: '/api/v1/auth/totp', idempotent: false },
  removeTotp: { method: 'DELETE', path: '/api/v1/auth/totp', idempotent: false },
  confirmTotp: { method: 'POST', path: '/api/v1/auth/totp/confirmations', idempotent: false },
  renewRecoveryCodes: { method: 'POST', path: '/api/v1/auth/recovery-codes', idempotent: false },
  beginPasskey: { method: 'POST', path: '/api/v1/auth/passkeys/registrations', idempotent: false },
  addPasskey: { method: 'POST', path: '/api/v1/auth/passkeys', idempotent: false },
  listPasskeys: { method: 'GET', path: '/api/v1/auth/passkeys', idempotent: false },
  renamePasskey: { method: 'PATCH', path: '/api/v1/auth/passkeys/{passkeyId}', idempotent: false },
  removePasskey: { method: 'DELETE', path: '/api/v1/auth/passkeys/{passkeyId}', idempotent: false },
  beginPasskeyLogin: { method: 'POST', path: '/api/v1/auth/login/passkey/challenges', idempotent: false },
  loginPasskey: { method: 'POST', path: '/api/v1/auth/login/passkey', idempotent: false },
  listApiKeys: { method: 'GET', path: '/api/v1/admin/api-keys', idempotent: false },
  createApiKey: { method: 'POST', path: '/api/v1/admin/api-keys', idempotent: false },
  revokeApiKey: { method: 'DELETE', path: '/api/v1/admin/api-keys/{keyId}', idempotent: false },
  listSellerApiKeys: { method: 'GET', path: '/api/v1/seller/{sellerId}/api-keys', idempotent: false },
  createSellerApiKey: { method: 'POST', path: '/api/v1/seller/{sellerId}/api-keys', idempotent: false },
  revokeSellerApiKey: { method: 'DELETE', path: '/api/v1/seller/{sellerId}/api-keys/{keyId}', idempotent: false },
  listStaff: { method: 'GET', path: '/api/v1/admin/staff', idempotent: false },
  inviteStaff: { method: 'POST', path: '/api/v1/admin/staff/invitations', idempotent: false },
  revokeInvitation: { method: 'DELETE', path: '/api/v1/admin/staff/invitations/{invitationId}', idempotent: false },
  setStaffRoles: { method: 'PUT', path: '/api/v1/admin/staff/{accountId}/roles', idempotent: false },
  removeStaff: { method: 'DELETE', path: '/api/v1/admin/staff/{accountId}', idempotent: false },
  disableStaff: { method: 'POST', path: '/api/v1/admin/staff/{accountId}/disable', idempotent: false },
  enableStaff: { method: 'POST', path: '/api/v1/admin/staff/{accountId}/enable', idempotent: false },
  listTeam: { method: 'GET', path: '/api/v1/seller/{sellerId}/team', idempotent: false },
  inviteToTeam: { method: 'POST', path: '/api/v1/seller/{sellerId}/team/invitations', idempotent: false },
  revokeTeamInvitation: { method: 'DELETE', path: '/api/v1/seller/{sellerId}/team/invitations/{invitationId}', idempotent: false },
  setTeamRole: { method: 'PUT', path: '/api/v1/seller/{sellerId}/team/{accountId}/role', idempotent: false },
  removeFromTeam: { method: 'DELETE', path: '/api/v1/seller/{sellerId}/team/{accountId}', idempotent: false },
  acceptInvitation: { method: 'POST', path: '/api/v1/auth/invitations/acceptances', idempotent: false },
  listProviders: { method: 'GET', path: '/api/v1/auth/providers', idempotent: false },
  beginProviderLogin: { method: 'POST', path: '/api/v1/auth/login/provider/challenges', idempotent: false },
  loginProvider: { method: 'POST', path: '/api/v1/auth/login/provider', idempotent: false },
  linkProviderByPassword: { method: 'POST', path: '/api/v1/auth/login/provider/links', idempotent: false },
  beginProviderLink: { method: 'POST', path: '/api/v1/auth/provider-logins/challenges', idempotent: false },
  addProviderLogin: { method: 'POST', path: '/api/v1/auth/provider-logins', idempotent: false },
  listProviderLogins: { method: 'GET', path: '/api/v1/auth/provider-logins', idempotent: false },
  removeProviderLogin: { method: 'DELETE', path: '/api/v1/auth/provider-logins/{providerLoginId}', idempotent: false },
  requestGuestPrivacy: { method: 'POST', path: '/api/v1/privacy/guest-requests', idempotent: false },
  exportGuest: { method: 'POST', path: '/api/v1/privacy/guest-exports', idempotent: false },
  eraseGuest: { method: 'POST', path: '/api/v1/privacy/guest-erasures', idempotent: false },
} as const

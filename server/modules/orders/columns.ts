import { jsonLines } from '../../platform/db/array-text.ts'

/** Columns of a table by their field, with PostgreSQL's type. */
export type Columns = Readonly<Record<string, string>>

function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `o.customer_id as "customerId", …`: a row read as the record it is. */
export function selected(alias: string, columns: Columns): string {
  return Object.keys(columns)
    .map((field) => `${alias}.${snake(field)} as "${field}"`)
    .join(', ')
}

/**
 * An insert of many records by one statement, one array a column: `columnValues`. PostgreSQL reads
 * arrays in two thirds of the time that it takes over records of JSON.
 */
export function insertRecords(table: string, columns: Columns): string {
  const arrays = Object.values(columns).map((type, place) =>
    type === 'jsonb'
      ? `unnest(string_to_array($${place + 1}, E'\\n'))::jsonb`
      : `unnest($${place + 1}::${type}[])`,
  )
  return `insert into ${table} (${Object.keys(columns).map(snake).join(', ')})
    select ${arrays.join(', ')}`
}

/** The values of `insertRecords`. */
export function columnValues<Item extends object>(
  records: readonly Item[],
  columns: Columns,
): unknown[] {
  return Object.entries(columns).map(([field, type]) => {
    const values = records.map((record) => (record as Record<string, unknown>)[field] ?? null)
    return type === 'jsonb' ? jsonLines(values) : values
  })
}

export const ORDER_COLUMNS: Columns = {
  shard: 'smallint',
  id: 'text',
  createdAt: 'timestamptz',
  placedAt: 'timestamptz',
  number: 'text',
  customerId: 'text',
  cartId: 'text',
  quoteId: 'text',
  email: 'text',
  language: 'text',
  currency: 'text',
  subtotal: 'bigint',
  discount: 'bigint',
  shipping: 'bigint',
  goodsNet: 'bigint',
  goodsTax: 'bigint',
  shippingNet: 'bigint',
  shippingTax: 'bigint',
  total: 'bigint',
  shippingAddress: 'jsonb',
  billingAddress: 'jsonb',
  shippingOptionId: 'text',
  shippingOptionName: 'text',
  deliveryEarliest: 'date',
  deliveryLatest: 'date',
}

/** Counters that are 0 when a line is placed. */
const LATER_LINE_COLUMNS: Columns = {
  cancelled: 'int',
  shipped: 'int',
  delivered: 'int',
  lost: 'int',
  refundedQty: 'int',
  returnRequested: 'int',
  returned: 'int',
  restocked: 'int',
}

/** What is written of a line when it is placed. */
export const NEW_LINE_COLUMNS: Columns = {
  shard: 'smallint',
  orderId: 'text',
  n: 'smallint',
  id: 'text',
  productId: 'text',
  variantId: 'text',
  offerId: 'text',
  sellerId: 'text',
  sku: 'text',
  name: 'text',
  image: 'text',
  unitPrice: 'bigint',
  discount: 'bigint',
  net: 'bigint',
  tax: 'bigint',
  taxes: 'jsonb',
  commissionRate: 'text',
  commission: 'bigint',
  commissionVat: 'bigint',
  marketplaceDiscount: 'bigint',
  ordered: 'int',
  allocated: 'int',
}

export const LINE_COLUMNS: Columns = { ...NEW_LINE_COLUMNS, ...LATER_LINE_COLUMNS }

export const SELLER_ORDER_COLUMNS: Columns = {
  shard: 'smallint',
  orderId: 'text',
  sellerId: 'text',
  id: 'text',
  lifecycle: 'text',
  subtotal: 'bigint',
  discount: 'bigint',
  shipping: 'bigint',
  goodsNet: 'bigint',
  goodsTax: 'bigint',
  shippingNet: 'bigint',
  shippingTax: 'bigint',
  total: 'bigint',
  commission: 'bigint',
  commissionVat: 'bigint',
  marketplaceDiscount: 'bigint',
}

import type { Database } from '../../server/platform/db/database.ts'

/** Tables that grow with every order, the columns that lead to it, and to themselves. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  'orders.orders': ['id', 'cart_id', 'quote_id'],
  'orders.order_lines': ['order_id', 'id'],
  'orders.seller_orders': ['order_id', 'id'],
  'orders.order_events': ['order_id'],
  'orders.checkouts': ['order_id', 'cart_id'],
  'payments.payments': ['order_id', 'id'],
  'payments.payment_events': ['order_id', 'provider_ref'],
  'payments.journals': ['order_id', 'id', 'source_id'],
  'fraud.screenings': ['order_id'],
  'inventory.reservations': ['key'],
  'inventory.reservation_lines': ['key'],
  'cart.carts': ['id'],
  'cart.cart_lines': ['cart_id', 'id'],
  'pricing.quotes': ['id'],
}

/**
 * Fills the tables of orders with copies of those that are there, each with letters of its own in
 * its ids, so that indexes are as deep and as wide as after that many sales. Sums and stock do not
 * follow: audits find the copies.
 * @returns how many orders there are then.
 */
export async function addPastOrders(db: Database, wanted: number): Promise<number> {
  const orders = async () => {
    const { rows } = await db.query({ text: 'select count(*)::int as count from orders.orders' })
    return (rows[0] as { count: number }).count
  }
  const first = await orders()
  const copies = Math.max(0, Math.ceil(wanted / first) - 1)
  for (const [table, keys] of Object.entries(TABLES)) await copyTable(db, table, { keys, copies })
  await db.query({ text: 'vacuum analyze' })
  return orders()
}

/** One statement a table: `#k` in the ids is copy number k. Ids keep their time and their shard. */
async function copyTable(
  db: Database,
  table: string,
  { keys, copies }: Readonly<{ keys: readonly string[]; copies: number }>,
): Promise<void> {
  const { rows } = await db.query({
    text: `select attname as name from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    values: [table],
  })
  const names = (rows as { name: string }[]).map(({ name }) => name)
  const cells = names.map((name) => (keys.includes(name) ? `t.${name} || '#' || k` : `t.${name}`))
  await db.query({ text: `alter table ${table} disable trigger user` })
  await db.query({
    text: `insert into ${table} (${names.join(', ')})
           select ${cells.join(', ')} from ${table} t, generate_series(1, ${copies}) as k`,
  })
  await db.query({ text: `alter table ${table} enable trigger user` })
}

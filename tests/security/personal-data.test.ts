/**
 * Goal: a person gets everything that the shop keeps of them, and is forgotten on their wish but for what the law keeps
 * (GDPR, articles 15, 17, 20). Source: issue of accounts, "Must show".
 * Method: a customer does all that customers do. Every table of the database is then searched for words that are theirs
 * alone and for their account's id, before and after the erasure.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import { eventsBehind } from '../../server/platform/audit.ts'
import {
  ADDRESS,
  checkoutBody,
  eventually,
  findBuyable,
  quotedCart,
  unwrap,
} from '../support/shopper.ts'
import { OPERATOR_KEY, openWholeShop, PASSWORD } from '../support/whole-shop.ts'

const whole = await openWholeShop()
const { ask, shop } = whole
const NAME = 'Xanthippe Zwetschgenbaum'
const EMAIL = 'xanthippe.z@forget.example'
const STREET = '9 Quince Orchard Mews'
const NOTE = 'the zip of the quince jacket broke'
const WORDS = [NAME, EMAIL, STREET, NOTE]

/** Tables in which the account's number may stay: it tells of nobody any more. */
const KEEP_THE_NUMBER: Readonly<Record<string, string>> = {
  'identity.accounts': 'the tombstone: the number is never given again',
  'orders.orders': 'a booking',
  'orders.checkouts': 'a booking',
  'platform.audit_log': 'numbers alone',
  'platform.audit_queue': 'numbers alone',
  'platform.events': 'facts of 14 days, numbers alone',
  'platform.outbox': 'facts on their way, numbers alone',
  'payments.prepaid_accounts': 'what the shop owes',
  'identity.late_erasures': 'for a minute, to erase once more what comes late',
}
/** Tables that forget by themselves. */
const FORGETS: Readonly<Record<string, string>> = {
  'platform.idempotency_keys': 'answers to staff can be repeated for 72 hours',
  'pricing.quotes': 'a quote belongs to a cart, and lives for half an hour',
}

async function tablesWith(words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await shop.db.query({
    text: `select format('%I.%I', schemaname, tablename) as name from pg_tables
           where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
  })
  const found: string[] = []
  for (const { name } of tables as { name: string }[]) {
    const { rows } = await shop.db.query({
      text: `select 1 from ${name} t where exists
               (select from unnest($1::text[]) as w(word) where strpos(t::text, w.word) > 0) limit 1`,
      values: [words],
    })
    if (rows.length > 0) found.push(name.replace(/_(y?\d+.*|p\d+|default)$/, ''))
  }
  return [...new Set(found)]
}

const person = await whole.register(EMAIL, NAME)
const { client } = person
const [item, other] = await findBuyable(client, 2, 5)
assert.ok(item && other)
const address = { ...ADDRESS, name: NAME, line1: STREET }

async function shopAround(): Promise<{ orderId: string }> {
  unwrap(await client.addAddress({ body: { address } }))
  const quoted = await quotedCart(client, [{ variantId: item?.variantId ?? '', quantity: 1 }])
  const params = { cartId: quoted.cart.id }
  const quote = unwrap(await client.quoteCart({ params, body: { shippingAddress: address } }))
  const order = unwrap(
    await client.placeOrder({
      body: { ...checkoutBody({ ...quoted, quote }), email: EMAIL, shippingAddress: address },
    }),
  )
  await quotedCart(client, [{ variantId: other?.variantId ?? '', quantity: 2 }])
  const found = unwrap(await client.search({ query: { q: 'a' } }))
  assert.ok(found.total > 0)
  const operator = { token: OPERATOR_KEY, method: 'POST', headers: { 'idempotency-key': 'note-1' } }
  const path = whole.pathOf('addOrderNote', { orderId: order.id })
  const noted = await ask(path, { ...operator, body: { text: `${NAME} called` } })
  assert.ok(noted.status < 300, noted.text)
  await shop.db.query({
    text: `insert into orders.returns (shard, order_id, id, state, wanted, shipping_paid_by, note, photos,
             version, steps, created_at, updated_at)
           select shard, id, 'ret_x', 'requested', 'refund', 'shop', $2, '[]', 1, '[]', now(), now()
           from orders.orders where id = $1`,
    values: [order.id, NOTE],
  })
  return { orderId: order.id }
}

const { orderId } = await shopAround()

test("the archive has a file of every module that keeps something, with what is the person's own", async () => {
  const reply = await fetch(`${whole.url}/api/v1/me/export`, {
    headers: { authorization: `Bearer ${person.token}` },
  })
  assert.equal(reply.status, 200)
  const files = unzipSync(new Uint8Array(await reply.arrayBuffer()))
  const read = (name: string) => strFromU8(files[`${name}.json`] as Uint8Array)
  for (const name of [
    'identity',
    'cart',
    'orders',
    'payments',
    'shipping',
    'search',
    'pricing',
    'fraud',
  ])
    assert.ok(`${name}.json` in files, `${name} is missing among ${Object.keys(files)}`)
  assert.match(read('identity'), new RegExp(STREET))
  assert.match(read('orders'), new RegExp(orderId))
  const { payments, shipments } = {
    ...JSON.parse(read('payments')),
    ...JSON.parse(read('shipping')),
  }
  assert.equal(payments[0].orderId, orderId)
  assert.ok(payments[0].captured > 0)
  assert.ok(Array.isArray(shipments))
  assert.match(read('cart'), new RegExp(other?.variantId ?? 'none'))
})

test('after the erasure no table has a word of the person, and only bookings have the number', async (t) => {
  const before = { words: await tablesWith(WORDS), number: await tablesWith([person.id]) }
  for (const table of [
    'identity.accounts',
    'identity.addresses',
    'orders.orders',
    'orders.returns',
    'orders.order_notes',
  ])
    assert.ok(before.words.includes(table), `${table} is not among ${before.words}`)
  // What follows an order by itself (projections, mails) has come; what has not is the next test's.
  await eventually(
    () => eventsBehind(shop.db),
    (behind) => behind === 0,
  )
  const erased = await ask('/api/v1/me', { method: 'DELETE', token: person.token })
  assert.equal(erased.status, 200, erased.text)
  const after = { words: await tablesWith(WORDS), number: await tablesWith([person.id]) }
  assert.ok(before.words.includes('platform.idempotency_keys'))
  for (const table of new Set([...before.words, ...before.number]))
    t.diagnostic(
      `${table}: ${before.words.includes(table) ? 'words' : 'number'} before, ${
        after.words.includes(table) ? 'words' : after.number.includes(table) ? 'number' : 'nothing'
      } after`,
    )
  assert.deepEqual(
    after.words.filter((table) => !(table in FORGETS)),
    [],
  )
  assert.deepEqual(
    after.number.filter((table) => !(table in KEEP_THE_NUMBER) && !(table in FORGETS)),
    [],
  )
  const { rows: kept } = await shop.db.query({
    text: `select 1 from platform.idempotency_keys where scope like 'customer:' || $1 || '%'`,
    values: [person.id],
  })
  assert.deepEqual(kept, [])
  const told = new Set(erased.json.tables.map(({ table }: { table: string }) => table))
  for (const table of [
    'identity.addresses',
    'cart.carts',
    'orders.orders',
    'payments.payments',
    'shipping.shipments',
  ])
    assert.ok(told.has(table), `the report tells of ${table}`)
})

test('what comes after the erasure is gone a minute later', async () => {
  const visitor = `customer:${person.id}`
  await shop.db.query({
    text: `insert into search.orders (order_id, ordered_at, visitor) values ('late', now(), $1)`,
    values: [visitor],
  })
  await shop.db.query({ text: 'update identity.late_erasures set due_at = now()' })
  await eventually(
    () => tablesWith([person.id]),
    (tables) => !tables.includes('search.orders') && !tables.includes('identity.late_erasures'),
  )
})

test('the bookings stay, the sign-in is gone, and to erase again does nothing more', async () => {
  const { rows } = await shop.db.query({
    text: `select email, shipping_address ->> 'country' as country from orders.orders where id = $1`,
    values: [orderId],
  })
  assert.deepEqual(rows, [{ email: '', country: ADDRESS.country }])
  const login = await ask('/api/v1/auth/login', {
    method: 'POST',
    body: { email: EMAIL, password: PASSWORD },
  })
  assert.equal(login.status, 401)
  const again = await ask('/api/v1/me', { method: 'DELETE', token: person.token })
  assert.equal(again.status, 401)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demand, testInventory } from '../../../tests/support/inventory.ts'

const shop = await testInventory()
const { api } = shop

await shop.stock({ a: { berlin: 9 }, b: { berlin: 9 } })
await api.reserve(demand('held', ['a', 2]))
await api.reserve(demand('kept', ['a', 1], ['b', 1]))
await api.commit({ key: 'kept' })
await api.ship({
  key: 'kept',
  shipmentKey: 'parcel',
  lines: [{ offerId: 'b', warehouseId: shop.warehouse.berlin, quantity: 1 }],
})

/** What is done behind the module's back, and what the audit says of it. */
const CORRUPTIONS: readonly (readonly [sql: string, finding: RegExp])[] = [
  [
    `update inventory.stock_levels set quantity = quantity + 1 where offer_id = 'a'`,
    /its movements add up to 9/,
  ],
  [
    `update inventory.movements set delta = delta - 1 where offer_id = 'b' and kind = 'imported'`,
    /its movements add up to 7/,
  ],
  [
    `delete from inventory.movements where kind = 'shipped'`,
    /1 shipped by reservations, 0 by movements/,
  ],
  [
    `update inventory.stock_levels set reserved_quantity = 0 where offer_id = 'a'`,
    /0 reserved, live reservations add up to 3/,
  ],
  [
    `update inventory.reservation_lines set open_quantity = 1 where key = 'held'`,
    /held holds 1 of a in .* for 2, its reservation is held/,
  ],
  [`delete from inventory.reservations where key = 'held'`, /its reservation is unknown/],
  [
    `update inventory.reservations set state = 'released' where key = 'kept'`,
    /kept holds 1 of a .* is released/,
  ],
  [
    `update inventory.reservation_lines set expires_at = now() where key = 'kept'`,
    /kept holds .* is committed/,
  ],
  [
    `delete from inventory.reservation_lines where key = 'held'`,
    /held is held for 2, its lines are for 0/,
  ],
  [
    `update inventory.reservations set expires_at = now() - interval '1 hour' where key = 'held'`,
    /is not swept/,
  ],
  [
    `delete from inventory.offer_locations where offer_id = 'a'`,
    /is not among the places of its offer/,
  ],
  [
    `alter table inventory.stock_levels drop constraint stock_levels_not_oversold;
     update inventory.stock_levels set quantity = 1 where offer_id = 'a'`,
    /a in .* has quantity 1, reserved 3/,
  ],
]

test('a sound stock has no breach', async () => {
  assert.deepEqual(await api.audit(), [])
})

for (const [sql, finding] of CORRUPTIONS) {
  test(`the audit finds: ${sql.split('\n').at(-1)?.trim()}`, async () => {
    const tables = [
      'stock_levels',
      'movements',
      'reservations',
      'reservation_lines',
      'offer_locations',
    ]
    const client = await shop.db.connect()
    try {
      for (const table of tables) {
        await client.query(`create temporary table kept_${table} as table inventory.${table}`)
      }
      await client.query(sql)
      const breaches = await api.audit()
      assert.ok(
        breaches.some((breach) => finding.test(breach)),
        breaches.join('\n'),
      )
    } finally {
      for (const table of tables) {
        const columns = await client.query<{ column: string }>(
          `select quote_ident(attname) as column from pg_attribute
           where attrelid = $1::regclass and attnum > 0 and attgenerated = ''`,
          [`inventory.${table}`],
        )
        const names = columns.rows.map((row) => row.column).join(', ')
        await client.query(`delete from inventory.${table}`)
        await client.query(
          `insert into inventory.${table} (${names}) select ${names} from kept_${table}`,
        )
      }
      client.release(true)
    }
    assert.deepEqual(await api.audit(), [])
  })
}

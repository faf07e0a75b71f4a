/**
 * Goal (F11, I7, I9): a replica that is late, behind the schema, or gone changes nothing for shoppers, and reports are
 * answered all the same.
 * Method: a real standby of the shop's PostgreSQL that replays an hour late, then at once, then not at all, then is killed.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { assertRecovered, openFaultShop } from '../support/fault-shop.ts'
import { openShopper, walk } from '../support/journeys.ts'
import { withDatabase } from '../support/own-postgres.ts'
import { openReplica, type Replica } from '../support/replica.ts'
import { MATRIX } from '../support/resiliency.ts'
import { eventually, unwrap } from '../support/shopper.ts'

const HOUR_S = 3_600
let replica: Replica | undefined

const shop = await openFaultShop({
  processes: 1,
  async prepare(postgres) {
    replica = await openReplica(postgres, HOUR_S)
    return { DATABASE_REPLICA_URL: replica.url }
  },
})
after(async () => {
  await replica?.stop()
  await shop.close()
})
const item = shop.items[0] as (typeof shop.items)[0]

/** As if that had been searched three days ago. */
const noteSearch = (query: string) =>
  withDatabase(shop.postgres.url, (db) =>
    db.query({
      text: `insert into search.query_days (day, query, searches, visitors, zero_results, clicked_searches,
               reciprocal_ranks, carts, orders)
             values (current_date - 3, $1, 1, 1, 0, 0, 0, 0, 0)`,
      values: [query],
    }),
  )

async function reported(): Promise<string[]> {
  const { items } = unwrap(await shop.operator.reportSearchQueries({}))
  return items.map(({ query }) => query).sort()
}

test('a replica that is late, then gone: shoppers do not notice, reports are answered', async () => {
  const late = replica as Replica
  const shopper = await openShopper(shop.url, item)
  await noteSearch('first')
  // The replica has not even heard of the table.
  assert.deepEqual(await reported(), ['first'])
  assert.deepEqual(await walk(shopper), MATRIX.replica.outcomes)

  await late.delay(0)
  await withDatabase(late.url, (db) =>
    eventually(
      () =>
        db.query({ text: 'select query from search.query_days' }).then(
          ({ rows }) => rows,
          () => [],
        ),
      (rows) => rows.length === 1,
    ),
  )
  await late.hold()
  await noteSearch('second')
  assert.deepEqual(await reported(), ['first'], 'a report is read from the replica')
  const again = await openShopper(shop.url, item)
  assert.deepEqual(await walk(again), MATRIX.replica.outcomes, 'what somebody did is not')

  late.kill()
  // Its backends outlive the postmaster for a moment.
  await eventually(reported, (queries) => queries.length === 2)
  const last = await openShopper(shop.url, item)
  assert.deepEqual(await walk(last), MATRIX.replica.outcomes)
  await assertRecovered(shop)
})

/** Thousands of buyers: made one by one over HTTP, their carts would take longer than all that is tested with them. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Client } from '../../packages/client/src/index.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { createIds, shardOf } from '../../server/platform/ids.ts'
import { type Buyer, prepareBuyer } from './load.ts'
import type { Buyable } from './shopper.ts'

/** All that somebody needs to check out. */
export type Waiting = Pick<Buyer, 'body' | 'idempotencyKey'>

type Ids = Readonly<{ shard: number; cartId: string; quoteId: string }>

/** The row of `from` that has this id, once for each new cart, with what `changes` says changed. */
const copyOf = (from: string, isIt: string, changes: string) => `insert into ${from}
   select (jsonb_populate_record(old, ${changes})).*
   from ${from} old,
     unnest($1::smallint[], $2::text[], $3::text[]) as fresh(shard, cart_id, quote_id)
   where ${isIt}`

const COPIES = [
  copyOf(
    'cart.carts',
    'old.id = $4',
    `jsonb_build_object('shard', fresh.shard, 'id', fresh.cart_id)`,
  ),
  copyOf(
    'cart.cart_lines',
    'old.cart_id = $4',
    `jsonb_build_object('shard', fresh.shard, 'cart_id', fresh.cart_id)`,
  ),
  copyOf(
    'pricing.quotes',
    'old.cart_id = $4',
    `jsonb_build_object('shard', fresh.shard, 'cart_id', fresh.cart_id, 'id', fresh.quote_id,
       'quote', old.quote::jsonb || jsonb_build_object('quoteId', fresh.quote_id))`,
  ),
]

/** Buyers of one thing each, whose quoted carts are copies of one that was made over HTTP. */
export async function gatherCrowd(
  { client, databaseUrl }: Readonly<{ client: Client; databaseUrl: string }>,
  item: Pick<Buyable, 'variantId' | 'offerId'>,
  count: number,
): Promise<Waiting[]> {
  const first = await prepareBuyer(client, item)
  const ids = createIds({ clock, chance })
  const fresh = Array.from({ length: count }, (): Ids => {
    const cartId = ids.make('crt')
    const shard = shardOf(cartId)
    return { shard, cartId, quoteId: ids.make('quo', shard) }
  })
  const database = new pg.Client({ connectionString: databaseUrl })
  await database.connect()
  try {
    const columns = [
      fresh.map(({ shard }) => shard),
      fresh.map(({ cartId }) => cartId),
      fresh.map(({ quoteId }) => quoteId),
    ]
    for (const copy of COPIES) await database.query(copy, [...columns, first.cart.id])
  } finally {
    await database.end()
  }
  return fresh.map(({ cartId, quoteId }) => ({
    idempotencyKey: randomUUID(),
    body: (token) => ({
      ...first.body(token),
      cartId,
      quoteId,
      email: `${cartId}@example.com`,
    }),
  }))
}

/** Thousands of buyers: made one by one over HTTP, their carts would take longer than all that is tested with them. */
import { randomUUID } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import pg from 'pg'
import type { Client } from '../../packages/client/src/index.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { createIds, shardOf } from '../../server/platform/ids.ts'
import { type Buyer, prepareBuyer } from './load.ts'
import type { Buyable } from './shopper.ts'

/** All that somebody needs to check out. */
export type Waiting = Readonly<{ body: ReturnType<Buyer['body']>; idempotencyKey: string }>

/** What became of a crowd. */
export type Rush = {
  bought: string[]
  refused: number
  /** How often they asked, and in how many milliseconds each had the last answer. */
  asked: number
  times: number[]
}

/** What the buyers tell of; the last has everything. */
export type RushNews = Readonly<
  { rush: Rush; isOver: boolean } | { failure: string; rush?: undefined }
>

/**
 * All come at once, spread over the processes, in a thread of their own: what runs beside them here
 * (the bank, a balancer) goes on. @param tell hears how it goes
 */
export async function rushIn(
  { urls, crowd }: Readonly<{ urls: readonly string[]; crowd: readonly Waiting[] }>,
  tell: (line: string) => void,
): Promise<Rush> {
  const began = performance.now()
  const since = () => `${Math.round(performance.now() - began)} ms`
  const buyers = new Worker(new URL('./crowd-buyers.ts', import.meta.url), {
    workerData: { urls, crowd },
  })
  const rush = await new Promise<Rush>((resolve, reject) => {
    buyers.once('error', reject)
    buyers.on('message', (news: RushNews) => {
      if (news.rush === undefined) return reject(new Error(news.failure))
      const { bought, refused, asked } = news.rush
      if (news.isOver) resolve(news.rush)
      else tell(`${since()}: ${bought.length} bought, ${refused} refused, asked ${asked} times`)
    })
  }).finally(() => buyers.terminate())
  const times = rush.times.toSorted((a, b) => a - b)
  const p99 = Math.round(times[Math.floor(0.99 * (times.length - 1))] as number)
  tell(
    `all were answered in ${since()}, 99 of 100 within ${p99} ms of asking, ${rush.asked} times asked`,
  )
  return rush
}

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
    body: { ...first.body(), cartId, quoteId, email: `${cartId}@example.com` },
  }))
}

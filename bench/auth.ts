/**
 * What it costs to know who calls, and to pass the door: time of the shop's main thread for each request of the hot product,
 * as a guest and signed in by each kind of credential, by turns; and what the gateway adds to a short answer. The wall clock
 * is looked at for the gateway alone, so that other work on the machine does not change the other figures much.
 */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../tests/support/shop-process.ts'
import { findBuyable, unwrap } from '../tests/support/shopper.ts'
import { makeKeys, signInCustomers } from './auth/callers.ts'
import { measureDoor } from './auth/door.ts'
import { askByLoad } from './support/ask-by-load.ts'
import type { HttpLoad } from './support/http-load.ts'
import { type Figure, percentile, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    milliseconds: { type: 'string', default: '300' },
    connections: { type: 'string', default: '16' },
    people: { type: 'string', default: '28' },
  },
})
const rounds = Number(flags.rounds)
const ms = Number(flags.milliseconds)
const connections = Number(flags.connections)
const LOOK_MS = 1_000
const MOST_LOOKS = 15

type Turns = NonNullable<HttpLoad['turns']>
type Case = Readonly<{ name: string; path: string; guest: Turns; known: Record<string, Turns> }>

const home = temporaryHome()
const data = await smallDataFolder(20)
try {
  // As a shop runs: replies are not checked against their schemas. All come from one address and few accounts.
  const env = { NODE_ENV: 'development', LIMIT_FACTOR: '1000', DEMO_SHIP_SECONDS: '86400' }
  const shop = await startShopProcess({ home: home.home, dataFolder: data.folder, env })
  const tokens = await signInCustomers(shop, Number(flags.people))
  const keys = await makeKeys(shop, { dataFolder: data.folder, count: 8 })
  const figures = await measureDoor({ rounds, ms })
  await untilIdle(shop.pid)
  for (const one of await casesOf(shop.client, tokens, keys)) {
    figures.push(...(await compare(one, { pid: shop.pid, port: Number(new URL(shop.url).port) })))
  }
  report('auth', figures)
} finally {
  await killShops()
  home.remove()
  data.remove()
}

async function casesOf(
  client: Parameters<typeof findBuyable>[0],
  tokens: readonly string[],
  keys: readonly string[],
): Promise<Case[]> {
  const [item] = await findBuyable(client, 1, 1)
  if (!item) throw new Error('Nothing is for sale')
  const { id, slug } = unwrap(await client.getProduct({ params: { id: item.productId } }))
  // The storefront names the visitor whose view is kept; all have that in common.
  const visitor = { 'x-visitor-id': 'bench-visitor' }
  const browser = { 'accept-encoding': 'gzip, deflate, br' }
  const bearers = (words: readonly string[]) =>
    words.map((word) => ({ ...visitor, authorization: `Bearer ${word}` }))
  return [
    {
      name: 'product by the API',
      path: `/api/v1/products/${id}`,
      guest: [visitor],
      known: {
        'a cookie': tokens.map((token) => ({ ...visitor, cookie: `session=${token}` })),
        'a session as bearer': bearers(tokens),
        'an API key': bearers(keys),
      },
    },
    {
      name: 'product page',
      path: `/p/${slug}`,
      guest: [{ ...browser, cookie: 'visitor=bench-visitor' }],
      known: {
        'a cookie': tokens.map((token) => ({
          ...browser,
          cookie: `visitor=bench-visitor; session=${token}`,
        })),
      },
    },
  ]
}

/** All kinds of callers by turns, so that what else the machine does falls on all alike. */
async function compare(
  { name, path, guest, known }: Case,
  { pid, port }: Readonly<{ pid: number; port: number }>,
): Promise<Figure[]> {
  const measure = async (turns: Turns): Promise<number> => {
    const before = processorMs(pid)
    const { requests } = await askByLoad({ port, paths: [path], connections, ms, turns })
    return ((processorMs(pid) - before) / requests) * 1_000
  }
  const kinds = Object.entries({ 'a guest': guest, ...known })
  const costs = new Map(kinds.map(([kind]) => [kind, [] as number[]]))
  for (let round = -1; round < rounds; round += 1) {
    for (let place = 0; place < kinds.length; place += 1) {
      // Another one begins each time, and the first round only warms up.
      const [kind, turns] = kinds[(place + round + 1) % kinds.length] as (typeof kinds)[number]
      const cost = await measure(turns)
      if (round >= 0) costs.get(kind)?.push(cost)
    }
  }
  const guests = calm(costs.get('a guest') as number[])
  return kinds.map(([kind]) => {
    const all = costs.get(kind) as number[]
    const spread = [Math.min(...all), Math.max(...all)] as const
    const value = calm(all)
    const figure = { name: `${name}, ${kind}`, value, unit: 'µs of processor', spread }
    return kind === 'a guest'
      ? figure
      : { ...figure, ratio: value / guests, ratioTo: 'a guest, by turns' }
  })
}

/** The lower quartile: what else the machine does only ever makes a request dearer. */
function calm(all: readonly number[]): number {
  return percentile(all, 0.25)
}

/** Processor time of the main thread of a process so far, by Linux' scheduler: requests are answered there. */
function processorMs(pid: number): number {
  const [nanoseconds] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e6
}

/** Waits until a process has nothing more to do of its own. */
async function untilIdle(pid: number): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const before = processorMs(pid)
    await setTimeout(LOOK_MS)
    if (processorMs(pid) - before < LOOK_MS / 20) return
  }
}

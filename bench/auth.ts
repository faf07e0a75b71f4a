/**
 * What it costs to know who calls: time of the shop's main thread for each request of the hot product page, signed in and as
 * a guest by turns, of the API and of the storefront. The wall clock is not looked at, so that other work on the machine
 * does not change the figures much.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import {
  killShops,
  smallDataFolder,
  startShopProcess,
  temporaryHome,
} from '../tests/support/shop-process.ts'
import { findBuyable, unwrap } from '../tests/support/shopper.ts'
import type { HttpLoad, HttpLoadResult } from './support/http-load.ts'
import { type Figure, median, report } from './support/report.ts'

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    milliseconds: { type: 'string', default: '300' },
    connections: { type: 'string', default: '16' },
    people: { type: 'string', default: '28' },
  },
})
const LOOK_MS = 1_000
const MOST_LOOKS = 15
const PASSWORD = 'plum kettle orbit 42'

const home = temporaryHome()
const data = await smallDataFolder(20)
try {
  const shop = await startShopProcess({ home: home.home, dataFolder: data.folder })
  const { client } = shop
  const tokens = await Promise.all(
    Array.from({ length: Number(flags.people) }, async (_, n) => {
      const email = `bench${n}@example.com`
      unwrap(await client.register({ body: { email, password: PASSWORD, name: `Person ${n}` } }))
      const signedIn = unwrap(await client.login({ body: { email, password: PASSWORD } }))
      return signedIn.status === 'signed_in' ? (signedIn.token ?? '') : ''
    }),
  )
  const [item] = await findBuyable(client, 1, 1)
  if (!item) throw new Error('Nothing is for sale')
  const { slug } = unwrap(await client.getProduct({ params: { id: item.productId } }))
  const measure = async (path: string, turns: HttpLoad['turns']): Promise<number> => {
    const before = processorMs(shop.pid)
    const { requests } = await load({
      port: Number(new URL(shop.url).port),
      paths: [path],
      connections: Number(flags.connections),
      ms: Number(flags.milliseconds),
      ...(turns ? { turns } : {}),
    })
    return ((processorMs(shop.pid) - before) / requests) * 1_000
  }
  const figures: Figure[] = []
  for (const [name, path, turns] of [
    [
      'product by the API',
      `/api/v1/products/${item.productId}`,
      tokens.map((token) => ({ authorization: `Bearer ${token}` })),
    ],
    [
      'product page of the storefront',
      `/p/${slug}`,
      tokens.map((token) => ({ cookie: `session=${token}; visitor=bench-visitor` })),
    ],
  ] as const) {
    const guests: number[] = []
    const known: number[] = []
    const asGuest = [{ cookie: 'visitor=bench-visitor' }]
    for (const turn of [asGuest, turns]) await measure(path, turn)
    await untilIdle(shop.pid)
    for (let round = 0; round < Number(flags.rounds); round += 1) {
      guests.push(await measure(path, asGuest))
      known.push(await measure(path, turns))
    }
    const ratios = known.map((value, round) => value / (guests[round] as number))
    figures.push(
      { name: `${name}, a guest`, value: median(guests), unit: 'µs of processor a request' },
      {
        name: `${name}, signed in`,
        value: median(known),
        unit: 'µs of processor a request',
        ratio: median(ratios),
        ratioTo: 'a guest, by turns',
        spread: [Math.min(...ratios), Math.max(...ratios)],
        note: `${tokens.length} sessions; the spread is of the ratio`,
      },
    )
  }
  report('auth', figures)
} finally {
  await killShops()
  home.remove()
  data.remove()
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

function load(workerData: HttpLoad): Promise<HttpLoadResult> {
  const file = join(import.meta.dirname, 'support/http-load.ts')
  const worker = new Worker(file, { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

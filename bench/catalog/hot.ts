import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { DurableCatalog } from '../support/durable-catalog.ts'
import type { HttpLoad, HttpLoadResult } from '../support/http-load.ts'
import { type Figure, median, percentile } from '../support/report.ts'
import { serveCatalog } from './served.ts'

export type HotOptions = Readonly<{
  connections: number
  seconds: number
  rounds: number
  /** Products that are asked for by turns; all of them fit into the cache. */
  ids: readonly string[]
}>

/** Product pages that are in the cache against bare node:http that sends the same bytes, by turns. */
export async function measureHot(shop: DurableCatalog, options: HotOptions): Promise<Figure[]> {
  const { ids, rounds, seconds, connections } = options
  const served = await serveCatalog(shop, shop.build())
  const paths = ids.map((id) => `/api/v1/products/${id}`)
  const bodies = new Map<string, Uint8Array>()
  for (const path of paths) bodies.set(path, (await served.ask(path)).bytes)
  const bare = createServer((request, response) => {
    const body = bodies.get(request.url as string) as Uint8Array
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
      .end(body)
  })
  await new Promise<void>((done) => bare.listen(0, '127.0.0.1', done))
  const ports = [served.port, (bare.address() as AddressInfo).port]
  const runs: HttpLoadResult[][] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, port] of ports.entries())
      runs[place]?.push(await load({ port, paths, connections, ms: seconds * 1_000 }))
  }
  await served.close()
  bare.close()
  const [page = [], raw = []] = runs.map((of) => of.map(({ requests }) => requests / seconds))
  const ratios = page.map((rate, round) => rate / (raw[round] as number))
  const latencies = runs[0]?.flatMap((run) => run.latenciesMs) ?? []
  const size = median([...bodies.values()].map(({ length }) => length))
  const of = ids.length === 1 ? 'one product' : `${ids.length.toLocaleString('en')} products`
  return [
    {
      name: `hot page, ${of}, ${connections} connections`,
      value: median(page),
      unit: 'requests/s',
      ratio: median(ratios),
      ratioTo: 'bare node:http, same bytes',
      spread: [Math.min(...page), Math.max(...page)],
      note: `${size} bytes`,
    },
    { name: `hot page, ${of}, p50`, value: percentile(latencies, 0.5), unit: 'ms' },
    { name: `hot page, ${of}, p99`, value: percentile(latencies, 0.99), unit: 'ms' },
    { name: `bare node:http, ${of}`, value: median(raw), unit: 'requests/s' },
  ]
}

function load(workerData: HttpLoad): Promise<HttpLoadResult> {
  const file = join(import.meta.dirname, '../support/http-load.ts')
  const worker = new Worker(file, { workerData })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

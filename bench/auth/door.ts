import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { type RouteSpec, route } from '../../contracts/kit/route.ts'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock } from '../../server/platform/clock.ts'
import type { Binding } from '../../server/platform/http/binding.ts'
import { createGateway } from '../../server/platform/http/gateway/index.ts'
import { createHttpServer, serveBindings } from '../../server/platform/http/server.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { createLocalBuckets } from '../../server/platform/token-bucket.ts'
import { askByLoad } from '../support/ask-by-load.ts'
import { type Figure, median, percentile } from '../support/report.ts'

const GOODS: RouteSpec = route({
  operation: 'goods',
  summary: 'A short answer',
  method: 'GET',
  path: '/api/v1/goods',
  access: ['public'],
  traffic: 'browse',
  replies: { 200: z.any() },
  cacheSeconds: 60,
})

/** What the door adds to a short answer: one connection asks a server with it and one without, by turns. */
export async function measureDoor({
  rounds,
  ms,
}: Readonly<{ rounds: number; ms: number }>): Promise<Figure[]> {
  const gateway = createGateway({
    chance,
    clock: systemClock,
    buckets: createLocalBuckets(systemClock),
    // Who asks from here is counted, as any visitor is.
    isProxy: () => false,
    factor: 1_000_000,
    publicUrl: 'http://shop.test',
    corsOrigins: [],
  })
  const guarded = await serve((app) => gateway.mount(app))
  const bare = await serve(() => {})
  const times: Record<'guarded' | 'bare', number[]> = { guarded: [], bare: [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { port }] of [
      ['bare', bare],
      ['guarded', guarded],
    ] as const) {
      const { latenciesMs } = await askByLoad({ port, paths: [GOODS.path], connections: 1, ms })
      times[name].push(percentile(latenciesMs, 0.5))
    }
  }
  await guarded.close()
  await bare.close()
  gateway.stop()
  const added = times.guarded.map((value, round) => value - (times.bare[round] as number))
  return [
    { name: 'short answer without the door: p50', value: median(times.bare), unit: 'ms' },
    { name: 'short answer with the door: p50', value: median(times.guarded), unit: 'ms' },
    {
      name: 'what the door adds: p50',
      value: median(added),
      unit: 'ms',
      spread: [Math.min(...added), Math.max(...added)],
      note: 'one connection, by turns; goal below 0.3 ms',
    },
  ]
}

async function serve(prepare: (app: ReturnType<typeof createHttpServer>) => void) {
  const app = createHttpServer({ log, chance })
  prepare(app)
  serveBindings(app, [{ route: GOODS } as Binding], async () => ({
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: '{}',
  }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() }
}

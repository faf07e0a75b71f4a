import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { after } from 'node:test'
import { seededChance } from '../../server/platform/chance.ts'
import type { Clock } from '../../server/platform/clock.ts'
import type { Authenticator } from '../../server/platform/http/authenticate.ts'
import type { Binding } from '../../server/platform/http/binding.ts'
import type { Executor } from '../../server/platform/http/execute.ts'
import { createFastLane } from '../../server/platform/http/fast-lane.ts'
import { createGateway } from '../../server/platform/http/gateway/index.ts'
import { createHttpServer, serveBindings } from '../../server/platform/http/server.ts'
import { silentLog } from '../../server/platform/log.ts'
import { addressList } from '../../server/platform/net/proxies.ts'
import { createLocalBuckets } from '../../server/platform/token-bucket.ts'

/** An answer as it came over the wire. */
export type WireAnswer = Readonly<{ status: string; headers: readonly string[]; body: Buffer }>

type Side = Readonly<{ port: number; fast: number[]; close(): void; state: { delayMs: number } }>

/**
 * The same routes served twice, by the fast lane and without it, each behind a door of its own.
 * What differs of two answers by nature (the date, a new request's id) is left out of them.
 */
export async function serveBothWays({
  bindings,
  execute,
  knownReader,
  clock,
}: Readonly<{
  bindings: readonly Binding[]
  execute: Executor
  knownReader?: Authenticator['knownReader']
  clock: Clock
}>) {
  const isProxy = addressList(['loopback', '10.0.0.0/8'])
  async function serve(hasLane: boolean): Promise<Side> {
    const state = { delayMs: 0 }
    const chance = seededChance(1)
    const gateway = createGateway({
      chance,
      clock,
      buckets: createLocalBuckets(clock),
      isProxy,
      publicUrl: 'https://shop.test',
      corsOrigins: ['https://friend.example'],
      watch: { delayMs: () => state.delayMs, stop() {} },
    })
    const fastLane = createFastLane({
      bindings,
      gateway,
      isProxy,
      clock,
      ...(knownReader ? { knownReader } : {}),
    })
    const fast: number[] = []
    fastLane.onAnswer(({ status }) => fast.push(status))
    const lane = hasLane ? { fastLane } : {}
    const app = createHttpServer({ log: silentLog, chance, isProxy, ...lane })
    gateway.mount(app)
    serveBindings(app, bindings, execute)
    after(() => app.close())
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    return { port, fast, state, close: fastLane.close }
  }
  const sides = { fast: await serve(true), ordinary: await serve(false) }
  return {
    ...sides,
    /** Asks both, the fast lane first. @returns both answers, and whether the lane gave its own. */
    async ask(head: string) {
      const before = sides.fast.fast.length
      const fast = await askWire(sides.fast.port, head)
      const isFast = sides.fast.fast.length > before
      return { fast, ordinary: await askWire(sides.ordinary.port, head), isFast }
    },
  }
}

/** Sends a request's head as it is. @param head its lines without the host, such as `GET / HTTP/1.1` */
async function askWire(port: number, head: string): Promise<WireAnswer> {
  const socket = connect(port, '127.0.0.1')
  const parts: Buffer[] = []
  socket.on('data', (part) => parts.push(part))
  const lines = [...head.split('\n'), 'Host: shop.test', 'Connection: close', '', '']
  // Not ended here: the server gives up a request whose caller has closed, answered or not.
  socket.write(lines.join('\r\n'))
  await once(socket, 'close')
  const whole = Buffer.concat(parts)
  const cut = whole.indexOf('\r\n\r\n')
  const [status = '', ...headers] = whole.toString('latin1', 0, cut).split('\r\n')
  assert.match(status, /^HTTP\//, `no answer to ${head}`)
  const isNew = !/^x-request-id:/im.test(head)
  const kept = headers
    .filter((line) => !/^date:/i.test(line))
    .map((line) => (isNew ? line.replace(/^(x-request-id: ).*/, '$1new') : line))
  return { status, headers: kept.sort(), body: whole.subarray(cut + 4) }
}

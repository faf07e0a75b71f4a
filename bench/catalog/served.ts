import type { AddressInfo } from 'node:net'
import { systemChance as chance } from '../../server/platform/chance.ts'
import { systemClock as clock } from '../../server/platform/clock.ts'
import { type Actor, GUEST } from '../../server/platform/http/actor.ts'
import type { Binding } from '../../server/platform/http/binding.ts'
import { createExecutor } from '../../server/platform/http/execute.ts'
import { createFastLane } from '../../server/platform/http/fast-lane.ts'
import { createGateway } from '../../server/platform/http/gateway/index.ts'
import { createHttpServer, serveBindings } from '../../server/platform/http/server.ts'
import { createIdempotency } from '../../server/platform/idempotency.ts'
import { silentLog as log } from '../../server/platform/log.ts'
import { addressList } from '../../server/platform/net/proxies.ts'
import { createLocalBuckets } from '../../server/platform/token-bucket.ts'
import type { DurableCatalog } from '../support/durable-catalog.ts'

/** Routes on a socket of their own behind the shop's door, as the shop serves them. */
export async function serveCatalog(
  { db }: DurableCatalog,
  { routes }: Readonly<{ routes: readonly Binding[] }>,
  actor: Actor = GUEST,
) {
  const isProxy = addressList(['loopback'])
  const buckets = createLocalBuckets(clock)
  const door = { chance, clock, buckets, isProxy, publicUrl: 'http://shop.test', corsOrigins: [] }
  const gateway = createGateway(door)
  const fastLane = createFastLane({ bindings: routes, gateway, isProxy, clock })
  const app = createHttpServer({ log, chance, isProxy, fastLane })
  gateway.mount(app)
  const idempotency = createIdempotency({ db, clock })
  const authenticate = async () => actor
  serveBindings(
    app,
    routes,
    createExecutor({ idempotency, clock, log, authenticate, checkReplies: false }),
  )
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  return {
    port,
    /** Asks for a path and says how long that took. @throws if the answer is not 200. */
    async ask(path: string): Promise<Readonly<{ ms: number; body: unknown; bytes: Uint8Array }>> {
      const began = performance.now()
      const reply = await fetch(`http://127.0.0.1:${port}${path}`)
      const bytes = new Uint8Array(await reply.arrayBuffer())
      const ms = performance.now() - began
      if (reply.status !== 200) throw new Error(`${path}: ${reply.status}`)
      return { ms, bytes, body: JSON.parse(new TextDecoder().decode(bytes)) }
    },
    async close() {
      await app.close()
      gateway.stop()
    },
  }
}

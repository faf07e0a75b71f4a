import type { Transport } from '@stoa/client'
import { type FastifyInstance, fastify } from 'fastify'
import { createFakeTransport } from '../../apps/storefront/fake/transport.ts'
import { createStorefront, type StorefrontOptions } from '../../apps/storefront/index.ts'

export type FakeStorefront = Readonly<{
  url: string
  /** The storefront is there for nobody, until it comes back. */
  vanish(): Promise<void>
  comeBack(): Promise<void>
  stop(): Promise<void>
}>

/** The storefront on its made-up shop, on a port of its own, which can vanish and come back. */
export async function startFakeStorefront(
  options: Partial<StorefrontOptions> = {},
  around: (transport: Transport) => Transport = (transport) => transport,
): Promise<FakeStorefront> {
  const now = () => new Date()
  const transport = around(createFakeTransport({ now }))
  let ids = 0
  const newId = () => {
    ids += 1
    return `key-${ids}`
  }
  let app: FastifyInstance | undefined
  let closing: Promise<unknown> = Promise.resolve()
  let port = 0
  const open = async () => {
    await closing
    app = fastify({ forceCloseConnections: true })
    const silent = () => {}
    await app.register(
      createStorefront({
        transport,
        publicUrl: `http://localhost:${port}`,
        providerUrl: null,
        secureCookies: false,
        newId,
        now,
        log: { warn: silent, error: silent },
        ...options,
      }),
    )
    const address = new URL(await app.listen({ port, host: '127.0.0.1' }))
    port = Number(address.port)
  }
  const close = async () => {
    closing = Promise.resolve(app?.close())
    app = undefined
    await closing
  }
  await open()
  return { url: `http://localhost:${port}`, vanish: close, comeBack: open, stop: close }
}

import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Received = Readonly<{ path: string; headers: IncomingHttpHeaders; body: Buffer }>
/** What it does with a message: a status, or nothing at all. */
export type Manner = Readonly<{ status: number; retryAfter?: string } | 'hang_up'>

export type PushService = Readonly<{
  port: number
  received: Received[]
  /** How it behaves to each browser, by path; 201 unless told. */
  manners: Map<string, Manner>
  stop(): Promise<void>
}>

/** A push service that misbehaves as it is told to. */
export async function startPushService(): Promise<PushService> {
  const received: Received[] = []
  const manners = new Map<string, Manner>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const path = request.url ?? ''
    received.push({ path, headers: request.headers, body: Buffer.concat(chunks) })
    const manner = manners.get(path) ?? { status: 201 }
    if (manner === 'hang_up') return request.socket.destroy()
    const headers = manner.retryAfter ? { 'retry-after': manner.retryAfter } : {}
    return response.writeHead(manner.status, headers).end('x'.repeat(2_000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received,
    manners,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type PushBrowser = Readonly<{
  subscription: Readonly<{ endpoint: string; keys: Readonly<{ p256dh: string; auth: string }> }>
  path: string
  /** What a message says. @throws if it was not encrypted for this browser. */
  read(message: Received): Record<string, string>
}>

/** A browser as a push service knows it. It reads messages by RFC 8291 and RFC 8188, by itself. */
export function makePushBrowser(): PushBrowser {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  const path = `/${randomBytes(12).toString('hex')}`
  return {
    path,
    subscription: {
      endpoint: `https://push.example${path}`,
      keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    read({ body }) {
      const salt = body.subarray(0, 16)
      const sender = body.subarray(21, 21 + (body[20] ?? 0))
      const sealed = body.subarray(21 + sender.length)
      const secret = pair.computeSecret(sender)
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender])
      const seed = Buffer.from(hkdfSync('sha256', secret, auth, info, 32))
      const part = (name: string, length: number) =>
        Buffer.from(hkdfSync('sha256', seed, salt, `Content-Encoding: ${name}\0`, length))
      const decipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12))
      decipher.setAuthTag(sealed.subarray(-16))
      const text = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
      // Padding begins with a 2.
      return JSON.parse(text.subarray(0, text.lastIndexOf(2)).toString())
    },
  }
}

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** A load balancer as small as one can be: asks who is ready, and sends each request to the next that is. */
export type Balancer = Readonly<{ url: string; close(): Promise<void> }>

const LOOK_MS = 200
/** What never reached a process may be sent to another one. */
const NOT_SENT = new Set(['ECONNREFUSED'])

/** @param urls the processes behind it, ready or not, gone or there */
export async function openBalancer(urls: readonly string[]): Promise<Balancer> {
  const isReady = new Map<string, boolean>()
  let turn = 0
  const look = async (url: string) => {
    const signal = AbortSignal.timeout(2_000)
    const answer = await fetch(`${url}/health/ready`, { signal }).then(
      (reply) => reply.ok,
      () => false,
    )
    isReady.set(url, answer)
  }
  // Each is looked at by itself: one that is slow to answer hides nothing of the others.
  const looking = urls.map((url) => {
    let isAsked = false
    return setInterval(async () => {
      if (isAsked) return
      isAsked = true
      await look(url)
      isAsked = false
    }, LOOK_MS)
  })
  await Promise.all(urls.map(look))

  async function pass(incoming: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    turn += 1
    const ready = urls.filter((url) => isReady.get(url))
    const order = ready.map((_, nth) => ready[(turn + nth) % ready.length] as string)
    send(order, incoming, Buffer.concat(parts), reply)
  }

  // Idle connections are the clients' to close: a request must not meet one that is being closed here.
  const server = createServer({ keepAliveTimeout: 0 }, (incoming, reply) => {
    pass(incoming, reply).catch(() => reply.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      looking.forEach(clearInterval)
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

function send(
  [url, ...others]: readonly string[],
  incoming: IncomingMessage,
  body: Buffer,
  reply: ServerResponse,
): void {
  if (!url) {
    reply.writeHead(503, { 'content-type': 'text/plain' }).end('Nobody is ready')
    return
  }
  const { method, headers, url: path } = incoming
  // A connection of its own for each: none is found closed when it is used again.
  const outgoing = request(`${url}${path}`, { method, headers, agent: false })
  outgoing.on('response', (answer) => {
    // Of this line, not of the clients': how long theirs is kept the process behind cannot say.
    const { connection: _, 'keep-alive': __, ...kept } = answer.headers
    reply.writeHead(answer.statusCode ?? 502, kept)
    answer.pipe(reply)
  })
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (NOT_SENT.has(error.code ?? '')) send(others, incoming, body, reply)
    else if (reply.headersSent) reply.destroy()
    else reply.writeHead(502, { 'content-type': 'text/plain' }).end(String(error.code))
  })
  outgoing.end(body)
}

import { createServer, connect as dial, type Socket } from 'node:net'
import { freePortPair } from './ports.ts'

/** A line to an engine that can be cut and slowed, so that tests need not stop the engine itself. */
export type FaultyLine = Readonly<{
  port: number
  /** The engine's address, by way of this line. */
  url: string
  /** Breaks all connections and refuses new ones. */
  cut(): void
  /** Mends the line. */
  mend(): void
  /** Breaks all connections, and nobody listens any more: what is sent surely did not arrive. */
  refuse(): Promise<void>
  /** Listens again, at the same place. */
  accept(): Promise<void>
  /** Holds back each byte in both directions for so long. */
  delay(ms: number): void
  close(): Promise<void>
}>

/** Opens a line on a free port of its own to the engine at `url`. */
export async function faultyLine(url: string): Promise<FaultyLine> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isCut = false
  let delayMs = 0

  const pass = (from: Socket, to: Socket) => {
    // One after the other: what comes when the line is quick again must not overtake what is held back.
    let last = Promise.resolve()
    from.on('data', (bytes) => {
      const due = performance.now() + delayMs
      last = last.then(async () => {
        const leftMs = due - performance.now()
        if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
        if (!to.destroyed) to.write(bytes)
      })
    })
    from.on('error', () => {})
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    sockets.add(from)
  }
  const server = createServer((near) => {
    if (isCut) return void near.destroy()
    const far = dial(Number(target.port), target.hostname)
    pass(near, far)
    pass(far, near)
  })
  const port = await freePortPair()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const own = new URL(url)
  own.hostname = '127.0.0.1'
  own.port = String(port)
  const breakAll = () => {
    // Not by a reset: one whose other end breaks off at that moment keeps Node from ever ending.
    for (const socket of sockets) socket.destroy()
  }
  const stopListening = () => {
    breakAll()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return {
    port,
    url: own.href,
    cut() {
      isCut = true
      breakAll()
    },
    mend() {
      isCut = false
    },
    delay(ms) {
      delayMs = ms
    },
    refuse: stopListening,
    accept: () => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve)),
    close: stopListening,
  }
}

/** Waits until something holds; fails with its name if it does not within `ms`. */
export async function timeUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  ms = 240_000,
): Promise<number> {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > ms) throw new Error(`Not within ${ms} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return performance.now() - began
}

/** The address of an engine that the run was given. @throws if it was given none. */
export function engineUrl(name: 'REDIS_URL' | 'MONGODB_URL' | 'OPENSEARCH_URL'): string {
  const url = process.env[name]
  if (!url) throw new Error(`${name} is not set: run these tests by \`npm run test:engines\``)
  return url
}

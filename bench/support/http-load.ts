import { connect, type Socket } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

/** What a load worker is told: keep-alive connections that ask for the paths by turns. */
export type HttpLoad = Readonly<{
  port: number
  paths: readonly string[]
  connections: number
  ms: number
  /** Further headers of each request. */
  headers?: Readonly<Record<string, string>>
  /** Further headers that requests have by turns. */
  turns?: readonly Readonly<Record<string, string>>[]
}>

export type HttpLoadResult = Readonly<{ requests: number; latenciesMs: readonly number[] }>

const { port, paths, connections, ms, headers = {}, turns = [{}] } = workerData as HttpLoad
const heads = turns.map((own) =>
  Object.entries({ host: 'bench', ...headers, ...own })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join(''),
)
const requests = paths.flatMap((path) => heads.map((head) => `GET ${path} HTTP/1.1\r\n${head}\r\n`))
const latenciesMs: number[] = []
const end = performance.now() + ms
let turn = 0
const open = Array.from({ length: connections }, () => ask())
await Promise.all(open)
parentPort?.postMessage({ requests: latenciesMs.length, latenciesMs } satisfies HttpLoadResult)

/** One connection, one request at a time, until the time is over. */
function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    let sentAt = 0
    let missing = 0
    const send = () => {
      sentAt = performance.now()
      socket.write(requests[turn++ % requests.length] as string)
    }
    socket.on('connect', send)
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      missing = missing === 0 ? lengthOf(chunk) - chunk.length : missing - chunk.length
      if (missing > 0) return
      const now = performance.now()
      latenciesMs.push(now - sentAt)
      if (now < end) return send()
      socket.destroy()
      resolve()
    })
  })
}

/** Bytes of a whole reply, by its head. @throws if it is not 200. */
function lengthOf(chunk: Buffer): number {
  const head = chunk.indexOf('\r\n\r\n')
  const text = chunk.toString('latin1', 0, head).toLowerCase()
  if (!text.startsWith('http/1.1 200')) throw new Error(text.split('\r\n')[0])
  return head + 4 + Number(/content-length: (\d+)/.exec(text)?.[1])
}

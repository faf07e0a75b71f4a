import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const TIMEOUT_MS = 10_000
const HEAD_BYTES_MAX = 16 * 1024

/**
 * Sends one webhook. Answers true on 2xx; a redirect is a failure and is not followed. Of HTTP it
 * speaks only what it needs, which costs a third of `node:http`: one webhook goes out for every
 * payment, so the sender must not take the processor from the payments.
 */
export type WebhookClient = Readonly<{
  post: (headers: Readonly<Record<string, string>>, body: string) => Promise<boolean>
  close: () => void
}>

type Connection = {
  readonly socket: Socket
  received: string
  startedAt: number
  settle: ((isDelivered: boolean) => void) | undefined
}

type Head = Readonly<{ status: number; bytes: number | undefined }>

/** Status and whole length of an answer; without a length the connection cannot be used again. */
function readHead(received: string): Head | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end)
  const status = Number(/^HTTP\/1\.[01] ([0-9]{3})/.exec(head)?.[1] ?? 0)
  if (/\r\nconnection: *close/i.test(head)) return { status, bytes: undefined }
  if (status === 204) return { status, bytes: end + 4 }
  const length = /\r\ncontent-length: *([0-9]+)/i.exec(head)?.[1]
  return { status, bytes: length === undefined ? undefined : end + 4 + Number(length) }
}

type Target = Readonly<{ isTls: boolean; host: string; port: number; start: string }>

function readTarget(url: string): Target {
  const { protocol, hostname, host, port, pathname, search } = new URL(url)
  const isTls = protocol === 'https:'
  return {
    isTls,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (isTls ? 443 : 80)),
    start: `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`,
  }
}

function dial(
  { isTls, host, port }: Target,
  on: Readonly<{
    data: (connection: Connection, chunk: string) => void
    close: (connection: Connection) => void
  }>,
): Connection {
  const socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp(port, host)
  const connection: Connection = { socket, received: '', startedAt: 0, settle: undefined }
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => on.data(connection, chunk))
  // The reason is not needed: 'close' follows, and the webhook is sent again.
  socket.on('error', () => {})
  socket.on('close', () => on.close(connection))
  return connection
}

/** Hands the verdict to who waits for it, once. */
function settle(connection: Connection, isDelivered: boolean): void {
  const tell = connection.settle
  connection.settle = undefined
  connection.received = ''
  tell?.(isDelivered)
}

/** Takes in a piece of an answer. True once the connection is free for the next webhook. */
function take(connection: Connection, chunk: string): boolean {
  const { socket } = connection
  connection.received += chunk
  const { length } = connection.received
  const head = readHead(connection.received)
  const isTooLong = head === undefined && length > HEAD_BYTES_MAX
  if (connection.settle === undefined || isTooLong) {
    socket.destroy()
    return false
  }
  if (head === undefined) return false
  const { status, bytes } = head
  if (bytes !== undefined && length < bytes) return false
  if (length !== bytes) socket.destroy()
  settle(connection, status >= 200 && status < 300)
  return length === bytes
}

export function createWebhookClient(url: string): WebhookClient {
  const target = readTarget(url)
  const open = new Set<Connection>()
  const idle: Connection[] = []
  // One clock for all: a timer a webhook would cost more than the webhook.
  const overseer = setInterval(() => {
    const latest = performance.now() - TIMEOUT_MS
    for (const connection of open) {
      const isLate = connection.settle !== undefined && connection.startedAt < latest
      if (isLate) connection.socket.destroy()
    }
  }, TIMEOUT_MS / 10).unref()

  function data(connection: Connection, chunk: string): void {
    if (take(connection, chunk)) idle.push(connection)
  }

  function close(connection: Connection): void {
    open.delete(connection)
    const place = idle.indexOf(connection)
    if (place >= 0) idle.splice(place, 1)
    settle(connection, false)
  }

  return {
    post(headers, body) {
      return new Promise((resolve) => {
        const connection = idle.pop() ?? dial(target, { data, close })
        open.add(connection)
        connection.settle = resolve
        connection.startedAt = performance.now()
        let head = target.start
        for (const name in headers) head += `${name}: ${headers[name]}\r\n`
        connection.socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
      })
    },
    close() {
      clearInterval(overseer)
      for (const { socket } of open) socket.destroy()
    },
  }
}

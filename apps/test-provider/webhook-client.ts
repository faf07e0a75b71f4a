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

export function createWebhookClient(url: string): WebhookClient {
  const target = new URL(url)
  const isTls = target.protocol === 'https:'
  const host = target.hostname.replace(/^\[|\]$/g, '')
  const port = Number(target.port || (isTls ? 443 : 80))
  const start =
    `POST ${target.pathname}${target.search} HTTP/1.1\r\nhost: ${target.host}\r\n` +
    'content-type: application/json\r\n'
  const open = new Set<Connection>()
  const idle: Connection[] = []
  // One clock for all: a timer a webhook would cost more than the webhook.
  const overseer = setInterval(() => {
    const latest = performance.now() - TIMEOUT_MS
    for (const { settle, startedAt, socket } of open) {
      if (settle !== undefined && startedAt < latest) socket.destroy()
    }
  }, TIMEOUT_MS / 10).unref()

  function finish(connection: Connection, isDelivered: boolean, isReusable: boolean): void {
    const { settle } = connection
    connection.settle = undefined
    connection.received = ''
    if (isReusable) idle.push(connection)
    else connection.socket.destroy()
    settle?.(isDelivered)
  }

  function read(connection: Connection, chunk: string): void {
    if (connection.settle === undefined) {
      connection.socket.destroy()
      return
    }
    connection.received += chunk
    const head = readHead(connection.received)
    if (head === undefined) {
      if (connection.received.length > HEAD_BYTES_MAX) finish(connection, false, false)
      return
    }
    const { status, bytes } = head
    const isWhole = bytes === undefined || connection.received.length >= bytes
    const isReusable = connection.received.length === bytes
    if (isWhole) finish(connection, status >= 200 && status < 300, isReusable)
  }

  function dial(): Connection {
    const socket = isTls ? connectTls({ host, port, servername: host }) : connectTcp(port, host)
    const connection: Connection = { socket, received: '', startedAt: 0, settle: undefined }
    open.add(connection)
    socket.setNoDelay(true)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => read(connection, chunk))
    // The reason is not needed: 'close' follows, and the webhook is sent again.
    socket.on('error', () => {})
    socket.on('close', () => {
      open.delete(connection)
      const place = idle.indexOf(connection)
      if (place >= 0) idle.splice(place, 1)
      const { settle } = connection
      connection.settle = undefined
      settle?.(false)
    })
    return connection
  }

  return {
    post(headers, body) {
      return new Promise((resolve) => {
        const connection = idle.pop() ?? dial()
        connection.settle = resolve
        connection.startedAt = performance.now()
        let head = start
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

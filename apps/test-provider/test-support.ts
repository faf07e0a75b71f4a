import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { createTestProvider, type TestProvider, type TestProviderOptions } from './index.ts'
import type { Payment, Refund } from './model.ts'

export const API_KEY = 'sk_test_of_the_tests'
export const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** A body as a test reads it. */
export type Body = Partial<Payment & Refund> & {
  code?: string
  errors?: { path: string; message: string }[]
  items?: Payment[]
  token?: string
}

export type Answer = Readonly<{ status: number; body: Body; text: string; headers: Headers }>

export type Client = Readonly<{
  post: (
    path: string,
    body: unknown,
    options?: { key?: string; signal?: AbortSignal },
  ) => Promise<Answer>
  get: (path: string) => Promise<Answer>
  delete: (path: string) => Promise<Answer>
}>

let keyCount = 0

export function newKey(): string {
  keyCount += 1
  return `key-${process.pid}-${keyCount}`
}

async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '')
  const body = isJson ? (JSON.parse(text) as Body) : {}
  return { status: response.status, body, text, headers: response.headers }
}

export function clientOf(url: string): Client {
  const authorization = `Bearer ${API_KEY}`
  return {
    async post(path, body, { key = newKey(), signal } = {}) {
      const response = await fetch(url + path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      })
      return toAnswer(response)
    },
    get: async (path) => toAnswer(await fetch(url + path, { headers: { authorization } })),
    delete: async (path) =>
      toAnswer(await fetch(url + path, { method: 'DELETE', headers: { authorization } })),
  }
}

export function payment(token: string, more: Record<string, unknown> = {}): object {
  return { amount: 1999, currency: 'EUR', token, capture: true, reference: 'ord_1', ...more }
}

export function tempFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'test-provider-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A provider on a free port, with its folder, ended with the test. */
export async function startProvider(
  t: TestContext,
  options: Partial<TestProviderOptions> = {},
): Promise<
  Readonly<{ provider: TestProvider; client: Client; dataFolder: string; journal: () => string }>
> {
  const dataFolder = options.dataFolder ?? tempFolder(t)
  const provider = createTestProvider({
    port: 0,
    host: '127.0.0.1',
    apiKey: API_KEY,
    webhookSecret: WEBHOOK_SECRET,
    hangMs: 300,
    processingMs: 30,
    disputeDelayMs: 30,
    webhookRetryMs: [20, 20, 20, 20, 20],
    ...options,
    dataFolder,
  })
  await provider.start()
  t.after(() => provider.stop())
  const journal = (): string => readFileSync(join(dataFolder, 'journal.jsonl'), 'utf8')
  return { provider, client: clientOf(provider.url), dataFolder, journal }
}

export type Received = Readonly<{
  headers: IncomingHttpHeaders
  raw: string
  body: Readonly<{
    id: string
    type: string
    sequence: number
    data: { payment: Payment; refund?: Refund; dispute?: { amount: number } }
  }>
}>

/** A shop that only listens to webhooks; `answer` decides the status of the nth delivery. */
export async function startReceiver(
  t: TestContext,
  answer: (nth: number) => number = () => 204,
): Promise<Readonly<{ url: string; received: Received[] }>> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let raw = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      raw += chunk
    })
    request.on('end', () => {
      received.push({ headers: request.headers, raw, body: JSON.parse(raw) as Received['body'] })
      response.writeHead(answer(received.length)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, received }
}

/** Waits until it is so; a test that waits for ever fails by the runner's own limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 12_000; tries += 1) {
    if (await isSo()) return
    await wait(5)
  }
  throw new Error(`it never came to be: ${isSo}`)
}

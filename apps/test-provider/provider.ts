import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createApi } from './api.ts'
import { answerOf, createBank } from './bank.ts'
import { fingerprintOf } from './cards.ts'
import { type Random, secureRandom } from './chance.ts'
import { createChaosSwitch } from './chaos.ts'
import { type Clock, createTimers, systemClock, type Timers } from './clock.ts'
import { createHttpServer, type HttpRequest, json, type Reply } from './http.ts'
import { createIdempotencyKeys, type IdempotencyKeys, KEPT_MS } from './idempotency.ts'
import { type Journal, openJournal } from './journal.ts'
import { type Log, silentLog } from './log.ts'
import { createPages } from './pages/pages.ts'
import { notFound, ProviderProblem } from './problem.ts'
import { createRecords, type Entry, isPaymentEntry, type Records } from './records.ts'
import { createWebhooks, WEBHOOK_RETRY_MS, type WebhookMessage, type Webhooks } from './webhooks.ts'
import { createWriter, toWebhookMessage, webhookData } from './writer.ts'

export type TestProviderOptions = Readonly<{
  /** 0 takes a free one; `url` then tells which. */
  port: number
  host: string
  /** Holds the journal and the key of the fingerprints; made if it is not there. */
  dataFolder: string
  /** Without one nothing is sent; what happened meanwhile is sent by the next start that has one. */
  webhookUrl?: string | undefined
  /** `whsec_…` (Standard Webhooks) */
  webhookSecret: string
  apiKey: string
  /** As the shopper's browser reaches the provider, if not by host and port. */
  publicOrigin?: string | undefined
  /** May frame the card fields and get a shopper back; the origin of `webhookUrl` if not given. */
  shopOrigins?: readonly string[] | undefined
  clock?: Clock | undefined
  random?: Random | undefined
  log?: Log | undefined
  /** How long a connection is held that will get no answer. */
  hangMs?: number | undefined
  /** How long `tok_processing` stays undecided. */
  processingMs?: number | undefined
  /** How long after its capture `tok_chargeback` is disputed. */
  disputeDelayMs?: number | undefined
  webhookRetryMs?: readonly number[] | undefined
}>

export type TestProvider = Readonly<{
  /** Reads the journal, listens, and resumes what was interrupted. Answers the url. */
  start: () => Promise<string>
  stop: () => Promise<void>
  readonly url: string
}>

const HANG_MS = 30_000
const PROCESSING_MS = 2_000
const DISPUTE_DELAY_MS = 3_000

type Running = Readonly<{
  server: Server
  journal: Journal
  webhooks: Webhooks | undefined
  timers: Timers
}>

/** The test bank: one HTTP server, one folder. */
export function createTestProvider(options: TestProviderOptions): TestProvider {
  let running: Running | undefined
  let url = ''

  async function stop(): Promise<void> {
    if (running === undefined) return
    const { server, journal, webhooks, timers } = running
    running = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    timers.stop()
    webhooks?.stop()
    await journal.settled()
    server.closeAllConnections()
    await closed
    await journal.close()
  }

  return {
    async start() {
      if (running !== undefined) return url
      running = open(options, () => options.publicOrigin ?? url)
      const { server } = running
      try {
        await new Promise<void>((resolve, reject) => {
          server.once('error', reject)
          server.listen(options.port, options.host, resolve)
        })
      } catch (error) {
        await stop()
        throw error
      }
      const { port } = server.address() as AddressInfo
      url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`
      return url
    },
    stop,
    get url() {
      return url
    },
  }
}

/** Builds all parts in the order in which they need each other. */
function open(options: TestProviderOptions, publicOrigin: () => string): Running {
  const { dataFolder, log = silentLog, clock = systemClock, random = secureRandom() } = options
  mkdirSync(dataFolder, { recursive: true })
  const timers = createTimers()
  const chaos = createChaosSwitch()
  const records = createRecords()
  const keys = createIdempotencyKeys()
  const past = createPast({ records, keys, clock })
  const file = join(dataFolder, 'journal.jsonl')
  const journal = openJournal({ file, log, onLine: past.take })
  let seq = past.lastSeq()
  const nextSeq = (): number => {
    seq += 1
    return seq
  }
  const webhooks = openWebhooks(options, { clock, timers, random, chaos, journal, nextSeq })
  const onEvent = (message: WebhookMessage): void => webhooks?.enqueue(message)
  const writer = createWriter({ records, journal, clock, random, onEvent })
  const fingerprintKey = readFingerprintKey(dataFolder)
  const { processingMs = PROCESSING_MS, disputeDelayMs = DISPUTE_DELAY_MS } = options
  const delays = { processingMs, disputeDelayMs }
  const shared = { records, journal, clock, timers, random }
  const namedFingerprint = fingerprintOf('named token', fingerprintKey)
  const named = { namedFingerprint, nextSeq, publicOrigin }
  const bank = createBank({ ...shared, ...delays, ...named, writer })
  const waitingWebhooks = (): number => webhooks?.waiting() ?? 0
  const { apiKey, hangMs = HANG_MS } = options
  const api = createApi({ ...shared, bank, keys, chaos, apiKey, waitingWebhooks })
  const shopOrigins = options.shopOrigins ?? originsOf(options.webhookUrl)
  const pages = createPages({ bank, records, clock, fingerprintKey, shopOrigins })
  const server = createHttpServer({ handle: makeRouter(api, pages), hangMs, log })
  bank.resume()
  for (const message of past.undelivered()) onEvent(message)
  return { server, journal, webhooks, timers }
}

function originsOf(webhookUrl: string | undefined): readonly string[] {
  return webhookUrl === undefined ? [] : [new URL(webhookUrl).origin]
}

type Handle = (request: HttpRequest) => Promise<Reply> | Reply

const API_COLLECTIONS: ReadonlySet<string> = new Set(['payments', 'refunds', 'test'])

function makeRouter(api: Handle, pages: Handle): Handle {
  return (request) => {
    const [version, collection = ''] = request.segments
    if (version !== 'v1') throw notFound('route')
    if (API_COLLECTIONS.has(collection)) return api(request)
    if (request.path === '/v1/health') return json(200, '{"status":"ok"}')
    return pages(request)
  }
}

function openWebhooks(
  options: TestProviderOptions,
  deps: Readonly<{
    clock: Clock
    timers: Timers
    random: Random
    chaos: ReturnType<typeof createChaosSwitch>
    journal: Journal
    nextSeq: () => number
  }>,
): Webhooks | undefined {
  const { webhookUrl: url, webhookSecret: secret, webhookRetryMs = WEBHOOK_RETRY_MS } = options
  if (url === undefined) return undefined
  const { journal, nextSeq, ...parts } = deps
  return createWebhooks({
    ...parts,
    url,
    secret,
    retryMs: webhookRetryMs,
    onEnd(event, outcome) {
      const at = deps.clock.now().toISOString()
      const line = JSON.stringify({ seq: nextSeq(), at, type: `webhook.${outcome}`, event })
      // Nobody waits for this line: if it is lost, the webhook is sent once more.
      void journal.append(line, undefined)
    },
  })
}

/** Rebuilds memory from the journal's lines, and remembers which webhooks were not delivered. */
function createPast(
  deps: Readonly<{ records: Records; keys: IdempotencyKeys; clock: Clock }>,
): Readonly<{
  take: (line: string) => string | undefined
  lastSeq: () => number
  undelivered: () => Iterable<WebhookMessage>
}> {
  const { records, keys } = deps
  const undelivered = new Map<string, WebhookMessage>()
  const forgottenBefore = deps.clock.now().getTime() - KEPT_MS
  let lastSeq = 0

  function take(line: string): string | undefined {
    const entry = JSON.parse(line) as Entry
    if (entry.seq <= lastSeq) throw new Error(`the journal goes back at ${entry.seq}`)
    lastSeq = entry.seq
    if (isPaymentEntry(entry)) {
      records.apply(entry)
      const { payment, refund, dispute, proof, event, type, at } = entry
      const paymentJson = JSON.stringify(payment)
      const refundJson = refund && JSON.stringify(refund)
      const disputeJson = dispute && JSON.stringify(dispute)
      const data = webhookData({ payment: paymentJson, refund: refundJson, dispute: disputeJson })
      const sequence = payment.version
      undelivered.set(event, toWebhookMessage({ event, type, at, sequence }, data))
      if (proof !== undefined && Date.parse(at) > forgottenBefore) {
        const isRefund = refund !== undefined
        const answer = answerOf(entry, { json: refundJson ?? paymentJson, isRefund })
        keys.restore({ ...proof, at: new Date(at), answer })
      }
      return payment.reference
    }
    if (entry.type === 'token.created') records.apply(entry)
    else undelivered.delete(entry.event)
    return undefined
  }

  return { take, lastSeq: () => lastSeq, undelivered: () => undelivered.values() }
}

/** Made once and kept beside the journal, so that a card keeps its fingerprint. */
function readFingerprintKey(dataFolder: string): Uint8Array {
  const file = join(dataFolder, 'fingerprint.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  const key = readFileSync(file)
  if (key.length !== 32) {
    throw new ProviderProblem(500, 'internal_error', `${file} is not a key of 32 bytes`)
  }
  return key
}

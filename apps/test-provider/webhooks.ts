import { type Random, shuffle } from './chance.ts'
import type { ChaosSwitch } from './chaos.ts'
import type { Clock, Timers } from './clock.ts'
import { decodeWebhookSecret, signWebhook } from './signature.ts'
import { createWebhookClient } from './webhook-client.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Waits between attempts, some 24 hours in all, each with 20 % jitter. */
export const WEBHOOK_RETRY_MS: readonly number[] = [
  500,
  2_000,
  5_000,
  10_000,
  30_000,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  8 * HOUR_MS,
  12 * HOUR_MS,
]
const JITTER = 0.2
const CONNECTIONS_MAX = 32
const COMPACT_AT = 4_096
/** Webhooks of so long a time are held together, and let go in another order. */
const REORDER_WINDOW_MS = 200

/** Body and id are fixed when the event happens: every attempt sends the same bytes. */
export type WebhookMessage = Readonly<{ id: string; body: string }>

export type Webhooks = Readonly<{
  /** Sends at least once, until a 2xx. */
  enqueue: (message: WebhookMessage) => void
  /** Messages not yet delivered, waiting ones included. */
  waiting: () => number
  stop: () => void
}>

type Delivery = { readonly message: WebhookMessage; attempts: number; isCopy: boolean }
type Outcome = 'delivered' | 'lost' | 'abandoned'

type Queue = Readonly<{ push: (delivery: Delivery) => void; stop: () => void }>

/** First come, first sent, at most `limit()` at a time. */
function createQueue(
  options: Readonly<{ limit: () => number; attempt: (delivery: Delivery) => Promise<void> }>,
): Queue {
  let waiting: Delivery[] = []
  let head = 0
  let running = 0
  let stopped = false

  function pump(): void {
    while (!stopped && running < options.limit() && head < waiting.length) {
      const delivery = waiting[head++] as Delivery
      running += 1
      void options.attempt(delivery).finally(() => {
        running -= 1
        pump()
      })
    }
    if (head === waiting.length || head > COMPACT_AT) {
      waiting = waiting.slice(head)
      head = 0
    }
  }

  return {
    push(delivery) {
      waiting.push(delivery)
      pump()
    },
    stop() {
      stopped = true
    },
  }
}

/** Lets deliveries through as the chaos switch says: late, several times, in another order. */
function createGate(
  options: Readonly<{ chaos: ChaosSwitch; timers: Timers; push: (delivery: Delivery) => void }>,
): (message: WebhookMessage) => void {
  const { chaos, timers, push } = options
  let held: Delivery[] = []

  function hold(deliveries: readonly Delivery[]): void {
    if (held.length === 0) {
      timers.after(REORDER_WINDOW_MS, () => {
        const released = shuffle(held, chaos.webhookRandom)
        held = []
        for (const delivery of released) push(delivery)
      })
    }
    held.push(...deliveries)
  }

  return (message) => {
    const { webhookReorder, webhookDuplicate, webhookDelayMs } = chaos.current()
    const deliveries = Array.from({ length: 1 + webhookDuplicate }, (_, copy) => ({
      message,
      attempts: 0,
      isCopy: copy > 0,
    }))
    const release = (): void => {
      if (webhookReorder) hold(deliveries)
      else for (const delivery of deliveries) push(delivery)
    }
    if (webhookDelayMs > 0) timers.after(webhookDelayMs, release)
    else release()
  }
}

export function createWebhooks(
  options: Readonly<{
    url: string
    secret: string
    clock: Clock
    timers: Timers
    random: Random
    chaos: ChaosSwitch
    retryMs: readonly number[]
    onEnd: (id: string, outcome: Outcome) => void
  }>,
): Webhooks {
  const { clock, timers, random, chaos, retryMs, onEnd } = options
  const key = decodeWebhookSecret(options.secret)
  const client = createWebhookClient(options.url)
  const open = new Set<string>()
  let stopped = false
  // In reorder the next may go only after the last arrived, or the network would undo the order.
  const limit = (): number => (chaos.current().webhookReorder ? 1 : CONNECTIONS_MAX)
  const queue = createQueue({ limit, attempt })
  const letThrough = createGate({ chaos, timers, push: queue.push })

  async function attempt(delivery: Delivery): Promise<void> {
    const { id, body } = delivery.message
    const timestamp = String(Math.floor(clock.now().getTime() / 1000))
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWebhook(key, { id, timestamp, body }),
    }
    const isDelivered = await client.post(headers, body)
    if (stopped) return
    if (isDelivered) end(id, 'delivered')
    else if (!delivery.isCopy) retry(delivery)
  }

  function retry(delivery: Delivery): void {
    const waitMs = retryMs[delivery.attempts]
    if (waitMs === undefined) {
      end(delivery.message.id, 'abandoned')
      return
    }
    delivery.attempts += 1
    const jitter = 1 + JITTER * (2 * random() - 1)
    timers.after(Math.round(waitMs * jitter), () => queue.push(delivery))
  }

  function end(id: string, outcome: Outcome): void {
    if (open.delete(id)) onEnd(id, outcome)
  }

  return {
    enqueue(message) {
      open.add(message.id)
      if (!chaos.isOn()) queue.push({ message, attempts: 0, isCopy: false })
      else if (chaos.lossRandom() < chaos.current().webhookLoss) end(message.id, 'lost')
      else letThrough(message)
    },
    waiting: () => open.size,
    stop() {
      stopped = true
      queue.stop()
      client.close()
    },
  }
}

/** A crowd that checks out: a thread of its own, started by `rushIn`. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Client, createClient, httpTransport } from '../../packages/client/src/index.ts'
import type { Rush, RushNews, Waiting } from './crowd.ts'

const PROGRESS_MS = 5_000

/** What a crowd may be told: to come again. Who was not answered in time finds the first call at work. */
const PASSING: readonly string[] = [
  'unavailable',
  'network_error',
  'rate_limited',
  'idempotency_in_progress',
]

const { urls, crowd } = workerData as Readonly<{
  urls: readonly string[]
  crowd: readonly Waiting[]
}>
const rush: Rush = { bought: [], refused: 0, asked: 0, times: [] }
const tell = (news: RushNews) => parentPort?.postMessage(news)

/** Nothing is asked again but by the buyer, who waits as long as he is told. */
const clients = urls.map((url) => createClient({ transport: httpTransport(url), attempts: 1 }))

/** Checks out until there is an answer that is none to come again. */
async function checkOut(client: Client, { body, idempotencyKey }: Waiting): Promise<void> {
  for (;;) {
    const asked = performance.now()
    rush.asked += 1
    const answer = await client.placeOrder({ body, idempotencyKey })
    const isSoldOut = !answer.ok && answer.problem.code === 'inventory.insufficient_stock'
    if (answer.ok || isSoldOut) {
      if (answer.ok) rush.bought.push(answer.data.id)
      else rush.refused += 1
      rush.times.push(performance.now() - asked)
      return
    }
    const { code, retryAfterSeconds = 1 } = answer.problem
    if (!PASSING.includes(code)) throw new Error(JSON.stringify(answer.problem))
    await new Promise((resolve) => setTimeout(resolve, 1_000 * retryAfterSeconds))
  }
}

const progress = setInterval(() => tell({ rush, isOver: false }), PROGRESS_MS)
try {
  await Promise.all(crowd.map((one, nth) => checkOut(clients[nth % clients.length] as Client, one)))
  tell({ rush, isOver: true })
} catch (error) {
  tell({ failure: String(error) })
} finally {
  clearInterval(progress)
}

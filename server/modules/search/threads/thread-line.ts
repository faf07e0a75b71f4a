import type { Transferable, Worker } from 'node:worker_threads'
import type { Clock } from '../../../platform/clock.ts'
import type { ThreadReply, ThreadRequest } from './thread-messages.ts'

type Waiting = Readonly<{
  sentAt: number
  resolve(value: unknown): void
  reject(error: unknown): void
}>

/** Calls to a thread and its answers. */
export type ThreadLine = Readonly<{
  /** What the thread said when it was ready. */
  ready: Promise<unknown>
  ask(call: string, input?: unknown): Promise<unknown>
  post(message: unknown, transferred: readonly Transferable[]): void
  /** How many calls wait for their answers. */
  waiting(): number
  /** For how long the oldest of them waits. */
  oldestMs(): number
  /** Resolves when none waits. */
  drained(): Promise<void>
  /** Ends the thread; who waits is told why. */
  end(reason: unknown): Promise<void>
}>

const READY = 0

/** @param onFailed called once if the thread fails or ends by itself */
export function openThreadLine(
  worker: Worker,
  clock: Clock,
  onFailed: (reason: unknown) => void,
): ThreadLine {
  const waiting = new Map<number, Waiting>()
  const idle: (() => void)[] = []
  let ended: { reason: unknown } | undefined
  let last = READY

  function settle(reason: unknown): void {
    if (ended) return
    ended = { reason }
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
    for (const resolve of idle) resolve()
  }

  function fail(reason: unknown): void {
    if (ended) return
    settle(reason)
    onFailed(reason)
  }

  function wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (ended) reject(ended.reason)
      else waiting.set(id, { resolve, reject, sentAt: clock.monotonicMs() })
    })
  }

  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`A thread of the index ended with code ${code}`)))
  worker.on('message', (message: ThreadReply) => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    if ('error' in message) asked?.reject(message.error)
    else asked?.resolve(message.value)
    if (waiting.size === 0) for (const resolve of idle.splice(0)) resolve()
  })

  return {
    ready: wait(READY),
    ask(call, input) {
      last += 1
      const answer = wait(last)
      if (!ended) worker.postMessage({ id: last, call, input } satisfies ThreadRequest)
      return answer
    },
    post: (message, transferred) => worker.postMessage(message, transferred),
    waiting: () => waiting.size,
    oldestMs() {
      const [oldest] = waiting.values()
      return oldest === undefined ? 0 : clock.monotonicMs() - oldest.sentAt
    },
    drained: () =>
      waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(resolve)),
    async end(reason) {
      settle(reason)
      await worker.terminate()
    },
  }
}

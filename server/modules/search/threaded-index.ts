import { Worker } from 'node:worker_threads'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../platform/clock.ts'
import type { ThreadCalls, ThreadTask } from './index-thread.ts'
import type { IndexBatch, IndexCursor, SearchIndex } from './port.ts'
import type { ThreadReply, ThreadRequest } from './thread-messages.ts'

/** More searches than these waiting are refused: they would be answered too late for anyone. */
const MOST_WAITING = 1_000
/** A search that waits longer means that the thread hangs. */
const HANGING_MS = 30_000
/** Documents applied in one go: searches wait for no more than these to be indexed. */
const APPLIED_AT_ONCE = 64
/** Of a big batch more go at once, because each time makes a segment that has to be merged. */
const BIG_BATCH = 256
const CLOSING_MS = 5_000

type Waiting = Readonly<{
  sentAt: number
  resolve(value: unknown): void
  reject(error: unknown): void
}>

/**
 * An index in a worker thread. It is not there until the thread has loaded it.
 * @returns the index, and where it stands (null: the folder held none)
 * @throws what the thread could not begin with, such as DamagedIndexError (by its `name`)
 */
export async function startIndexThread(
  task: ThreadTask,
  clock: Clock,
): Promise<Readonly<{ index: SearchIndex; loaded: IndexCursor | null }>> {
  const worker = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData: task })
  const failure = new AbortController()
  const waiting = new Map<number, Waiting>()
  const searches = new Set<number>()
  const drained = Promise.withResolvers<void>()
  let last = 0
  let closing = false

  function fail(reason: unknown): void {
    if (failure.signal.aborted) return
    failure.abort(reason)
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
    void worker.terminate()
  }

  worker.on('error', fail)
  worker.on('exit', (code) => fail(new Error(`The index's thread ended with code ${code}`)))
  worker.on('message', (message: ThreadReply) => {
    const asked = waiting.get(message.id)
    waiting.delete(message.id)
    searches.delete(message.id)
    if ('error' in message) asked?.reject(message.error)
    else asked?.resolve(message.value)
    if (closing && waiting.size === 0) drained.resolve()
  })

  function wait(id: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (failure.signal.aborted || closing) reject(failure.signal.reason ?? new Error('Closed'))
      else waiting.set(id, { resolve, reject, sentAt: clock.monotonicMs() })
    })
  }

  function ask<Call extends keyof ThreadCalls>(
    call: Call,
    input?: Parameters<ThreadCalls[Call]>[0],
  ): ReturnType<ThreadCalls[Call]> {
    last += 1
    const answer = wait(last)
    worker.postMessage({ id: last, call, input } satisfies ThreadRequest)
    return answer as ReturnType<ThreadCalls[Call]>
  }

  function shopper<Call extends 'search' | 'suggest'>(
    call: Call,
    input: Parameters<ThreadCalls[Call]>[0],
  ): ReturnType<ThreadCalls[Call]> {
    if (searches.size >= MOST_WAITING) throw generalProblem('unavailable', { retryAfterSeconds: 1 })
    const [oldest] = searches
    const since = oldest === undefined ? undefined : waiting.get(oldest)?.sentAt
    if (since !== undefined && clock.monotonicMs() - since > HANGING_MS) {
      fail(new Error("The index's thread hangs"))
    }
    const answer = ask(call, input)
    searches.add(last)
    return answer
  }

  const loaded = (await wait(0)) as IndexCursor | null
  let cursor = loaded

  async function apply({ documents, gone, cursor: end, asOf }: IndexBatch): Promise<number> {
    const step = documents.length > BIG_BATCH ? BIG_BATCH : APPLIED_AT_ONCE
    let changed = 0
    for (let from = 0; from < documents.length; from += step) {
      const part = documents.slice(from, from + step)
      changed += await ask('apply', { documents: part, gone: [], asOf })
    }
    if (gone.length > 0 || end) {
      changed += await ask('apply', { documents: [], gone, asOf, ...(end && { cursor: end }) })
    }
    cursor = end ?? cursor
    return changed
  }

  const index: SearchIndex = {
    cursor: () => cursor,
    search: async (query) => shopper('search', query),
    suggest: async (input) => shopper('suggest', input),
    apply,
    progress: () => null,
    learn: async () => false,
    async finish(end) {
      await ask('finish', end)
      cursor = end
    },
    keep: (options) => ask('keep', options),
    refreshSuggestions: (queries) => ask('refreshSuggestions', queries),
    beginSweep: () => ask('beginSweep'),
    endSweep: () => ask('endSweep'),
    figures: () => ask('figures'),
    failure: failure.signal,
    async close() {
      closing = true
      const enough = new AbortController()
      if (waiting.size > 0) {
        await Promise.race([drained.promise, clock.sleep(CLOSING_MS, enough.signal)])
      }
      enough.abort()
      worker.removeAllListeners('exit')
      await worker.terminate()
      fail(new Error('The index is closed'))
    },
  }
  return { index, loaded }
}

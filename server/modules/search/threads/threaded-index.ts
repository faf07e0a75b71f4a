import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../platform/clock.ts'
import type { IndexBatch, SearchIndex } from '../port.ts'
import { type IndexReaders, startIndexReaders } from './index-readers.ts'
import type { Loaded, ThreadCalls, ThreadTask } from './index-thread.ts'
import { openThreadLine, type ThreadLine } from './thread-line.ts'

/** Documents applied in one go: other changes wait for no more than these to be indexed. */
const APPLIED_AT_ONCE = 64
/** Of a big batch more go at once, because each time makes a segment that has to be merged. */
const BIG_BATCH = 256
/** To build an index of fewer documents takes no memory worth giving back. */
const MANY_DOCUMENTS = 20_000
const CLOSING_MS = 5_000

/** As many threads answer searches as there are processors besides the one that serves HTTP. */
function usualReaders(): number {
  return Math.max(1, availableParallelism() - 1)
}

export type ThreadedIndex = Readonly<{ index: SearchIndex; loaded: Loaded }>

/**
 * An index in threads of this process: one that changes it, and several that answer searches over the
 * same memory. It is not there until the first has loaded it.
 * @returns the index, and what the folder held
 * @throws what the thread could not begin with, such as DamagedIndexError (by its `name`)
 */
export async function startThreadedIndex(
  task: ThreadTask,
  { clock, readers: count = usualReaders() }: Readonly<{ clock: Clock; readers?: number }>,
): Promise<ThreadedIndex> {
  const failure = new AbortController()
  let writer = startWriter(task)
  let readers: Promise<IndexReaders> | undefined
  let closing = false

  function startWriter(workerData: ThreadTask): ThreadLine {
    const worker = new Worker(new URL('./index-worker.ts', import.meta.url), { workerData })
    return openThreadLine(worker, clock, fail)
  }

  /** What was needed to build goes with the thread that has built; a new one opens what it kept. */
  async function startAnew(): Promise<void> {
    const built = writer
    writer = startWriter({ folder: task.folder, mode: 'open' })
    await built.end(new Error('The index is built'))
    const kept = (await writer.ready) as Loaded
    if (kept.cursor === null) throw new Error(`What was built in ${task.folder} is gone`)
  }

  function fail(reason: unknown): void {
    if (failure.signal.aborted) return
    failure.abort(reason)
    void end(reason)
  }

  async function end(reason: unknown): Promise<void> {
    await writer.end(reason)
    await readers?.then((all) => all.end(reason)).catch(() => {})
  }

  function ask<Call extends keyof ThreadCalls>(
    call: Call,
    input?: Parameters<ThreadCalls[Call]>[0],
  ): ReturnType<ThreadCalls[Call]> {
    if (closing) return Promise.reject(new Error('Closed')) as ReturnType<ThreadCalls[Call]>
    return writer.ask(call, input) as ReturnType<ThreadCalls[Call]>
  }

  /** They are started when they are needed: an index that is being built answers nobody. */
  function reading(): Promise<IndexReaders> {
    if (closing) return Promise.reject(new Error('Closed'))
    readers ??= startIndexReaders(writer, { count, clock, onFailed: fail })
    return readers
  }

  const loaded = (await writer.ready) as Loaded
  let { cursor, progress } = loaded
  if (cursor !== null) await reading()

  async function apply(batch: IndexBatch): Promise<number> {
    const { documents, gone, cursor: end, asOf } = batch
    const step = documents.length > BIG_BATCH ? BIG_BATCH : APPLIED_AT_ONCE
    let changed = 0
    for (let from = 0; from < documents.length; from += step) {
      const part = documents.slice(from, from + step)
      const whole = from + step >= documents.length
      const reached = whole && batch.progress ? { progress: batch.progress } : {}
      changed += await ask('apply', { documents: part, gone: [], asOf, ...reached })
    }
    if (gone.length > 0 || end) {
      changed += await ask('apply', { documents: [], gone, asOf, ...(end && { cursor: end }) })
    }
    cursor = end ?? cursor
    progress = batch.progress ?? progress
    return changed
  }

  const index: SearchIndex = {
    cursor: () => cursor,
    search: async (query) => (await reading()).search(query),
    suggest: async (input) => (await reading()).suggest(input),
    apply,
    progress: () => progress,
    learn: async () => false,
    async finish(end) {
      await ask('finish', end)
      const { documents } = await ask('figures')
      if (readers === undefined && documents >= MANY_DOCUMENTS) await startAnew()
      cursor = end
      progress = null
      await reading()
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
      const answered = async () => {
        await (await readers)?.drained()
        await writer.drained()
      }
      await Promise.race([answered(), clock.sleep(CLOSING_MS, enough.signal)])
      enough.abort()
      const reason = new Error('The index is closed')
      await end(reason)
      fail(reason)
    },
  }
  return { index, loaded }
}

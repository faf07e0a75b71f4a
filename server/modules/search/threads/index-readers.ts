import { MessageChannel, Worker } from 'node:worker_threads'
import { generalProblem } from '#contracts/kit/problem.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { ReaderCalls } from './index-reader.ts'
import { openThreadLine, type ThreadLine } from './thread-line.ts'
import type { ConnectMessage } from './thread-messages.ts'

/** More searches than these waiting are refused: they would be answered too late for anyone. */
const MOST_WAITING = 1_000
/** A search that waits longer means that its thread hangs. */
const HANGING_MS = 30_000

/** Threads that answer searches over the memory of the thread that changes the index. */
export type IndexReaders = Readonly<{
  search: ReaderCalls['search']
  suggest: ReaderCalls['suggest']
  drained(): Promise<void>
  end(reason: unknown): Promise<void>
}>

/**
 * Starts readers. Each has its own line to the writer, by which it is told of changes; the writer's
 * answers come after all have taken them.
 */
export async function startIndexReaders(
  writer: ThreadLine,
  {
    count,
    clock,
    onFailed,
  }: Readonly<{ count: number; clock: Clock; onFailed: (reason: unknown) => void }>,
): Promise<IndexReaders> {
  const lines = Array.from({ length: count }, () => {
    const worker = new Worker(new URL('./index-reader-worker.ts', import.meta.url))
    const line = openThreadLine(worker, clock, onFailed)
    const { port1, port2 } = new MessageChannel()
    line.post({ connect: port1 } satisfies ConnectMessage, [port1])
    writer.post({ connect: port2 } satisfies ConnectMessage, [port2])
    return line
  })
  await Promise.all(lines.map(({ ready }) => ready))
  await writer.ask('publish')

  /** The one with the fewest questions. */
  function choose(): ThreadLine {
    const line = lines.reduce((a, b) => (b.waiting() < a.waiting() ? b : a))
    if (line.waiting() >= MOST_WAITING)
      throw generalProblem('unavailable', { retryAfterSeconds: 1 })
    if (line.oldestMs() > HANGING_MS) onFailed(new Error('A thread of the index hangs'))
    return line
  }

  return {
    search: (query) => choose().ask('search', query) as ReturnType<ReaderCalls['search']>,
    suggest: (input) => choose().ask('suggest', input) as ReturnType<ReaderCalls['suggest']>,
    async drained() {
      await Promise.all(lines.map((line) => line.drained()))
    },
    async end(reason) {
      await Promise.all(lines.map((line) => line.end(reason)))
    },
  }
}

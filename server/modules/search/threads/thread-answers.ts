import { parentPort } from 'node:worker_threads'
import type { ConnectMessage, ThreadReply, ThreadRequest } from './thread-messages.ts'

/**
 * Answers the calls that come to this thread.
 * @param ready what to tell once it is ready
 */
export function answerCalls(
  calls: object,
  ready: unknown,
  onConnect: (message: ConnectMessage) => void,
): void {
  const reply = (message: ThreadReply): void => parentPort?.postMessage(message)
  const byName = new Map(Object.entries(calls))
  parentPort?.on('message', async (message: ThreadRequest | ConnectMessage) => {
    if ('connect' in message) {
      onConnect(message)
      return
    }
    const { id, call, input } = message
    try {
      reply({ id, value: await byName.get(call)?.(input) })
    } catch (error) {
      reply({ id, error: error instanceof Error ? error : new Error(String(error)) })
    }
  })
  reply({ id: 0, value: ready })
}

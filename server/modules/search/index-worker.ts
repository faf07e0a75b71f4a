import { parentPort, workerData } from 'node:worker_threads'
import { createIndexThread, type ThreadTask } from './index-thread.ts'
import type { ThreadReply, ThreadRequest } from './thread-messages.ts'

const thread = createIndexThread(workerData as ThreadTask)
const reply = (message: ThreadReply): void => parentPort?.postMessage(message)

parentPort?.on('message', async ({ id, call, input }: ThreadRequest) => {
  try {
    const run = thread.calls[call] as (input: unknown) => Promise<unknown>
    reply({ id, value: await run(input) })
  } catch (error) {
    reply({ id, error: error instanceof Error ? error : new Error(String(error)) })
  }
})
reply({ id: 0, value: thread.loaded })

import { workerData } from 'node:worker_threads'
import type { IndexNews } from '../engine/index.ts'
import { createIndexThread, type ThreadTask } from './index-thread.ts'
import { createTelling } from './telling.ts'
import { answerCalls } from './thread-answers.ts'
import type { NewsMessage } from './thread-messages.ts'

const telling = createTelling<IndexNews>((port, number, news) => {
  port.postMessage({ number, news } satisfies NewsMessage)
})
const thread = createIndexThread(workerData as ThreadTask, telling.tell)

answerCalls(thread.calls, thread.loaded, ({ connect }) => telling.add(connect))

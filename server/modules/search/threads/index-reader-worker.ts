import { createIndexReader } from './index-reader.ts'
import { answerCalls } from './thread-answers.ts'
import type { NewsMessage } from './thread-messages.ts'

const reader = createIndexReader()

answerCalls(reader.calls, null, ({ connect }) => {
  connect.on('message', ({ number, news }: NewsMessage) => {
    reader.take(news)
    connect.postMessage(number)
  })
})
